"""Which parts may become demand: the guard with its exceptions, and the points that sample a part."""
