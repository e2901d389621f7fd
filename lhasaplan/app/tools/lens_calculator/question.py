"""Inputs of the lens calculator, read from a camera and written to one."""

from dataclasses import dataclass, replace
from typing import Any

from lhasaplan.core.model.camera import Camera, CameraClass
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, LensSetup, focal_length_mm, horizontal_angle_deg


@dataclass(frozen=True, slots=True)
class Question:
    """A lens as it hangs, and what is looked at.

    Parameters
    ----------
    sensor_width_mm, focal_length_mm : of a straight lens; its angle follows from them and they from it.
    target_m : how high above the ground what is looked at is: 0 for the ground, 1.7 for a face.
    away_m : how far away on the ground.
    wanted_px_m : the density that is wanted there.
    """

    sensor_width_mm: float = 4.8
    focal_length_mm: float = 4.0
    hfov_deg: float = 61.9
    lens_class: LensClass = LensClass.RECTILINEAR
    width_px: int = 1920
    height_px: int = 1080
    mount_height_m: float = 4.0
    tilt_deg: float = 15.0
    target_m: float = 0.0
    away_m: float = 20.0
    wanted_px_m: float = 62.5

    @property
    def is_straight(self) -> bool:
        """Say whether sensor and focal length say something of the angle."""
        return self.lens_class is LensClass.RECTILINEAR

    @property
    def lens(self) -> LensSetup:
        """Return the lens as its figures are worked out for."""
        height = self.mount_height_m - self.target_m
        return LensSetup(self.hfov_deg, self.lens_class, self.width_px, self.height_px, height, self.tilt_deg)

    def reported(self, name: str, value: Any) -> "Question":
        """Return the question with another value, and with what follows from it."""
        after = replace(self, **{name: value})
        if not after.is_straight:
            return after
        if name in ("sensor_width_mm", "focal_length_mm"):
            angle = horizontal_angle_deg(after.sensor_width_mm, after.focal_length_mm)
            return replace(after, hfov_deg=min(angle, RECTILINEAR_LIMIT_DEG)) if angle <= RECTILINEAR_LIMIT_DEG else self
        hfov = min(after.hfov_deg, RECTILINEAR_LIMIT_DEG)
        return replace(after, hfov_deg=hfov, focal_length_mm=focal_length_mm(after.sensor_width_mm, hfov))


def taken_from(camera: Camera, usual: CameraClass, before: Question) -> Question:
    """Return the question about a camera: what is not recorded is as cameras of its kind usually have it."""

    def value(name: str) -> Any:
        recorded = getattr(camera, name)
        return getattr(usual, name).typical if recorded is None else recorded

    sensor = camera.sensor_width_mm or before.sensor_width_mm
    hfov = camera.recorded_hfov_deg
    taken = replace(
        before,
        sensor_width_mm=sensor,
        lens_class=camera.lens_class or usual.lens_class,
        width_px=int(value("image_width_px")),
        height_px=int(value("image_height_px")),
        mount_height_m=value("mount_height_m"),
        tilt_deg=value("tilt_deg"),
    )
    return taken.reported("hfov_deg", usual.hfov_deg.typical if hfov is None else hfov)


def values_for(camera: Camera, question: Question) -> dict[str, Any]:
    """Return the values that the calculator gives to a camera, of those that differ as they are shown."""
    wished = {
        "hfov_deg": round(question.hfov_deg, 1),
        "lens_class": question.lens_class,
        "image_width_px": question.width_px,
        "image_height_px": question.height_px,
        "mount_height_m": round(question.mount_height_m, 1),
        "tilt_deg": round(question.tilt_deg, 1),
    }
    if question.is_straight:
        wished |= {"sensor_width_mm": round(question.sensor_width_mm, 2), "focal_length_mm": round(question.focal_length_mm, 2)}
    if camera.vfov_deg is not None:
        wished["vfov_deg"] = round(question.lens.vfov_deg, 1)
    return {name: value for name, value in wished.items() if getattr(camera, name) != value}
