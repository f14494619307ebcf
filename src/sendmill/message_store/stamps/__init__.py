"""Marks of what was sent, kept in the store and in files outside of it: together they tell an older store."""
