"""A short message service centre with faults and reports, spoken to over real SMPP."""
