"""What stands in the picture of a camera, drawn from the record and the map: ground by density, walls, masks. No photograph."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.sight.lens.frustum import density_px_m
from lhasaplan.core.sight.lens.masks import masked_points, rays_of
from lhasaplan.core.sight.obstacles.scene import walls_of

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

WIDTH_PX = 240  # of the drawing; a pixel of it stands for several of the camera
NEAREST_M, FRONTAGE_M = 0.3, 0.7  # a wall nearer is the one that the camera hangs on; how near to seen frontage a wall is it
SKY, FAR, FAINT, WALL, MASKED = "#e4edf5", "#f4f3ef", "#e6e2d8", "#cfc8bb", "#26262a"
GROUND = {25.0: "#cde2f4", 62.5: "#9bc6ea", 125.0: "#5c99cf", 250.0: "#2f69a5"}

Colours = NDArray[np.uint8]
Graded = Sequence[tuple[BaseGeometry, Severity | None]]


@dataclass(frozen=True, eq=False)
class Hits:
    """What each ray meets: how far along itself (horizontally, metres), and is it a wall? Infinite for the sky."""

    away_m: FloatArray
    is_wall: BoolArray
    shade: FloatArray


def drawable(views: Sequence[View]) -> View | None:
    """Return the view whose picture can be drawn: the recorded one, with a direction that is known."""
    return next((v for v in views if v.basis is Basis.RECORDED and v.swing_deg == 0.0), None)


def picture_of(view: View, city: "AuditContext", graded: Graded = ()) -> Colours:
    """Return the picture of a view as colours, shape (rows, WIDTH_PX, 3).

    ``graded`` is the seen frontage or ground of protected places with its grade. The ground is taken as level.
    """
    rows = max(round(WIDTH_PX * view.height_px / view.width_px), 1)
    scale = view.width_px / WIDTH_PX
    u, v = (a.ravel() for a in np.meshgrid((np.arange(WIDTH_PX) + 0.5) * scale, (np.arange(rows) + 0.5) * view.height_px / rows))
    rays = rays_of(view, u, v)
    level = np.maximum(np.hypot(rays[:, 0], rays[:, 1]), 1e-9)
    rays = rays / level[:, None]  # a step along a ray is now a metre on the map
    hits = cast(view, rays, city)
    colours = _paint(view, rays, hits, graded)
    colours[masked_points(view, rays[:, 0], rays[:, 1], rays[:, 2])] = _rgb(MASKED)
    return colours.reshape(rows, WIDTH_PX, 3)


def cast(view: View, rays: FloatArray, city: "AuditContext") -> Hits:
    """Return what each ray meets first: a wall between its foot and its roof, else the ground."""
    foot_m = float(city.terrain.lifted(np.array([[view.x_m, view.y_m, 0.0]]))[0, 2])
    drop = np.where(rays[:, 2] > 0, rays[:, 2], np.nan)
    away = np.nan_to_num((view.lens_z_m - foot_m) / drop, nan=np.inf, posinf=np.inf)
    hits = Hits(np.where(away > 0, away, np.inf), np.zeros(len(rays), bool), np.ones(len(rays)))
    bearing = np.arctan2(rays[:, 0], rays[:, 1])
    order = np.argsort(bearing)
    for wall, low_m, high_m in _walls_near(view, city):
        for chosen in _facing(wall, view, bearing, order):
            _meet(view, rays, hits, chosen, (wall, low_m, high_m))
    return hits


def _walls_near(view: View, city: "AuditContext") -> list[tuple[FloatArray, float, float]]:
    """Return the walls within range with foot and roof."""
    buildings = city.rooms.buildings
    near = np.sort(city.rooms.tree.query(shapely.Point(view.x_m, view.y_m).buffer(view.range_m)))
    walls, owner = walls_of(buildings.polygons[near])
    base, top = buildings.base_m[near][owner], buildings.top_m[near][owner]
    return list(zip(walls, base, top, strict=True))


def _facing(wall: FloatArray, view: View, bearing: FloatArray, order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the rays that pass a wall's bearings; in two runs where it crosses due south."""
    ends = np.sort(np.arctan2(wall[[0, 2]] - view.x_m, wall[[1, 3]] - view.y_m))
    sides = [(ends[0], ends[1])] if ends[1] - ends[0] <= np.pi else [(-np.pi, ends[0]), (ends[1], np.pi)]
    runs = [np.searchsorted(bearing, side, sorter=order) for side in sides]
    return [order[first:last] for first, last in runs if last > first]


def _meet(view: View, rays: FloatArray, hits: Hits, chosen: NDArray[np.int64], wall: tuple[FloatArray, float, float]) -> None:
    """Let some rays end at a wall where they meet it before anything else."""
    (x0, y0, x1, y1), low_m, high_m = wall
    ahead, along = rays[chosen], (x1 - x0, y1 - y0)
    cross = ahead[:, 0] * along[1] - ahead[:, 1] * along[0]
    safe = np.where(np.abs(cross) > 1e-12, cross, np.inf)
    away = ((x0 - view.x_m) * along[1] - (y0 - view.y_m) * along[0]) / safe
    z = view.lens_z_m - away * ahead[:, 2]
    met = (away > NEAREST_M) & (away < hits.away_m[chosen]) & (z >= low_m) & (z <= high_m)
    at = chosen[met]
    hits.away_m[at], hits.is_wall[at] = away[met], True
    hits.shade[at] = 0.72 + 0.28 * np.abs(along[0]) / max(float(np.hypot(*along)), 1e-9)


def _paint(view: View, rays: FloatArray, hits: Hits, graded: Graded) -> Colours:
    colours = np.tile(_rgb(SKY), (len(rays), 1))
    is_near = hits.away_m <= view.range_m
    colours[np.isfinite(hits.away_m) & ~is_near] = _rgb(FAR)
    ground = np.flatnonzero(is_near & ~hits.is_wall)
    steps = rays[ground] * hits.away_m[ground, None]
    colours[ground] = _rgb(FAINT)
    density = density_px_m(view, *steps.T)
    for lower, colour in GROUND.items():
        colours[ground[density >= lower]] = _rgb(colour)
    wall = np.flatnonzero(is_near & hits.is_wall)
    colours[wall] = (hits.shade[wall, None] * _rgb(WALL)).astype(np.uint8)
    shown = np.flatnonzero(is_near)
    places = shapely.points(rays[shown, :2] * hits.away_m[shown, None] + (view.x_m, view.y_m))
    for geometry, grade in graded:
        shapely.prepare(geometry)
        colours[shown[shapely.dwithin(places, geometry, FRONTAGE_M)]] = _rgb(style.GRADES[grade].name())
    return colours


def _rgb(colour: str) -> Colours:
    paint = QColor(colour)
    return np.array((paint.red(), paint.green(), paint.blue()), np.uint8)


def image_of(colours: Colours) -> QImage:
    """Return colours as an image of its own memory."""
    rows, columns, _ = colours.shape
    return QImage(np.ascontiguousarray(colours).data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
