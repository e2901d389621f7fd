"""Look at walls densely: one ray from the lens to each spot of a fine grid on every facade, against every building near.

Shares nothing with the program's engine of sight: footprints, heights and places come in as values, all else is made here.
Level ground, rectilinear lenses. Each figure has two bounds: what is surely seen (spots above each other over 0.1 m, well
inside of every limit) and what may be (any spot).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

BEFORE_M = 0.05  # spots lie so far before their wall, so that it does not hide itself
OWN_WALL_M = 0.5  # of the mount's building what lies so near to the line of its wall is its own facade
LEAST_HEIGHT_M = 0.1  # what is seen less high does not count
EYE_M = 1.5  # open ground is looked at so high above it
ALONG_M, UP_M, GROUND_M = 0.2, 0.2, 0.5
LEAST_PX_M = 25.0
FRONTAGE_M = 1.0
EDGE_PX = 0.05  # a spot nearer to the edge of picture or mask may count or not
EDGE_SHARE = 1e-4  # and so may one whose density or distance is nearer to its limit


@dataclass(frozen=True, slots=True)
class Lens:
    """A rectilinear lens; bearings clockwise from grid north, masks in pixels from top left, sectors clockwise on the grid.

    ``range_m`` is infinite where none is recorded; ``own`` is the building that it hangs on, -1 for none.
    """

    x_m: float
    y_m: float
    z_m: float
    azimuth_deg: float
    tilt_deg: float
    hfov_deg: float
    vfov_deg: float | None = None
    width_px: int = 1920
    height_px: int = 1080
    range_m: float = np.inf
    masks_px: tuple[tuple[tuple[float, float], ...], ...] = ()
    sectors_deg: tuple[tuple[float, float], ...] = ()
    own: int = -1

    @property
    def focal_px(self) -> float:
        """Focal length in pixels across."""
        return self.width_px / 2.0 / np.tan(np.radians(self.hfov_deg) / 2.0)

    @property
    def focal_down_px(self) -> float:
        """Focal length in pixels down; the same as across but where a vertical angle is recorded."""
        if self.vfov_deg is None:
            return self.focal_px
        return self.height_px / 2.0 / np.tan(np.radians(self.vfov_deg) / 2.0)

    @property
    def axes(self) -> np.ndarray:
        """Unit vectors forward, right and down, one a row, shape (3, 3)."""
        a, t = np.radians(self.azimuth_deg), np.radians(self.tilt_deg)
        forward = np.array([np.sin(a) * np.cos(t), np.cos(a) * np.cos(t), -np.sin(t)])
        right = np.array([np.cos(a), -np.sin(a), 0.0])
        return np.array([forward, right, np.cross(forward, right)])

    def reach_m(self, least_px_m: float) -> float:
        """Distance beyond which nothing in the picture has a density, whatever its direction."""
        corner = np.hypot(self.width_px / 2.0 / self.focal_px, self.height_px / 2.0 / self.focal_down_px)
        return min(self.range_m * 1.05 + 1.0, self.focal_px / least_px_m * np.sqrt(1.0 + corner**2))


@dataclass(frozen=True, eq=False)
class Prisms:
    """Buildings that end a view: footprints from ``base_m`` to ``top_m``; what has no height ends none."""

    polygons: np.ndarray
    base_m: np.ndarray
    top_m: np.ndarray

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Footprints, to ask which are near."""
        return shapely.STRtree(self.polygons)

    @cached_property
    def edges(self) -> tuple[np.ndarray, np.ndarray, shapely.STRtree]:
        """Edges of all rings as (x, y, x, y), shape (E, 4), the building of each, and a tree of them."""
        ends, building = edges_of(self.polygons)
        lines = shapely.linestrings(ends.reshape(-1, 2, 2)) if len(ends) else np.empty(0, object)
        return ends, building, shapely.STRtree(lines)


def edges_of(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return every edge of every ring or line as (x, y, x, y) and the number of the shape that it is of."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    if len(parts) and (shapely.get_dimensions(parts) == 2).any():
        rings, part = shapely.get_rings(parts, return_index=True)
        parts, owner = rings, owner[part]
    xy, line = shapely.get_coordinates(parts, return_index=True)
    goes_on = line[1:] == line[:-1]
    ends = np.column_stack([xy[:-1], xy[1:]])[goes_on]
    long = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > 1e-6
    return ends[long], owner[line[:-1][goes_on]][long]


@dataclass(frozen=True, eq=False)
class Facades:
    """Walls of protected places with their outer side on the right of each edge, and open grounds.

    ``ends_m`` is (x, y, x, y), shape (F, 4); ``place`` numbers the places, ``cls`` (places,) has a word for each; ``building`` is
    the building of each wall. ``grounds`` has an outline for each place, None where there is none.
    """

    ends_m: np.ndarray
    base_m: np.ndarray
    top_m: np.ndarray
    place: np.ndarray
    building: np.ndarray
    cls: np.ndarray
    grounds: np.ndarray = field(default_factory=lambda: np.empty(0, object))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Walls, to ask which are near."""
        return shapely.STRtree(shapely.linestrings(self.ends_m.reshape(-1, 2, 2)) if len(self.ends_m) else np.empty(0, object))

    @cached_property
    def ground_tree(self) -> shapely.STRtree:
        """Open grounds, to ask which are near."""
        return shapely.STRtree(np.array([*self.grounds, None], object)[:-1])


@dataclass(frozen=True, eq=False)
class Strips:
    """Upright strips of wall, or spots of ground, that a lens shows: one row each.

    ``width_m`` is 0 for ground. ``sure_px_m`` is the density that it surely has for at least the height asked, 0 for none,
    ``most_px_m`` the sharpest of any of its spots that may be seen. ``area_m2`` is what of it is surely seen at 25 px/m.
    """

    place: np.ndarray
    width_m: np.ndarray
    sure_px_m: np.ndarray
    most_px_m: np.ndarray
    area_m2: np.ndarray
    xy_m: np.ndarray


@dataclass(frozen=True, slots=True)
class Step:
    """How far apart spots lie on walls and on ground."""

    along_m: float = ALONG_M
    up_m: float = UP_M
    ground_m: float = GROUND_M

    def finer(self, times: float) -> "Step":
        """Return a finer one."""
        return Step(self.along_m / times, self.up_m / times, self.ground_m / times)


USUAL = Step()


def look(lens: Lens, facades: Facades, prisms: Prisms, step: Step = USUAL) -> Strips:
    """Return what a lens shows of walls and grounds at 25 px/m or better."""
    found = [*_walls(lens, facades, prisms, step), *_grounds(lens, facades, prisms, step)]
    return Strips(*(np.concatenate(each) for each in zip(*(_columns(one) for one in (*found, _NOTHING)), strict=True)))


_NOTHING = Strips(np.zeros(0, int), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 2)))


def _columns(strips: Strips) -> tuple[np.ndarray, ...]:
    return strips.place, strips.width_m, strips.sure_px_m, strips.most_px_m, strips.area_m2, strips.xy_m


def _walls(lens: Lens, facades: Facades, prisms: Prisms, step: Step) -> Iterator[Strips]:
    reach, eye = lens.reach_m(LEAST_PX_M), np.array([lens.x_m, lens.y_m])
    rows = np.sort(facades.tree.query(shapely.Point(eye), predicate="dwithin", distance=reach))
    rows = rows[_is_before(facades.ends_m[rows], eye) & _may_be_in_picture(lens, facades, rows)]
    rows = rows[~_is_own(lens, facades, prisms, rows)]
    if not len(rows):
        return
    wall, foot, width, along = _stand_up(facades.ends_m[rows], step)
    rows = rows[wall]
    column, z = _spots_above_each_other(facades.base_m[rows], facades.top_m[rows], step.up_m)
    outside = np.column_stack([along[:, 1], -along[:, 0]])
    xyz = np.column_stack([(foot + BEFORE_M * outside)[column], z])
    sure, may, px_m = _in_picture(lens, xyz)
    keep = np.flatnonzero(may)
    if not len(keep):
        return
    hidden = _is_hidden(lens, xyz[keep], column[keep], prisms)
    sure[keep], may[keep] = sure[keep] & ~hidden, may[keep] & ~hidden
    yield _strips(facades.place[rows], width, foot, column, (sure, may, px_m), step.up_m)


def _is_before(ends: np.ndarray, eye: np.ndarray) -> np.ndarray:
    along = ends[:, 2:] - ends[:, :2]
    off = eye - ends[:, :2]
    return (off[:, 0] * along[:, 1] - off[:, 1] * along[:, 0]) / np.hypot(*along.T) > BEFORE_M + 1e-6


def _may_be_in_picture(lens: Lens, facades: Facades, rows: np.ndarray) -> np.ndarray:
    """Tell which walls are not wholly, with all four corners, beyond one side of the picture; a metre is let in beside it."""
    ends, heights = facades.ends_m[rows], (facades.base_m[rows], facades.top_m[rows])
    corners = np.stack([np.column_stack([ends[:, k : k + 2], z]) for k in (0, 2) for z in heights], axis=1)
    forward, right, down = np.moveaxis((corners - (lens.x_m, lens.y_m, lens.z_m)) @ lens.axes.T, -1, 0)
    wide, high = lens.width_px / 2.0 / lens.focal_px, lens.height_px / 2.0 / lens.focal_down_px
    beyond = (-forward, forward - lens.focal_px / LEAST_PX_M, right - wide * forward, -right - wide * forward)
    beyond = (*beyond, down - high * forward, -down - high * forward)
    return ~np.any([(each > 1.0 + max(wide, high)).all(axis=1) for each in beyond], axis=0)


def _is_own(lens: Lens, facades: Facades, prisms: Prisms, rows: np.ndarray) -> np.ndarray:
    """Tell which walls are of the facade that the lens hangs on: of its building, in line with the wall nearest to it."""
    if lens.own < 0:
        return np.zeros(len(rows), bool)
    ends, _ = edges_of(prisms.polygons[lens.own : lens.own + 1])
    lines = shapely.linestrings(ends.reshape(-1, 2, 2))
    a, b = ends[int(np.argmin(shapely.distance(lines, shapely.Point(lens.x_m, lens.y_m))))].reshape(2, 2)
    normal = np.array([b[1] - a[1], a[0] - b[0]]) / np.hypot(*(b - a))
    off = np.abs((facades.ends_m[rows].reshape(-1, 2, 2) - a) @ normal)
    return (facades.building[rows] == lens.own) & (off.max(axis=1) < OWN_WALL_M)


def _stand_up(ends: np.ndarray, step: Step) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return, for strips along walls, the row of each wall, its foot, width and the direction of the wall."""
    run = ends[:, 2:] - ends[:, :2]
    length = np.hypot(*run.T)
    count = np.maximum(1, np.ceil(length / step.along_m)).astype(int)
    wall = np.repeat(np.arange(len(ends)), count)
    number = np.arange(len(wall)) - np.repeat(np.cumsum(count) - count, count)
    share = (number + 0.5) / count[wall]
    return wall, ends[wall, :2] + share[:, None] * run[wall], (length / count)[wall], (run / length[:, None])[wall]


def _spots_above_each_other(base: np.ndarray, top: np.ndarray, up_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the strip and height of each spot, the lowest and the highest a hundredth of a metre inside of the wall."""
    count = np.maximum(2, ((top - base - 0.02) / up_m).astype(int) + 1)
    column = np.repeat(np.arange(len(base)), count)
    number = np.arange(len(column)) - np.repeat(np.cumsum(count) - count, count)
    low, high = base + 0.01, np.maximum(top - 0.01, base + 0.02)
    return column, low[column] + number * ((high - low) / (count - 1))[column]


def _in_picture(lens: Lens, xyz: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which spots the picture surely has, which it may have, and their density, at 25 px/m or better."""
    off = xyz - (lens.x_m, lens.y_m, lens.z_m)
    forward, right, down = lens.axes @ off.T
    is_ahead = forward > 1e-6
    ahead = np.where(is_ahead, forward, 1.0)
    px_m = np.where(is_ahead, lens.focal_px / ahead, 0.0)
    x = lens.width_px / 2.0 + lens.focal_px * right / ahead
    y = lens.height_px / 2.0 + lens.focal_down_px * down / ahead
    inside = np.minimum(np.minimum(x, lens.width_px - x), np.minimum(y, lens.height_px - y))
    flat = np.hypot(off[:, 0], off[:, 1])
    slant = np.hypot(flat, off[:, 2])
    may = is_ahead & (inside >= -EDGE_PX) & (px_m >= LEAST_PX_M * (1 - EDGE_SHARE)) & (flat <= lens.range_m * (1 + EDGE_SHARE))
    sure = may & (inside >= EDGE_PX) & (px_m >= LEAST_PX_M * (1 + EDGE_SHARE)) & (slant <= lens.range_m * (1 - EDGE_SHARE))
    for corners in lens.masks_px:
        mask = shapely.make_valid(shapely.Polygon(corners))
        rows = np.flatnonzero(may)
        spots = shapely.points(x[rows], y[rows])
        may[rows] &= ~(shapely.contains(mask, spots) & (shapely.distance(mask.boundary, spots) > EDGE_PX))
        sure[rows] &= ~shapely.dwithin(mask, spots, EDGE_PX)
    bearing = np.degrees(np.arctan2(off[:, 0], off[:, 1]))
    for first, last in lens.sectors_deg:
        width = (last - first) % 360.0 or 360.0
        beyond = (bearing - first + 0.01) % 360.0
        sure &= beyond > width + 0.02
        may &= ~((beyond > 0.02) & (beyond < width)) & (width < 360.0)
    return sure & may, may, px_m


def _is_hidden(lens: Lens, xyz: np.ndarray, column: np.ndarray, prisms: Prisms) -> np.ndarray:
    """Tell which spots a building hides: its walls, its roof and floor where it is raised, or the spot is within it."""
    if not len(prisms.polygons):
        return np.zeros(len(xyz), bool)
    columns, first, of = np.unique(column, return_index=True, return_inverse=True)
    spot_xy, eye = xyz[first, :2], np.array([lens.x_m, lens.y_m])
    rows = _Rows(of, len(columns))
    lines = shapely.linestrings(np.stack([np.broadcast_to(eye, spot_xy.shape), spot_xy], axis=1))
    ends, building, tree = prisms.edges
    c, e = tree.query(lines, predicate="intersects")
    share = _crossing(eye, spot_xy[c], ends[e])
    ok = (share > 1e-9) & (share < 1.0 - 1e-9)
    c, e, share = c[ok], e[ok], share[ok]
    hidden = np.zeros(len(xyz), bool)
    pair, spot = rows.spread(c)
    z = lens.z_m + share[pair] * (xyz[spot, 2] - lens.z_m)
    b = building[e[pair]]
    hidden[spot[(z >= prisms.base_m[b]) & (z < prisms.top_m[b])]] = True
    c, b = prisms.tree.query(shapely.points(spot_xy), predicate="within")
    pair, spot = rows.spread(c)
    hidden[spot[(xyz[spot, 2] >= prisms.base_m[b[pair]]) & (xyz[spot, 2] < prisms.top_m[b[pair]])]] = True
    c, b = prisms.tree.query(lines, predicate="intersects")
    raised = (prisms.base_m[b] > 0.0) & (prisms.top_m[b] > prisms.base_m[b])
    pair, spot = rows.spread(c[raised])
    b = b[raised][pair]
    for level in (prisms.base_m, prisms.top_m):
        rise = xyz[spot, 2] - lens.z_m
        at = (level[b] - lens.z_m) / np.where(rise == 0.0, 1e-12, rise)
        met = eye + at[:, None] * (xyz[spot, :2] - eye)
        is_met = (at > 1e-9) & (at < 1.0 - 1e-9)
        is_met[is_met] = shapely.contains_xy(prisms.polygons[b[is_met]], met[is_met, 0], met[is_met, 1])
        hidden[spot[is_met]] = True
    return hidden


class _Rows:
    """The spots of each strip."""

    def __init__(self, of: np.ndarray, count: int) -> None:
        self._order = np.argsort(of, kind="stable")
        self._count = np.bincount(of, minlength=count)
        self._start = np.cumsum(self._count) - self._count

    def spread(self, strip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return every pair of a row of ``strip`` and a spot of that strip."""
        count = self._count[strip]
        pair = np.repeat(np.arange(len(strip)), count)
        number = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
        return pair, self._order[self._start[strip][pair] + number]


def _crossing(eye: np.ndarray, spot: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return at which share of the way to its spot each ray meets the line of its edge; NaN where it runs along it."""
    ray, edge, off = spot - eye, ends[:, 2:] - ends[:, :2], ends[:, :2] - eye
    cross = ray[:, 0] * edge[:, 1] - ray[:, 1] * edge[:, 0]
    cross = np.where(np.abs(cross) < 1e-12, np.nan, cross)
    return (off[:, 0] * edge[:, 1] - off[:, 1] * edge[:, 0]) / cross


def _strips(
    place: np.ndarray, width: np.ndarray, foot: np.ndarray, column: np.ndarray, seen: tuple[np.ndarray, ...], up_m: float
) -> Strips:
    sure, may, px_m = seen
    count = len(width)
    most, two = np.zeros(count), np.zeros(count)
    np.maximum.at(most, column, np.where(may, px_m, 0.0))
    lower = np.where(sure, px_m, 0.0)
    apart = int(np.ceil(LEAST_HEIGHT_M / up_m - 1e-9))  # spots are at least ``up_m`` apart
    for spot in range(1, apart + 1):
        lower[:-spot] = np.minimum(lower[:-spot], np.where(column[spot:] == column[:-spot], sure[spot:] * px_m[spot:], 0.0))
        lower[-spot:] = 0.0
    np.maximum.at(two, column, lower)
    area = np.bincount(column, sure, minlength=count) * up_m * width
    shown = np.flatnonzero(most > 0.0)
    return Strips(place[shown], width[shown], two[shown], most[shown], area[shown], foot[shown])


def _grounds(lens: Lens, facades: Facades, prisms: Prisms, step: Step) -> Iterator[Strips]:
    if not len(facades.grounds):
        return
    reach = lens.reach_m(LEAST_PX_M)
    for place in facades.ground_tree.query(shapely.Point(lens.x_m, lens.y_m), predicate="dwithin", distance=reach).tolist():
        near = shapely.intersection(facades.grounds[place], shapely.box(*_square(lens, reach)))
        west, south, east, north = shapely.bounds(near)
        if not east > west:
            continue
        x, y = np.meshgrid(
            np.arange(west + step.ground_m / 2, east, step.ground_m), np.arange(south + step.ground_m / 2, north, step.ground_m)
        )
        xy = np.column_stack([x.ravel(), y.ravel()])
        xyz = np.column_stack([xy, np.full(len(xy), EYE_M)])
        sure, may, px_m = _in_picture(lens, xyz)
        may[may] = shapely.contains_xy(near, *xy[may].T)
        keep = np.flatnonzero(may)
        keep = keep[~_is_hidden(lens, xyz[keep], np.arange(len(keep)), prisms)]
        none = np.zeros(len(keep))
        shown = np.where(sure[keep], px_m[keep], 0.0)
        yield Strips(np.full(len(keep), place), none, shown, px_m[keep], none + step.ground_m**2 * sure[keep], xy[keep])


def _square(lens: Lens, reach: float) -> tuple[float, float, float, float]:
    return lens.x_m - reach, lens.y_m - reach, lens.x_m + reach, lens.y_m + reach


@dataclass(frozen=True, slots=True)
class Shown:
    """What a lens shows of one class: what a metre of frontage of one place reaches, what ground does, and metres at densities.

    Each is (surely, at most). ``metres`` tells, for each density asked, the metres of frontage at that or better.
    """

    frontage_px_m: tuple[float, float] = (0.0, 0.0)
    ground_px_m: tuple[float, float] = (0.0, 0.0)
    metres: Mapping[float, tuple[float, float]] = field(default_factory=dict)
    area_m2: float = 0.0

    @property
    def px_m(self) -> tuple[float, float]:
        """The density that it is graded by."""
        return max(self.frontage_px_m[0], self.ground_px_m[0]), max(self.frontage_px_m[1], self.ground_px_m[1])


SURE_GROUND_M2 = 2.0


def by_class(strips: Strips, facades: Facades, asked_px_m: Sequence[float] = (25.0, 62.5, 125.0)) -> dict[str, Shown]:
    """Return what is shown of each class of which anything is."""
    found = {}
    for cls in np.unique(facades.cls[strips.place]).tolist() if len(strips.place) else []:
        rows = np.flatnonzero(facades.cls[strips.place] == cls)
        front, ground = rows[strips.width_m[rows] > 0.0], rows[strips.width_m[rows] == 0.0]
        walls = _each_place(strips, front, FRONTAGE_M)
        sure, most = (max(each, default=0.0) for each in zip(*walls.values(), strict=True)) if walls else (0.0, 0.0)
        metres = {px_m: _metres(strips, front, walls, px_m) for px_m in asked_px_m}
        found[cls] = Shown((sure, most), _of_ground(strips, ground), metres, float(strips.area_m2[front].sum()))
    return found


def _each_place(strips: Strips, rows: np.ndarray, least_m: float) -> dict[int, tuple[float, float]]:
    """Return what a metre of frontage of each place reaches, surely and at most."""
    found = {}
    for place in np.unique(strips.place[rows]).tolist():
        its = rows[strips.place[rows] == place]
        width = strips.width_m[its]
        most = _reached(width * (1 + 1e-9), strips.most_px_m[its], least_m - 2.0 * width.max())
        found[place] = (_reached(width, strips.sure_px_m[its], least_m), most)
    return found


def _reached(width: np.ndarray, px_m: np.ndarray, least_m: float) -> float:
    order = np.argsort(-px_m)
    row = int(np.searchsorted(np.cumsum(width[order]), least_m - 1e-9))
    return float(px_m[order[row]]) if row < len(order) else 0.0


def _metres(strips: Strips, rows: np.ndarray, walls: Mapping[int, tuple[float, float]], px_m: float) -> tuple[float, float]:
    """Return the least and the most metres at a density: of places that surely show a metre of it, and of all."""
    counts = np.array([walls[place][0] >= px_m for place in strips.place[rows].tolist()], bool)
    sure = strips.width_m[rows][(strips.sure_px_m[rows] >= px_m) & counts].sum()
    return float(sure), float(strips.width_m[rows][strips.most_px_m[rows] >= px_m].sum())


def _of_ground(strips: Strips, rows: np.ndarray) -> tuple[float, float]:
    """Return what some square metres of ground of one place reach, and its sharpest spot."""
    sure = 0.0
    for place in np.unique(strips.place[rows]).tolist():
        its = rows[strips.place[rows] == place]
        sure = max(sure, _reached(strips.area_m2[its], strips.sure_px_m[its], SURE_GROUND_M2))
    return sure, float(strips.most_px_m[rows].max(initial=0.0))


def sees(lens: Lens, xyz: np.ndarray, prisms: Prisms) -> np.ndarray:
    """Tell which spots a lens surely sees at 25 px/m or better; shape (N, 3) to (N,)."""
    seen, _, _ = _in_picture(lens, xyz)
    seen[seen] = ~_is_hidden(lens, xyz[seen], np.arange(int(seen.sum())), prisms)
    return seen
