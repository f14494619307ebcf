"""Tells whether this store is older than what was sent from it: marks in the store are compared with files outside."""
