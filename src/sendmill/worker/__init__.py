"""The worker process: runs jobs, ticks the tasks' clock, and removes what was kept long enough."""
