"""What keys do to the selected camera: arrows with Shift move it, with Alt they turn it and set its range and its angle."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from lhasaplan.app.tools.handles.spots import AZIMUTH, LEFT, MOVE, RANGE, STEP_DEG, Aim, Place, Values, opened, reaching, turned
from lhasaplan.core.model.camera import Camera, CameraClass
from lhasaplan.core.site.snapping import ahead

Key = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
MOVES: dict[Key, Place] = {
    Key.Key_Left: (-1.0, 0.0),
    Key.Key_Right: (1.0, 0.0),
    Key.Key_Up: (0.0, 1.0),
    Key.Key_Down: (0.0, -1.0),
}
# With Alt: the handle, the step in degrees or metres, and the step with Shift as well.
AIMS: dict[Key, tuple[str, float, float]] = {
    Key.Key_Left: (AZIMUTH, -1.0, -STEP_DEG),
    Key.Key_Right: (AZIMUTH, 1.0, STEP_DEG),
    Key.Key_Up: (RANGE, 1.0, 10.0),
    Key.Key_Down: (RANGE, -1.0, -10.0),
    Key.Key_PageUp: (LEFT, 1.0, 10.0),
    Key.Key_PageDown: (LEFT, -1.0, -10.0),
}
EDGE_M = 100.0  # how far ahead a place is set that stands for a bearing


@dataclass(frozen=True, slots=True)
class KeyStep:
    """The handle that a key means, and by how much: metres east and north, or degrees or metres."""

    name: str
    by: float = 0.0
    way_m: Place = (0.0, 0.0)
    in_steps: bool = False


def step_of(event: QKeyEvent) -> KeyStep | None:
    """Return what a key means here; None for nothing."""
    key, held = Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == SHIFT and key in MOVES:
        return KeyStep(MOVE, way_m=MOVES[key])
    if key in AIMS and held in (ALT, ALT | SHIFT):
        name, small, large = AIMS[key]
        return KeyStep(name, large if held & SHIFT else small, in_steps=bool(held & SHIFT))
    return None


def after_step(camera: Camera, usual: CameraClass, aim: Aim, step: KeyStep, convergence_deg: float) -> Values:
    """Return what a camera becomes when its handle is pulled by a step, as the mouse would pull it."""
    place = camera.x_m, camera.y_m
    if step.name == RANGE:
        return reaching(aim, (0.0, 0.0), ahead((0.0, 0.0), aim.azimuth_deg, step.by))
    if step.name == AZIMUTH:
        return turned(camera, ahead(place, aim.azimuth_deg + step.by, EDGE_M), convergence_deg, in_steps=step.in_steps)
    return opened(camera, usual, aim, ahead(place, aim.azimuth_deg + ((aim.hfov_deg or 0.0) + step.by) / 2.0, EDGE_M))
