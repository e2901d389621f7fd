"""Candidate changes that may end a view, smallest first: turns, tilts, lenses, ranges, pictures and masks."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.changes import camera_change
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.exposure.sightings import FULL_CIRCLE, padded, width_deg
from lhasaplan.core.model.camera import Camera, Placed, View
from lhasaplan.core.model.optics import LensClass, vertical_angle_after_deg
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import ChangeFigures, Mitigation, MitigationAction, coarser_picture, sector_mask
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.sight.lens.masks import is_panorama, pixels_of
from lhasaplan.core.sight.lens.true_picture import narrowest_bearing_deg

# The mask in the picture that hides what is seen: its exact projection with a margin, in whole pixels and few corners.

Polygons = tuple[tuple[tuple[float, float], ...], ...]

MOST_CORNERS = 16  # of one mask: recorders take few
STEPS_A_SIDE = 8  # how finely a side is followed in the picture of a lens that bends it
BELOW_M = 1.5  # ground is masked from the feet to the head of who stands there


def lies_beside_picture(view: View, xyz_m: FloatArray) -> bool:
    """Tell whether any point lies beside the picture, where no mask in it reaches.

    Sight takes a bent lens by bearing and dip: it is a little wider than the picture at its corners.
    """
    if view.lens_class is LensClass.RECTILINEAR:
        return False
    u, v = _pixels(view, xyz_m)
    return bool(((u < -1.0) | (u > view.width_px + 1.0) | (v < -1.0) | (v > view.height_px + 1.0)).any())


def drawn_in_picture(view: View, seen: SeenWalls) -> ObjectArray:
    """Return the walls and the ground that a view has in sight as polygons in image pixels (origin top left)."""
    corner = seen.corners_m()[:, [0, 1, 3, 2]]  # round each piece: below and above its first end, above and below its last
    parts, row = shapely.get_parts(seen.ground.shape, return_index=True)
    heights = (view.lens_z_m - seen.ground.drop_m[row]).tolist()
    rings = (shapely.get_coordinates(part.exterior)[:-1] for part in parts)
    grounds = [shape for ring, z in zip(rings, heights, strict=True) for shape in _ground(view, ring, z)]
    return np.concatenate([_drawn(view, corner), np.array([*grounds, None], object)[:-1]])


def _ground(view: View, ring_m: FloatArray, z_m: float) -> ObjectArray:
    """Return ground in the picture, from the feet to the head of who stands on it: both outlines and what lies between."""
    then, low = np.roll(ring_m, -1, axis=0), z_m - BELOW_M
    walls = np.stack([_at(ring_m, low), _at(ring_m, z_m), _at(then, z_m), _at(then, low)], axis=1)
    return np.concatenate([_drawn(view, walls), *(_drawn(view, _at(ring_m, z)[None]) for z in (low, z_m))])


def _at(xy_m: FloatArray, z_m: float) -> FloatArray:
    return np.column_stack((xy_m, np.full(len(xy_m), z_m)))


def _drawn(view: View, rings_m: FloatArray) -> ObjectArray:
    """Return rings of points, shape (N, K, 3), as the picture shows them; a bent lens bends their sides."""
    rings = rings_m
    if view.lens_class is not LensClass.RECTILINEAR:
        share = np.arange(STEPS_A_SIDE)[None, None, :, None] / STEPS_A_SIDE
        sides = rings_m[:, :, None] + (np.roll(rings_m, -1, axis=1) - rings_m)[:, :, None] * share
        rings = sides.reshape(len(rings_m), -1, 3)
    if not len(rings):
        return np.zeros(0, object)
    u, v = _pixels(view, rings.reshape(-1, 3))
    pixels = np.stack([u, v], axis=1).reshape(*rings.shape[:2], 2)
    known = np.isfinite(pixels).all(axis=(1, 2))  # what is seen lies before the lens
    return np.asarray(shapely.make_valid(shapely.polygons(pixels[known])), object)


def _pixels(view: View, xyz_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    return pixels_of(view, xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m, view.lens_z_m - xyz_m[:, 2])


def picture_mask(view: View, drawn: ObjectArray, pad_px: float) -> Polygons:
    """Return polygons in whole image pixels that hide what is drawn with a margin; none where the picture has a seam in it."""
    if not len(drawn):
        return ()
    picture = shapely.box(0.0, 0.0, view.width_px, view.height_px)
    grown = shapely.union_all(shapely.buffer(drawn, pad_px, join_style="mitre"))
    shapes = [_few_corners(shapely.Polygon(part.exterior), pad_px) for part in shapely.get_parts(grown)]
    masks = [part for shape in shapes for part in shapely.get_parts(shapely.intersection(shape, picture)).tolist()]
    masks = [part for part in masks if part.geom_type == "Polygon" and part.area > 1.0]
    if is_panorama(view) and any(part.bounds[2] - part.bounds[0] > view.width_px / 2 for part in masks):
        return ()
    return tuple(tuple((float(round(u)), float(round(v))) for u, v in part.exterior.coords[:-1]) for part in masks)


def _few_corners(shape: shapely.Geometry, pad_px: float) -> shapely.Geometry:
    """Return a polygon with few corners that covers nearly all of a shape: what it cuts off is less than half of the margin."""
    found = shapely.simplify(shape, pad_px / 2.0)
    return found if len(found.exterior.coords) - 1 <= MOST_CORNERS else shapely.convex_hull(shape).simplify(pad_px / 2.0)


MASK_PADS_DEG = (1.0, 3.0, 8.0)  # a mask is drawn a little wider than what it hides; wider still if that does not do
PICTURE_PADS = (0.005, 0.015, 0.04)  # the same in the picture, as shares of its width
FURTHER_DEG = (0.0, 2.0, 5.0, 10.0, 20.0, 35.0, 60.0)  # beyond the turn that takes the view out of the picture
DEEPER_DEG = (0.0, 3.0, 8.0)
EDGE_DEG = 1.0  # the edge of the picture ends this far before what must not be seen
EDGE_M = (1.0, 3.0)
COARSER = (0.999, 0.95)  # of the picture at which the density is exactly the lowest grade
_SHARPEST_FULL_CIRCLE_DEG = 300.0  # beyond it turning changes next to nothing
_MOST_TURN_DEG = 180.0
_INSIDE_DEG = 0.1  # what lies so far within the edge of the picture is surely in it
_MOST_TILT_DEG = 85.0
_LEAST_HFOV_DEG, _LEAST_RANGE_M, _LEAST_PX = 5.0, 3.0, 16

Round = tuple[Mitigation, ...]  # mitigations of about the same size, tried together
MOST_ROUNDS = len(FURTHER_DEG)
OPTIONS = ("turn", "tilt", "lens", "range", "resolution", "picture", "sector")  # in the order of mitigations in docs/glossary.md


@dataclass(frozen=True, eq=False)  # no slots: what is worked out once lies beside the fields
class Subject:
    """One grave view of one camera: what is seen, by which lens.

    ``seen`` are the walls and the ground of the view. ``around_deg`` are pairs of grid bearings, clockwise, of what would
    still be graded if a turn brought it into the picture; shape (n, 2).
    """

    sighting: Sighting
    placed: Placed
    seen: SeenWalls
    thresholds: Thresholds
    around_deg: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def camera(self) -> Camera:
        """Return the camera as recorded."""
        return self.placed.camera

    @property
    def view(self) -> View:
        """Return the recorded view."""
        return self.placed.views[0]

    @cached_property
    def outline_m(self) -> FloatArray:
        """Return the corners of the walls in view and of the ground in view, a head above it; shape (n, 3)."""
        ground, row = shapely.get_coordinates(self.seen.ground.shape, return_index=True)
        height = self.view.lens_z_m - self.seen.ground.drop_m[row]
        return np.concatenate([self.seen.corners_m().reshape(-1, 3), np.column_stack((ground, height))])

    def ahead_m(self) -> FloatArray:
        """Return how far ahead of the lens, along the level axis, each corner of the outline lies."""
        azimuth, way = math.radians(self.view.azimuth_deg), self.outline_m[:, :2] - (self.view.x_m, self.view.y_m)
        return np.asarray(way[:, 0] * math.sin(azimuth) + way[:, 1] * math.cos(azimuth), float)

    def nearest_m(self) -> float:
        """Return the level distance of the nearest spot in view."""
        lines = shapely.linestrings(self.seen.ends_m()) if len(self.seen) else np.zeros(0, object)
        walls = shapely.distance(shapely.Point(self.view.x_m, self.view.y_m), lines)
        return float(min(walls.min(initial=math.inf), self.seen.ground.nearest_m.min(initial=math.inf)))

    def sharpest_px_m(self) -> float:
        """Return the highest density of anything in view."""
        ground = float(self.seen.ground.density_px_m.max(initial=0.0))
        return max(float(self.seen.best_px_m().max(initial=0.0)), ground, self.sighting.density_px_m[1])

    def drop_m(self) -> FloatArray:
        """Return how far below the lens each corner of the outline lies."""
        return np.asarray(self.view.lens_z_m - self.outline_m[:, 2], float)

    def beside_deg(self) -> tuple[float, float] | None:
        """Return the first and last bearing of the view, from the axis of the lens; None without an axis."""
        azimuth, sectors = self.camera.azimuth_deg, self.sighting.sector_deg
        if azimuth is None or sectors == FULL_CIRCLE or not sectors:
            return None
        starts = [(low - azimuth + 180.0) % 360.0 - 180.0 for low, _ in sectors]
        ends = [start + width_deg(sector) for start, sector in zip(starts, sectors, strict=True)]
        return min(starts), max(ends)

    def is_met_by(self, turn_deg: float) -> bool:
        """Tell whether a turn brings into the picture what would be graded there, so that it need not be tried out."""
        half = narrowest_bearing_deg(self.view) - _INSIDE_DEG
        first = (self.around_deg - (self.view.azimuth_deg + turn_deg - half)) % 360.0
        return half > 0.0 and bool(((first[:, 0] <= first[:, 1]) & (first[:, 1] <= 2.0 * half)).any())


def attempts_of(subject: Subject) -> Mapping[str, Iterator[Round]]:
    """Return, for each option, rounds of mitigations to try one after the other, the smallest change first.

    A round is worked out when it is asked for: most views end in the first.
    """
    return {
        "turn": _turns(subject),
        "tilt": _tilts(subject),
        "lens": _lenses(subject),
        "range": _ranges(subject),
        "resolution": _pictures(subject),
        "picture": _picture_masks(subject),
        "sector": _sector_masks(subject),
    }


def _turns(subject: Subject) -> Iterator[Round]:
    """Turn either way until the view lies beyond the edge of the picture, then further."""
    beside, azimuth, hfov = subject.beside_deg(), subject.camera.azimuth_deg, subject.view.hfov_deg
    if beside is None or azimuth is None or hfov > _SHARPEST_FULL_CIRCLE_DEG:
        return
    left, right = beside[0] - hfov / 2.0 - EDGE_DEG, beside[1] + hfov / 2.0 + EDGE_DEG
    for further in FURTHER_DEG:
        turns = sorted((left - further, right + further), key=abs)
        some = [by for by in turns if abs(by) <= _MOST_TURN_DEG and not subject.is_met_by(by)]
        if some:
            yield tuple(_turned(subject.camera, azimuth, by) for by in some)


def _turned(camera: Camera, azimuth: float, by_deg: float) -> Mitigation:
    """Return a turn by at least so much, to a tenth of a degree: what outputs print is what was tried."""
    outward = math.ceil if by_deg > 0.0 else math.floor
    target = outward(round(10.0 * (azimuth + by_deg), 6)) / 10.0
    figures = ChangeFigures(azimuth_deg=round(target % 360.0, 1), turn_deg=round(target - azimuth, 2))
    return Mitigation(MitigationAction.TURN, (), figures, camera_change.turned(camera, round(target % 360.0, 1)))


def _tilts(subject: Subject) -> Iterator[Round]:
    """Tilt down until the view lies above the upper edge of the picture."""
    tilt, view = subject.camera.tilt_deg, subject.view
    if tilt is None or view.lens_class is not LensClass.RECTILINEAR or (subject.ahead_m() <= 0).any():
        return
    lowest = float(np.degrees(np.arctan2(subject.drop_m(), subject.ahead_m())).max())
    for deeper in DEEPER_DEG:
        new = math.ceil(10.0 * (lowest + view.vfov_deg / 2.0 + EDGE_DEG + deeper)) / 10.0
        if tilt < new <= _MOST_TILT_DEG:
            figures = ChangeFigures(tilt_deg=new, tilt_by_deg=round(new - tilt, 2))
            yield (Mitigation(MitigationAction.TURN, (), figures, camera_change.tilted(subject.camera, new)),)


def _lenses(subject: Subject) -> Iterator[Round]:
    """Narrow the lens until the view lies beside the picture; what stays is shown sharper."""
    beside, view = subject.beside_deg(), subject.view
    if beside is None or beside[0] <= 0.0 <= beside[1] or view.lens_class is not LensClass.RECTILINEAR:
        return
    free = beside[0] if beside[0] > 0 else -beside[1]
    for edge in (EDGE_DEG, 3.0 * EDGE_DEG, 6.0 * EDGE_DEG):
        hfov = round(2.0 * (free - edge), 1)
        if _LEAST_HFOV_DEG <= hfov < view.hfov_deg:
            vfov = round(vertical_angle_after_deg(view.vfov_deg, view.hfov_deg, hfov), 2)
            figures = ChangeFigures(hfov_deg=hfov, vfov_deg=vfov)
            yield (Mitigation(MitigationAction.SHORTEN, (), figures, camera_change.with_lens(subject.camera, hfov, vfov)),)


def _ranges(subject: Subject) -> Iterator[Round]:
    """Declare a range that ends before the nearest thing that must not be seen."""
    nearest = subject.nearest_m()
    for edge in EDGE_M:
        range_m = math.floor(10.0 * (nearest - edge)) / 10.0
        if _LEAST_RANGE_M <= range_m < subject.view.range_m:
            changes = camera_change.with_range(subject.camera, range_m)
            yield (Mitigation(MitigationAction.SHORTEN, (), ChangeFigures(range_m=range_m), changes),)


def _pictures(subject: Subject) -> Iterator[Round]:
    """Lower the picture until what must not be seen falls below the lowest grade."""
    view, high = subject.view, subject.sharpest_px_m()
    for share in COARSER:
        width = math.floor(view.width_px * subject.thresholds.note_px_m / high * share)
        height = math.floor(view.height_px * width / view.width_px)  # rounded up, the picture would show more ground
        if width < view.width_px and min(width, height) >= _LEAST_PX:  # of a table no smaller picture is taken
            yield (coarser_picture(subject.camera, width, height),)


def _picture_masks(subject: Subject) -> Iterator[Round]:
    """Hide the outline of what is seen in the picture."""
    view = subject.view
    if view.swing_deg or view.tilt_swing_deg or lies_beside_picture(view, subject.outline_m):
        return
    drawn = drawn_in_picture(view, subject.seen)
    for share in PICTURE_PADS:
        polygons = picture_mask(view, drawn, share * view.width_px)
        if polygons:
            size = view.width_px, view.height_px
            figures = ChangeFigures(form="picture", mask_px=polygons, count=len(polygons), picture_px=size)
            changes = camera_change.masked(subject.camera, polygons_px=polygons)
            yield (Mitigation(MitigationAction.MASK, subject.sighting.sector_deg, figures, changes),)


def _sector_masks(subject: Subject) -> Iterator[Round]:
    """Hide the bearings of what is seen."""
    for pad in MASK_PADS_DEG:
        sectors = padded(subject.sighting.sector_deg, pad)
        if sectors != FULL_CIRCLE:
            yield (sector_mask(subject.camera, sectors),)
