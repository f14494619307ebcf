"""What any carrier looks like to the engine (`protocol`), and SMPP 3.4, the protocol that is spoken (`smpp`)."""
