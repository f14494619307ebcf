"""`python -m sendmill` is the command `sendmill`."""

from sendmill.cli import main

main()
