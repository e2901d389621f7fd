"""The whole check of a flat town once more, plainly: one line of sight at a time, polygons by shapely, loops and sums.

Shares nothing with the program but the given town: boxes with heights, level or tilted rectilinear cameras on poles, parts
as rectangles. It follows docs/glossary.md. Points are asked by the true picture of a lens, ground by bearing
and dip (docs/adr, 9).
"""

import math
from dataclasses import dataclass
from itertools import combinations

import shapely
from shapely import affinity

TARGET_M = 1.5
SEEN_PX_M = 25.0
UNASKED_M = 10.0
FAR = 1e4


@dataclass(frozen=True)
class Lens:
    """A camera on a pole; ``image`` is 1920 x 1080."""

    name: str
    x: float
    y: float
    z: float
    azimuth: float
    tilt: float
    hfov: float
    reach: float

    @property
    def focal_px(self):
        return 960.0 / math.tan(math.radians(self.hfov / 2))

    @property
    def blind_m(self):
        lower = self.tilt + math.degrees(math.atan(540.0 / self.focal_px))
        return 0.0 if lower >= 90 else math.inf if lower <= 0 else (self.z - TARGET_M) / math.tan(math.radians(lower))

    @property
    def far_m(self):
        upper = self.tilt - math.degrees(math.atan(540.0 / self.focal_px))
        return self.reach if upper <= 0 else min(self.reach, (self.z - TARGET_M) / math.tan(math.radians(upper)))


@dataclass(frozen=True)
class Block:
    """A building that is a box."""

    shape: shapely.Polygon
    top: float


@dataclass(frozen=True)
class Wanted:
    """A part as it was drawn, and its sample points with weights."""

    name: str
    shape: shapely.Polygon
    px_m: float
    views: int
    share: float
    points: tuple[tuple[float, float, float], ...]  # x, y, weight


def density(lens, x, y):
    """Return px/m at a point at target height, 0 when it falls outside the picture or beyond range."""
    dx, dy, drop = x - lens.x, y - lens.y, lens.z - TARGET_M
    azimuth, tilt = math.radians(lens.azimuth), math.radians(lens.tilt)
    ahead, right = dx * math.sin(azimuth) + dy * math.cos(azimuth), dx * math.cos(azimuth) - dy * math.sin(azimuth)
    depth = ahead * math.cos(tilt) + drop * math.sin(tilt)
    up = ahead * math.sin(tilt) - drop * math.cos(tilt)
    if depth <= 0.0 or math.hypot(dx, dy) > lens.reach:
        return 0.0
    is_in_picture = abs(right) * lens.focal_px <= 960.0 * depth and abs(up) * lens.focal_px <= 540.0 * depth
    return lens.focal_px / depth if is_in_picture else 0.0


def is_free(lens, x, y, blocks):
    """Return whether the line from lens to target misses every box."""
    line = shapely.LineString([(lens.x, lens.y), (x, y)])
    for block in blocks:
        for piece in shapely.get_parts(line.intersection(block.shape)):
            ends = [lens.z + (TARGET_M - lens.z) * line.project(shapely.Point(c)) / line.length for c in piece.coords]
            if piece.length > 1e-3 and min(ends) < block.top:
                return False
    return True


def seen_by(lens, wanted, blocks):
    """Return the density at each point of a part, 0 where the lens sees nothing of it."""
    found = []
    for x, y, _ in wanted.points:
        px_m = density(lens, x, y)
        found.append(px_m if px_m and is_free(lens, x, y, blocks) else 0.0)
    return found


def shares(wanted, columns):
    """Return the shares served and seen, from one list of densities a camera."""
    total = sum(weight for *_, weight in wanted.points)
    served = seen = 0.0
    for k, (*_, weight) in enumerate(wanted.points):
        served += weight * (sum(column[k] >= wanted.px_m for column in columns) >= wanted.views)
        seen += weight * any(column[k] >= min(wanted.px_m, SEEN_PX_M) for column in columns)
    return served / total, seen / total


def verdict(wanted, served, seen):
    """Return the word for two shares."""
    if served >= wanted.share - 1e-9:
        return "met"
    if seen >= wanted.share - 1e-9:
        return "weak"
    return "gap" if seen == 0.0 else "partial"


def ground(lens, blocks, px_m=SEEN_PX_M):
    """Return the ground that a lens sees at a density or better: sector minus shadows and footprints."""
    start, stop = lens.azimuth - lens.hfov / 2, lens.azimuth + lens.hfov / 2
    bearings = [math.radians(start + (stop - start) * k / 600) for k in range(601)]
    rim = [(lens.x + lens.far_m * math.sin(b), lens.y + lens.far_m * math.cos(b)) for b in bearings]
    sector = shapely.Polygon([(lens.x, lens.y), *rim])
    if lens.blind_m > 0:
        sector = sector.difference(shapely.Point(lens.x, lens.y).buffer(min(lens.blind_m, FAR), quad_segs=256))
    hidden = [_shadow(lens, block) for block in blocks if block.top > TARGET_M]
    return sector.intersection(_near_half(lens, px_m)).difference(shapely.union_all(hidden))


def _shadow(lens, block):
    """Return what a convex box hides of the plane, itself included: the hull of it and of it enlarged from the lens."""
    factor = (lens.z - TARGET_M) / (lens.z - block.top) if block.top < lens.z else FAR
    away = affinity.scale(block.shape, min(factor, FAR), min(factor, FAR), origin=(lens.x, lens.y))
    return shapely.MultiPolygon([block.shape, away]).convex_hull


def _near_half(lens, px_m):
    """Return the half plane where the depth along the axis is small enough for a density."""
    tilt, drop = math.radians(lens.tilt), lens.z - TARGET_M
    ahead = (lens.focal_px / px_m - drop * math.sin(tilt)) / math.cos(tilt)
    box = shapely.box(-FAR, -FAR, FAR, ahead)
    return affinity.translate(affinity.rotate(box, -lens.azimuth, origin=(0, 0)), lens.x, lens.y)


@dataclass(frozen=True)
class Plain:
    """All that the check should find."""

    verdicts: dict
    shares: dict
    unasked_m2: dict
    removable: dict
    shared: dict  # pair -> (area, demand)


def check(lenses, blocks, parts):
    """Return the answers for a town."""
    columns = {part.name: [seen_by(lens, part, blocks) for lens in lenses] for part in parts}
    both = {part.name: shares(part, columns[part.name]) for part in parts}
    return Plain(
        {part.name: verdict(part, *both[part.name]) for part in parts},
        both,
        {lens.name: _unasked(k, lens, blocks, parts, columns) for k, lens in enumerate(lenses)},
        {lens.name: _can_go(k, parts, columns, both) for k, lens in enumerate(lenses)},
        {
            (a.name, b.name): _shared(i, j, lenses, blocks, parts, columns)
            for (i, a), (j, b) in combinations(enumerate(lenses), 2)
        },
    )


def _unasked(k, lens, blocks, parts, columns):
    asked = [part.shape.buffer(UNASKED_M, quad_segs=16) for part in parts if max(columns[part.name][k]) >= part.px_m]
    return ground(lens, blocks).difference(shapely.union_all(asked)).area


def _can_go(k, parts, columns, both):
    left = {part.name: shares(part, [c for i, c in enumerate(columns[part.name]) if i != k]) for part in parts}
    return all(now >= before - 1e-12 for name in left for now, before in zip(left[name], both[name], strict=True))


def _shared(i, j, lenses, blocks, parts, columns):
    demand, needed = 0.0, []
    for part in parts:
        a, b = columns[part.name][i], columns[part.name][j]
        weights = [w for (*_, w), da, db in zip(part.points, a, b, strict=True) if da >= part.px_m and db >= part.px_m]
        demand += sum(weights)
        needed += [part.px_m] if weights else []
    least = min(needed, default=SEEN_PX_M)
    area = ground(lenses[i], blocks, least).intersection(ground(lenses[j], blocks, least)).area
    return area, demand
