"""Exact on flat ground: the sector minus the union of all shadows, and the rest of a camera's field, by shapely alone.

Written from the model of sight, not from the engine: nothing of the program is used. Slow.
"""

import math

import numpy as np
import shapely

BANDS_PX_M = (25.0, 62.5, 125.0, 250.0)
NEAREST_M = 0.02


class Shadows:
    """A town of prisms on level ground.

    Parameters
    ----------
    polygons : footprints.   top_m : their heights.   target_m : height of what is looked at.
    """

    def __init__(self, polygons, top_m, target_m=1.5, step_deg=1.0):
        self.polygons, self.top, self.target, self.step = np.asarray(polygons, object), np.asarray(top_m), target_m, step_deg
        self.tree = shapely.STRtree(self.polygons)

    def lit(self, lens):
        """Return what of the sector no building stands on or shades."""
        reach = self.sector(lens)
        near = self.tree.query(reach, predicate="intersects")
        near = near[self.top[near] > self.target]
        if not len(near):
            return reach
        return shapely.difference(reach, shapely.union_all(np.r_[self.polygons[near], self._shades(lens, near)]))

    def field(self, lens):
        """Return what is lit without blind zone and masks."""
        seen = self.lit(lens)
        for hidden in self._hidden(lens):
            seen = shapely.difference(seen, hidden)
        return seen

    def bands(self, lens, seen):
        """Return the field cut by density, coarse to fine."""
        reach = [self._dense_ground(lens, density) for density in BANDS_PX_M]
        cut = [shapely.intersection(seen, ground) for ground in reach]
        return [shapely.difference(coarse, fine) for coarse, fine in zip(cut, reach[1:], strict=False)] + cut[-1:]

    def sector(self, lens):
        """Return the sector to the camera's range."""
        half = min(lens.hfov, 360.0) / 2.0
        return self._wedge(lens, lens.azimuth - half, 2.0 * half, lens.range)

    def _wedge(self, lens, first_deg, sweep_deg, reach_m):
        bearing = np.radians(first_deg + np.linspace(0.0, sweep_deg, math.ceil(sweep_deg / self.step - 1e-9) + 1))
        rim = np.column_stack((lens.x + reach_m * np.sin(bearing), lens.y + reach_m * np.cos(bearing)))
        return shapely.Polygon(rim[:-1] if sweep_deg >= 360.0 else np.r_[[(lens.x, lens.y)], rim])

    def _shades(self, lens, near):
        """Return the shadow of every wall: the wall swept away from the lens as far as the top hides the plane."""
        corner, owner = shapely.get_coordinates(self.polygons[near], return_index=True)
        joined = owner[1:] == owner[:-1]
        a, b, top = corner[:-1][joined], corner[1:][joined], self.top[near][owner[:-1][joined]]
        eye = np.array((lens.x, lens.y))
        away = shapely.distance(shapely.Point(eye), shapely.linestrings(np.stack((a, b), 1)))
        beyond = 3.0 * lens.range / np.maximum(away, NEAREST_M) + 1.0
        over = lens.z - top
        stretch = np.where(over > 0.0, (lens.z - self.target) / np.where(over > 0.0, over, 1.0), np.inf)
        stretch = np.minimum(np.maximum(stretch, 1.0), beyond)[:, None]
        quad = np.stack((a, b, eye + (b - eye) * stretch, eye + (a - eye) * stretch, a), 1)
        shade = shapely.polygons(quad)
        return shapely.make_valid(shade[shapely.area(shade) > 1e-9])

    def _hidden(self, lens):
        """Yield the blind zone and the masks on the plane."""
        lower, drop = lens.tilt + lens.vfov / 2.0, lens.z - self.target
        if lower < 90.0:
            yield self._wedge(lens, 0.0, 360.0, drop / math.tan(math.radians(lower)))
        if not np.isnan(lens.mask_sector[0]):
            first, last = lens.mask_sector
            yield self._wedge(lens, first, (last - first) % 360.0, 1.5 * lens.range)
        if not np.isnan(lens.mask_box[0]):
            yield self._box_on_plane(lens, drop)

    def _box_on_plane(self, lens, drop):
        """Return where a box of the picture falls on the plane; the box lies below the horizon (a pinhole keeps lines)."""
        left, top, right, bottom = lens.mask_box
        focal = 960.0 / math.tan(math.radians(lens.hfov) / 2.0)
        u, v = (np.array((left, right, right, left)) - 960.0) / focal, (np.array((top, top, bottom, bottom)) - 540.0) / focal
        tilt, azimuth = math.radians(lens.tilt), math.radians(lens.azimuth)
        scale = drop / np.maximum(math.sin(tilt) + v * math.cos(tilt), 1e-4)
        forward, right_of = scale * (math.cos(tilt) - v * math.sin(tilt)), scale * u
        east = forward * math.sin(azimuth) + right_of * math.cos(azimuth)
        north = forward * math.cos(azimuth) - right_of * math.sin(azimuth)
        return shapely.Polygon(np.column_stack((lens.x + east, lens.y + north)))

    def _dense_ground(self, lens, density):
        """Return the ground on which the density is at least this: depth along the axis for a pinhole, slant for a circle."""
        drop, half = lens.z - self.target, min(lens.hfov, 360.0) / 2.0
        offset = np.radians(np.linspace(-half, half, math.ceil(2.0 * half / self.step) + 1))
        if lens.hfov > 120.0:
            depth = 1920.0 / math.radians(lens.hfov) / density
            reach = np.full(len(offset), math.sqrt(max(depth**2 - drop**2, 0.0)))
        else:
            depth = 960.0 / math.tan(math.radians(half)) / density
            tilt = math.radians(lens.tilt)
            reach = np.maximum(depth - drop * math.sin(tilt), 0.0) / (np.cos(offset) * math.cos(tilt))
        bearing = math.radians(lens.azimuth) + offset
        rim = np.column_stack((lens.x + reach * np.sin(bearing), lens.y + reach * np.cos(bearing)))
        return shapely.make_valid(shapely.Polygon(np.r_[[(lens.x, lens.y)], rim] if lens.hfov < 360.0 else rim[:-1]))


class Lens:
    """One camera of a workload as plain numbers."""

    __slots__ = ("azimuth", "hfov", "mask_box", "mask_sector", "range", "tilt", "vfov", "x", "y", "z")

    def __init__(self, lenses, k):
        for name in self.__slots__:
            value = getattr(lenses, name)[k]
            setattr(self, name, value if np.ndim(value) else float(value))


def lens_list(lenses):
    """Return every camera of a workload."""
    return [Lens(lenses, k) for k in range(len(lenses))]
