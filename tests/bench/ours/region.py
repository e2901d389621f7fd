"""Ours auditing many made-up cities at once, as ``audit REGION`` does: in stretches of cameras, answers put into the project.

The rival looks all cameras through at once and holds the shapes of its answers.
"""

import gc
import json

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit import protected_in_view
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.kept_shapes import in_memory
from lhasaplan.ports import KeptProject
from lhasaplan.workflow.answers import reference_data, sink_of
from lhasaplan.workflow.projects import save

from ..audit_city import Size, city
from ..region import ORDER_FILE, Order, region
from ..worker import serve
from .window import held_mb

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
    with open_sight() as sight:
        audit(city(SMALL), known, sight=sight)
    rounds = iter(range(2))

    def run():
        if next(rounds, None) == 0:  # the worker's own warm-up: the small city was that
            return None
        gc.collect()
        before = held_mb()
        with open_sight() as sight:
            found = audit(project, known, sight=sight, keep=in_memory if order.at_once else sink_of(services, opened))
        save(opened, found)
        return {"before_mb": before, "held_mb": held_mb(), "findings": len(found.findings), "answers": len(found.cameras)}

    return run


if __name__ == "__main__":
    serve(prepare)
