"""Where the time of an audit goes: each step of the chain where the chain calls it, sight apart."""

import time
from collections import defaultdict
from contextlib import contextmanager

from lhasaplan.core.audit import pipeline, protected_in_view
from lhasaplan.core.base.progress import no_progress

SIGHT = "sight"
STEPS = {
    "set_up_cameras": "buildings and cameras",
    "with_protected": "protected places",
    "find_candidates": "candidates of the duties pack",
    "walls_within_reach": "walls of protected places",
    "look_at_walls": "what is seen of them",
    "sightings_of": "views graded and drawn",
    "with_surfaces": "views by height, ground and door",
    "mitigation_sightings": "mitigations tried out",
    "camera_results": "answers of each camera",
    "findings_of": "findings with their articles",
}
CHAIN = (pipeline, protected_in_view)  # the modules that call these steps
OTHER = "the rest: the ground of cameras and city"


class Stopwatch:
    """Seconds of each step, by the clock and of all processor time; a step within a step counts apart."""

    def __init__(self):
        self.spent_s, self.cpu_s, self._open = defaultdict(float), defaultdict(float), []

    @contextmanager
    def step(self, name):
        """Time what runs inside, and take it from the step around it."""
        start = time.perf_counter(), time.process_time()
        self._open.append([0.0, 0.0])
        try:
            yield
        finally:
            spent = time.perf_counter() - start[0], time.process_time() - start[1]
            inner = self._open.pop()
            self.spent_s[name] += spent[0] - inner[0]
            self.cpu_s[name] += spent[1] - inner[1]
            if self._open:
                self._open[-1] = [a + b for a, b in zip(self._open[-1], spent, strict=True)]

    def figures(self):
        """Return the seconds by name of the step, those of processor time under the name with CPU."""
        return {**self.spent_s, **{f"{name} CPU": spent for name, spent in self.cpu_s.items()}}

    def timed(self, name, work):
        """Return the same work, timed."""

        def run(*args, **keys):
            with self.step(name):
                return work(*args, **keys)

        return run


@contextmanager
def watched(watch):
    """Time the steps of the chain while this lasts."""
    kept = [(where, name, getattr(where, name)) for name in STEPS for where in CHAIN if hasattr(where, name)]
    for where, name, work in kept:
        setattr(where, name, watch.timed(name, work))
    try:
        yield
    finally:
        for where, name, work in kept:
            setattr(where, name, work)


class AtOnce:
    """Work in the background done before what it would run beside."""

    def __init__(self, work):
        self._found = work(no_progress)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def answer(self, progress, step):
        """Return what the work gave."""
        return self._found


@contextmanager
def one_by_one():
    """Do one thing after the other while this lasts: side by side steps would share the time."""
    kept = protected_in_view.two_at_a_time, pipeline.BackgroundJob
    protected_in_view.two_at_a_time = lambda work, jobs, progress: [work(job, progress) for job in jobs]
    pipeline.BackgroundJob = AtOnce
    try:
        yield
    finally:
        protected_in_view.two_at_a_time, pipeline.BackgroundJob = kept


class WatchedSight:
    """Sight as it is, timed."""

    def __init__(self, sight, watch):
        self.visibility_fields = watch.timed(SIGHT, sight.visibility_fields)
        self.densities = watch.timed(SIGHT, sight.densities)
        self.seen_pieces = watch.timed(SIGHT, sight.seen_pieces)
