"""True values drawn inside what is assumed of cameras that lack some: is what they show inside of what an audit tells."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import shapely

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Camera, CameraClass, Kind, Mount, Placed, Span
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import rank

from ..rivals.wall_rays import EYE_M, LEAST_PX_M, USUAL, Lens, Shown, by_class, look, sees
from ..wall_towns import WallTown
from .walls import FINER, grade_rank, lens_in

MISSING = (
    ("azimuth_deg",),
    ("hfov_deg",),
    ("tilt_deg",),
    ("mount_height_m",),
    ("image_width_px", "image_height_px"),
    ("hfov_deg", "image_width_px", "image_height_px"),
    ("azimuth_deg", "tilt_deg", "hfov_deg", "mount_height_m", "image_width_px", "image_height_px"),
)
KINDS = (Kind.FIXED, Kind.DOME)
GRADES = tuple(each.name for each in fields(Sighting) if each.name == "grade" or each.name.startswith("grade_"))
SPOTS, BESIDE_M, ROUNDING = 400, 0.5, 1.005


@dataclass(frozen=True, slots=True)
class Outside:
    """A true camera whose view is outside of what is told of its record."""

    what: str
    missing: tuple[str, ...]
    true: Camera
    reported: str
    seen: str

    def __str__(self) -> str:
        """Say it in one line."""
        c = self.true
        where = f"({c.x_m:.3f}, {c.y_m:.3f}) height {c.mount_height_m:.2f} azimuth {c.azimuth_deg:.1f} tilt {c.tilt_deg:.1f}"
        lens = f"hfov {c.hfov_deg:.1f} {c.image_width_px} x {c.image_height_px} range {c.range_m}"
        return f"{self.what} (missing {', '.join(self.missing)}): true {where} {lens}: told {self.reported}, rays {self.seen}"


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """How many values were drawn, and those that lie outside."""

    draws: int
    outside: tuple[Outside, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Number by what is outside."""
        return Counter(each.what for each in self.outside)


def draw(town: WallTown, cameras: tuple[Camera, ...], draws: int, seed: int) -> Drawn:
    """Return what true values inside the limits show, each camera lacking one of ``MISSING`` in turn."""
    rng = np.random.default_rng(seed)
    each_lacks = [MISSING[number % len(MISSING)] for number in range(len(cameras))]
    kinds = [KINDS[number // len(MISSING) % len(KINDS)] for number in range(len(cameras))]
    rows = zip(cameras, each_lacks, kinds, strict=True)
    records = tuple(replace(camera, kind=kind, **dict.fromkeys(names)) for camera, names, kind in rows)
    answers = audit(town.with_cameras(records), town.known, known=town.context)
    found = [
        one
        for result, names in zip(answers.cameras, each_lacks, strict=True)
        for _ in range(draws)
        for one in _outside(town, result, names, rng)
    ]
    return Drawn(len(cameras) * draws, tuple(found))


def true_camera(placed: Placed, names: tuple[str, ...], limits: CameraClass, rng: np.random.Generator) -> Camera:
    """Return a camera as it may be: what its record lacks is drawn inside the limits of its kind."""
    values: dict[str, object] = {}
    for name in names:
        if name == "azimuth_deg":
            view = placed.views[0]
            half = 90.0 if placed.mount is Mount.WALL else 180.0
            values[name] = float(view.azimuth_deg + half * rng.uniform(-1.0, 1.0)) % 360.0
        elif name != "image_height_px":
            low, high = _ends(getattr(limits, name))
            values[name] = float(rng.choice([low, high, rng.uniform(low, high)]))
    if "image_width_px" in values:
        width = round(values["image_width_px"])
        shape = limits.image_height_px.typical / limits.image_width_px.typical
        values |= {"image_width_px": width, "image_height_px": round(width * shape)}
    return replace(placed.camera, **values)


def _ends(span: Span) -> tuple[float, float]:
    return min(span.narrow, span.wide), max(span.narrow, span.wide)


def _outside(town: WallTown, result: CameraResult, names: tuple[str, ...], rng: np.random.Generator) -> Iterator[Outside]:
    limits = town.known.classes[result.placed.camera.kind]
    true = true_camera(result.placed, names, limits, rng)
    lens = lens_in(town, town.placed((true,))[0])
    reported: dict[str, list[Sighting]] = {}
    for each in result.sightings:
        reported.setdefault(str(each.cls), []).append(each)
    shown = by_class(look(lens, town.facades, town.prisms), town.facades)
    if list(_beyond(reported, shown)):
        shown = by_class(look(lens, town.facades, town.prisms, USUAL.finer(FINER)), town.facades)
    yield from (Outside(what, names, true, words, seen) for what, words, seen in _beyond(reported, shown))
    yield from _ground(town, result, names, (true, lens), rng)


def _beyond(reported: Mapping[str, list[Sighting]], shown: Mapping[str, Shown]) -> Iterator[tuple[str, str, str]]:
    """Give what of a true view is beyond what is told: what is outside, what is told, what the rays see."""
    for cls, its in shown.items():
        px_m, sightings = its.px_m[0], reported.get(cls, [])
        seen = f"{cls} {px_m:.1f} px/m"
        if not sightings:
            if px_m >= LEAST_PX_M * ROUNDING:
                yield "class not reported", "nothing", seen
            continue
        high = max(each.density_px_m[1] for each in sightings)
        grades = [getattr(one, name) for one in sightings for name in GRADES]
        words = f"{sightings[0].basis} {grades[0]} {sightings[0].density_px_m[0]:.1f} to {high:.1f} px/m"
        if px_m > high * ROUNDING:
            yield "density above", words, seen
        if grade_rank(px_m, cls) > max(rank(each) for each in grades):
            yield "grade above", words, seen


def _ground(
    town: WallTown, result: CameraResult, names: tuple[str, ...], true: tuple[Camera, Lens], rng: np.random.Generator
) -> Iterator[Outside]:
    """Look at spots of ground before the lens: those that it sees at 25 px/m must lie in the ground that is told."""
    camera, lens = true
    turn = np.radians(lens.azimuth_deg + rng.uniform(-0.5, 0.5, SPOTS) * min(lens.hfov_deg * 1.3, 180.0))
    away = lens.reach_m(25.0) * np.sqrt(rng.random(SPOTS))
    xyz = np.column_stack([lens.x_m + away * np.sin(turn), lens.y_m + away * np.cos(turn), np.full(SPOTS, EYE_M)])
    seen = xyz[sees(lens, xyz, town.prisms)]
    fields = (result.certain, *result.possible)
    ground = shapely.union_all([shapely.make_valid(each.geometry) for each in fields if each is not None])
    apart = shapely.distance(ground, shapely.points(seen[:, :2])) if not ground.is_empty else np.full(len(seen), np.inf)
    beyond = np.flatnonzero(apart > BESIDE_M)
    if len(beyond):
        spot, far = seen[beyond[0]], float(apart[beyond].max())
        words = f"({spot[0]:.2f}, {spot[1]:.2f}), {len(beyond)} of {len(seen)} spots up to {far:.1f} m beside"
        yield Outside("ground outside", names, camera, f"{ground.area:.0f} m2", words)
