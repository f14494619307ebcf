"""Runs the simulator: `python -m sendmill.simulator`. See :mod:`sendmill.simulator.process`."""

from sendmill.simulator.process import main

main()
