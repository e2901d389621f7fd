"""What a camera becomes while one of its handles is pulled."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lhasaplan.app.tools.handles.aims import angle_of, lens_of
from lhasaplan.app.tools.handles.spots import Aim
from lhasaplan.core.layout.aiming import bearing_deg, opening_deg, range_after_m, stepped_deg, vertical_angle_with_deg
from lhasaplan.core.model.camera import Camera, CameraClass
from lhasaplan.core.model.lens_figures import focal_length_mm
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG

if TYPE_CHECKING:
    from lhasaplan.core.layout.snapping import Snapped

STEP_DEG = 15.0  # of a bearing while Shift is held
Place = tuple[float, float]
Values = dict[str, Any]


def turned(camera: Camera, at: Place, convergence_deg: float, *, in_steps: bool) -> Values:
    """Return the azimuth towards a place, true; ``in_steps`` of 15 degrees."""
    azimuth = bearing_deg((camera.x_m, camera.y_m), at) + convergence_deg
    return {"azimuth_deg": (stepped_deg(azimuth, STEP_DEG) if in_steps else round(azimuth % 360.0, 1)) % 360.0}


def reaching(aim: Aim, start: Place, at: Place) -> Values:
    """Return the range after its handle was pulled, in whole metres."""
    return {"range_m": float(round(range_after_m(aim.range_m, aim.azimuth_deg, start, at)))}


def opened(camera: Camera, usual: CameraClass, aim: Aim, at: Place) -> Values:
    """Return the lens whose edge lies at a place; recorded vertical angle and focal length follow."""
    edge = bearing_deg((camera.x_m, camera.y_m), at)
    hfov = round(opening_deg(aim.azimuth_deg, edge, lens_of(camera, usual)), 1)
    values: Values = {"hfov_deg": hfov}
    if camera.vfov_deg is not None:
        values["vfov_deg"] = vertical_angle_with_deg(camera.vfov_deg, angle_of(camera, usual), hfov)
    if camera.sensor_width_mm is not None and camera.focal_length_mm is not None and hfov <= RECTILINEAR_LIMIT_DEG:
        values["focal_length_mm"] = round(focal_length_mm(camera.sensor_width_mm, hfov), 2)
    return values


def put(camera: Camera, at: Place, snapped: "Snapped | None", usual: CameraClass) -> Values:
    """Return where a camera stands, and how it hangs on what it snapped to."""
    if snapped is None:
        return {"x_m": at[0], "y_m": at[1]}
    from lhasaplan.core.layout.snapping import hung  # noqa: PLC0415  (loads the core)

    after = hung(camera, snapped, usual)
    return {name: getattr(after, name) for name in ("x_m", "y_m", "mount", "mount_height_m", "lens_z_m")}


def moved_together(cameras: tuple[Camera, ...], start: Place, at: Place) -> tuple[Camera, ...]:
    """Return several cameras moved by as much as the pointer."""
    dx, dy = at[0] - start[0], at[1] - start[1]
    return tuple(replace(camera, x_m=camera.x_m + dx, y_m=camera.y_m + dy) for camera in cameras)
