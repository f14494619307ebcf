"""Accounts, members, roles and the audit log."""
