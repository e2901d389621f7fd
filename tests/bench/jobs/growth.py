"""How cost and memory grow with cameras, buildings and range: ours at the first size stands in the rival's column."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..duel import Outcome, fight
from ..row import Row, measured
from ..setting import Setting
from ..workload import load, save
from .city import BOROUGH, CITY, OURS, QUARTER, REGION, Size, reported, saved

RANGES_M = (5.0, 15.0, 50.0, 150.0, 500.0)
BUILDINGS = (10_000, 100_000, 1_000_000)
A_KM2 = 1_880.0  # buildings
ROUNDS = 3


def cameras(setting: Setting) -> Iterator[Row]:
    """Yield cost and memory of a camera from a small town to a region, as dense."""
    sizes = [QUARTER, BOROUGH] if setting.quick else [BOROUGH, CITY, REGION]
    folders = [saved(setting.folder / f"{size.cameras}-cameras", size) for size in sizes]
    found = _measured(folders, setting)
    yield from lines("cameras", sizes, found)
    yield held(sizes[-1], found[-1])


def buildings(setting: Setting) -> Iterator[Row]:
    """Yield the cost of a camera among more and more buildings, as dense."""
    counts = (1_000, 5_000) if setting.quick else BUILDINGS
    sizes = [Size(300 if setting.quick else 1_000, (count / A_KM2) ** 0.5 * 1e3, 5_000) for count in counts]
    folders = [saved(setting.folder / f"{count}-buildings", size) for count, size in zip(counts, sizes, strict=True)]
    yield from lines("buildings", sizes, _measured(folders, setting))


def ranges(setting: Setting) -> Iterator[Row]:
    """Yield the cost of a camera by its range; a camera of ten times the range has a hundred times the ground before it."""
    size = QUARTER if setting.quick else replace(CITY, cameras=1_000)
    first = saved(setting.folder / "first", size)
    folders = [_ranged(first, setting.folder / f"{range_m:g}-m", range_m) for range_m in RANGES_M]
    for range_m, cost, note in zip(RANGES_M, *_costs(_measured(folders, setting)), strict=True):
        yield measured(f"camera of {range_m:g} m", reported(size), cost[0], cost[1], "ms CPU/camera", note, f"{RANGES_M[0]:g} m")


def lines(of_what: str, sizes: Sequence[Size], found: Sequence[Outcome]) -> Iterator[Row]:
    for size, cost, note in zip(sizes, *_costs(found), strict=True):
        target = "" if size is sizes[0] else "within 10 %"
        yield measured(f"more {of_what}", reported(size), cost[0], cost[1], "ms CPU/camera", note, "the first size", target)


def _costs(found: Sequence[Outcome]) -> tuple[list[tuple[float, float]], list[str]]:
    """Return what a camera costs at each size and at the first, and what there is beside it."""
    costs = [1e3 * min(each["cpu_s"] for each in one.rounds) / one.rounds[0]["answers"] for one in found]
    notes = [f"index {one.median('index_s'):.2g} s before" for one in found]
    return [(cost, costs[0]) for cost in costs], notes


def held(size: Size, found: Outcome) -> Row:
    """Return what is held, by what it is held for."""
    count = found.rounds[0]["answers"]
    buildings = size.town_m**2 * A_KM2 / 1e6
    scene, seen, matrix = (max(one[name] for one in found.rounds) for name in ("scene_mb", "seen_mb", "matrix_mb"))
    note = f"town and index {scene:,.0f} MB, {scene * 2**20 / buildings:,.0f} bytes a building; "
    note += f"polygons {seen:,.0f} MB, {seen * 2**20 / count:,.0f} bytes a camera; "
    note += f"matrix {matrix:,.0f} MB while it is made, {matrix * 2**20 / count:,.0f} bytes a camera"
    return Row("memory by what it holds", reported(size), found.median("peak_mb"), None, None, "MB", note)


def _measured(folders: Sequence[Path], setting: Setting) -> list[Outcome]:
    """Return what each size took, in turns; memory lasts for all of them side by side."""
    sides = [replace(OURS, folder=folder) for folder in folders]
    return fight(setting.folder, sides, setting.turns or ROUNDS)


def _ranged(first: Path, folder: Path, range_m: float) -> Path:
    """Save the same town whose cameras all have one range; the folder."""
    town, lenses, points, settings = load(first)
    alike = replace(lenses, range=np.full(len(lenses), range_m))
    return save(folder, town, alike, points, **settings)
