"""The picture of a camera in a street and on an open slope, a ray for each pixel, beside a ray engine made for pictures."""

from collections.abc import Iterator

import numpy as np

from .. import rival_house
from ..duel import Outcome, Side, fight
from ..relief import MARGIN_M, STEEP, put_ground, raised
from ..row import Row, absent, measured
from ..setting import Setting
from ..town import make_town
from ..triangles import triangles_of, triangles_on
from ..workload import make_sectors, save

TOWN_M = 1500.0
ONE_HOUSE_IN, SLOPE_CELL_M = 40, 10.0
COLUMNS, ROWS = 640, 360
OURS = Side("lhasaplan", "tests.bench.ours.lens")
DEPTH = (
    "distance and surface of each pixel within 600 m; the rival gets the same triangles, its tree is made before; both make rays"
)
WHOLE = (
    "with ground by kind, shading, edges, four people, horizon, masks of every other one; ground is kept for 16 squares of 128 m"
)
SLOPE = "slopes to 25 %, one house in forty, cells of 10 m, which the rival gets as two triangles each"


def lens(setting: Setting) -> Iterator[Row]:
    """Pictures of 640 by 360 pixels from pavements of a made-up town."""
    town = make_town(TOWN_M)
    lenses = make_sectors(town, setting.count(12, 6))
    for job, target, note in (("depth of a picture", "", DEPTH), ("whole picture", "33 ms", WHOLE)):
        folder = save(setting.folder / job.replace(" ", "-"), town, lenses, whole=job == "whole picture")
        np.save(folder / "triangles.npy", triangles_of(town))
        ours, rival = fight(folder, [OURS, rival_house.embree_side()], setting.rounds)
        yield _row(job, f"{COLUMNS} x {ROWS} px, {len(lenses)} cameras", ours, rival, note, target)
    yield _on_a_slope(setting)


def _on_a_slope(setting: Setting) -> Row:
    """Return the row of pictures where hardly a wall ends the rays."""
    town = make_town(TOWN_M)
    lenses, open_town = raised(make_sectors(town, setting.count(12, 6)), STEEP), town.every(ONE_HOUSE_IN)
    folder = save(setting.folder / "slope", open_town, lenses, whole=True)
    height = put_ground(folder, open_town, STEEP, SLOPE_CELL_M)
    np.save(folder / "triangles.npy", triangles_on(height, SLOPE_CELL_M, MARGIN_M, open_town, STEEP))
    ours, rival = fight(folder, [OURS, rival_house.embree_side()], setting.rounds)
    size = f"{COLUMNS} x {ROWS} px, {len(lenses)} cameras"
    return _row("whole picture on an open slope", size, ours, rival, SLOPE, "33 ms")


def _row(job: str, size: str, ours: Outcome, rival: Outcome, note: str, target: str) -> Row:
    mine = _per_picture_ms(ours)
    if rival.absent:
        return absent(job, size, mine, "ms CPU/picture", rival.absent, rival.name, target)
    return measured(job, size, mine, _per_picture_ms(rival), "ms CPU/picture", note, rival.name, target)


def _per_picture_ms(side: Outcome) -> float:
    return 1e3 * side.median("cpu_s") / side.rounds[0]["answers"]
