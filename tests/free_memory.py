"""Memory that a process of tests has freed and its library still keeps, one piece for each thread that once asked for it."""

import ctypes
import sys
from contextlib import suppress


def give_back():
    """Give it back to the system: it was half of what a process held after tests of the window."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # other libraries of C have no such call
            ctypes.CDLL(None).malloc_trim(0)
