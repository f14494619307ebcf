"""Django's PostgreSQL backend, on connections whose COMMIT fails when the wait for a standby was canceled."""
