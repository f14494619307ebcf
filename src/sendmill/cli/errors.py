"""What ends a command: one sentence for the person, an exit status for the program.

0 done · 1 failed · 2 wrong usage · 3 the input was refused, nothing was created · 4 a part of Sendmill
that is needed does not run.
"""

from __future__ import annotations


class CommandError(Exception):
    """A command cannot go on; the text says what to do."""

    status = 1


class RefusedError(CommandError):
    """What was given cannot be used; nothing was created."""

    status = 3


class NotRunningError(CommandError):
    """The database, or a process that is needed, does not run."""

    status = 4
