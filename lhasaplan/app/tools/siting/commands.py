"""Work proposals out beside the window, show one on the map, put what is ticked of it into the plan; that can be undone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lhasaplan import workflow
from lhasaplan.app.commands.placing import Placing
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state import edits
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes import apply
from lhasaplan.core.project.plan import planned_project, with_plan
from lhasaplan.core.project.plan_step import only
from lhasaplan.core.project.project import Project
from lhasaplan.core.siting.option_words import OPTIONS

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect
    from lhasaplan.core.siting.disclosed_proposals import DisclosedOption
    from lhasaplan.core.siting.options import Option
    from lhasaplan.core.siting.robustness import Doubts
    from lhasaplan.workflow.siting import Proposals

LANE, TAKING_LANE, DOUBTS_LANE = "siting", "taking", "doubts"
LOOKING = marked("Checking what depends on assumed values …")
TRYING = marked("Computing the ticked items")
LESS = marked("Taken over. With the ticked items alone {lost} parts are served less than today. Undo reverses it.")
ASIDE = ("name", "journal", "versions", "bookmarks", "numbers")  # of a project: what no proposal hangs on


@dataclass(frozen=True, eq=False, slots=True)
class FoundOptions:
    """Proposals with the figures that may be disclosed, and the project that they were worked out for."""

    proposals: "Proposals"
    options: "tuple[DisclosedOption, ...]"
    discloses_all: bool  # may figures of protected places be told?
    project: Project


@dataclass(frozen=True, eq=False, slots=True)
class Hanging:
    """What of an option depends on assumed values and on weights; None where that is withheld."""

    doubts: "Doubts"
    by_weight: "Mapping[str, Sequence[str]] | None"


class Siting(QObject):
    """Behind the gate; what was found grows old with the first change of the project, and is young again when that is undone."""

    found = Signal(object)  # Found, None when there is none
    hanging = Signal(object, object)  # an option, and its Hanging
    aged = Signal(bool)  # is what was found older than the project?

    def __init__(self, bench: Workbench, placing: Placing) -> None:
        super().__init__()
        self._bench, self._placing = bench, placing
        self.last: FoundOptions | None = None
        self._looked_into, self._named = set["Option"](), set[str]()
        bench.session.left.connect(self._forget)
        for signal in (bench.session.project_changed, bench.session.gate_changed):
            signal.connect(self._judge_age)

    @property
    def is_old(self) -> bool:
        """Say whether the project is another than the one of the proposals."""
        now, last = self._bench.session.project, self.last
        kept = [field.name for field in fields(Project) if field.name not in ASIDE]
        return last is not None and any(getattr(now, name) is not getattr(last.project, name) for name in kept)

    def propose(self, budget: int) -> None:
        """Work the options out, with so many new cameras in the one with a budget; outside the gate say what is missing."""
        if not self._placing.may_plan():
            return
        project, engine = self._bench.session.project, self._bench.engine

        def work(report: Report) -> FoundOptions:
            proposals = engine.propose(project, budget, report)
            reported = workflow.disclosed_proposals(proposals, private=project.has_opened)
            return FoundOptions(proposals, reported.options, reported.discloses_all, project)

        self._bench.notices.start(LANE, work, self._take)

    def look_into(self, reported: "DisclosedOption") -> None:
        """Compute in the background what of an option depends on assumptions and weights; once for each."""
        found = self.last
        if found is None or reported.option in self._looked_into:
            return

        def work(report: Report) -> Hanging:
            report(0.1, LOOKING)
            return Hanging(*workflow.hanging_on(found.proposals, reported.option, discloses_all=found.discloses_all))

        def take(hanging: Hanging) -> None:
            if self.last is found:
                self._looked_into.add(reported.option)  # not before: of those that wait only the newest is looked into
                self._name(found, (key for keys in (hanging.by_weight or {}).values() for key in keys))
                self.hanging.emit(reported.option, hanging)

        self._bench.jobs.start(DOUBTS_LANE, work, take, self._bench.notices.note_error)

    def cancel(self) -> None:
        """Stop working proposals out; what was found before stays."""
        self._bench.jobs.cancel(LANE)

    def _name(self, found: FoundOptions, camera_ids: Iterable[str]) -> None:
        """Have the proposed cameras among these named, by what and where they would be."""
        known = {camera.camera_id for camera in found.project.cameras}
        self._named |= {key for key in camera_ids if key not in known}
        states = (state.camera for state in found.proposals.council.table.states)
        self._bench.names.name_cameras_too(tuple(each for each in states if each.camera_id in self._named))

    def _take(self, found: FoundOptions) -> None:
        self._bench.jobs.cancel(DOUBTS_LANE)
        self._looked_into.clear()
        self._named.clear()
        self._name(found, (key for reported in found.options for key in reported.option.proposal.camera_ids))
        self.last = found
        self.found.emit(found)
        self._judge_age()

    def _judge_age(self) -> None:
        if self.last is not None:
            self.aged.emit(self.is_old or not self._bench.session.may_plan)

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self._bench.jobs.cancel(TAKING_LANE)
        self._bench.jobs.cancel(DOUBTS_LANE)
        self._looked_into.clear()
        self.last = None
        self.found.emit(None)

    def show(self, reported: "DisclosedOption", camera_ids: Collection[str]) -> None:
        """Lay the plan with what is ticked of an option beside the current one on the map."""
        proposals = self._bench.proposals
        if self.is_old or not self._bench.session.may_plan:
            return
        ticked, cameras = only(reported.option.proposal, camera_ids), with_plan(self._bench.session.project)
        allowance = reported.option.allowance
        name = partial(self._bench.language, OPTIONS[allowance.name], most=allowance.most_new)
        proposals.beside_wished.emit(name, apply(ticked, cameras) if ticked.changes else None)

    def take_over(self, reported: "DisclosedOption", camera_ids: Collection[str]) -> None:
        """Put what is ticked of an option into the plan, once gate and guard have let just that pass."""
        last, project, engine = self.last, self._bench.session.project, self._bench.engine
        if last is None or self.is_old or not self._placing.may_plan():
            return
        ticked, live = only(reported.option.proposal, camera_ids), last.proposals.council.live

        def work(report: Report) -> "ChangeEffect":
            return engine.evaluate(live, planned_project(project), ticked, lambda share, _step: report(share, TRYING))

        def take(effect: "ChangeEffect") -> None:
            session = self._bench.session
            if session.project is not project:
                return  # changed while it was tried
            self._bench.proposals.beside_wished.emit(str, None)
            ticked_by_name = replace(ticked, about=ticked.about or str(reported.option.allowance.name))
            session.edit(marked("Take over a proposal"), edits.accepted(project, ticked_by_name, session.author)[1])
            if effect.lost:
                self._bench.notices.note(LESS, tone=Tone.NOTE, lost=len(effect.lost))

        self._bench.notices.start(TAKING_LANE, work, take)
