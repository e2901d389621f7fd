"""Small towns and views that the sight tests are worked out on."""

import numpy as np

from lhasaplan.core.model.camera import Basis, CameraClass, Kind, Mount, Span, View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.site.camera_placing import make_town, place_in


def town(*prisms):
    """Buildings from (polygon, base, top)."""
    shapes = np.empty(len(prisms), object)
    shapes[:] = [shape for shape, _, _ in prisms]
    ids = np.array([f"b{k}" for k in range(len(prisms))], object)
    base, top = (np.array([prism[k] for prism in prisms], float) for k in (1, 2))
    return Buildings(ids, shapes, base, top, np.array(["height"] * len(prisms), object), ({},) * len(prisms))


def view(x=0.0, y=0.0, z=5.0, azimuth=0.0, hfov=68.0, tilt=0.0, vfov=120.0, range_m=100.0, width=1920, **more):
    """A recorded rectilinear view, wide enough upright that tilt plays no part unless a test says so."""
    values = {"swing_deg": 0.0, "tilt_swing_deg": 0.0, "height_px": 1080, "lens_class": LensClass.RECTILINEAR} | more
    return View(
        camera_id="c", basis=Basis.RECORDED, x_m=x, y_m=y, lens_z_m=z, azimuth_deg=azimuth, tilt_deg=tilt,
        hfov_deg=hfov, vfov_deg=vfov, width_px=width, range_m=range_m, **values,
    )  # fmt: skip


def full_circle(x=0.0, y=0.0, z=5.0, range_m=100.0, **more):
    return view(x, y, z, hfov=360.0, vfov=180.0, range_m=range_m, lens_class=LensClass.EQUIDISTANT, **more)


def classes():
    """One class for every kind: 30 to 90 degrees, 3840 to 1920 px, 3 to 5 m high."""

    def of(kind):
        lens = LensClass.EQUIDISTANT if kind in {Kind.FISHEYE, Kind.PANORAMA} else LensClass.RECTILINEAR
        hfov = Span(360, 360, 360) if lens is LensClass.EQUIDISTANT else Span(30, 68, 90)
        width, height = Span(3840, 1920, 1920), Span(2160, 1080, 1080)
        return CameraClass(kind, lens, hfov, width, height, Span(5, 15, 25), Span(3, 4, 5), Span(300, 57, 38))

    return {kind: of(kind) for kind in Kind}


class Grid:
    """A grid whose north leans by a fixed angle."""

    def __init__(self, lean_deg=0.0):
        self.lean_deg = lean_deg

    def convergence_deg(self, _x, _y):
        return self.lean_deg


__all__ = ["Grid", "Mount", "classes", "full_circle", "town", "view"]


def place_cameras(cameras, by_kind, buildings, crs, relief=None):
    """Each camera that is not removed, set into a town of its own."""
    return place_in(make_town(buildings, crs, relief), cameras, by_kind)
