"""A large made-up city for measuring: blocks of houses and shops, streets with stops and crossings, cameras at corners."""

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.model.camera import Camera, Kind, Mount
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project

SIZE_FILE = "size.json"
CRS, X0, Y0 = "EPSG:32635", 500_000.0, 6_670_000.0
PITCH_M = 20.0  # of buildings, 12 m wide; every fifth row is a street
WIDTH_M = 12.0
LANES = 60
KINDS = ("house", "retail", "apartments", "office", "house", "yes", "house", "industrial", "house", "warehouse")  # half are homes
PLACES = ({"highway": "bus_stop"}, {"highway": "crossing"}, {"amenity": "parking"}, {"emergency": "fire_hydrant"})


@dataclass(frozen=True)
class Size:
    """How large the city is; ``recorded`` is the share of cameras with direction and lens."""

    buildings: int = 100_000
    places: int = 20_000
    cameras: int = 5_000
    recorded: float = 0.2


def save_size(folder: Path, size: Size) -> None:
    """Write how large the city is, for another process to make the same one."""
    (folder / SIZE_FILE).write_text(json.dumps(asdict(size)), "utf-8")


def read_size(folder: Path) -> Size:
    """Return the size that was written into a folder."""
    return Size(**json.loads((folder / SIZE_FILE).read_text("utf-8")))


def city(size: Size, seed: int = 7) -> Project:
    """Return the city as a project; half of its buildings are homes."""
    rng = np.random.default_rng(seed)
    side = math.ceil(math.sqrt(size.buildings))
    column, row = np.arange(size.buildings) % side, np.arange(size.buildings) // side
    west, south = X0 + column * PITCH_M, Y0 + (row + row // 5) * PITCH_M  # an empty row after five is a street
    houses = shapely.box(west, south, west + WIDTH_M, south + WIDTH_M)
    kinds = [KINDS[k] for k in rng.integers(0, len(KINDS), size.buildings)]
    tags = tuple({"building": kind, "height": str(h)} for kind, h in zip(kinds, rng.integers(4, 20, size.buildings), strict=True))
    rows = int(row.max()) // 5 + 1
    return Project(
        "city",
        CRS,
        packs=("eu-gdpr", "municipal-safety"),
        layers={
            "buildings": _layer("buildings", "way", houses, tags),
            "roads": _layer("roads", "road", _streets(rows, side), ({"highway": "residential"},) * rows),
            "places": _places(size, rows, side, rng),
        },
        cameras=_cameras(size, rows, side, rng),
    )


def street_city(size: Size) -> Project:
    """Return the city with a path on both sides of each street and lanes across: 3,070 km before 200,000 buildings."""
    project = city(size)
    streets = project.layers["roads"].geometry
    west, south, east, north = shapely.total_bounds(streets)
    beside = [shapely.transform(streets, lambda xy, aside_m=aside_m: np.add(xy, (0.0, aside_m))) for aside_m in (3.0, -3.0)]
    lanes = [shapely.LineString([(x, south), (x, north)]) for x in np.linspace(west, east, LANES, endpoint=False) + 16.0]
    lines = np.concatenate([streets, *beside, np.array(lanes, object)])
    roads = _layer("roads", "road", lines, ({"highway": "residential"},) * len(lines))
    return replace(project, layers={**project.layers, "roads": roads})


def _layer(name: str, prefix: str, geometry: np.ndarray, tags: tuple[dict[str, str], ...]) -> Layer:
    ids = np.array([f"{prefix}/{number}" for number in range(len(geometry))], object)
    return Layer(name, ids, np.asarray(geometry, object), tags)


def _street_y_m(street: np.ndarray) -> np.ndarray:
    """Return the middle of each street; it runs behind five rows of buildings."""
    return Y0 + (street * 6 + 5) * PITCH_M + WIDTH_M / 2.0


def _streets(rows: int, side: int) -> np.ndarray:
    y = _street_y_m(np.arange(rows))
    return np.array([shapely.LineString([(X0, at), (X0 + side * PITCH_M, at)]) for at in y], object)


def _places(size: Size, rows: int, side: int, rng: np.random.Generator) -> Layer:
    x = X0 + rng.uniform(0, side * PITCH_M, size.places)
    y = _street_y_m(rng.integers(0, rows, size.places))
    return _layer("places", "node", shapely.points(x, y), tuple(PLACES[k % len(PLACES)] for k in range(size.places)))


def _cameras(size: Size, rows: int, side: int, rng: np.random.Generator) -> tuple[Camera, ...]:
    x = X0 + rng.uniform(0, side * PITCH_M, size.cameras)
    y = _street_y_m(rng.integers(0, rows, size.cameras)) + rng.choice([-4.0, 4.0], size.cameras)
    azimuth, known = rng.uniform(0, 360, size.cameras), rng.random(size.cameras) < size.recorded
    lens = {"mount_height_m": 5.0, "tilt_deg": 15.0, "hfov_deg": 68.0, "image_width_px": 1920, "image_height_px": 1080}
    return tuple(
        Camera(
            f"c{k}",
            float(x[k]),
            float(y[k]),
            azimuth_deg=float(azimuth[k]),
            range_m=60.0,
            kind=Kind.FIXED,
            mount=Mount.POLE,
            **lens,
        )
        if known[k]
        else Camera(f"c{k}", float(x[k]), float(y[k]))
        for k in range(size.cameras)
    )
