"""Sends messages: claims chunks, commits the intent of a batch, submits it, and records what became of it."""
