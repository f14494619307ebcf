"""Takes delivery reports: inbox, matching by cache or by id, settling; acknowledges only after COMMIT."""
