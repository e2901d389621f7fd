"""Try to locate a place that outputs must not tell of, from all that outputs say: with and without it, before and after a move.

The attacker has the map without the place, every camera as recorded, the program, and outputs of a town before and after the
place was entered and a camera moved. What one output says is a set of spots where the place may be; sets are intersected.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from assessment_values import assessment_json

from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.context.scenes import reach_m
from lhasaplan.core.model.optics import focal_length_px
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.undisclosed import undisclosed_blocks
from lhasaplan.ports import NamedPoint, SightPair
from lhasaplan.report.facts.tables import all_tables
from lhasaplan.report.formats.gis import gis_layers
from lhasaplan.report.maps.map_layers import map_layers
from lhasaplan.report.redaction import public_values
from lhasaplan.workflow import sight

STEP_M, HALF_M, COARSE = 5.0, 400.0, 4  # spots, and every which of them is asked for its block
CLASSES_PX_M = (25.0, 62.5, 125.0, 250.0)
SLACK_M, SLACK_DEG = 3.0, 2.0


@dataclass(frozen=True, eq=False)
class Town:
    """What the attacker knows: the town without the place, and outputs of it with and without."""

    bare: Any
    full: Any
    reference_data: Any
    private: bool  # whether outputs are as they were before places were told of by block alone


def spots(town: Town) -> np.ndarray:
    """Return where the place may be before anything is read: all ground round the cameras, shape (n, n, 2)."""
    x = np.mean([camera.x_m for camera in town.bare.cameras])
    y = np.mean([camera.y_m for camera in town.bare.cameras])
    steps = np.arange(-HALF_M, HALF_M + 1.0, STEP_M)
    return np.stack(np.meshgrid(x + steps, y + steps), axis=-1)


def located_m(towns: Iterable[Town]) -> float:
    """Return to how many metres the place is located: the diameter of where it may be after all outputs were read."""
    may_be = at = square = None
    for town in towns:
        square = spots(town) if at is None else square
        at = square.reshape(-1, 2)
        before, after = (audit(project, town.reference_data) for project in (town.bare, town.full))
        for seen_in in (
            *by_views(town, before, after, at),
            *by_drawings(town, before, after, at),
            by_points(town, at),
            by_blocks(after, square),
        ):
            may_be = seen_in if may_be is None else may_be & seen_in if (may_be & seen_in).any() else may_be
    left = at[may_be]
    return float(np.hypot(*np.ptp(left, axis=0)))


def reported(project, assessment, private):
    return json.loads(json.dumps(assessment_json(public_values(project, assessment, private)[1])))


def by_views(town: Town, before, after, at) -> Iterator[np.ndarray]:
    """Where density, sector and mitigation of the views that are new, or other than without the place, let it be."""
    old, new = (reported(town.bare, each, town.private) for each in (before, after))
    placed = {each.camera.camera_id: each for each in make_context(town.full, town.reference_data, with_planned=False).placed}
    for was, now in zip(old["cameras"], new["cameras"], strict=True):
        views = [s for s in now["sightings"] if s not in was["sightings"] and s["class"] != "home"]
        for sighting in views:
            view = placed[now["id"]].views[0]
            offset = at - (view.x_m, view.y_m)
            away, azimuth = np.hypot(*offset.T), np.degrees(np.arctan2(offset[:, 0], offset[:, 1])) % 360.0
            mitigation = sighting["cure"] or {}
            sectors = [*sighting["sector_deg"], *mitigation.get("mask_sector_deg", ())]
            inside = np.ones(len(at), bool)
            if sectors:
                turned = [(azimuth - low + SLACK_DEG) % 360.0 <= (high - low) % 360.0 + 2 * SLACK_DEG for low, high in sectors]
                inside = np.any(turned, axis=0)
            yield inside & in_ring(sighting["density_px_m"], view, away)


def in_ring(density_px_m, view, away_m):
    """Where a point stands that is seen at a density; one that is a class may be anything up to the next."""
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    low, high = density_px_m if isinstance(density_px_m, list) else (density_px_m, density_px_m)
    above = min((each for each in (*CLASSES_PX_M, np.inf) if each > high), default=np.inf) if high in CLASSES_PX_M else high
    edge = 1.0 / np.cos(np.radians(view.hfov_deg / 2))
    return (away_m >= focal / above - SLACK_M) & (away_m <= focal / max(low, 1.0) * edge + SLACK_M)


def by_drawings(town: Town, before, after, at) -> Iterator[np.ndarray]:
    """Where a line or a number of map layers, web map or tables is another than without the place."""
    shown = [public_values(town.full, each, town.private)[1] for each in (before, after)]
    old, new = ({layer.name: layer for layer in gis_layers(each, Translations())} for each in shown)
    for name in ("frontage", "findings", "fields"):
        if name in new:
            known = {shape.wkb for shape in (old[name].shapes if name in old else ()) if shape is not None}
            fresh = [shape for shape in new[name].shapes if shape is not None and shape.wkb not in known]
            if fresh and name == "frontage":
                yield shapely.dwithin(shapely.points(at), shapely.union_all(fresh), 30.0)
            assert town.private or not fresh, name
    texts = [
        json.dumps([(x.name, x.features) for x in map_layers(town.bare, each, Translations())], default=str) for each in shown
    ]
    assert town.private or texts[0] == texts[1]
    rows = [[(table.name, table.rows) for table in all_tables(each, Translations())] for each in shown]
    assert town.private or rows[0] == rows[1]


def by_points(town: Town, at) -> np.ndarray:
    """Where rows of a table of points let it be that are silent, or told otherwise, with the place and not without it."""
    grid = at[::7]
    grid = grid[np.min([np.hypot(*(grid - (c.x_m, c.y_m)).T) for c in town.full.cameras], axis=0) < 60.0]
    points = [NamedPoint(str(n), float(x), float(y), False) for n, (x, y) in enumerate(grid)]
    silent, spoken = set(), set()
    for pair in rows_of(town, points):
        (silent if pair.distance_m is None else spoken).add((pair.camera_id, int(pair.point_id)))
    cameras = {camera for camera, _ in silent} & {camera for camera, _ in spoken}  # of others all rows are alike
    rows = sorted({row for camera, row in silent if camera in cameras})
    if not rows:
        return np.ones(len(at), bool)
    return shapely.dwithin(shapely.points(at), shapely.multipoints(grid[rows]), 15.0)


def rows_of(town: Town, points) -> list[SightPair]:
    """Return the rows of ``sight --points``; as they were, each by itself was silent on protected ground."""
    if not town.private:
        return sight(open_services(), town.full, points)
    ground = make_context(town.full, town.reference_data, with_planned=False).ground
    is_hushed = ground.covers_points([p.first for p in points], [p.second for p in points])
    named = [(c.camera_id, p.point_id) for c in town.full.cameras for p in points]
    away = [None if disclosed_views else 1.0 for _ in town.full.cameras for disclosed_views in is_hushed]
    return [SightPair(*names, True, "possible", distance_m=metres) for names, metres in zip(named, away, strict=True)]


def by_blocks(after, square) -> np.ndarray:
    """Where a place may lie by the cameras that are told to be near a block: whole blocks are tried."""
    if after.disclosed is None:
        return np.ones(square.shape[0] * square.shape[1], bool)
    near = [result.undisclosed_px_m is not None for result in after.disclosed.cameras]
    views = [result.placed.views[0] for result in after.disclosed.cameras]
    reach = [reach_m(replace(view, range_m=np.inf), 25.0) * 1.01 + 1.0 for view in views]
    crs, known = Crs(after.crs), dict[bytes, bool]()

    def fits(x: float, y: float) -> bool:
        ground = shapely.Point(x, y).buffer(5.0)
        block = undisclosed_blocks([ProtectedPlace("", ProtectedClass.PROTECTED, ground, None, hides_people=True)], crs)
        if block.wkb not in known:
            reported_of = [shapely.Point(v.x_m, v.y_m).distance(block) <= r for v, r in zip(views, reach, strict=True)]
            known[block.wkb] = reported_of == near
        return known[block.wkb]

    coarse = np.array([[fits(x, y) for x, y in row] for row in square[::COARSE, ::COARSE]])
    return np.kron(coarse, np.ones((COARSE, COARSE), bool))[: square.shape[0], : square.shape[1]].ravel()
