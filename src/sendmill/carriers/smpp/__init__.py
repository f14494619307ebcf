"""SMPP 3.4: codec, sessions, and binds that reconnect."""
