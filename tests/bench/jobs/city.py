"""Whole cities: all polygons and the matrix, warm, as a fresh process, at three sizes, and after one move."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..duel import Outcome, Side, fight
from ..files import write_input
from ..ours.face import offers_terrain
from ..relief import GENTLE, put_ground, raised, raised_points
from ..row import Row, measured, not_offered
from ..setting import Setting
from ..town import make_town
from ..workload import load, make_points, make_sectors, save
from . import single

OURS = Side("lhasaplan", "tests.bench.ours.city")
SHAPELY = Side("shapely, exact", "tests.bench.rivals.shapely_city")
FLOOR = Side("floor", "tests.bench.floors.sight")
LEAST = f"{single.LEAST}, as are seen pairs and the cells of the count grid; on all cores"
LEAST_FRESH = "numpy, shapely, pyogrio and rasterio imported, the bytes of all files read and written once"
SAMPLE = 100
SCALED = f"the rival was measured over {SAMPLE} of the cameras and scaled; its points are found in its polygons"
LEVEL = "the rival looks over level ground"


@dataclass(frozen=True, slots=True)
class Size:
    """So many cameras in a town so wide, and so many points."""

    cameras: int
    town_m: float
    points: int


CITY, REGION = Size(10_000, 5000.0, 50_000), Size(100_000, 15_820.0, 500_000)
BOROUGH, QUARTER = Size(1_000, 1600.0, 5_000), Size(300, 900.0, 1_500)


def city(setting: Setting) -> Iterator[Row]:
    """10,000 cameras, warm."""
    size = BOROUGH if setting.quick else CITY
    yield from _warm("city, polygons, matrix and 1 m count grid", size, setting, False, "0.3 s, 0.5 GB")
    few = replace(setting, turns=2 if setting.quick else 3)
    yield from _warm("city, whole fields, matrix and 1 m count grid", size, few, True, "")
    yield from _on_hills("city on 10 m terrain, polygons and matrix", size, few, "")


def region(setting: Setting) -> Iterator[Row]:
    """100,000 cameras, warm."""
    if not setting.quick:
        yield from _on_hills("region on 10 m terrain, polygons and matrix", REGION, replace(setting, turns=3), "5 s, 3 GB")


def fresh(setting: Setting) -> Iterator[Row]:
    """10,000 cameras, from files to files."""
    size = BOROUGH if setting.quick else CITY
    folder = saved(setting.folder / "fresh", size, cameras=size.cameras)
    sides = [Side(OURS.name, "tests.bench.ours.fresh_rounds"), Side(SHAPELY.name, "tests.bench.rivals.shapely_fresh_rounds")]
    sides.append(Side(FLOOR.name, "tests.bench.floors.fresh_rounds"))
    ours, rival, floor = fight(folder, sides, setting.rounds)
    scaled = rival.median("wall_s") + rival.median("sampled_s") * (size.cameras / min(SAMPLE, size.cameras) - 1.0)
    files = "with start, reading, and writing GeoPackage and GeoTIFF"
    note = f"{files}; peak {ours.median('peak_mb'):,.0f} MB; {SCALED}"
    row = measured(
        "city with count grid, fresh process", reported(size), ours.median("wall_s"), scaled, "s", note, rival.name, "1.5 s"
    )
    yield row.over(floor.median("wall_s"), LEAST_FRESH)


def move(setting: Setting) -> Iterator[Row]:
    """One camera of a city moves, on level ground and over hills."""
    size = BOROUGH if setting.quick else CITY
    level = saved(setting.folder / "move", size, sample=20)
    job = "move one camera: polygon, column, coverage and overlap"
    yield _moved(job, size, level, level, setting, "2 ms")
    if offers_terrain():
        hilly = _raised(level, setting.folder / "move-hills")
        yield _moved(f"{job}, on 10 m terrain", size, level, hilly, setting, "")


def _moved(job: str, size: Size, level: Path, ours_in: Path, setting: Setting, target: str) -> Row:
    side = replace(OURS, module="tests.bench.ours.move", folder=ours_in)
    ours, rival = fight(level, [side, SHAPELY], setting.rounds)
    note = "ours updates coverage and overlap too; the rival makes polygon and column alone"
    note = note if ours_in == level else f"{note}; {LEVEL}"
    mine, other = (1e3 * side.median("wall_s") / side.rounds[0]["answers"] for side in (ours, rival))
    return measured(job, reported(size), mine, other, "ms", note, rival.name, target)


def _warm(job: str, size: Size, setting: Setting, whole: bool, target: str) -> Iterator[Row]:
    folder = saved(setting.folder / f"{size.cameras}-{whole}", size, whole=whole, grid=True)
    ours, rival, floor = fight(folder, [OURS, SHAPELY, FLOOR], setting.rounds)
    scaled = rival.median("wall_s") * size.cameras / rival.rounds[0]["answers"]
    row = measured(job, reported(size), ours.median("wall_s"), scaled, "s", _steps(ours), rival.name, target)
    yield row.over(floor.median("wall_s"), LEAST)


def _on_hills(job: str, size: Size, setting: Setting, target: str) -> Iterator[Row]:
    """Yield ours over hills beside shapely on the level."""
    if not offers_terrain():
        yield not_offered(job, reported(size), "the engine knows level ground only", "s", target)
        return
    level = saved(setting.folder / f"level-{size.cameras}", size)
    hilly = _raised(level, setting.folder / f"hills-{size.cameras}")
    ours, rival, floor = fight(level, [replace(OURS, folder=hilly), SHAPELY, replace(FLOOR, folder=hilly)], setting.rounds)
    scaled = rival.median("wall_s") * size.cameras / rival.rounds[0]["answers"]
    row = measured(job, reported(size), ours.median("wall_s"), scaled, "s", f"{_steps(ours)}; {LEVEL}", rival.name, target)
    yield row.over(floor.median("wall_s"), LEAST)


def _steps(ours: Outcome) -> str:
    """Return what the time is made of."""
    spent = f"polygons {ours.median('polygons_s'):.3g} s, matrix {ours.median('matrix_s'):.3g} s"
    spent += f", count grid {ours.median('grid_s'):.3g} s" if ours.median("cells") else ""
    beside = (
        f"index {ours.median('index_s'):.2g} s before; peak {ours.median('peak_mb'):,.0f} MB; {ours.median('pairs'):,.0f} pairs"
    )
    return f"{spent}; {beside}; {SCALED}"


def saved(folder: Path, size: Size, **settings: object) -> Path:
    town = make_town(size.town_m, seed=31)
    lenses, points = make_sectors(town, size.cameras, seed=32), make_points(town, size.points, seed=33)
    save(folder, town, lenses, points, **settings)
    if "cameras" in settings:
        write_input(folder, town, lenses, points)
    return folder


def _raised(level: Path, folder: Path) -> Path:
    """Set a saved town on gentle hills of 10 m cells, and return the folder."""
    town, lenses, points, _ = load(level)
    put_ground(save(folder, town, raised(lenses), raised_points(points)), town, GENTLE, 10.0)
    return folder


def reported(size: Size) -> str:
    return f"{size.cameras:,} cameras, {round(size.town_m**2 * 1.88e-3, -2):,.0f} buildings, {size.points:,} points"
