"""Write files whole or not at all, and clear away unfinished files of runs that were killed."""
