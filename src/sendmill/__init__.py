"""Sendmill: a self-hosted group-SMS console."""

__version__ = "0.1.0"
