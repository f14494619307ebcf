"""Command statuses of SMPP 3.4 (§5.1.3) that the engine knows; their names and what they mean are in `domain`."""

from typing import Final

ESME_ROK: Final = 0x00000000
ESME_RINVMSGLEN: Final = 0x00000001
ESME_RINVCMDLEN: Final = 0x00000002
ESME_RINVCMDID: Final = 0x00000003
ESME_RINVBNDSTS: Final = 0x00000004
ESME_RALYBND: Final = 0x00000005
ESME_RSYSERR: Final = 0x00000008
ESME_RINVDSTADR: Final = 0x0000000B
ESME_RBINDFAIL: Final = 0x0000000D
ESME_RINVPASWD: Final = 0x0000000E
ESME_RINVSYSID: Final = 0x0000000F
ESME_RMSGQFUL: Final = 0x00000014
ESME_RSUBMITFAIL: Final = 0x00000045
ESME_RINVSYSTYP: Final = 0x00000053
ESME_RTHROTTLED: Final = 0x00000058
ESME_RQUERYFAIL: Final = 0x00000067
ESME_RUNKNOWNERR: Final = 0x000000FF

THROTTLES: Final = frozenset({ESME_RMSGQFUL, ESME_RTHROTTLED})
"""Statuses of a message that is known not to have been sent, and may be submitted again, more slowly."""
