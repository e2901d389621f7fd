"""Plain upright figures of 1.7 m at chosen distances, to show how large a person is in the picture."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.lens.frustum import density_px_m
from lhasaplan.core.sight.lens.masks import pixels_of
from lhasaplan.core.sight.lines.first_hits import Hits
from lhasaplan.core.sight.obstacles.relief import ground_at

HEIGHT_M, HALF_M = 1.7, 0.3
FACE_M = 1.5  # at what height the density of a person is told, as of all targets
TRIED = (0.0, 0.12, -0.12, 0.22, -0.22, 0.32, -0.32, 0.40, -0.40)  # shares of the picture's width aside of the axis
WIDEST_ASIDE_DEG = 70.0
BELOW, ABOVE = -0.1, 1.8

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Person:
    """A figure in the picture.

    Parameters
    ----------
    away_m : level distance from the lens.   density_px_m : pixel density across at 1.5 m above the ground.
    x_m, y_m, foot_m : where it stands, and the ground there above the datum.
    foot_px, head_px : where it stands and ends in the picture, in the camera's pixels.
    shown : share of it that nothing hides, 0 to 1.
    """

    away_m: float
    density_px_m: float
    x_m: float
    y_m: float
    foot_m: float
    foot_px: tuple[float, float]
    head_px: tuple[float, float]
    shown: float = 0.0


class PeopleStage(NamedTuple):
    """The picture that people are drawn into.

    Parameters
    ----------
    size : columns and rows.   hits : their distances become those of the figures where they stand before all else.
    figure : shape (n,); becomes 1 where a figure is.
    """

    view: View
    scene: Scene
    size: tuple[int, int]
    hits: Hits
    figure: Bytes


def stand_people(stage: PeopleStage, distances_m: Sequence[float]) -> tuple[Person, ...]:
    """Return people at these distances, each drawn into the picture where nothing hides it.

    A person stands on the axis, or aside of it where the axis is built over, hidden or taken. At a distance that lies
    outside the picture there is none.
    """
    found: list[Person] = []
    for away in sorted(set(distances_m)):
        person = _placed(stage, away, found)
        if person is not None:
            found.append(_drawn(stage, person))
    return tuple(found)


def _placed(stage: PeopleStage, away_m: float, others: Sequence[Person]) -> Person | None:
    """Return a person at the first place tried that is free and in view, else the first that is free."""
    first = None
    for person in _tried(stage.view, away_m, stage.scene):
        if _is_apart(person, others) and not _is_built(stage.scene, person):
            if _is_clear(stage, person):
                return person
            first = first or person
    return first


def _tried(view: View, away_m: float, scene: Scene) -> Iterator[Person]:
    """Yield people at a distance on the axis and aside of it, whose middle is in the picture."""
    aside = np.clip(np.array(TRIED) * view.hfov_deg, -WIDEST_ASIDE_DEG, WIDEST_ASIDE_DEG)
    bearing = np.radians(view.azimuth_deg + aside)
    dx, dy = away_m * np.sin(bearing), away_m * np.cos(bearing)
    x, y = view.x_m + dx, view.y_m + dy
    foot = np.zeros(len(x)) if scene.relief.is_level else ground_at(scene.relief, x, y)
    below = view.lens_z_m - foot
    density = density_px_m(view, dx, dy, below - FACE_M)
    u, v = (
        each.reshape(2, -1).T
        for each in pixels_of(view, np.tile(dx, 2), np.tile(dy, 2), np.concatenate([below, below - HEIGHT_M]))
    )
    is_in = (u.mean(axis=1) >= 0) & (u.mean(axis=1) < view.width_px) & (v.mean(axis=1) >= 0) & (v.mean(axis=1) < view.height_px)
    rows = zip(density.tolist(), x.tolist(), y.tolist(), foot.tolist(), u.tolist(), v.tolist(), is_in.tolist(), strict=True)
    for px_m, east, north, z, across, down, shown in rows:
        if shown:
            yield Person(away_m, px_m, east, north, z, (across[0], down[0]), (across[1], down[1]))


def _is_built(scene: Scene, person: Person) -> bool:
    rows = scene.tree.query(shapely.Point(person.x_m, person.y_m), predicate="intersects")
    return bool((scene.buildings.base_m[rows] < person.foot_m + HEIGHT_M).any())


def _is_apart(person: Person, others: Sequence[Person]) -> bool:
    """Say whether a person stands clear of those that stand nearer."""
    wide = [2.2 * HALF_M * (each.density_px_m + person.density_px_m) / 2.0 for each in others]
    return all(abs(each.foot_px[0] - person.foot_px[0]) > far for each, far in zip(others, wide, strict=True))


def _is_clear(stage: PeopleStage, person: Person) -> bool:
    """Say whether nothing stands before foot, middle and head."""
    view, size, hits = stage.view, stage.size, stage.hits
    for share in (0.05, 0.5, 0.95):
        u, v = (person.foot_px[k] + share * (person.head_px[k] - person.foot_px[k]) for k in (0, 1))
        column, row = int(u * size[0] / view.width_px), int(v * size[1] / view.height_px)
        if 0 <= column < size[0] and 0 <= row < size[1] and hits.away_m[row * size[0] + column, 0] < person.away_m - 0.3:
            return False
    return True


def _drawn(stage: PeopleStage, person: Person) -> Person:
    """Draw a person; return it with the share that is shown."""
    view, size = stage.view, stage.size
    bearing = math.atan2(person.x_m - view.x_m, person.y_m - view.y_m) - math.radians(view.azimuth_deg)
    place = np.array([person.away_m, math.cos(bearing), -math.sin(bearing), view.lens_z_m - person.foot_m])
    whole, drawn = draw_figure(size, _box_of(view, person, size), place, stage.hits.ray, stage.hits.away_m, stage.figure)
    return replace(person, shown=drawn / whole if whole else 0.0)


def _box_of(view: View, person: Person, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the columns and rows that a person may lie in: first and one after the last of each."""
    across = np.array([person.y_m - view.y_m, -(person.x_m - view.x_m)]) / max(person.away_m, 1e-9)
    aside, height = (each.ravel() for each in np.meshgrid(np.linspace(-1.2, 1.2, 5) * HALF_M, np.linspace(BELOW, ABOVE, 7)))
    dx, dy = person.x_m - view.x_m + aside * across[0], person.y_m - view.y_m + aside * across[1]
    u, v = pixels_of(view, dx, dy, view.lens_z_m - person.foot_m - height)
    columns, rows = u * size[0] / view.width_px, v * size[1] / view.height_px
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()) or np.ptp(columns) > size[0] / 2:
        return 0, size[0], 0, size[1]
    first, last = np.floor(columns.min()) - 2, np.ceil(columns.max()) + 2
    top, bottom = np.floor(rows.min()) - 2, np.ceil(rows.max()) + 2
    limits = np.clip((first, last), 0, size[0]).astype(int), np.clip((top, bottom), 0, size[1]).astype(int)
    return int(limits[0][0]), int(limits[0][1]), int(limits[1][0]), int(limits[1][1])


@inner
def _in_figure(aside: float, height: float) -> bool:
    """Return whether a place before the middle of a person, metres aside and above the ground, lies on the figure."""
    a = abs(aside)
    if height >= 1.44:
        return (a / 0.105) ** 2 + ((height - 1.575) / 0.135) ** 2 <= 1.0 or (a <= 0.05 and height < 1.5)
    if height >= 1.34:  # shoulders
        return a <= 0.10 + 0.14 * math.sqrt(max(0.0, (1.44 - height) / 0.10))
    if height >= 0.80:  # arms and trunk
        return a <= 0.17 or (0.185 <= a <= 0.245)
    return height >= 0.0 and 0.015 <= a <= 0.15 - 0.04 * (0.80 - height)


@kernel
def draw_figure(
    size: tuple[int, int], box: tuple[int, int, int, int], place: FloatArray, ray: FloatArray, away: FloatArray, figure: Bytes
) -> tuple[int, int]:
    """Draw a figure on the upright plane that faces the lens; return its pixels, and those that nothing hides."""
    whole, drawn = 0, 0
    for row in range(box[2], box[3]):
        for column in range(box[0], box[1]):
            i = row * size[0] + column
            ahead = ray[i, 0] * place[1] + ray[i, 1] * place[2]
            if ahead <= 1e-6:
                continue
            t = place[0] / ahead
            if _in_figure(t * (ray[i, 1] * place[1] - ray[i, 0] * place[2]), place[3] - ray[i, 2] * t):
                whole += 1
                if t < away[i, 0]:
                    away[i, 0], figure[i] = t, 1
                    drawn += 1
    return whole, drawn
