"""Which parts of walls a lens can see: exact pieces along each wall, each with its interval of height."""
