"""The command `sendmill`."""

from sendmill.cli.app import main

__all__ = ["main"]
