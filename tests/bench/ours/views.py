"""The workload's cameras as the core takes them."""

import math

from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.model.optics import LensClass

from ..workload import HEIGHT_PX, WIDTH_PX, Lenses


def views_of(lenses: Lenses) -> list[View]:
    """Return one view per camera."""
    places = lenses.x, lenses.y, lenses.z, lenses.azimuth, lenses.tilt, lenses.hfov, lenses.vfov, lenses.range
    masks = lenses.mask_box, lenses.mask_sector
    rows = zip(*(column.tolist() for column in (*places, *masks)), strict=True)
    return [_view(k, *row) for k, row in enumerate(rows)]


def _view(k, x, y, z, azimuth, tilt, hfov, vfov, reach, box, sector) -> View:
    return View(
        camera_id=f"camera/{k}",
        basis=Basis.RECORDED,
        x_m=x,
        y_m=y,
        lens_z_m=z,
        azimuth_deg=azimuth,
        swing_deg=0.0,
        tilt_deg=tilt,
        tilt_swing_deg=0.0,
        hfov_deg=hfov,
        vfov_deg=vfov,
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        lens_class=LensClass.EQUIDISTANT if hfov > 120.0 else LensClass.RECTILINEAR,
        range_m=reach,
        mask_px=_box(box),
        mask_sector_deg=() if math.isnan(sector[0]) else (tuple(sector),),
    )


def _box(edges: list[float]) -> tuple:
    if math.isnan(edges[0]):
        return ()
    left, top, right, bottom = edges
    return (((left, top), (right, top), (right, bottom), (left, bottom)),)
