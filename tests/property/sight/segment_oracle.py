"""Segment against prism, by brute force in plain Python: the slow second method that the engines are held against."""

import math
from itertools import pairwise


def inside_length(lens, target, polygon, base, top):
    """Metres (on the ground) for which the line from lens to target is inside the prism."""
    rings = [list(ring.coords) for part in parts_of(polygon) for ring in (part.exterior, *part.interiors)]
    cuts = sorted({0.0, 1.0, *level_cuts(lens, target, base, top), *wall_cuts(lens, target, rings)})
    run = math.dist(lens[:2], target[:2])
    return sum((b - a) * run for a, b in pairwise(cuts) if is_inside(lens, target, (a + b) / 2, rings, base, top))


def first_inside(lens, target, polygon, base, top):
    """Share of the way at which the line is first inside the prism for more than a millimetre, 2 if never."""
    rings = [list(ring.coords) for part in parts_of(polygon) for ring in (part.exterior, *part.interiors)]
    cuts = sorted({0.0, 1.0, *level_cuts(lens, target, base, top), *wall_cuts(lens, target, rings)})
    least = 1e-3 / math.dist(lens[:2], target[:2])
    inside = (a for a, b in pairwise(cuts) if b - a > least and is_inside(lens, target, (a + b) / 2, rings, base, top))
    return next(inside, 2.0)


def parts_of(polygon):
    return getattr(polygon, "geoms", [polygon])


def level_cuts(lens, target, base, top):
    rise = target[2] - lens[2]
    return [t for z in (base, top) if rise and 0 < (t := (z - lens[2]) / rise) < 1]


def wall_cuts(lens, target, rings):
    dx, dy = target[0] - lens[0], target[1] - lens[1]
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            ex, ey = bx - ax, by - ay
            across = dx * ey - dy * ex
            if across:
                t = ((ax - lens[0]) * ey - (ay - lens[1]) * ex) / across
                s = ((ax - lens[0]) * dy - (ay - lens[1]) * dx) / across
                if 0 < t < 1 and 0 <= s <= 1:
                    yield t


def is_inside(lens, target, t, rings, base, top):
    x, y, z = (a + t * (b - a) for a, b in zip(lens, target, strict=True))
    crossings = sum((ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
                    for ring in rings for (ax, ay), (bx, by) in pairwise(ring))  # fmt: skip
    return base < z < top and crossings % 2 == 1
