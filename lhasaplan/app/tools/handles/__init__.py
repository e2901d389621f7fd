"""The tool with which cameras are placed, moved, turned and opened on the map itself, and snap to what they hang on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.placing import PLACE, Dragging, Placing
from lhasaplan.app.commands.tool import Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.canvas import ENTER_KEYS
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state import edits
from lhasaplan.app.tools.handles.handles import LEAST_PX, SNAPPED_TO, Handles
from lhasaplan.app.tools.handles.spots import draw_snap, put, turned
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera

if TYPE_CHECKING:
    from lhasaplan.core.site.snapping import Snapped

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
        values = put(drawn, self._world(at), snapped, self._bench.engine.usual_of(drawn))
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
