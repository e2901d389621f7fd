"""The tool with which cameras are placed, moved, turned and opened on the map itself, and snap to what they hang on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.placing import MOVE as MOVED
from lhasaplan.app.commands.placing import PLACE, Dragging, Placing
from lhasaplan.app.commands.placing import TURN as TURNED
from lhasaplan.app.commands.workbench import Tool, Workbench
from lhasaplan.app.look import length_text
from lhasaplan.app.map import ENTER_KEYS
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state import edits
from lhasaplan.app.tools.handles.spots import (
    AZIMUTH,
    LEFT,
    MOVE,
    RANGE,
    RIGHT,
    STEP_DEG,
    Aim,
    Place,
    Values,
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
from lhasaplan.core.model.camera import Camera, CameraClass, Status
from lhasaplan.core.site.snapping import ahead
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.site.snapping import Snapped

# What keys do to the selected camera: arrows with Shift move it, with Alt they turn it and set its range and its angle.

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


# Handles of the selected camera on the map: move it, turn it, open its angle, set its range; Esc takes a drag back.

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
        camera, selected = self.camera, self._bench.canvas.marks.selected
        if camera is None or selected is None or self._bench.session.mode.tool:
            return {}
        canvas, aim = self._bench.canvas, self._aim(camera)
        at = QPointF(*canvas.viewport.to_screen(selected.symbol.x_m, selected.symbol.y_m))
        inside = QRectF(canvas.rect()).adjusted(0, canvas.top_px, 0, 0)
        return spots_of(at, aim, canvas.viewport.metres_per_px, room_px(at, aim.azimuth_deg, inside))

    def _aim(self, camera: Camera) -> Aim:
        return aim_of(camera, self._bench.context.usual_of(camera), self._bench.city.convergence_deg)

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
        usual = self._bench.context.usual_of(camera)
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
            usual, lean = self._bench.context.usual_of(camera), self._bench.city.convergence_deg
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
        angle = camera.azimuth_deg if held == AZIMUTH else angle_of(camera, self._bench.context.usual_of(camera))
        return f"{number_text(angle or 0.0, translations, 1)}°"


# Place a planned camera with a click, and aim it by dragging before the button is let go.
PLACED = marked("Place camera")


class PlacingByHand(MapTool):
    """Lies over the map while cameras are placed: it shows what would be snapped to, and takes the button."""

    def __init__(self, bench: Workbench, placing: Placing, dragging: Dragging) -> None:
        self._bench, self._placing, self._dragging = bench, placing, dragging
        self._camera: Camera | None = None  # that is being placed
        self._pressed = QPointF()
        self._snapped: Snapped | None = None
        bench.session.mode.changed.connect(self._forget)

    def _forget(self) -> None:
        self._snapped = None
        self._bench.canvas.update()

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Show what a click would snap to."""
        if self._bench.session.mode.tool != PLACE:
            return None
        self._snapped = self._bench.snapper.snap(*self._world(at), modifiers)
        self._bench.canvas.update()
        return Qt.CursorShape.CrossCursor

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Place a camera, while the gate allows it."""
        if self._bench.session.mode.tool != PLACE:
            return False
        if not self._placing.may_plan():
            return True
        self._pressed, self._snapped = at, self._bench.snapper.snap(*self._world(at), modifiers)
        self._dragging.begin()
        self._camera = self._made(at)
        self._show(self._camera)
        self._bench.session.select(self._camera.camera_id)
        return True

    def _made(self, at: QPointF) -> Camera:
        """Return the new camera; on a facade it looks the way that this does."""
        session, snapped = self._bench.session, self._snapped
        drawn = edits.new_camera(*self._world(at))
        values = put(drawn, self._world(at), snapped, self._bench.context.usual_of(drawn))
        if snapped is not None and snapped.outward_deg is not None:
            values["azimuth_deg"] = round((snapped.outward_deg + self._bench.city.convergence_deg) % 360.0, 1) % 360.0
        proposal = edits.planned(session.project, (replace(drawn, **values),), session.author)
        return edits.camera_after(proposal)

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Aim the camera at the pointer."""
        if self._camera is None or (at - self._pressed).manhattanLength() < LEAST_PX:
            return
        in_steps, lean = bool(modifiers & Modifiers.ShiftModifier), self._bench.city.convergence_deg
        self._camera = replace(self._camera, **turned(self._camera, self._world(at), lean, in_steps=in_steps))
        self._show(self._camera)

    def _show(self, camera: Camera) -> None:
        """Have the camera stand in the project; each time from the project before it was placed."""
        self._dragging.do(PLACED, edits.added(camera, self._bench.session.author))

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """Leave the camera as it is aimed; where none may stand placing goes on."""
        camera, self._camera, self._snapped = self._camera, None, None
        if camera is None:
            return
        self._dragging.end()
        if edits.camera_of(self._bench.session.project, camera.camera_id) is not None:
            self._placing.turn(False)

    def cancel(self) -> None:
        """Take the camera back."""
        if self._camera is not None:
            self._camera, self._snapped = None, None
            self._dragging.cancel()

    def key(self, event: QKeyEvent) -> bool:
        """Place a camera at the middle of the map, snapped as a click there would be."""
        if self._bench.session.mode.tool != PLACE or Qt.Key(event.key()) not in ENTER_KEYS:
            return False
        middle = QPointF(self._bench.canvas.rect().center())
        self.press(middle, event.modifiers())
        self.release(middle, event.modifiers())
        return True

    def _world(self, at: QPointF) -> tuple[float, float]:
        return self._bench.canvas.viewport.to_world(at.x(), at.y())

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint what is snapped to."""
        if self._snapped is None or self._bench.session.mode.tool != PLACE:
            return
        at = QPointF(*viewport.to_screen(self._snapped.x_m, self._snapped.y_m))
        text = self._bench.language(SNAPPED_TO[self._snapped.kind])
        draw_snap(painter, at, self._snapped, text, self._bench.canvas.palette_now)


KEY = "handles"


@dataclass(frozen=True, eq=False, slots=True)
class ByHand:
    """What lies over the map."""

    handles: Handles
    placing: PlacingByHand


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    handles = Handles(bench, commands.dragging)
    placing = PlacingByHand(bench, commands.placing, commands.dragging)
    for map_tool in (handles, placing):
        bench.canvas.add_map_tool(map_tool)
    return Tool(KEY, commands=ByHand(handles, placing))
