"""Handles of the selected camera on the map: move it, turn it, open its angle, set its range; Esc takes a drag back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from lhasaplan.app.commands.placing import MOVE as MOVED
from lhasaplan.app.commands.placing import TURN as TURNED
from lhasaplan.app.commands.placing import Dragging
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.language import length_text
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state.edits import Values
from lhasaplan.app.tools.handles.keys import after_step, step_of
from lhasaplan.app.tools.handles.spots import (
    AZIMUTH,
    LEFT,
    MOVE,
    RANGE,
    RIGHT,
    Aim,
    Place,
    aim_of,
    angle_of,
    draw_figure,
    draw_handles,
    draw_snap,
    moved_together,
    opened,
    put,
    reaching,
    room_px,
    spot_at,
    spots_of,
    turned,
)
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.site.snapping import Snapped

REACHED, OPENED = marked("Change range"), marked("Change angle")
STEPS = {MOVE: MOVED, AZIMUTH: TURNED, RANGE: REACHED, LEFT: OPENED, RIGHT: OPENED}
SHAPES = {MOVE: Qt.CursorShape.SizeAllCursor}
LEAST_PX = 4.0  # of a drag; less is a click
SNAPPED_TO = {
    "pole": marked("Pole"),
    "crossing": marked("Crossing"),
    "facade": marked("Facade"),
    "kerb": marked("Kerb"),
    "roof": marked("Roof"),
}


@dataclass(slots=True)
class _Hold:
    """A handle that is held: where it was taken, and the cameras as they were then, the selected one last."""

    name: str
    at: QPointF
    cameras: tuple[Camera, ...]
    aim: Aim
    has_moved: bool = False


class Handles(MapTool):
    """Lies over the map while no tool takes the clicks."""

    def __init__(self, bench: Workbench, dragging: Dragging) -> None:
        self._bench, self._dragging = bench, dragging
        self._hold: _Hold | None = None
        self._snapped: Snapped | None = None
        self._stepped = ""  # the handle that a key moved, whose figure stands beside it until the pointer or another camera comes
        bench.session.selection_changed.connect(self._forget_step)

    # Where the handles are

    @property
    def camera(self) -> Camera | None:
        """Return the camera that has handles: the selected one, unless it was taken away."""
        camera = self._bench.session.selected
        return camera if camera is not None and camera.status is not Status.REMOVED else None

    def spots(self) -> dict[str, QPointF]:
        """Return the handles by name, in pixels of the map; empty without a camera."""
        camera, selected = self.camera, self._bench.canvas.selected
        if camera is None or selected is None or self._bench.session.mode.tool:
            return {}
        canvas, aim = self._bench.canvas, self._aim(camera)
        at = QPointF(*canvas.viewport.to_screen(selected.symbol.x_m, selected.symbol.y_m))
        inside = QRectF(canvas.rect()).adjusted(0, canvas.top_px, 0, 0)
        return spots_of(at, aim, canvas.viewport.metres_per_px, room_px(at, aim.azimuth_deg, inside))

    def _aim(self, camera: Camera) -> Aim:
        return aim_of(camera, self._bench.engine.usual_of(camera), self._bench.city.convergence_deg)

    # The mouse

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Return the shape of the pointer over a handle."""
        if not self._bench.canvas.is_aiming:
            self._forget_step()
        name = spot_at(self.spots(), at)
        return SHAPES.get(name, Qt.CursorShape.PointingHandCursor) if name else None

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Take a handle, or leave the button to the map."""
        name, camera = spot_at(self.spots(), at), self.camera
        if not name or camera is None:
            return False
        self._forget_step()
        self._hold = _Hold(name, at, self._together(camera) if name == MOVE else (camera,), self._aim(camera))
        return True

    def _together(self, camera: Camera) -> tuple[Camera, ...]:
        """Return the cameras that move together, the selected one last."""
        session = self._bench.session
        others = map(session.camera, session.selection.ids[:-1])
        return (*(one for one in others if one is not None and one.status is not Status.REMOVED), camera)

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Change the camera as the held handle says."""
        hold = self._hold
        if hold is None:
            return
        if not hold.has_moved:
            if (at - hold.at).manhattanLength() < LEAST_PX:
                return
            hold.has_moved = True
            self._dragging.begin()
        if len(hold.cameras) > 1:
            cameras = moved_together(hold.cameras, self._world(hold.at), self._world(at))
            self._dragging.change_all(STEPS[MOVE], cameras)
        else:
            self._dragging.change(STEPS[hold.name], hold.cameras[-1].camera_id, self._values(hold, at, modifiers))

    def _values(self, hold: _Hold, at: QPointF, modifiers: Modifiers) -> Values:
        camera, start, now = hold.cameras[-1], self._world(hold.at), self._world(at)
        usual = self._bench.engine.usual_of(camera)
        if hold.name == RANGE:
            return reaching(hold.aim, start, now)
        if hold.name == AZIMUTH:
            return turned(camera, now, self._bench.city.convergence_deg, in_steps=bool(modifiers & Modifiers.ShiftModifier))
        if hold.name in (LEFT, RIGHT):
            return opened(camera, usual, hold.aim, now)
        moved = camera.x_m + now[0] - start[0], camera.y_m + now[1] - start[1]
        self._snapped = self._bench.snapper.snap(*now, modifiers, camera.camera_id)
        return put(camera, moved, self._snapped, usual)

    def _world(self, at: QPointF) -> Place:
        return self._bench.canvas.viewport.to_world(at.x(), at.y())

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """End the drag; where nothing was dragged it was a click on the map."""
        hold, self._hold, self._snapped = self._hold, None, None
        if hold is not None and hold.has_moved:
            self._dragging.end()
        else:
            self._bench.canvas.click(at, bool(modifiers & Modifiers.ControlModifier))

    def cancel(self) -> None:
        """Take the drag back."""
        hold, self._hold, self._snapped = self._hold, None, None
        if hold is not None and hold.has_moved:
            self._dragging.cancel()

    # The keys

    def key(self, event: QKeyEvent) -> bool:
        """Move or aim the camera by a step; a key that is held down makes one step that can be undone."""
        step, camera = step_of(event), self.camera
        if step is None or camera is None or step.name not in self.spots() or self._hold is not None:
            return False
        self._dragging.begin(goes_on=event.isAutoRepeat() and self._stepped == step.name)
        if step.name == MOVE:
            self._dragging.change_all(MOVED, moved_together(self._together(camera), (0.0, 0.0), step.way_m))
        else:
            usual, lean = self._bench.engine.usual_of(camera), self._bench.city.convergence_deg
            values = after_step(camera, usual, self._aim(camera), step, lean)
            self._dragging.change(STEPS[step.name], camera.camera_id, values)
        self._dragging.end()
        self._stepped = step.name
        self._bench.canvas.update()
        return True

    def _forget_step(self) -> None:
        if self._stepped:
            self._stepped = ""
            self._bench.canvas.update()

    # Painting

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the handles, what is snapped to, and the figure that is being set."""
        camera, found, hold = self.camera, self.spots(), self._hold
        if camera is None or not found:
            return
        held = hold.name if hold is not None and hold.has_moved else self._stepped
        draw_handles(painter, found, self._aim(camera), held, self._bench.canvas.palette_now)
        if self._snapped is not None:
            at = QPointF(*viewport.to_screen(self._snapped.x_m, self._snapped.y_m))
            text = self._bench.language(SNAPPED_TO[self._snapped.kind])
            draw_snap(painter, at, self._snapped, text, self._bench.canvas.palette_now)
        elif held and held != MOVE:
            draw_figure(painter, found.get(held, found[MOVE]), self._figure(camera, held), self._bench.canvas.palette_now)

    def _figure(self, camera: Camera, held: str) -> str:
        translations = self._bench.language.translations
        if held == RANGE:
            return length_text(self._aim(camera).range_m, translations)
        angle = camera.azimuth_deg if held == AZIMUTH else angle_of(camera, self._bench.engine.usual_of(camera))
        return f"{number_text(angle or 0.0, translations, 1)}°"
