"""Alarms of accounts and tasks: raised once, cleared when the problem is over."""
