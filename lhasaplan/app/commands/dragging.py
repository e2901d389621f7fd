"""Drag the selected camera on the map: each drag or turn is one step that can be taken back."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.history import NO_GESTURE
from lhasaplan.core.base.wording import marked


class Dragging:
    """Makes edits of what the mouse does to a camera."""

    def __init__(self, bench: Workbench) -> None:
        self._session, self._city, self._sight, self._map = bench.session, bench.city, bench.sight, bench.map
        self._gesture = NO_GESTURE
        canvas = bench.canvas
        canvas.drag_started.connect(self._begin)
        canvas.camera_dragged.connect(self._move)
        canvas.camera_turned.connect(self._turn)
        canvas.drag_ended.connect(self._end)

    def _begin(self) -> None:
        self._sight.mark_start()
        self._gesture, self._map.is_dragging = self._session.history.new_gesture(), True

    def _move(self, camera_id: str, x_m: float, y_m: float) -> None:
        edit = edits.moved(camera_id, x_m, y_m, self._session.author)
        self._session.edit(marked("Move camera"), edit, self._gesture)

    def _turn(self, camera_id: str, grid_deg: float) -> None:
        edit = edits.turned(camera_id, grid_deg + self._city.convergence_deg, self._session.author)
        self._session.edit(marked("Turn camera"), edit, self._gesture)

    def _end(self) -> None:
        self._gesture, self._map.is_dragging = NO_GESTURE, False
        self._map.redraw_all()
