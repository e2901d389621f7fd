"""Which part of a wall a rectilinear lens can see on level ground, exactly and slowly, by shapely: a wall at a time.

On the plane of a wall (s metres along, z metres up) the edge of a shadow is a straight line, the picture a quadrilateral, a mask
a polygon (straight lines of the picture stay straight), equal density a straight line, the range a circle.
"""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, box

from .wall_rays import LEAST_PX_M, Facades, Lens, Prisms

NEAR_SHARE = 1e-4  # of the way to the lens: what stands beside the lens is cut there
FAR_M = 1e5
CIRCLE_SEGMENTS = 256


def seen_walls(
    lens: Lens, facades: Facades, prisms: Prisms, least_px_m: float = LEAST_PX_M
) -> Iterator[tuple[int, shapely.Geometry]]:
    """Yield the row and the seen part of each wall within reach of which any is seen, in metres along it and up.

    Buildings stand on the ground: what is raised hides as if it were not. The mount's own facade is no exception here.
    """
    eye = shapely.Point(lens.x_m, lens.y_m)
    reach = lens.reach_m(least_px_m)
    near = np.sort(facades.tree.query(eye, predicate="dwithin", distance=reach))
    ends, building, tree = prisms.edges
    others = np.sort(tree.query(eye, predicate="dwithin", distance=reach))
    walls = np.column_stack([ends[others], prisms.top_m[building[others]]])
    for row in near.tolist():
        seen = seen_wall(lens, facades.ends_m[row], float(facades.base_m[row]), float(facades.top_m[row]), walls, least_px_m)
        if seen.area > 0.0:
            yield row, seen


def seen_wall(
    lens: Lens, ends: np.ndarray, base_m: float, top_m: float, walls: np.ndarray, least_px_m: float = LEAST_PX_M
) -> shapely.Geometry:
    """Return the seen part on the plane of a wall whose outside is on the right from (x, y) to (x, y); empty where none is.

    Parameters
    ----------
    walls : shape (W, 5), (x, y, x, y, top) of all that stands around; the wall itself may be among them.
    """
    a, b = ends[:2], ends[2:]
    length = np.hypot(*(b - a))
    along = (b - a) / length
    out = np.array([along[1], -along[0]])
    eye = np.array([lens.x_m, lens.y_m, lens.z_m])
    away = (eye[:2] - a) @ out
    if away <= 1e-9:
        return Polygon()
    seen: shapely.Geometry = box(0.0, base_m, length, top_m)
    for row, limit in _half_planes(lens, least_px_m):
        seen = _cut(seen, row @ np.array([*along, 0.0]), row[2], row @ (np.array([*a, 0.0]) - eye) - limit)
    if seen.is_empty or away >= lens.range_m:
        return Polygon()
    if np.isfinite(lens.range_m):
        seen &= Point((eye[:2] - a) @ along, eye[2]).buffer(np.sqrt(lens.range_m**2 - away**2), quad_segs=CIRCLE_SEGMENTS)
    shadows = [_shadow(each, a, along, out, eye, away) for each in walls]
    seen -= shapely.union_all([each for each in shadows if each is not None and each.intersects(seen)])
    return _unmasked(lens, seen, a, along, eye)


def density_px_m(lens: Lens, ends: np.ndarray, seen: shapely.Geometry) -> float:
    """Return the highest density in a seen part; equal densities lie on straight lines, so a corner has it."""
    a, b = ends[:2], ends[2:]
    along = (b - a) / np.hypot(*(b - a))
    s, z = shapely.get_coordinates(seen).T
    points = np.column_stack([a + s[:, None] * along, z]) - (lens.x_m, lens.y_m, lens.z_m)
    return float(lens.focal_px / (points @ lens.axes[0]).min())


def frontage_m(seen: shapely.Geometry, least_height_m: float = 0.1) -> float:
    """Return how many metres along the wall are seen at least so high in one piece."""
    tall = seen & shapely.transform(seen, lambda xy: xy + np.array([0.0, least_height_m]))
    spans = [(part.bounds[0], part.bounds[2]) for part in shapely.get_parts(tall) if part.area > 0]
    total, reached = 0.0, -np.inf
    for low, high in sorted(spans):
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return total


def _half_planes(lens: Lens, least_px_m: float) -> list[tuple[np.ndarray, float]]:
    """Return rows r and limits c with r . (point - lens) >= c for what lies in the picture at the density."""
    forward, right, down = lens.axes
    wide, high = lens.width_px / 2 / lens.focal_px, lens.height_px / 2 / lens.focal_down_px
    rows = [forward * wide - right, forward * wide + right, forward * high - down, forward * high + down]
    return [(forward, 1e-6), (-forward, -lens.focal_px / least_px_m), *((row, 0.0) for row in rows)]


def _cut(seen: shapely.Geometry, by_s: float, by_z: float, constant: float) -> shapely.Geometry:
    """Keep what has by_s * s + by_z * z + constant >= 0."""
    norm = np.hypot(by_s, by_z)
    if norm < 1e-12:
        return seen if constant >= 0 else Polygon()
    if seen.is_empty:
        return seen
    normal = np.array([by_s, by_z]) / norm
    foot, side = -normal * constant / norm, np.array([-by_z, by_s]) / norm
    ends = foot + side * FAR_M, foot - side * FAR_M
    within = normal * (FAR_M + abs(constant) / norm)  # past the wall, however far the line runs from it
    return seen & Polygon([*ends, ends[1] + within, ends[0] + within])


def _shadow(
    other: np.ndarray, a: np.ndarray, along: np.ndarray, out: np.ndarray, eye: np.ndarray, away: float
) -> shapely.Geometry | None:
    """Return what a wall hides of the plane of another one: a quadrilateral down to below the ground, None for nothing."""
    ends = other[:4].reshape(2, 2)
    depth = (ends - a) @ out
    low, high = 1e-9 * away, away * (1 - NEAR_SHARE)
    share = np.array([0.0, 1.0])
    step = depth[1] - depth[0]
    if abs(step) < 1e-12:
        if not low < depth[0] < high:
            return None
    else:
        share = np.clip(np.sort((np.array([low, high]) - depth[0]) / step), 0.0, 1.0)
        if share[1] - share[0] <= 0.0:
            return None
    points = ends[0] + share[:, None] * (ends[1] - ends[0])
    factor = away / (away - (points - a) @ out)
    s = ((eye[:2] + (points - eye[:2]) * factor[:, None]) - a) @ along
    top, bottom = eye[2] + (other[4] - eye[2]) * factor, eye[2] - eye[2] * factor
    shape = Polygon([(s[0], min(bottom[0], -1.0)), (s[1], min(bottom[1], -1.0)), (s[1], top[1]), (s[0], top[0])])
    if not shape.area > 0:
        return None
    return shape if shape.is_valid else shapely.make_valid(shape)


def _unmasked(lens: Lens, seen: shapely.Geometry, a: np.ndarray, along: np.ndarray, eye: np.ndarray) -> shapely.Geometry:
    """Return what no mask of the picture covers."""
    if seen.is_empty or not lens.masks_px:
        return seen
    matrix = lens.axes @ np.column_stack([[*along, 0.0], [0.0, 0.0, 1.0], np.array([*a, 0.0]) - eye])  # of (s, z, 1)
    middle, focal = (lens.width_px / 2, lens.height_px / 2), (lens.focal_px, lens.focal_down_px)

    def to_picture(sz: np.ndarray) -> np.ndarray:
        forward, right, down = matrix @ np.column_stack([sz, np.ones(len(sz))]).T
        return np.column_stack([middle[0] + focal[0] * right / forward, middle[1] + focal[1] * down / forward])

    def to_wall(px: np.ndarray) -> np.ndarray:
        rays = np.column_stack([np.ones(len(px)), (px - middle) / focal])
        s, z, one = np.linalg.solve(matrix, rays.T)
        return np.column_stack([s / one, z / one])

    masks = shapely.union_all([shapely.make_valid(Polygon(mask)) for mask in lens.masks_px])
    return shapely.transform(shapely.transform(seen, to_picture) - masks, to_wall)
