"""The public Python interface: open, audit, check, try out and draft a project, with results as data frames.

Nothing is computed here, and nothing is shown that no output shows: an answer holds redacted values alone.
"""
