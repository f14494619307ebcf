"""What every process needs to run: settings, logging, health and metrics, supervision."""
