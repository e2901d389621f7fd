"""The three workspaces of the window: audit, plan and present, each with the panels of its work."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QToolBar

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.shell.docks import Docks
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import UserError

ARRANGED = 4  # number of the arrangement of panels; another number forgets what was kept


class Workspace(StrEnum):
    """What a person does with the project now."""

    AUDIT = "audit"
    PLAN = "plan"
    PRESENT = "present"


NAMES = {Workspace.AUDIT: marked("Audit"), Workspace.PLAN: marked("Plan"), Workspace.PRESENT: marked("Present")}
TIPS = {
    Workspace.AUDIT: marked("What today's cameras can see, what they must not see, and how to end it"),
    Workspace.PLAN: marked("Purposes, places, gaps, proposals and versions of the plan"),
    Workspace.PRESENT: marked("The map, its bookmarks and the decisions to be made, for an audience"),
}


class ShownPanel(NamedTuple):
    """In which workspaces a panel stands, and whether there is something in it."""

    works: tuple[Workspace, ...]
    has_content: Callable[[Session], bool | None]  # None: not known now, so it stays as it is


ALL = tuple(Workspace)


def _has_parts(session: Session) -> bool:
    return bool(session.project.confirmations or session.project.hand_made_parts)


def _lacks_mandate(session: Session) -> bool | None:
    """Say whether the gate asks for something; not known from an edit of the mandate until the next check."""
    if session.project.mandate is None:
        return True
    return None if session.gate is None else not session.gate.open


def _may_plan(session: Session) -> bool | None:
    """Say whether the gate is open; not known from an edit of what it stands on until the next check."""
    return None if session.gate is None and session.assessment is not None else session.may_plan


# Panels that no line names come when they are asked for. The first of a side that has something in it stands before others.
PANELS = {
    "layers": ShownPanel(ALL, lambda _session: True),
    "summary": ShownPanel(ALL, lambda _session: True),
    "bookmarks": ShownPanel(ALL, lambda session: bool(session.project.bookmarks)),
    "selected": ShownPanel(ALL, lambda _session: True),
    "mandate": ShownPanel((Workspace.PLAN,), _lacks_mandate),
    "parts": ShownPanel((Workspace.PLAN,), _has_parts),
    "findings": ShownPanel((Workspace.AUDIT, Workspace.PLAN), lambda session: session.assessment is not None),
    "candidates": ShownPanel((Workspace.PLAN,), _may_plan),
    "siting": ShownPanel((Workspace.PLAN,), lambda session: _may_plan(session) and _has_parts(session)),
    "versions": ShownPanel((Workspace.PLAN, Workspace.PRESENT), lambda session: bool(session.project.versions)),
    "cameras": ShownPanel((Workspace.AUDIT, Workspace.PLAN), lambda session: bool(session.project.cameras)),
    "unknown_use": ShownPanel((Workspace.AUDIT,), lambda session: session.assessment is not None),
}
OF_A_SPOT = ("why_not_seen",)  # panels that answer about a spot: they go with its project
FRONT = {
    Workspace.AUDIT: ("layers", "selected", "findings", "cameras"),
    Workspace.PLAN: ("layers", "mandate", "selected", "parts", "candidates", "findings", "cameras"),
    Workspace.PRESENT: ("layers", "bookmarks", "selected", "versions"),
}


class Workspaces(QObject):
    """Shows the panels of one workspace that have something in them; without a city none, so that the first card stands alone.

    A panel comes when there is something in it and goes when there is nothing. What a person closes stays closed in that
    workspace, what they call stays there.
    """

    changed = Signal()

    def __init__(self, window: QMainWindow, session: Session, docks: Docks, plans: Callable[[tuple[str, ...]], bool]) -> None:
        super().__init__(window)
        self._window, self._session, self._docks = window, session, docks
        self._plans = cache(plans)  # asked with each edit, of a drag at each step: packs are read once
        self.work = Workspace.AUDIT
        self._is_chosen = self._is_held = False  # by hand; while the map is shown alone
        self._due = frozenset[str]()  # the panels that should be shown
        self._staying = frozenset[str]()  # those of any workspace that have something in them, as far as is known
        self._closed: dict[Workspace, set[str]] = {work: set() for work in Workspace}
        self._called: dict[Workspace, set[str]] = {work: set() for work in Workspace}
        self._kept: dict[Workspace, QByteArray] = {}
        self._toolbar: QToolBar | None = None
        session.is_planning = self._is_planning
        session.left.connect(self._begin_anew)
        for signal in (session.project_changed, session.assessment_changed, session.gate_changed):
            signal.connect(self.follow)
        session.attention.bare_wished.connect(self._hold)
        self._show(frozenset())

    def take_toolbar(self, toolbar: QToolBar) -> None:
        """Show the toolbar with the panels."""
        self._toolbar = toolbar
        toolbar.setVisible(bool(self._due))

    # Which workspace

    def choose(self, work: Workspace) -> None:
        """Go to a workspace by hand: it stays until another project comes."""
        self._is_chosen = True
        self._enter(work)

    def fitting(self, project: Project) -> Workspace:
        """Return the workspace of a project: one with a mandate is planned where its rules ever plan, any other audited."""
        return Workspace.PLAN if project.mandate is not None and self._plans(project.packs) else Workspace.AUDIT

    def _is_planning(self) -> bool:
        work = self.fitting(self._session.project) if self.work is Workspace.PRESENT else self.work
        return work is Workspace.PLAN

    def _begin_anew(self) -> None:
        self._is_chosen, self._staying = False, frozenset()
        for key in OF_A_SPOT:
            self._docks.close(key)
            for called in self._called.values():
                called.discard(key)

    def _enter(self, work: Workspace) -> None:
        if work is self.work:
            return
        self.leave()
        looked_at = set[str]()
        if not self._is_chosen:  # what was called goes along where the project itself leads on
            self._called[work] |= self._called[self.work]
            looked_at = self._called[work] & self._docks.in_front
        self.work = work
        if self._is_open:
            self._arrange()
            for key in looked_at:
                self._docks.turn_to(key)
        self.changed.emit()

    # What is shown

    @property
    def _is_open(self) -> bool:
        return bool(self._session.project.crs)

    def _panels_due(self) -> frozenset[str]:
        if not self._is_open:
            return frozenset()
        found = {key: row.has_content(self._session) for key, row in PANELS.items()}
        self._staying = frozenset(key for key, has in found.items() if has or (has is None and key in self._staying))
        return frozenset(key for key in self._staying if self.work in PANELS[key].works)

    def follow(self) -> None:
        """Show what has come to have something in it, hide what has nothing any more."""
        if self._is_held:
            return
        if not self._is_chosen:
            self._enter(self.fitting(self._session.project))
        due = self._panels_due()
        if bool(due) and not self._due:
            self._arrange()
        elif due != self._due:
            self._show(due)

    def _show(self, due: frozenset[str]) -> None:
        """Show and hide what changes between what was due and what is."""
        if not due:  # no city: nothing but the first card
            self._docks.show_only(())
        else:
            for key in self._due - due:
                self._docks.close(key)
            for key in due - self._due:
                self._docks.open(key)
        self._due = due
        if self._toolbar is not None:
            self._toolbar.setVisible(bool(due))
        self._docks.tidy()

    def _arrange(self) -> None:
        """Arrange the panels of the workspace as they were left in it, the first time as the table has them."""
        due = self._panels_due()
        kept = self._kept.get(self.work)
        if kept is not None:
            self._window.restoreState(kept, ARRANGED)
        self._docks.show_only((due - self._closed[self.work]) | self._called[self.work])
        self._due = due
        if self._toolbar is not None:
            self._toolbar.setVisible(True)
        if kept is None:
            self._docks.size_up()
            for key in reversed(FRONT[self.work]):
                if key in due:
                    self._docks.turn_to(key)
        self._docks.tidy()

    def leave(self) -> None:
        """Keep how the panels stand in this workspace."""
        if not self._due or self._is_held:
            return
        shown = {key for key, dock in self._docks.docks.items() if not dock.isHidden()}
        self._closed[self.work] = set(self._due - shown)
        self._called[self.work] = shown - self._due
        self._kept[self.work] = self._window.saveState(ARRANGED)

    def _hold(self, is_bare: bool) -> None:
        """Leave the panels alone while the map has the whole screen."""
        if is_bare:
            self._is_held = True
        else:
            QTimer.singleShot(0, self, self._let_go)

    def _let_go(self) -> None:
        self._is_held = False
        self.follow()

    # From day to day

    def keep_in(self, kept: QSettings) -> None:
        """Keep how the panels of each workspace stand."""
        self.leave()
        for work, state in self._kept.items():
            kept.setValue(f"panels/{work}", state)
            kept.setValue(f"panels/{work}_closed", sorted(self._closed[work]))
            kept.setValue(f"panels/{work}_called", sorted(self._called[work]))

    def recall(self, kept: QSettings) -> None:
        """Take what was kept; what is shown now is arranged by it."""
        for work in Workspace:
            state = kept.value(f"panels/{work}")
            if isinstance(state, QByteArray):
                self._kept[work] = state
                self._closed[work] = _words(kept.value(f"panels/{work}_closed"))
                self._called[work] = _words(kept.value(f"panels/{work}_called"))
        if self._is_open:
            self._arrange()


def plans(context: AppContext, packs: tuple[str, ...]) -> bool:
    """Say whether these rules ever let anybody plan; a pack that is not there plans nothing."""
    try:
        planning = {pack.planning for pack in context.services.content.load_packs(packs)}
    except UserError:
        return False
    return "yes" in planning and "never" not in planning


def _words(kept: object) -> set[str]:
    """Return words that were kept: a list of one comes back as a word, of none as nothing."""
    words: Iterable[object] = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
    return {str(word) for word in words if word}
