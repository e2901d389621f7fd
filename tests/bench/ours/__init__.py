"""Our side of each duel; it times itself in a process of its own, as the rivals do."""
