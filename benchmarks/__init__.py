"""Measurements, never assertions. `python -m benchmarks import|send --rows N --json`."""
