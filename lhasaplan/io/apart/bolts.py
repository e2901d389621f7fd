"""Bolts of the reader's process, drawn before it reads anything: no network, no other program, a limit of time and memory."""

import contextlib
import ctypes
import os
import platform
import signal
import struct
import sys
from dataclasses import dataclass

# Of the system calls: socket, connect, the door to a queue of calls that no filter sees, and those that start another program.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 42, 425, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 425, 221, 281)),
}
_FOREIGN_CALLS = 0x40000000  # numbers of a second table of calls on x86-64, which would pass by the first
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one reading may take: seconds of the processor, seconds by the clock, bytes of memory beyond what the process has."""

    processor_s: float
    clock_s: float
    memory_bytes: int


def shut_network() -> bool:
    """Let the system refuse every connection and every further program to this process for good; False where it cannot.

    Libraries are told to stay off the network besides (``gdal.SETTINGS``); this holds for what they do all the same.
    """
    known = _REFUSED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, calls = known
    steps = [(_LOAD, 0, 0, 4), (_IF_EQUAL, 0, len(calls) + 2, architecture), (_LOAD, 0, 0, 0)]
    steps += [(_IF_AT_LEAST, len(calls) + 1, 0, _FOREIGN_CALLS)]
    steps += [(_IF_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    is_bound = system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return is_bound and bool(system.prctl(_SET_FILTER, _FILTER, ctypes.create_string_buffer(program), 0, 0) == 0)


def set_bounds(bounds: ReadingLimits) -> None:
    """Let the system end this process when it works for too long, also where no Python runs, and refuse it more memory."""
    if sys.platform == "win32":
        return  # the process that asked keeps the time
    import resource  # noqa: PLC0415 - Windows has none

    signal.setitimer(signal.ITIMER_PROF, bounds.processor_s)
    signal.setitimer(signal.ITIMER_REAL, bounds.clock_s)
    with contextlib.suppress(OSError, ValueError):  # where the system sets less already, or counts otherwise
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_taken_bytes() + bounds.memory_bytes, most))


def lift_bounds() -> None:
    """Let the process wait for its next work as long as it likes."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    signal.setitimer(signal.ITIMER_PROF, 0.0)
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    with contextlib.suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def peak_bytes() -> int:
    """Return the most memory that this process ever held; 0 where the system does not say.

    On Linux the accounting of a child begins with the peak of the program that started it, so a large program would be told of
    its own: the state of the process knows better.
    """
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii", errors="replace") as state:
            return next((int(line.split()[1]) * 1024 for line in state if line.startswith("VmHWM:")), 0)
    import resource  # noqa: PLC0415 - Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _taken_bytes() -> int:
    """Return the addresses that this process has taken, which its limit counts."""
    with open("/proc/self/statm", encoding="ascii") as state:
        return int(state.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
