"""Other programs that do a part of the job; each times itself in a process of its own."""
