"""Ours auditing the made-up city: all findings with their mitigations, and where the time goes."""

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.workflow.answers import reference_data

from ..audit_city import Size, city, read_size
from ..worker import serve
from .stages import OTHER, Stopwatch, WatchedSight, watched

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
        watch = Stopwatch()
        with open_sight() as sight, watched(watch), watch.step(OTHER):
            found = audit(project, known, sight=WatchedSight(sight, watch))
        return {**watch.figures(), "findings": len(found.findings), "answers": len(found.cameras)}

    return run


if __name__ == "__main__":
    serve(prepare)
