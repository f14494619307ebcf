"""Backups of a whole Sendmill: database, files and the names of its settings in one encrypted file.

A backup file is a tar of `READ-ME.txt`, `key.age` (only with a passphrase) and `content.tar.age`. The content is
itself a tar: `manifest.json`, `data/…` (files of the data folder), `database/…` (a custom-format dump of pg_dump in
pieces), `counts.json` and, last, `SHA256SUMS`. So `tar`, `age` and `pg_restore` open it without Sendmill.
"""
