"""Where a camera looks, as its handles show it: what is not recorded as cameras of its kind usually have it."""

from lhasaplan.app.tools.handles.spots import Aim
from lhasaplan.core.model.camera import Camera, CameraClass
from lhasaplan.core.model.optics import LensClass

FULL_DEG, DOWN_DEG = 360.0, 90.0


def lens_of(camera: Camera, usual: CameraClass) -> LensClass:
    """Return the class of its lens."""
    return camera.lens_class or usual.lens_class


def angle_of(camera: Camera, usual: CameraClass) -> float:
    """Return its horizontal angle."""
    recorded = camera.recorded_hfov_deg
    return usual.hfov_deg.typical if recorded is None else recorded


def aim_of(camera: Camera, usual: CameraClass, convergence_deg: float) -> Aim:
    """Return where a camera looks on the map; a lens that takes in the full circle has no edges."""
    hfov = angle_of(camera, usual)
    tilt = usual.tilt_deg.typical if camera.tilt_deg is None else camera.tilt_deg
    is_full = lens_of(camera, usual) is LensClass.EQUIDISTANT and (hfov >= FULL_DEG or tilt >= DOWN_DEG)
    return Aim(
        azimuth_deg=((camera.azimuth_deg or 0.0) - (convergence_deg if camera.azimuth_deg is not None else 0.0)) % FULL_DEG,
        hfov_deg=None if is_full else hfov,
        range_m=usual.range_m.typical if camera.range_m is None else camera.range_m,
        is_recorded=camera.azimuth_deg is not None,
    )
