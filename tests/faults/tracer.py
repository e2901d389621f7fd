"""Run a piece of work in a process that is stopped at each call to the system on a folder: there it is killed, or the call fails.

Linux on x86-64 alone (ptrace); elsewhere the tests that need it skip. Only calls that change files are counted, by path or by the
file behind a descriptor, so the n-th call is the same one in each run.
"""

import ctypes
import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

IS_ABLE = sys.platform == "linux" and platform.machine() == "x86_64"
_LIBC = ctypes.CDLL(None, use_errno=True)
if IS_ABLE:
    _LIBC.ptrace.argtypes, _LIBC.ptrace.restype = [ctypes.c_long] * 4, ctypes.c_long
_TRACEME, _PEEKUSER, _POKEUSER, _SYSCALL, _SETOPTIONS = 0, 3, 6, 24, 0x4200
_OPTIONS = 1 | 0x100000  # tell stops at system calls apart; the traced process dies with the tracer
_RAX, _RSI, _RDI, _ORIGINAL = 10 * 8, 13 * 8, 14 * 8, 15 * 8
_BY_DESCRIPTOR = {
    **{1: "write", 18: "pwrite64", 20: "writev", 74: "fsync", 75: "fdatasync", 77: "ftruncate", 73: "flock"},
    **{91: "fchmod", 93: "fchown"},
}
_BY_PATH = {82: "rename", 83: "mkdir", 84: "rmdir", 87: "unlink", 90: "chmod", 92: "chown", 188: "setxattr"}
_BY_SECOND = {257: "openat", 258: "mkdirat", 263: "unlinkat", 268: "fchmodat", 280: "utimensat"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_OPENAT = 257


@dataclass(frozen=True)
class Run:
    """How a run ended: its exit code (None when it was killed), the counted calls, and the one that was met."""

    code: int | None
    calls: tuple[str, ...]

    @property
    def met(self) -> str:
        """Return the last counted call."""
        return self.calls[-1] if self.calls else ""


def run(work: Callable[[], int], folder: Path, at: int = 0, error: int = 0) -> Run:
    """Do the work in a fork; at call number ``at`` on ``folder`` (0: never) kill it, or let the call fail with ``error``."""
    process = os.fork()
    if process == 0:
        _be_traced(work)
    os.waitpid(process, 0)
    _ptrace(_SETOPTIONS, process, 0, _OPTIONS)
    calls: list[str] = []
    is_entry, is_failing, passed = True, False, 0
    while True:
        _ptrace(_SYSCALL, process, 0, passed)
        _, status = os.waitpid(process, 0)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            return Run(os.WEXITSTATUS(status) if os.WIFEXITED(status) else None, tuple(calls))
        if os.WSTOPSIG(status) != signal.SIGTRAP | 0x80:
            passed = os.WSTOPSIG(status)
            continue
        passed = 0
        if is_entry and (name := _call_on(process, str(folder))):
            calls.append(name)
            if len(calls) == at and not error:
                os.kill(process, signal.SIGKILL)
            elif len(calls) == at:
                _ptrace(_POKEUSER, process, _ORIGINAL, -1)  # no call of this number: the kernel does nothing
                is_failing = True
        elif not is_entry and is_failing:
            _ptrace(_POKEUSER, process, _RAX, -error)
            is_failing = False
        is_entry = not is_entry


def _be_traced(work: Callable[[], int]) -> None:
    code = 99
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        _ptrace(_TRACEME, 0, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        code = work()
    finally:
        os._exit(code)


def _call_on(process: int, folder: str) -> str:
    """Return the call that begins now, with its file, where it changes something in the folder; else nothing."""
    number = _ptrace(_PEEKUSER, process, _ORIGINAL, 0)
    if number in _BY_DESCRIPTOR:
        name, path = _BY_DESCRIPTOR[number], _behind(process, _ptrace(_PEEKUSER, process, _RDI, 0))
    elif number in _BY_PATH:
        name, path = _BY_PATH[number], _text(process, _ptrace(_PEEKUSER, process, _RDI, 0))
    elif number in _BY_SECOND:
        name, path = _BY_SECOND[number], _text(process, _ptrace(_PEEKUSER, process, _RSI, 0))
        if number == _OPENAT and not _ptrace(_PEEKUSER, process, 12 * 8, 0) & _WRITES:
            return ""
    else:
        return ""
    return f"{name} {Path(path).name}" if path.startswith(folder) else ""


def _behind(process: int, descriptor: int) -> str:
    try:
        return os.readlink(f"/proc/{process}/fd/{descriptor}")
    except OSError:
        return ""


def _text(process: int, address: int) -> str:
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        return os.fsdecode(memory.read(4096).split(b"\0")[0]) if address else ""


def _ptrace(request: int, process: int, address: int, value: int) -> int:
    return int(_LIBC.ptrace(request, process, address, value))


def may_trace() -> bool:
    """Tell whether processes may be traced here; some containers forbid it."""
    return IS_ABLE and run(lambda: 7, Path("/nowhere")).code == 7
