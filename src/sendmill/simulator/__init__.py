"""A simulated SMSC (short message service centre) with faults and delivery reports, spoken to over real SMPP."""
