"""What happens without anybody asking: jobs, the clock of tasks, reconciliation, retention and alarms."""
