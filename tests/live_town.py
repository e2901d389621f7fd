"""A small town with parts that are asked for: live answers, a check of the same project, and what they must have in common."""

from dataclasses import replace

import numpy as np
import shapely
from answers_town import X0, Y0, bare_camera, box, camera, house, layer, reference_data, town

from lhasaplan.core.audit.pipeline import assess_context
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.context.audit_context import make_context, set_up
from lhasaplan.core.demand.guard import declared_parts, excused_parts, find_candidates, request
from lhasaplan.core.demand.part_verdicts import NOTHING, gap_polygon, judge
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.live.state import OPERATING, SERVED, measured_of, shares_of
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.site.terrain import TerrainSheet, lay_over

HOUSES = (
    house(1, -30, 12, -12, 24),
    house(2, -8, 12, 8, 24, height=9.0),
    house(3, 12, 12, 30, 24, kind="retail"),
    house(4, -30, -24, 10, -12, kind="yes"),
    house(5, 14, -24, 30, -12, kind="hospital", height=12.0),
)
YARD = layer("places", ("way/9", box(34, -10, 50, 10), {"leisure": "playground"}))
TREES = layer("trees", ("node/1", shapely.Point(X0 - 10, Y0 + 2), {}), ("way/2", box(20, -8, 32, 8), {"natural": "wood"}))
# All parts lie in it: off a carriageway the guard lets none lie mostly before protected walls.
STREET = layer("roads", ("way/77", shapely.LineString([(X0 - 40, Y0), (X0 + 60, Y0)]), {"highway": "residential", "width": "16"}))
PARTS = tuple(
    HandMadePart(
        name, name, "junctions", "apron", "area", box(x, y, x + 8, y + 8).wkt, density, views, 0.9, "A. Example", "2026-05-01"
    )
    for name, x, y, density, views in (("p1", -6, -4, 40.0, 1), ("p2", 8, -8, 25.0, 2), ("p3", -28, -6, 62.5, 1))
)


def confirmed(*parts):
    given = {"purpose": "flow", "reason": "two collisions", "milder_means": "signs", "by": "A. Example"}
    return tuple(Confirmation(part.part_id, date="2026-05-01", **given) for part in parts)


def city(**layers):
    project = town(
        *HOUSES,
        cameras=[camera("a"), camera("b", x=18.0, azimuth=250.0), bare_camera("c", x=-20.0)],
        places=YARD,
        **{"roads": STREET, **layers},
    )
    return replace(project, hand_made_parts=PARTS, confirmations=confirmed(*PARTS[:2]))


def hills(coarse=False):
    x, y = np.meshgrid(np.arange(-80.0, 80.0, 4.0), np.arange(80.0, -80.0, -4.0))
    sheet = TerrainSheet("made.tif", 30.0 if coarse else 4.0, 2.0 * np.sin(x / 23.0) + 1.5 * np.cos(y / 17.0) + 5.0)
    return replace(reference_data(), terrain=lay_over([sheet], X0 - 80.0, Y0 + 80.0, 4.0))


def live_of(project, known):
    bare = set_up(project, known)
    live = make_live(bare, request(bare, find_candidates(bare)))
    return with_cameras(live, project.cameras)


def gap_of(live, part_id):
    """The gap of one part as the counts have it; None where all of it is served, or it is no demand."""
    number = next((k for k, part in enumerate(live.demand.parts) if part.part_id == part_id), None)
    if number is None:
        return None
    rows = np.flatnonzero(live.needs.part == number)
    is_served = live.counts.of(rows)[OPERATING, SERVED] >= live.needs.min_views[rows]
    return gap_polygon(live.demand.parts[number], live.demand.xyz_m[rows, :2], is_served)


def check_of(project, known):
    context = make_context(project, known, with_planned=True)
    candidates = find_candidates(context)
    return assess_context(context, Gate(True), candidates, request(context, candidates), no_progress)


def verdicts(live):
    """The verdict of every confirmed part that the guard let through, before and after planned cameras."""
    if live.requested is None:
        return {}
    served, seen = shares_of(live.counts.whole(), live.needs)
    project = live.city.project
    excused, declared = excused_parts(project), declared_parts(project)
    numbers = {part.part_id: number for number, part in enumerate(live.demand.parts)}
    found = {}
    for part in live.requested.parts:
        number = numbers.get(part.part_id)
        pair = (NOTHING, NOTHING) if number is None else measured_of(served, seen, number)
        is_excused, is_declared = part.part_id in excused, part.indoor and part.part_id in declared
        found[part.part_id] = (judge(part, pair[0], is_excused, is_declared), judge(part, pair[1], is_excused, is_declared))
    return found
