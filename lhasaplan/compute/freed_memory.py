"""Memory that was freed, handed back to the system: the C library of Linux keeps it otherwise, gigabytes after an audit."""

import ctypes
import sys


def give_back() -> None:
    """Hand freed memory back; does nothing where the C library knows no way to."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
