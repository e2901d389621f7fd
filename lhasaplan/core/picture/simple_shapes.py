"""Trees and pitched roofs as the simplest bodies that tell them apart: crowns of two cones, roofs of flat slopes."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.building_heights import HeightRules, roof_height_m
from lhasaplan.core.city.trees_and_hoardings import PREFIX, ScreenRules, reaching, screens_from
from lhasaplan.core.model.layer import Layer, Tags, take

SIDES, WAIST = 8, 0.4  # of a crown: its sides, and at which share of its height it is widest


@dataclass(frozen=True, slots=True)
class Crown:
    """A tree: its place, half the width of its crown, where that begins and ends above the ground."""

    x_m: float
    y_m: float
    radius_m: float
    base_m: float
    top_m: float

    def faces(self, ground_m: float) -> Iterator[tuple[FloatArray, FloatArray, bool]]:
        """Yield the corners of each face, (3, 3), where it looks, (2,), and whether it is of the upper cone."""
        angle = np.arange(SIDES + 1) * 2.0 * math.pi / SIDES
        z = ground_m + self.base_m + WAIST * (self.top_m - self.base_m)
        east, north = self.radius_m * np.sin(angle), self.radius_m * np.cos(angle)
        ring = np.column_stack((self.x_m + east, self.y_m + north, np.full(len(angle), z)))
        middle = (angle[:-1] + angle[1:]) / 2.0
        for tip_m, is_upper in ((self.base_m, False), (self.top_m, True)):
            tip = np.array([self.x_m, self.y_m, ground_m + tip_m])
            for side in range(SIDES):
                outwards = np.array([math.sin(middle[side]), math.cos(middle[side])])
                yield np.vstack((ring[side], ring[side + 1], tip)), outwards, is_upper


def crowns_in(layer: Layer | None, rules: ScreenRules, within: BaseGeometry) -> list[Crown]:
    """Return the single trees of a layer in an area, those of a row one beside the other; woods have no crowns of their own."""
    if layer is None:
        return []
    keep = np.zeros(len(layer), bool)
    keep[reaching(layer, rules, within)] = True
    near = take(layer, keep & (shapely.get_dimensions(layer.geometry) < 2))
    lines = dict(zip(map(str, near.ids), near.geometry, strict=True))
    screens, found = screens_from(near, rules, np.empty((0, 2))), list[Crown]()
    for name, shape, base_m, top_m in zip(
        screens.ids, screens.polygons, screens.base_m.tolist(), screens.top_m.tolist(), strict=True
    ):
        if str(name).startswith(PREFIX["tree"]):
            line = lines[str(name).removeprefix(PREFIX["tree"])]
            # A row is as wide as its crowns: its area is that of a strip and of a disc, a point's that of the disc alone.
            radius_m = (math.sqrt(line.length**2 + math.pi * shape.area) - line.length) / math.pi
            steps = np.arange(radius_m, max(line.length, 2.0 * radius_m), 2.0 * radius_m)
            is_row = line.length > 0.0
            spots = shapely.line_interpolate_point(line, steps) if is_row else shapely.points(shapely.get_coordinates(line))
            found += [Crown(each.x, each.y, radius_m, base_m, top_m) for each in spots if within.contains(each)]
    return found


# Roofs: of a house that is nearly a rectangle, with a shape and a height on record.

RIDGES = {"gabled": 0.0, "half-hipped": 0.0, "hipped": 1.0, "pyramidal": math.inf}  # widths from the end to the ridge, halved
LEAST_FILL, MOST_SHARE = 0.85, 0.7  # of the rectangle that a house fills; of the height of a house that its roof takes
LEAST_HALF_M = 0.05  # of a side that is cut below a ridge


@dataclass(frozen=True, eq=False, slots=True)
class PitchedRoof:
    """Flat slopes over a rectangle: its middle, the bearing along its ridge, half its length and width, and heights.

    ``inset_m`` is how far from the short side the ridge begins: 0 where gables stand there.
    """

    middle_m: FloatArray
    along: FloatArray
    half_m: tuple[float, float]
    inset_m: float
    eaves_m: float
    ridge_m: float

    def heights_m(self, xy_m: FloatArray) -> FloatArray:
        """Return the height of the roof over points (n, 2): that of the lowest slope."""
        u, v = np.abs((xy_m - self.middle_m) @ np.column_stack((self.along, (-self.along[1], self.along[0])))).T
        rise = 1.0 - v / self.half_m[1]
        if self.inset_m > 0.0:
            rise = np.minimum(rise, (self.half_m[0] - u) / self.inset_m)
        heights: FloatArray = self.eaves_m + (self.ridge_m - self.eaves_m) * np.clip(rise, 0.0, 1.0)
        return heights

    def slopes(self) -> list[BaseGeometry]:
        """Return the ground below each slope."""
        (u, v), inset = self.half_m, self.inset_m
        ends = [(-u + inset, 0.0), (u - inset, 0.0)]
        flat = [[(-u, -v), (u, -v), *ends[::-1]], [(u, v), (-u, v), *ends]]
        flat += [[(-u, v), (-u, -v), ends[0]], [(u, -v), (u, v), ends[1]]] if inset > 0.0 else []
        turned = np.vstack((self.along, (-self.along[1], self.along[0])))
        return [shapely.Polygon(np.array(corners) @ turned + self.middle_m) for corners in flat]

    def ridge_line(self) -> BaseGeometry:
        """Return the line of the ridge, as far as the short sides: a gable is cut there."""
        reach = 1.1 * self.half_m[0] * self.along
        return shapely.linestrings(np.vstack((self.middle_m - reach, self.middle_m + reach)))


def pitched_roof(shape: BaseGeometry, tags: Tags, base_m: float, top_m: float, rules: HeightRules) -> PitchedRoof | None:
    """Return the roof of a house by its tags; None where shape or height are not on record, or the house is no rectangle."""
    inset, high_m = RIDGES.get(tags.get("roof:shape", "")), roof_height_m(tags, rules)
    box = shapely.minimum_rotated_rectangle(shape)
    if inset is None or high_m <= 0.0 or shapely.get_dimensions(box) < 2 or shape.area < LEAST_FILL * box.area:
        return None
    corners = shapely.get_coordinates(box)[:4]
    sides = corners[1] - corners[0], corners[2] - corners[1]
    length = [float(np.hypot(*side)) for side in sides]
    longer = int(length[1] > length[0])
    if tags.get("roof:orientation") == "across":
        longer = 1 - longer
    half = length[longer] / 2.0, length[1 - longer] / 2.0
    eaves_m = top_m - min(high_m, MOST_SHARE * (top_m - base_m))
    inset_m = min(inset * half[1], half[0]) if inset else 0.0
    return PitchedRoof(corners.mean(axis=0), sides[longer] / length[longer], half, inset_m, eaves_m, top_m)


def cut_at_ridges(lines: ObjectArray, of: IntArray, roofs: Mapping[int, PitchedRoof]) -> tuple[ObjectArray, IntArray]:
    """Return the sides of houses, those below a gable in two halves, and of which house each is."""
    is_cut, halves, houses = np.zeros(len(lines), bool), list[BaseGeometry](), list[int]()
    for house, roof in roofs.items():
        for number in np.flatnonzero(of == house).tolist() if roof.inset_m == 0.0 else ():
            start, end = (tuple(each) for each in shapely.get_coordinates(lines[number]))
            spot = shapely.intersection(lines[number], roof.ridge_line())
            if spot.geom_type == "Point" and min(math.dist(each, (spot.x, spot.y)) for each in (start, end)) > LEAST_HALF_M:
                is_cut[number] = True
                halves += [shapely.LineString([start, spot.coords[0]]), shapely.LineString([spot.coords[0], end])]
                houses += [house, house]
    kept = np.concatenate((lines[~is_cut], np.array([*halves, None], object)[:-1]))
    return kept, np.concatenate((of[~is_cut], np.array(houses, np.int64)))
