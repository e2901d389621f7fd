"""Usual changes of one camera, each from the camera as it is: turned, tilted, raised, masked, with another lens, taken away."""

from dataclasses import replace

from lhasaplan.core.changes.camera_change import (
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MaskPolygons,
    Sectors,
    TiltCamera,
    TurnCamera,
    ValueChange,
)
from lhasaplan.core.model.camera import Camera, Kind, Status

Changes = tuple[ValueChange, ...]


def turned(camera: Camera, azimuth_deg: float) -> Changes:
    """Return the turn to a true azimuth."""
    return (TurnCamera(camera.camera_id, azimuth_deg),)


def tilted(camera: Camera, tilt_deg: float) -> Changes:
    """Return the tilt to so much below the horizon."""
    return (TiltCamera(camera.camera_id, tilt_deg),)


def raised(camera: Camera, by_m: float) -> Changes:
    """Return a lens that hangs higher on the same mount."""
    height = (camera.mount_height_m or 0.0) + by_m
    lens_z = None if camera.lens_z_m is None else camera.lens_z_m + by_m
    return (ChangeMount.to_match(replace(camera, mount_height_m=height, lens_z_m=lens_z)),)


def with_lens(camera: Camera, hfov_deg: float, vfov_deg: float) -> Changes:
    """Return another lens; its angles say what sensor width and focal length said before."""
    before = ChangeLens.to_match(camera)
    return (replace(before, hfov_deg=hfov_deg, vfov_deg=vfov_deg, sensor_width_mm=None, focal_length_mm=None),)


def with_range(camera: Camera, range_m: float) -> Changes:
    """Return another declared range by day."""
    return (ChangeRange(camera.camera_id, range_m, camera.night_range_m),)


def with_picture(camera: Camera, width_px: int, height_px: int) -> Changes:
    """Return a picture of another size by the same lens."""
    return (replace(ChangeLens.to_match(camera), image_width_px=width_px, image_height_px=height_px),)


def fixed(camera: Camera) -> Changes:
    """Return a pan-tilt camera fixed at its home view."""
    return (replace(ChangeLens.to_match(camera), kind=Kind.FIXED),)


def masked(camera: Camera, polygons_px: MaskPolygons = (), sectors_deg: Sectors = ()) -> Changes:
    """Return masks besides those that there are."""
    return (ChangeMask(camera.camera_id, (*camera.mask_px, *polygons_px), (*camera.mask_sector_deg, *sectors_deg)),)


def taken_away(camera: Camera) -> Changes:
    """Return the camera taken away, which stays on record."""
    return (ChangeStatus(camera.camera_id, Status.REMOVED),)


def kept_for(camera: Camera, retention_days: float) -> Changes:
    """Return pictures that are kept for so many days."""
    return (ChangeRecord.to_match(replace(camera, retention_days=retention_days)),)


def off_during_assemblies(camera: Camera) -> Changes:
    """Return the record that a camera is off during assemblies."""
    return (ChangeRecord.to_match(replace(camera, extra={**camera.extra, "assembly_off": "yes"})),)


def changed(camera: Camera, changes: Changes) -> Camera:
    """Return the camera after its changes."""
    for change in changes:
        camera = change.applied(camera)
    return camera
