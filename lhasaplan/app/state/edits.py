"""What a person can change about cameras: each edit takes a project and returns another."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from itertools import count
from typing import Any

from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.camera_corrections import Author, corrected
from lhasaplan.core.remedies.view_cures import apply_cure
from lhasaplan.core.results.finding import Cure

Edit = Callable[[Project], Project]


def camera_of(project: Project, camera_id: str) -> Camera | None:
    """Return the camera with this id."""
    return next((camera for camera in project.cameras if camera.camera_id == camera_id), None)


def changed(camera_id: str, values: Mapping[str, Any], author: Author) -> Edit:
    """Return the edit that gives one camera new values; a recorded camera keeps what stood there before."""

    def edit(project: Project) -> Project:
        cameras = tuple(corrected(c, values, author) if c.camera_id == camera_id else c for c in project.cameras)
        return replace(project, cameras=cameras)

    return edit


def moved(camera_id: str, x_m: float, y_m: float, author: Author) -> Edit:
    """Return the edit that puts a camera elsewhere."""
    return changed(camera_id, {"x_m": x_m, "y_m": y_m}, author)


def turned(camera_id: str, azimuth_deg: float, author: Author) -> Edit:
    """Return the edit that turns a camera to a true bearing."""
    return changed(camera_id, {"azimuth_deg": round(azimuth_deg % 360.0, 1) % 360.0}, author)


def cured(camera_id: str, cure: Cure, author: Author) -> Edit:
    """Return the edit that leaves a camera as a cure does; a cure that is only named changes nothing."""

    def edit(project: Project) -> Project:
        camera = camera_of(project, camera_id)
        after = apply_cure(camera, cure) if camera is not None else None
        if camera is None or after is None or after == camera:
            return project
        if after.status is Status.REMOVED:
            return removed(camera_id, author)(project)
        names = (each.name for each in fields(Camera))
        values = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(camera, name)}
        return changed(camera_id, values, author)(project)

    return edit


def removed(camera_id: str, author: Author) -> Edit:
    """Return the edit that takes a camera away: an existing one stays on record as removed, a planned one goes."""

    def edit(project: Project) -> Project:
        camera = camera_of(project, camera_id)
        if camera is not None and camera.status is Status.PLANNED:
            return replace(project, cameras=tuple(c for c in project.cameras if c.camera_id != camera_id))
        return changed(camera_id, {"status": Status.REMOVED}, author)(project)

    return edit


def placed(project: Project, x_m: float, y_m: float, author: Author) -> tuple[str, Edit]:
    """Return the id and the edit of a new planned camera; it takes the first number that no camera has."""
    taken = {camera.camera_id for camera in project.cameras}
    camera_id = next(name for name in map("planned-{}".format, count(1)) if name not in taken)
    camera = Camera(
        camera_id,
        x_m,
        y_m,
        status=Status.PLANNED,
        kind=Kind.FIXED,
        mount=Mount.POLE,
        mount_height_m=4.0,
        azimuth_deg=0.0,
        tilt_deg=15.0,
        hfov_deg=70.0,
        image_width_px=1920,
        image_height_px=1080,
        range_m=40.0,
        source=author.source,
        source_date=author.date,
    )

    def edit(project: Project) -> Project:
        kept = tuple(c for c in project.cameras if c.camera_id != camera_id)
        return replace(project, cameras=(*kept, camera))

    return camera_id, edit
