"""Walls in view: what an audit tells beside dense rays, in made-up towns and in cities from files; and how fast each is."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..accuracy.finding import Finding
from ..accuracy.wall_draws import draw
from ..accuracy.wall_mitigations import apply_mitigations
from ..accuracy.walls import compare
from ..duel import Outcome, Side, fight
from ..row import Row, measured
from ..setting import Setting
from ..wall_load import OF_A_FILE, OF_BOXES, Load, save_load
from ..wall_towns import WallTown, boxes, random_cameras, read_city

OURS = Side("lhasaplan", "tests.bench.ours.walls")
RAYS = Side("walls by rays", "tests.bench.rivals.walls_by_rays")
POLYGONS = Side("walls by polygons", "tests.bench.rivals.walls_by_polygons")
TARGETS = {RAYS.name: "200 x", POLYGONS.name: ""}
NOTES = {
    RAYS.name: "numpy; its tree of the town is not timed",
    POLYGONS.name: "exact on level ground, a wall at a time, by shapely; it knows no raised decks and no ground",
}
BOXES, SIDE_M = 100, 300.0
DRAWS = 10
MOST_LINES = 5


def speed(setting: Setting) -> Iterator[Row]:
    """What of protected walls is in view of recorded cameras, beside rays and polygons; rivals see some of the cameras."""
    cameras = setting.cameras or setting.count(10_000, 500)
    loads = [Load(OF_BOXES, "", cameras), *(Load(OF_A_FILE, str(file), cameras) for file in setting.cities)]
    for number, load in enumerate(loads):
        folder = setting.folder / f"load-{number}"
        folder.mkdir()
        save_load(folder, load)
        ours, *others = fight(folder, [OURS, RAYS, POLYGONS], setting.turns or 3)
        for rival in others:
            yield _row(load, ours, rival)


def _row(load: Load, ours: Outcome, rival: Outcome) -> Row:
    mine, other = (1e3 * side.median("cpu_s") / side.median("cameras") for side in (ours, rival))
    note = f"{NOTES[rival.name]}; measured over {rival.median('cameras'):,.0f} of the cameras"
    size = f"{load.name}, {load.cameras:,} cameras, {ours.median('walls'):,.0f} walls"
    return measured("walls in view", size, mine, other, "ms CPU/camera", note, rival.name, TARGETS[rival.name])


def views(setting: Setting) -> Iterator[Finding]:
    """Every view of recorded cameras: told, at its grade, and to its metres."""
    for town in _towns(setting):
        found = compare(town, random_cameras(town, _count(setting), 1))
        counts = {what: found.counts.get(what, 0) for what in ("not reported", "grade lower", "grade higher", "metres off")}
        others = {what: number for what, number in found.counts.items() if what not in counts}
        size = f"{town.name}: {found.cameras:,} cameras, {found.views:,} views, {found.grave:,} due or severe"
        good = not counts["not reported"] and not counts["grade lower"] and counts["metres off"] <= 0.01 * max(found.views, 1)
        asked = "no due or severe unreported or lower; 1 % of metres off by 0.5 m and 2 %"
        worst = _first(found.disagreements, lambda each: each.what)
        yield Finding("walls in view against rays every 0.2 m", size, {**counts, **others}, asked, good, worst=worst)


def mitigations(setting: Setting) -> Iterator[Finding]:
    """Every remedy that was tried out, applied and looked at again."""
    for town in _towns(setting):
        found = apply_mitigations(town, random_cameras(town, _count(setting), 2))
        kinds = {f"{kind} ({every})": left for kind, (left, every) in found.counts.items()}
        size = f"{town.name}: {len(found.applied):,} mitigations of {_count(setting):,} cameras"
        figures = {"views left": len(found.left), "made graver": len(found.raised), **kinds}
        good = not found.left and not found.raised
        worst = _first([*found.left, *found.raised], lambda each: each.kind)
        yield Finding("mitigations applied, views left at 25 px/m, by kind", size, figures, "none", good, worst=worst)


def draws(setting: Setting) -> Iterator[Finding]:
    """True values inside what is assumed of cameras that lack some: class, density, grade and ground must hold them."""
    for town in _towns(setting):
        found = draw(town, random_cameras(town, _count(setting), 3), DRAWS, 3)
        figures = {
            what: found.counts.get(what, 0) for what in ("class not reported", "density above", "grade above", "ground outside")
        }
        worst = _first(found.outside, lambda each: each.what)
        size = f"{town.name}: {found.draws:,} draws of {_count(setting):,} cameras"
        yield Finding("true values inside the limits", size, figures, "none outside", not found.outside, worst=worst)


def _first(found: Sequence, kind_of) -> tuple[str, ...]:
    """Return the first of each kind in words."""
    first: Mapping[str, object] = {}
    for each in found:
        first.setdefault(kind_of(each), each)
    return tuple(map(str, list(first.values())[:MOST_LINES]))


def _count(setting: Setting) -> int:
    return setting.cameras or setting.count(1000, 100)


def _towns(setting: Setting) -> Iterator[WallTown]:
    """Give the cities named, or a made-up town where none is."""
    yield from (read_city(Path(file)) for file in setting.cities)
    if not setting.cities:
        yield boxes(BOXES, SIDE_M, 1)
