"""Ours auditing many made-up cities at once, as ``audit REGION`` does: in stretches of cameras, answers put into the project.

The rival looks all cameras through at once and holds the shapes of its answers. Where workers are ordered they look as processes
of a dask scheduler on this machine.
"""

import atexit
import gc
import json
import os
from contextlib import ExitStack
from pathlib import Path

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit import protected_in_view
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.kept_shapes import in_memory
from lhasaplan.ports import KeptProject
from lhasaplan.workflow.answers import reference_data, sink_of
from lhasaplan.workflow.projects import save
from tests.cluster import loopback_cluster

from ..audit_city import Size, city
from ..memory import own_mb
from ..region import ORDER_FILE, Order, region
from ..worker import serve

SMALL = Size(400, 50, 20)
AT_ONCE = 10**9  # cameras a stretch


def prepare(folder):
    """Return a run of one audit of the region that was ordered; reading the data folders and loading kernels come before."""
    order = Order(**json.loads((folder / ORDER_FILE).read_text("utf-8")))
    project = region(order)
    services = open_services()
    known = reference_data(services, project)
    opened = KeptProject(project, services.stores.open(folder / "region.gpkg"))
    save(opened)
    if order.at_once:
        protected_in_view.CAMERAS_A_STRETCH = AT_ONCE
    stack, scheduler, processes = ExitStack(), "", []
    if order.workers:
        _, scheduler, processes = stack.enter_context(loopback_cluster(folder, order.workers))
        atexit.register(stack.close)
    with open_sight(scheduler) as sight:
        audit(city(SMALL), known, sight=sight)
    rounds = iter(range(2))

    def run():
        if next(rounds, None) == 0:  # the worker's own warm-up: the small city was that
            return None
        gc.collect()
        before, worked = own_mb(), [_spent_s(each.pid) for each in processes]
        with open_sight(scheduler) as sight:
            found = audit(project, known, sight=sight, keep=in_memory if order.at_once else sink_of(services, opened))
        save(opened, found)
        of_workers = {"workers_cpu_s": sum(_spent_s(each.pid) for each in processes) - sum(worked)}
        of_workers |= {"worker_peak_mb": max((_peak_mb(each.pid) for each in processes), default=0.0)}
        counts = {"findings": len(found.findings), "answers": len(found.cameras)}
        return {"before_mb": before, "held_mb": own_mb(), **counts, **of_workers}

    return run


def _spent_s(process):
    """Return the processor time of another process."""
    words = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(process):
    """Return the most memory that another process has held."""
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0


if __name__ == "__main__":
    serve(prepare)
