"""Work beside the window: jobs in threads, and the engine they ask."""
