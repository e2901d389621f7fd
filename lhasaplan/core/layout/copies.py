"""Copies of cameras as plans: what they see stays, what is on record of the original does not."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.model.camera import Camera, Status


def as_plan(camera: Camera, camera_id: str, source: str, date: str) -> Camera:
    """Return a planned camera with the place, lens, mount and masks of another; nothing of its history."""
    return replace(
        camera,
        camera_id=camera_id,
        name="",
        status=Status.PLANNED,
        owner="",
        installed_on="",
        sign="",
        source=source,
        source_date=date,
        extra={},
        corrections=(),
        input_file="",
        approved_on="",
    )


def shifted_to(cameras: Sequence[Camera], x_m: float, y_m: float) -> tuple[Camera, ...]:
    """Return cameras moved together so that the middle of their places is here."""
    middle_x = sum(camera.x_m for camera in cameras) / len(cameras)
    middle_y = sum(camera.y_m for camera in cameras) / len(cameras)
    dx, dy = x_m - middle_x, y_m - middle_y
    return tuple(replace(camera, x_m=camera.x_m + dx, y_m=camera.y_m + dy) for camera in cameras)
