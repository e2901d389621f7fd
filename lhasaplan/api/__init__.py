"""The public face for Python programs: the use cases of the command line and the window, with frames to go on with.

Nothing is computed here, and nothing is shown that no output shows: an answer holds redacted values alone.
"""
