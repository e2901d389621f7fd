"""The workload's cameras as the core takes them."""

import numpy as np

from lhasaplan.core.camera import Basis, View
from lhasaplan.core.optics import LensClass

from ..workload import HEIGHT_PX, WIDTH_PX, Lenses


def views_of(lenses: Lenses) -> list[View]:
    """Return one view per camera."""
    return [_view(lenses, k) for k in range(len(lenses))]


def _view(lenses: Lenses, k: int) -> View:
    return View(
        camera_id=f"camera/{k}",
        basis=Basis.RECORDED,
        x_m=float(lenses.x[k]),
        y_m=float(lenses.y[k]),
        lens_z_m=float(lenses.z[k]),
        azimuth_deg=float(lenses.azimuth[k]),
        swing_deg=0.0,
        tilt_deg=float(lenses.tilt[k]),
        tilt_swing_deg=0.0,
        hfov_deg=float(lenses.hfov[k]),
        vfov_deg=float(lenses.vfov[k]),
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        lens_class=LensClass.EQUIDISTANT if lenses.hfov[k] > 120.0 else LensClass.RECTILINEAR,
        range_m=float(lenses.range[k]),
        mask_px=_box(lenses.mask_box[k]),
        mask_sector_deg=() if np.isnan(lenses.mask_sector[k, 0]) else (tuple(map(float, lenses.mask_sector[k])),),
    )


def _box(edges: np.ndarray) -> tuple:
    if np.isnan(edges[0]):
        return ()
    left, top, right, bottom = map(float, edges)
    return (((left, top), (right, top), (right, bottom), (left, bottom)),)
