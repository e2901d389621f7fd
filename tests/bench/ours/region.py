"""Ours auditing many made-up cities at once, in stretches of cameras or all of them in one, and what memory that takes."""

import gc
import json

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.audit import protected_in_view
from lhasaplan.core.audit.assess import audit
from lhasaplan.workflow.answers import reference_data

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
    known = reference_data(open_services(), project)
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
            found = audit(project, known, sight=sight)
        return {"before_mb": before, "held_mb": held_mb(), "findings": len(found.findings), "answers": len(found.cameras)}

    return run


if __name__ == "__main__":
    serve(prepare)
