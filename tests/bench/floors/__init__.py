"""The least work that any program must do for a job, timed in the same run as ours and its rivals."""
