"""Ours when a camera of a made-up city is dragged: all that the window is told at each step, beside making the town anew."""

import json
import time
from dataclasses import replace

import numpy as np

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.demand.guard import Requested, find_candidates
from lhasaplan.core.demand.outdoor_parts import sample_demand
from lhasaplan.core.live.effect import effect_on, overlaps_of
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.sight.lines.sight_lines import seen_columns
from lhasaplan.core.site.camera_placing import make_town, place_in
from lhasaplan.core.site.terrain import TerrainSheet, lay_over
from lhasaplan.workflow.answers import reference_data

from ..audit_city import X0, Y0, city, read_size
from ..worker import serve

CELL_M, MARGIN_M = 10.0, 200.0
DRAGGED, STEPS, MOST_PARTS = 20, 10, 5_000


def prepare(folder):
    """Return a run of some cameras that are dragged by metres in turn; city and answers are made before."""
    project = city(read_size(folder))
    known = reference_data(open_services(), project)
    if json.loads((folder / "ground.json").read_text("utf-8"))["hilly"]:
        known = replace(known, terrain=_hills(project))
    started = time.perf_counter()
    bare = set_up(project, known)
    set_up_s = time.perf_counter() - started
    live = with_cameras(make_live(bare, _requested(bare)), project.cameras)
    made_s = time.perf_counter() - started
    dragged = project.cameras[:: max(1, len(project.cameras) // DRAGGED)][:DRAGGED]

    def run():
        ours = np.array([took for camera in dragged for took in _drag(live, camera)])
        anew = np.array([_anew(bare, camera) for camera in dragged[:5]])
        least = np.array([_least(live, camera) for camera in dragged])
        names = ("ours", "ours_cpu", "anew", "anew_cpu", "least", "least_cpu")
        columns = [1e3 * column for each in (ours, anew, least) for column in each.T]
        figures = {f"{name}_p{p}": float(np.percentile(c, p)) for name, c in zip(names, columns, strict=True) for p in (50, 95)}
        return {"answers": len(ours), "set_up_s": set_up_s, "made_s": made_s, **figures}

    return run


def _drag(live, camera):
    """Yield seconds by the clock and of the processor of each step."""
    for step in range(1, STEPS + 1):
        now = replace(camera, x_m=camera.x_m + step)
        wall, cpu = time.perf_counter(), time.process_time()
        moved = with_cameras(live, [now])
        moved.findings(camera.camera_id)
        overlaps_of(moved, camera.camera_id)
        effect_on((camera.camera_id,), live, moved)
        yield time.perf_counter() - wall, time.process_time() - cpu
        live = moved


def _anew(bare, camera):
    """Return what a step took that made the town of the camera anew, for its cone alone."""
    wall, cpu = time.perf_counter(), time.process_time()
    town = make_town(bare.buildings, bare.crs, bare.reference_data.terrain.relief)
    (placed,) = place_in(town, [camera], bare.reference_data.classes)
    bare.sight.visibility_fields(placed.views, bare.rooms)
    return time.perf_counter() - wall, time.process_time() - cpu


def _least(live, camera):
    """Return what the cones of a camera took, and counting the points that they show; where it stands is worked out before."""
    city = live.city
    (placed,) = place_in(city.town, [camera], city.reference_data.classes)
    wall, cpu = time.perf_counter(), time.process_time()
    city.sight.visibility_fields(placed.views, city.rooms)
    spots = live.state.spots
    seen_columns(placed.views, spots.xyz_m, spots.targets, live.state.scene)
    return time.perf_counter() - wall, time.process_time() - cpu


def _requested(bare):
    """Return demand as if a person had confirmed the first candidates; the gate is not asked."""
    parts = find_candidates(bare).parts[:MOST_PARTS]
    return Requested(parts, (), sample_demand(parts, bare.ground, bare.buildings, bare.terrain))


def _hills(project):
    """Return gentle hills of 10 m cells under the city."""
    west, east, north = X0, project.layers["roads"].geometry[-1].bounds[2], project.layers["roads"].geometry[-1].bounds[3]
    columns, rows = (int(np.ceil((high - low + 2.0 * MARGIN_M) / CELL_M)) for low, high in ((west, east), (Y0, north)))
    x, y = np.meshgrid(np.arange(columns) * CELL_M, np.arange(rows) * CELL_M)
    height = 200.0 + 0.01 * x + 6.0 * np.sin(x / 310.0) * np.cos(y / 270.0) + 2.0 * np.sin((x + 0.6 * y) / 140.0)
    return lay_over([TerrainSheet("made.tif", CELL_M, height)], X0 - MARGIN_M, north + MARGIN_M, CELL_M)


if __name__ == "__main__":
    serve(prepare)
