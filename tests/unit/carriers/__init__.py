"""Tests of the carriers: codec, reports, sessions, links."""
