"""Work beside the window: jobs in threads, and what they share."""
