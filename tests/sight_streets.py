"""A street with houses and many views along it, for tests of where sight is computed."""

import numpy as np
import shapely

from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight import make_scene


def street(houses: int = 12) -> Buildings:
    """Return a row of houses on either side of a street of 16 m, every other one wall to wall."""
    boxes = [
        shapely.box(22.0 * k, side, 22.0 * k + 18.0 + 4.0 * (k % 2), side + 10.0) for k in range(houses) for side in (8.0, -18.0)
    ]
    shapes = np.empty(len(boxes), object)
    shapes[:] = boxes
    count = len(boxes)
    ids = np.array([f"way/{k}" for k in range(count)], object)
    top = 5.0 + np.arange(count) % 4 * 3.0
    return Buildings(ids, shapes, np.zeros(count), top, np.full(count, "height", object), ({"building": "yes"},) * count)


STREET = make_scene(street())


def view(number: int, x: float, y: float, azimuth: float, **changes) -> View:
    """Return a view of 68 degrees and 60 m."""
    values = {
        "camera_id": f"camera/{number}", "basis": Basis.RECORDED, "x_m": x, "y_m": y, "lens_z_m": 4.0 + number % 5,
        "azimuth_deg": azimuth, "swing_deg": 0.0, "tilt_deg": 12.0, "tilt_swing_deg": 0.0, "hfov_deg": 68.0, "vfov_deg": 41.5,
        "width_px": 1920, "height_px": 1080, "lens_class": LensClass.RECTILINEAR, "range_m": 60.0,
    }  # fmt: skip
    return View(**{**values, **changes})


def views(count: int) -> tuple[View, ...]:
    """Return views along the street that look in all directions, some with a mask; the first stands at the origin."""
    masks = {k: {"mask_sector_deg": ((37.0 * k % 360.0, (37.0 * k + 20.0) % 360.0),)} for k in range(0, count, 3)}
    return tuple(view(k, 53.0 * k % 250.0, 5.0 * np.sin(7.0 * k), 37.0 * k % 360.0, **masks.get(k, {})) for k in range(count))


def points(count: int, seed: int = 5) -> np.ndarray:
    """Return points in and around the street, at several storeys."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform((-20.0, -30.0), (280.0, 30.0), (count, 2))
    return np.column_stack((xy, 1.5 + 3.0 * rng.integers(0, 3, count)))
