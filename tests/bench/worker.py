"""The side of a duel that works: prepare, then run a round each time it is told, and time itself (standard library only).

Talks in JSON lines: first ``{"ready": ...}`` or ``{"absent": reason}``, then one answer for each line read.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from .where_time_goes import looked_at

LEAST_S = 0.2  # shorter runs are repeated within a round


def serve(prepare):
    """Run ``prepare(folder)``; it returns ``run``, which does the whole job once and may return figures to report."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    try:
        run = prepare(Path(sys.argv[1]))
        run()
    except ImportError as error:
        say(answers, {"absent": f"{error}"})
        return
    say(answers, {"ready": True})
    for line in sys.stdin:
        if line.strip() != "round":
            break
        with looked_at():
            answer = timed(run)
        say(answers, answer)


def say(answers, what):
    """Write one line of JSON."""
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def timed(run):
    """Return seconds for one run: all CPU of the process, its user part, and by the clock; and the peak of memory."""
    usage, cpu, wall = resource.getrusage(resource.RUSAGE_SELF), time.process_time(), time.perf_counter()
    times, figures = 0, {}
    while not times or time.perf_counter() - wall < LEAST_S:
        figures = run() or {}
        times += 1
    after = resource.getrusage(resource.RUSAGE_SELF)
    measured = {
        "cpu_s": (time.process_time() - cpu) / times,
        "user_s": (after.ru_utime - usage.ru_utime) / times,
        "wall_s": (time.perf_counter() - wall) / times,
        "peak_mb": after.ru_maxrss / 1024.0,
    }
    return {**measured, **figures}
