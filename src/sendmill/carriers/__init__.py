"""What a carrier is, and the SMPP 3.4 codec and sessions that speak to one."""
