"""Migrations of the message store."""
