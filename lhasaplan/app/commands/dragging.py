"""Change cameras while the mouse or a key holds them: each drag is one step that can be taken back, and Esc takes it back."""

from lhasaplan.app.commands.refused_ground import refused_ground
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.history import NO_GESTURE
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project

MOVE, TURN = marked("Move camera"), marked("Turn camera")


class Dragging:
    """One drag at a time. What a drag did is refused at its end where no planned camera may be; the reason is said."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._session, self._map = bench, bench.session, bench.map
        self._gesture = NO_GESTURE
        self._before: Project | None = None  # as the drag found it
        self._last = NO_GESTURE
        bench.session.left.connect(self._forget)

    @property
    def is_on(self) -> bool:
        """Say whether something is held."""
        return self._gesture != NO_GESTURE

    def begin(self, *, goes_on: bool = False) -> None:
        """Begin a drag: effects are told against the city as it is now; one that ``goes_on`` is a step with the last one."""
        if not goes_on or self._last == NO_GESTURE:
            self._bench.sight.mark_start()
            self._last = self._session.history.new_gesture()
        self._gesture, self._map.is_dragging = self._last, True
        self._before = self._session.project

    def change(self, template: str, camera_id: str, values: edits.Values) -> None:
        """Give a camera other values than it had when the drag began."""
        self._session.edit(template, edits.changed(camera_id, values, self._session.author), self._gesture)

    def change_all(self, template: str, cameras: tuple[Camera, ...]) -> None:
        """Give several cameras the values of these."""
        self._session.edit(template, edits.changed_to(cameras, self._session.author), self._gesture)

    def do(self, template: str, edit: edits.Edit) -> None:
        """Do any other edit as part of the drag."""
        self._session.edit(template, edit, self._gesture)

    def end(self) -> None:
        """End a drag; one that leaves a planned camera where none may be is taken back, and the reason is said."""
        refused = refused_ground(self._bench, self._put())
        gesture = self._gesture
        self._forget()
        if refused:
            self._session.history.drop(gesture)
            self._session.attention.say(refused)
        self._map.catch_up()

    def _put(self) -> tuple[Camera, ...]:
        """Return the planned cameras that the drag put where they did not stand before."""
        now = self._session.project.cameras
        if self._before is None or now is self._before.cameras:
            return ()
        places = {(c.camera_id, c.x_m, c.y_m, c.mount, c.mount_height_m) for c in self._before.cameras}
        is_new = (c for c in now if c.status is Status.PLANNED)
        return tuple(c for c in is_new if (c.camera_id, c.x_m, c.y_m, c.mount, c.mount_height_m) not in places)

    def cancel(self) -> None:
        """Take back what the drag did; nothing of it can be redone."""
        gesture = self._gesture
        self._forget()
        self._session.history.drop(gesture)
        self._map.catch_up()

    def _forget(self) -> None:
        self._gesture, self._map.is_dragging, self._before = NO_GESTURE, False, None
