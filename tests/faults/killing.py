"""Kill a process after a while and read what it had told by then."""

import os
import signal
import time


def reported_when_killed(process: int, listen: int, wait_s: float) -> bytes:
    """Return all that a fork told through a pipe before it was killed, after a time; it must not have ended by itself."""
    time.sleep(wait_s)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "the work ended by itself"
    with os.fdopen(listen, "rb") as stream:
        return stream.read()
