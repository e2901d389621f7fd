"""The state of the window in one place: project, results, history, selection, shown layers; commands change it, panels hear."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan.app.state.edits import NO_GESTURE, Edit, History
from lhasaplan.app.state.selection import LOOK, Attention, CameraFinder, Mode, Preferences, RecentProjects, Selection, ShownLayers
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import changed_ids
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.numbering import numbered_after, plan_numbers
from lhasaplan.core.project.project import Bookmark, PlaceKey, Project
from lhasaplan.core.records.schedule import Author
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.ports import KeptProject, Store

SETTLE_MS = 100  # from one time that panels follow a drag to the next


class Session(QObject):
    """Holds frozen values only; every edit goes through :meth:`edit`."""

    left = Signal()  # another project comes: forget what was shown of this one
    project_changed = Signal()
    project_settled = Signal()  # the same; in a drag not at each step, but a few times a second, and when it ends
    layers_changed = Signal()  # the city itself: layers, terrain, CRS or another project
    assessment_changed = Signal()
    selection_changed = Signal()
    gate_changed = Signal()
    decisions_changed = Signal()  # what people decided about candidates
    steps_changed = Signal()  # what can be undone and redone
    document_changed = Signal()  # where it is kept, or unsaved state

    def __init__(self, today: str, shown: Iterable[str] = ()) -> None:
        super().__init__()
        self.project = Project()
        self.is_held = False  # as in a meeting
        self.is_dragging = False  # a camera, by a handle
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self.project_settled)
        self.is_planning: Callable[[], bool] = lambda: False  # the window shows a plan, not today's cameras alone
        self.assessment: Assessment | None = None
        self._assessed: Project | None = None
        self._whole: Assessment | None = None  # results as they are, while others look on
        self._gate: Gate | None = None
        self.store: Store | None = None
        self._key: PlaceKey | None = None
        self.author, self.preferences = Author("", today), Preferences(self)
        self._finder, self._changed_ids = CameraFinder(), frozenset[str]()
        self._compared: tuple[tuple[Camera, ...], tuple[Camera, ...]] = ((), ())
        self._numbers_of, self._plan_numbers = tuple[object, ...](), dict[str, str]()
        self.selection, self.history = Selection(self), History(self)
        self.shown, self.mode, self.attention = ShownLayers(shown, self, self.history), Mode(self), Attention(self)
        self.recent = RecentProjects(self)
        # Signal to signal: these connections end with the session, before the history clears itself and tells of it.
        self.history.cleanChanged.connect(self.document_changed)
        self.history.indexChanged.connect(self.steps_changed)
        self.history.indexChanged.connect(self.document_changed)
        self.selection.changed.connect(self.selection_changed)

    def open(self, project: Project, store: Store | None, key: PlaceKey | None = None) -> None:
        """Start anew with a project, the store that keeps it, and the key of closed places that lie open in it."""
        self.left.emit()
        self.mode.use(LOOK)
        self.history.clear()
        self.store, self._key = store, key
        self.assessment, self._assessed, self._gate, self._whole = None, None, None, None
        self.project, self.selection.ids = project, ()
        if store is not None:
            self.recent.note(store.address)
        self.layers_changed.emit()
        self._tell_of_project()
        self.assessment_changed.emit()
        self.selection.changed.emit()
        self.document_changed.emit()

    def show_project(self, project: Project) -> None:
        """Take a project as the current one and say what changed (called by the steps of the history)."""
        before, self.project = self.project, project
        others = (field.name for field in fields(Project) if field.name != "bookmarks")
        if self._assessed is before and all(getattr(before, name) is getattr(project, name) for name in others):
            self._assessed = project  # views that are named change no answer
        self.selection.keep(lambda camera_id: self.camera(camera_id) is not None)
        is_same_ground = before.terrain is project.terrain or before.terrain == project.terrain
        if before.layers is not project.layers or before.crs != project.crs or not is_same_ground:
            self.layers_changed.emit()
        if before.confirmations is not project.confirmations or before.excuses is not project.excuses:
            self.decisions_changed.emit()
        self._tell_of_project()

    def _tell_of_project(self) -> None:
        """Say that the project changed; what is shown beside the map need not follow each step of a drag."""
        self.project_changed.emit()
        if not self.is_dragging:
            self.project_settled.emit()
        elif not self._settling.isActive():
            self._settling.start()

    def follow_drag(self, is_dragging: bool) -> None:
        """Note that a drag begins or has ended."""
        has_ended, self.is_dragging = self.is_dragging and not is_dragging, is_dragging
        if has_ended:
            self._settling.stop()
            self.project_settled.emit()

    def hold(self, on: bool) -> None:
        """Hold the project as it is: while it is held no edit is taken, none taken back and none done again.

        Others look on meanwhile, so results are those that outputs tell.
        """
        self.is_held = self.history.is_held = on
        whole = self._whole or self.assessment
        if whole is not None and whole.disclosed is not None:
            self._show_results(whole)

    def edit(self, template: str, edit: Edit, gesture: int = NO_GESTURE) -> None:
        """Do an undoable edit.

        Within a gesture each edit starts from the project before the gesture, so a drag leaves one correction, not many.
        """
        if self.is_held:
            return
        before = self.history.base(gesture, self.project)
        after = numbered_after(before, edit(before))
        if after is not self.project:
            self.history.add(self, after, template, gesture)

    @property
    def selected_id(self) -> str:
        """Return the id of the selected camera; empty for none."""
        return self.selection.last

    @property
    def selected(self) -> Camera | None:
        """Return the selected camera."""
        return self.camera(self.selected_id) if self.selected_id else None

    def camera(self, camera_id: str) -> Camera | None:
        """Return the camera with this id as it is recorded now."""
        return self._finder.find(self.project.cameras, camera_id)

    def audited(self, camera_id: str) -> Camera | None:
        """Return a camera as the shown answers knew it."""
        results = self.assessment.cameras if self.assessment is not None else ()
        return next((each.placed.camera for each in results if each.placed.camera.camera_id == camera_id), None)

    def select(self, camera_id: str) -> None:
        """Select one camera; an empty id lets go."""
        self.selection.choose(*([camera_id] if camera_id else []))

    def set_assessment(self, assessment: Assessment, of: Project) -> None:
        """Show new results, and remember which project they are of."""
        self._assessed, self._gate = of, assessment.gate
        self._show_results(assessment)

    def _show_results(self, whole: Assessment) -> None:
        reported = whole.disclosed if self.is_held else None
        self.assessment, self._whole = (reported, whole) if reported is not None else (whole, None)
        self.assessment_changed.emit()

    @property
    def plan_numbers(self) -> Mapping[str, str]:
        """Return what planned cameras are called by on maps and in papers (P3; 7→ for how one is to be), by id."""
        project = self.project
        given = project.numbers, project.plan, len(project.cameras)
        if given != self._numbers_of:  # asked at each step of a drag, which gives no number
            self._numbers_of, self._plan_numbers = given, plan_numbers(project)
        return self._plan_numbers

    @property
    def is_stale(self) -> bool:
        """Say whether the project was changed since its results."""
        return self.assessment is not None and self._assessed is not self.project

    @property
    def current_results(self) -> Assessment | None:
        """Return the results if they are of the project as it is now."""
        return None if self.is_stale else self.assessment

    @property
    def kept_results(self) -> Assessment | None:
        """Return the results of the current project as a file keeps them, also while a meeting is shown."""
        return None if self.is_stale else self._whole or self.assessment

    def is_as_assessed(self, camera_id: str) -> bool:
        """Say whether a camera is recorded now as it was when the results were computed."""
        judged = self._finder.find(self._assessed.cameras, camera_id) if self._assessed is not None else None
        return judged is not None and judged == self.camera(camera_id)

    @property
    def changed_ids(self) -> frozenset[str]:
        """Return the cameras that are recorded otherwise now than when the results were computed, or are gone."""
        judged = self._assessed.cameras if self._assessed is not None else ()
        compared = judged, self.project.cameras
        if compared[0] is not self._compared[0] or compared[1] is not self._compared[1]:  # asked by several with each edit
            self._compared, self._changed_ids = compared, changed_ids(*compared)
        return self._changed_ids

    @property
    def gate(self) -> Gate | None:
        """Return the gate as last judged; None when never, or when what it stands on was changed since."""
        judged, now = self._assessed, self.project
        if self._gate is None or judged is None:
            return None
        same = judged.layers is now.layers and judged.mandate is now.mandate and judged.packs == now.packs
        return self._gate if same and judged.declarations == now.declarations else None

    @property
    def may_plan(self) -> bool:
        """Say whether planned cameras are looked at (outside the gate none is)."""
        return self.gate is not None and self.gate.open

    def set_gate(self, gate: Gate) -> None:
        """Take the gate as judged again, after a planned camera was placed or moved."""
        self._gate = gate
        self.gate_changed.emit()

    @property
    def is_dirty(self) -> bool:
        """Say whether there is something to save."""
        return self.history.has_changes

    def opened_in(self, store: Store) -> KeptProject:
        """Return the project as it is now, with the key of its closed places, to be kept in a store."""
        return KeptProject(self.project, store, self._key)

    def mark_saved(self, store: Store) -> None:
        """Remember where the project is kept and that it is saved."""
        self.store = store
        self.recent.note(store.address)
        self.history.setClean()
        self.document_changed.emit()


# Keep named views of the project, and step through them one by one.

Views = tuple[Bookmark, ...]


class Bookmarks(QObject):
    """Reads and edits the bookmarks of the project; each edit can be undone. Names are unique."""

    changed = Signal()
    visited = Signal(object)  # Bookmark: show it

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: Views = ()
        self.at = -1  # number of the view that was gone to last, -1 for none
        session.project_changed.connect(self._follow)

    @property
    def views(self) -> Views:
        """Return the bookmarks in the order in which they are stepped through."""
        return self._session.project.bookmarks

    def add(self, view: Bookmark) -> Bookmark:
        """Keep a view under its name, or a name like it that is free; returns it as it is kept."""
        kept = replace(view, name=self._free(view.name))
        self._edit(marked("Add bookmark"), lambda views: (*views, kept))
        return kept

    def remove(self, number: int) -> None:
        """Take a view out."""
        self._edit(marked("Remove bookmark"), lambda views: views[:number] + views[number + 1 :])

    def rename(self, number: int, name: str) -> None:
        """Give a view another name; an empty one is not taken."""
        name = name.strip()
        if name and name != self.views[number].name:
            named = replace(self.views[number], name=self._free(name))
            self._edit(marked("Rename bookmark"), lambda views: (*views[:number], named, *views[number + 1 :]))

    def move(self, number: int, to: int) -> None:
        """Put a view elsewhere in the order."""

        def moved(views: Views) -> Views:
            others = [*views[:number], *views[number + 1 :]]
            others.insert(to, views[number])
            return tuple(others)

        self._edit(marked("Move bookmark"), moved)

    def visit(self, number: int) -> None:
        """Go to a view; none of that number is left alone."""
        if 0 <= number < len(self.views):
            self.at = number
            self.visited.emit(self.views[number])

    def step(self, by: int) -> None:
        """Go to the next view, or with -1 to the one before; round from the last to the first."""
        if self.views:
            self.visit((self.at + by) % len(self.views) if self.at >= 0 or by > 0 else len(self.views) - 1)

    def _free(self, name: str) -> str:
        taken = {view.name for view in self.views}
        tried = (name if n == 1 else f"{name} {n}" for n in count(1))
        return next(one for one in tried if one not in taken)

    def _edit(self, template: str, change: Callable[[Views], Views]) -> None:
        def edit(project: Project) -> Project:
            after = change(project.bookmarks)
            return project if after == project.bookmarks else replace(project, bookmarks=after)

        self._session.edit(template, edit)

    def _follow(self) -> None:
        if self.views is not self._known:
            self._known = self.views
            self.at = min(self.at, len(self.views) - 1)
            self.changed.emit()
