"""Measurements, never assertions. `python -m benchmarks import|send|console|export|growth --rows N --json`."""
