"""What cameras and parts are called in the window: worked out beside it, the identifier until then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan import workflow
from lhasaplan.app.jobs import Jobs
from lhasaplan.app.look import Language
from lhasaplan.app.state import Session
from lhasaplan.core.changes.proposal import replaced
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import PartResult
from lhasaplan.errors import UserError

if TYPE_CHECKING:
    from lhasaplan.core.city.streets import NearestStreet

LANE = "names"
QUIET_MS = 150  # a drag asks for no name at each step


@dataclass(frozen=True, slots=True)
class CalledInWindow:
    """What things are called, by identifier."""

    cameras: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    walls: Mapping[str, str] = field(default_factory=dict)


class Names(QObject):
    """Follows cameras, streets, parts and language."""

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, language: Language) -> None:
        super().__init__()
        self._session, self._jobs, self._say = session, jobs, language
        self._streets: tuple[object, NearestStreet] | None = None  # of which roads, and what finds them
        self._called, self._made_from = CalledInWindow(), tuple[object, ...]()
        self._named: tuple[Camera, ...] = ()
        self._too: tuple[tuple[Part, ...], Mapping[str, Mapping[str, str]]] = ((), {})
        self._cameras_too: tuple[Camera, ...] = ()
        self.are_held: Callable[[], bool] = lambda: False  # a drag is going on, which needs the interpreter itself
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._order)
        session.left.connect(self._forget)
        for signal in (session.project_changed, session.assessment_changed, language.changed):
            signal.connect(self._quiet.start)

    def camera(self, camera_id: str) -> str:
        """Return what a camera is called."""
        return self._called.cameras.get(camera_id, camera_id)

    def thing(self, ident: str) -> str:
        """Return what a camera is called, or a building that stands in the view of one."""
        return self._called.walls.get(ident) or self.camera(ident)

    def part(self, part_id: str) -> str | None:
        """Return what a part is called; None until that is known."""
        return self._called.parts.get(part_id)

    def name_too(self, parts: tuple[Part, ...], terms: Mapping[str, Mapping[str, str]]) -> None:
        """Name these parts besides those of the results; those keep the lower numbers where several are called alike."""
        self._too = parts, terms
        self._quiet.start()

    def name_cameras_too(self, cameras: tuple[Camera, ...]) -> None:
        """Name these cameras besides those of the project, distinguished among themselves: they are only proposed."""
        self._cameras_too = cameras
        self._quiet.start()

    def _forget(self) -> None:
        self._jobs.cancel(LANE)
        self._quiet.stop()
        self._cameras_too = ()
        self._called, self._made_from, self._too = CalledInWindow(), (), ((), {})

    def _order(self) -> None:
        """Work names out anew when what they are made from was changed; a camera that is turned keeps its name."""
        if self.are_held():
            self._quiet.start()
            return
        project, results, translations = self._session.project, self._session.assessment, self._say.translations
        judged = tuple(each.part for each in results.parts or ()) if results is not None else ()
        known = {part.part_id for part in judged}
        parts = (*judged, *(part for part in self._too[0] if part.part_id not in known))
        built = _buildings_in(results.parts or ()) if results is not None else frozenset()
        too = self._cameras_too
        given = (project.numbers, project.plan)
        made_from, named = (project.layers.get("roads"), translations.language, parts, built, too, given), project.cameras
        if (made_from == self._made_from and _are_named_alike(self._named, named)) or not project.crs:
            return
        self._made_from, self._named = made_from, named
        terms = {**self._too[1], **(results.terms if results is not None else {})}

        def work(_report: object) -> CalledInWindow:
            from lhasaplan.core.city.human_names import part_names, wall_names
            from lhasaplan.core.project.numbering import part_numbers
            from lhasaplan.report.text import words

            streets = self._streets_of(project)
            proposed = workflow.camera_names(replace(project, cameras=too), streets, translations) if too else {}
            cameras = {**proposed, **workflow.camera_names(project, streets, translations)}
            walls = wall_names(built, project.layers, streets, translations) if built else {}
            said = {key: translations(text) for key, text in words.PART_KINDS.items()} | words.category_words(terms, translations)
            numbers = part_numbers(project)
            return CalledInWindow(cameras, part_names(parts, project.layers, streets, said, translations, numbers=numbers), walls)

        self._jobs.start(LANE, work, self._take, self._fail, follow=True)

    def _streets_of(self, project: Project) -> "NearestStreet":
        """Return the streets by which things are named; made once for the roads of a project."""
        from lhasaplan.core.city.streets import NearestStreet

        roads, kept = project.layers.get("roads"), self._streets
        if kept is None or kept[0] is not roads:
            self._streets = kept = roads, NearestStreet(roads, None)
        return kept[1]

    def _take(self, called: CalledInWindow) -> None:
        if called != self._called:
            self._called = called
            self.changed.emit()

    def _fail(self, _error: UserError) -> None:
        """Keep what things were called; the next edit asks again."""
        self._made_from = ()


def _buildings_in(parts: Sequence[PartResult]) -> frozenset[str]:
    """Return the ids of buildings that hide parts, or would carry a camera."""
    hiding = (by for part in parts for by in part.blocker_kinds)
    carrying = (str(option.values["building"]) for part in parts for option in part.service if option.values.get("building"))
    return frozenset((*hiding, *carrying))


def _are_named_alike(before: Sequence[Camera], after: Sequence[Camera]) -> bool:
    rows = replaced(before, after)
    return rows is not None and all(_named_by(before[row]) == _named_by(after[row]) for row in rows)


def _named_by(camera: Camera) -> tuple[object, ...]:
    return camera.name, camera.kind, camera.x_m, camera.y_m
