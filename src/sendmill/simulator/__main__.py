"""`python -m sendmill.simulator`: see :mod:`sendmill.simulator.process`."""

from sendmill.simulator.process import main

main()
