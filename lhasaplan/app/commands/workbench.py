"""Session, context, jobs, map and dialogs in one value; how commands tell things; and what a tool adds to the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QWidget

from lhasaplan import workflow
from lhasaplan.app.dialogs import Dialogs
from lhasaplan.app.jobs import Jobs, Report
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.city import City, Snapper, SpotQuestions
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.jobs.map_updater import MapUpdater, ShownProposals
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.state import Bookmarks, Session
from lhasaplan.app.state.selection import Notice, Offer, Tone, always
from lhasaplan.core.base.translations import first_of_each, marked, shortened
from lhasaplan.core.project.project import Project
from lhasaplan.errors import DraftsError, Fault, GateError, UserError
from lhasaplan.ports import Services

# How commands tell things: how work ended in the strip over the map, refusals in a box, trouble behind in the status line.

WRITTEN = marked("These drafts were written:")
FAILED = marked("This did not work")
UNDO = marked("Undo")
DO_MISSING, MANDATE_PANEL = marked("Complete what is missing…"), "mandate"  # the panel of the gate
Result = TypeVar("Result")
Action = tuple[str, Callable[[], object]]


@dataclass(frozen=True, eq=False, slots=True)
class _Undoing:
    """Takes back the step that led to a project, while nothing was done or undone since."""

    session: Session
    after: Project

    def holds(self) -> bool:
        """Say whether it can still be taken back by this."""
        return self.session.project is self.after

    def __call__(self) -> None:
        """Take it back."""
        if self.holds():
            self.session.history.undo()


class Notices:
    """Shows notices in the user's language, and starts work whose failure is reported."""

    def __init__(self, session: Session, dialogs: Dialogs, language: Language, jobs: Jobs) -> None:
        self._session, self._dialogs, self._say, self._jobs = session, dialogs, language, jobs
        self._reported: set[str] = set()
        session.left.connect(self._reported.clear)
        session.left.connect(lambda: dialogs.forget_words())  # noqa: PLW0108 - asked when it is needed

    def tell(self, template: str, lines: Sequence[str] = ()) -> None:
        """Tell a sentence, and a list under it."""
        self._dialogs.tell("lhasaplan", [self._say(template), *lines])

    def note(
        self,
        template: str,
        lines: Callable[[], Sequence[str]] = tuple,
        tone: Tone = Tone.DONE,
        actions: Sequence[Action] = (),
        *,
        stays: bool = False,
        holds: Callable[[], bool] = always,
        **params: str | int,
    ) -> None:
        """Tell how something ended in the strip over the map; ``actions`` are (template, what it does).

        ``lines`` are asked for again when the language is switched, and so say what they say in that of the moment.
        """
        offers = tuple(
            Offer(partial(self._say, name), does, does.holds if isinstance(does, _Undoing) else always) for name, does in actions
        )
        self._session.attention.note(Notice(partial(self._say, template, **params), lines, tone, offers, stays, holds))

    def undoing(self, before: Project) -> tuple[Action, ...]:
        """Return the button that takes back the step that led from a project to the current one, if nothing was done since.

        There is none where no step was done, as while the project is held: it would take back another one.
        """
        after = self._session.project
        return () if after is before else ((UNDO, _Undoing(self._session, after)),)

    def note_remarks(self, template: str, remarks: Sequence[Fault], actions: Sequence[Action] = ()) -> None:
        """Tell how something ended, with what is to be noted about it."""
        self.note(template, self.said_of(remarks), Tone.NOTE if remarks else Tone.DONE, actions)

    def said_of(self, remarks: Sequence[Fault]) -> Callable[[], list[str]]:
        """Return what says remarks in the language of the moment, the many of one kind together."""
        return lambda: [self._say.fault(fault) for fault in first_of_each(remarks)]

    def tell_error(self, error: UserError) -> None:
        """Tell in a box everything that is wrong: an answer that what was asked now waits for."""
        self._dialogs.tell(self._say(FAILED), self._error_lines(error))

    def note_error(self, error: UserError) -> None:
        """Tell in the strip that work failed, everything that is wrong, and which drafts were written all the same.

        What the gate refused is told until the project is another one: the next step may have been let pass.
        """
        to_do: Action = (DO_MISSING, lambda: self._session.attention.bring(MANDATE_PANEL))
        is_refused, refused = isinstance(error, GateError), self._session.project
        holds = (lambda: self._session.project is refused) if is_refused else always
        lines, actions = partial(self._error_lines, error), (to_do,) if is_refused else ()
        self.note(FAILED, lines, Tone.TROUBLE, actions, holds=holds)

    def _error_lines(self, error: UserError) -> list[str]:
        lines = [self._say.fault(fault) for fault in shortened(error.faults)]
        return [*lines, self._say(WRITTEN), *error.files] if isinstance(error, DraftsError) and error.files else lines

    def tell_once(self, error: UserError) -> None:
        """Tell what failed in the background: in a box the first time, then only in the status line."""
        text = " ".join(self._say.fault(fault) for fault in error.faults)
        self._session.attention.say(text)
        if text not in self._reported:
            self._reported.add(text)
            self.tell_error(error)

    def remark(self, remark: Fault | None) -> None:
        """Say a remark in the status line."""
        if remark is not None:
            self._session.attention.say(self._say.fault(remark))

    def start(self, lane: str, work: Callable[[Report], Result], done: Callable[[Result], object]) -> None:
        """Start work beside the window; what goes wrong is reported in the strip."""
        self._jobs.start(lane, work, done, self.note_error)


# What a tool adds to the window: panels, entries of menus, entries of the menu of a spot.

Side = Qt.DockWidgetArea


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off: an entry with it has a tick that follows."""

    turn: Callable[[bool], None]
    is_on: Callable[[], bool]
    changed: SignalInstance


@dataclass(frozen=True, slots=True)
class ToolCondition:
    """When an entry can be used; the entry listens to ``changed``."""

    holds: Callable[[], bool]
    changed: tuple[SignalInstance, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu: what it is called, what it does, its keys. ``does`` is what it runs, or the switch that it turns."""

    key: str
    text: str
    does: Callable[[], object] | Switch
    shortcut: str = ""
    condition: ToolCondition | None = None


@dataclass(frozen=True, slots=True)
class SpotEntry:
    """One entry of the menu of a spot on the map."""

    text: str
    run: Callable[[float, float], object]
    is_offered: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel beside the map, at a side or as a tab behind another panel; or a page ``within`` one.

    One that ``stays`` is about the selected cameras and is not hidden by their record when one is selected. Of a page ``told``
    says whether there is something in it.
    """

    key: str
    title: str
    widget: QWidget
    side: Side = Side.RightDockWidgetArea
    behind: str = ""
    within: str = ""
    told: SignalInstance | None = None
    stays: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Tool:
    """What one tool adds. ``entries`` are by the title of their menu; ``commands`` is what they run."""

    key: str
    panels: tuple[Panel, ...] = ()
    entries: tuple[tuple[str, Entry], ...] = ()
    spot_entries: tuple[SpotEntry, ...] = ()
    commands: object = None


# Session, context, jobs, map and dialogs in one value: what commands, tools and panels work with, without the window itself.


@dataclass(frozen=True, eq=False, slots=True)
class Workbench:
    """State, context, boxes, the map, and the work that goes on beside the window."""

    session: Session
    context: AppContext
    jobs: Jobs
    language: Language
    dialogs: Dialogs
    notices: Notices
    canvas: MapCanvas
    city: City
    sight: LiveSight
    map: MapUpdater
    spots: SpotQuestions
    proposals: ShownProposals
    bookmarks: Bookmarks
    snapper: Snapper
    names: Names

    @property
    def services(self) -> Services:
        """Return the services behind the use cases."""
        return self.context.services

    def area_names(self) -> tuple[str, ...]:
        """Return the names of the project's areas; a protected place among them lends its name to none."""
        return tuple(workflow.areas_by_name(self.session.project, self.services.content.load_protected_kinds()))
