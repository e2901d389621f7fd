"""Ours auditing the made-up city: all findings with their mitigations, and where the time goes."""

import resource
import time

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.workflow.answers import reference_data

from ..audit_city import Size, city, read_size
from ..worker import serve
from .stages import OTHER, Stopwatch, WatchedSight, one_by_one, watched

SMALL = Size(400, 50, 20)


def prepare(folder):
    """Return a run of one audit; reading the data folders and compiling the kernels come before."""
    project = city(read_size(folder))
    known = reference_data(open_services(), project)
    with open_sight() as sight:
        audit(city(SMALL), known, sight=sight)
    rounds = iter(range(2))

    def run():
        if next(rounds, None) == 0:  # the worker's own warm-up: the small city was that
            return None
        whole = _whole(project, known)
        watch = Stopwatch()
        with open_sight() as sight, watched(watch), one_by_one(), watch.step(OTHER):
            found = audit(project, known, sight=WatchedSight(sight, watch))
        return {**whole, **watch.figures(), "findings": len(found.findings), "answers": len(found.cameras)}

    return run


def _whole(project, known):
    """Return what one audit takes as a user has it."""
    begun, cpu = time.perf_counter(), time.process_time()
    with open_sight() as sight:
        audit(project, known, sight=sight)
    spent = {"whole_s": time.perf_counter() - begun, "whole_cpu_s": time.process_time() - cpu}
    return {**spent, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0}


if __name__ == "__main__":
    serve(prepare)
