"""Cameras by themselves: own sectors and full circles, beside what does the same or a part of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from .. import rival_house
from ..duel import Outcome, Side, fight
from ..ours.face import offers_terrain
from ..relief import put_ground, raised
from ..rivals.planar_walls import neighbourhoods
from ..rivals.plane_rings import save_rings
from ..row import Row, absent, measured, not_offered
from ..setting import Setting
from ..surface import surface_of
from ..town import Town, make_town
from ..workload import Lenses, make_circles, make_sectors, save

TOWN_M = 1500.0
OURS = Side("lhasaplan", "tests.bench.ours.sight")
FLOOR = Side("floor", "tests.bench.floors.sight")
SHAPELY = Side("shapely, exact", "tests.bench.rivals.shapely_exact")
POLYGON = "neither side computes masks, blind zone and bands"
WHOLE = "with blind zone, masks (half of the cameras) and a check of validity, on both sides"
BANDS = "the same in four density bands, which ours cuts out of the ring in one pass over its points"
RASTER = "the rival gives 1 m cells, roofs too"
LEAST = (
    "each wall of the squares of 16 m with their middle in view, and each cell of terrain there, hidden ones too, read once; the "
    "points of the answer written once"
)
PLANE = "the rival knows no heights, and but for pysovist no range"


def sectors(setting: Setting) -> Iterator[Row]:
    """Own sectors of 30 to 120 degrees and 30 to 150 m against shapely."""
    town = make_town(TOWN_M)
    lenses = make_sectors(town, setting.count(1000, 400))
    yield from _against_shapely("own sector", "30-120 deg, 30-150 m", town, lenses, setting, "250 x")


def circle(setting: Setting) -> Iterator[Row]:
    """Full circles of 150 m against shapely and GDAL."""
    town = make_town(TOWN_M)
    lenses = make_circles(town, setting.count(200, 25))
    yield from _against_shapely("full circle", "150 m", town, lenses, setting, "")
    yield from _against_gdal(town, lenses, setting)


def plane(setting: Setting) -> Iterator[Row]:
    """Full circles of 150 m against tools of the plane."""
    town = make_town(TOWN_M)
    lenses = make_circles(town, setting.count(100, 30))
    groups = neighbourhoods(town.polygons(), lenses.x, lenses.y, 150.0)
    for making, said in ((False, "its walls are made before"), (True, "its walls are made within")):
        folder = save(setting.folder / f"plane-{making}", town, lenses, making=making)
        save_rings(folder / "rings.npz", groups)
        ours, floor, *others = fight(folder, [OURS, FLOOR, *rival_house.plane_sides()], setting.rounds)
        for rival in others:
            size = f"150 m, {len(lenses)} cameras"
            row = _row("full circle, plane tool", size, ours, rival, f"{PLANE}; {said}", "" if making else "60 x")
            yield row.over(_per_camera_ms(floor, "cpu_s"), LEAST)


def _against_shapely(job: str, size: str, town: Town, lenses: Lenses, setting: Setting, target: str) -> Iterator[Row]:
    """Yield polygons, whole fields and fields with bands; ``target`` is what the first two are to reach."""
    kinds = (("polygon", POLYGON, target), ("whole field", WHOLE, target), ("whole field and bands", BANDS, ""))
    for kind, (named, said, asked) in enumerate(kinds):
        folder = save(setting.folder / f"{job}-{kind}", town, lenses, whole=kind > 0, bands=kind > 1)
        ours, rival, floor = fight(folder, [OURS, SHAPELY, FLOOR], setting.rounds)
        row = _row(f"{job}, {named}", f"{size}, {len(lenses)} cameras", ours, rival, said, asked)
        yield row.over(_per_camera_ms(floor, "cpu_s"), LEAST)


def _against_gdal(town: Town, lenses: Lenses, setting: Setting) -> Iterator[Row]:
    targets = {"plane": ("20 x", "60 x"), "1 m terrain grid": ("8 x", "22 x")}
    for ground, (user, cpu) in targets.items():
        hilly, size = ground != "plane", f"150 m, {ground}, {len(lenses)} cameras"
        if hilly and not offers_terrain():
            yield not_offered("full circle on terrain", size, "the engine knows level ground only", target=f"{user} / {cpu}")
            continue
        folder = save(setting.folder / f"gdal-{hilly}", town, raised(lenses) if hilly else lenses)
        put_surface(folder, town, hilly)
        ours, rival, floor = fight(folder, [OURS, rival_house.gdal_side(), FLOOR], setting.rounds)
        row = _row("full circle, user time", size, ours, rival, RASTER, user, figure="user_s")
        yield row.over(_per_camera_ms(floor, "user_s"), LEAST)
        row = _row("full circle, all CPU", size, ours, rival, RASTER, cpu)
        yield row.over(_per_camera_ms(floor, "cpu_s"), LEAST)


def put_surface(folder: Path, town: Town, hilly: bool) -> None:
    """Write the town as 1 m cells beside a saved workload, each lens's height above its cell, and the hills."""
    surface, frame = surface_of(town, hilly)
    if hilly:
        put_ground(folder, town)
    np.save(folder / "surface.npy", surface)
    np.save(folder / "frame.npy", frame)
    saved = dict(np.load(folder / "lenses.npz"))
    column, row = ((saved["x"] - frame[0]) // frame[2]).astype(int), ((frame[1] - saved["y"]) // frame[2]).astype(int)
    np.savez(folder / "lenses.npz", **saved, above=saved["z"] - surface[row, column])


def _row(job: str, size: str, ours: Outcome, rival: Outcome, note: str, target: str, figure: str = "cpu_s") -> Row:
    """Return CPU milliseconds per camera of both."""
    mine = _per_camera_ms(ours, figure)
    if rival.absent:
        return absent(job, size, mine, "ms CPU/camera", rival.absent, rival.name, target)
    row = measured(job, size, mine, _per_camera_ms(rival, figure), "ms CPU/camera", note, rival.name, target)
    return replace(row, unit="ms user time/camera") if figure == "user_s" else row


def _per_camera_ms(side: Outcome, figure: str) -> float:
    if side.absent:
        raise RuntimeError(f"{side.name}: {side.absent}")
    return 1e3 * side.median(figure) / side.rounds[0]["answers"]
