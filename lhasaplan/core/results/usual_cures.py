"""Cures that several findings have: take a camera away, end its need, a smaller picture, a masked sector."""

from lhasaplan.core.changes.camera_changes import masked, taken_away, with_picture
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.finding import Cure, CureAction, CureFigures, Sectors


def removal(camera: Camera) -> Cure:
    """Return the cure that takes a camera away."""
    return Cure(CureAction.REMOVE, changes=taken_away(camera))


def end_of_need(camera: Camera) -> Cure:
    """Return the cure that serves the purpose without the camera."""
    return Cure(CureAction.END_NEED, changes=taken_away(camera))


def coarser_picture(camera: Camera, width_px: int, height_px: int) -> Cure:
    """Return the cure that makes a camera's picture smaller."""
    figures = CureFigures(image_width_px=width_px, image_height_px=height_px)
    return Cure(CureAction.LOWER_RESOLUTION, (), figures, with_picture(camera, width_px, height_px))


def sector_mask(camera: Camera, sectors_deg: Sectors) -> Cure:
    """Return the cure that masks sectors besides those that a camera has masked."""
    return Cure(CureAction.MASK, sectors_deg, CureFigures(form="sector"), masked(camera, sectors_deg=sectors_deg))


def alternatives_of(cure: Cure) -> tuple[Cure, ...]:
    """Return the alternatives of a cure; ``is_verified`` tells which were tried out."""
    return cure.alternatives or ()
