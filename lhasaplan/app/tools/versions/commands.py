"""Keep, drop, compare and take over versions of a plan; what is taken over goes into the plan, and can be undone as one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lhasaplan import workflow
from lhasaplan.app.commands.looking import Looking
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.jobs.live_sight import result_in
from lhasaplan.app.map.cones import Overlays, prepare_overlays
from lhasaplan.app.map.sight import CurrentSight, seen_of
from lhasaplan.app.state import edits
from lhasaplan.app.state.selection import LOOK
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import Proposal, apply
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.plan import about_with_plan, with_plan
from lhasaplan.core.project.plan_step import PlanVersion, free_name, leading_to, only
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Author
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Finding, Mitigation

if TYPE_CHECKING:
    from lhasaplan.core.live.live_answers import Live
    from lhasaplan.core.live.plan_options import PlanComparison

LANE = "versions"
NOW = ""  # in place of a name: the cameras as they are now
COMPARING, TAKING = marked("Comparing the plans"), marked("Trying the version")
NOW_NAMED, MITIGATED = marked("Now"), marked("After the remedy")
NOT_YET = marked("The map is still loading. Compare when the cameras show what they see.")
Called = Callable[[], str]  # what a plan is called in the language of the moment
Side = tuple[Called, tuple[Camera, ...]]  # what a plan is called, and its cameras


@dataclass(frozen=True, eq=False, slots=True)
class FoundComparison:
    """A comparison as it is shown: the names of the plans, what each looks like on the map, and what changes."""

    called: tuple[Called, Called]
    comparison: "PlanComparison"
    overlays: tuple[Overlays, Overlays]
    version: str = ""  # that can be taken over; empty where the first plan is not that of now
    of_now: int | None = None  # which of the two has the cameras of now

    @property
    def names(self) -> tuple[str, str]:
        """Return what the plans are called."""
        return self.called[0](), self.called[1]()


class Versioning(QObject):
    """Versions are part of the project, so that keeping and dropping them can be undone as well."""

    found = Signal(object)  # Found, None when the comparison ends

    def __init__(self, bench: Workbench, looking: Looking, mode: str) -> None:
        super().__init__()
        self._bench, self._looking, self._mode = bench, looking, mode
        self.shown: FoundComparison | None = None
        bench.session.left.connect(self.end)
        bench.session.mode.changed.connect(self._follow_mode)
        bench.session.project_changed.connect(self._drop_old)
        bench.language.changed.connect(self._reword)

    # Keep and drop

    def keep(self) -> None:
        """Keep the current cameras under a name."""
        session, say = self._bench.session, self._bench.language
        wish = self._bench.dialogs.ask_version(free_name(say(marked("Plan version")), session.project.versions))
        if wish is None:
            return
        author = session.author
        name = free_name(wish.name, session.project.versions)
        version = PlanVersion(name, with_plan(session.project), wish.reason, author.date, wish.by or author.source)
        session.edit(marked("Keep version"), lambda project: replace(project, versions=(*project.versions, version)))
        session.attention.bring("versions")

    def drop(self, name: str) -> None:
        """Take a version out of the project."""

        def edit(project: Project) -> Project:
            kept = tuple(version for version in project.versions if version.name != name)
            return project if len(kept) == len(project.versions) else replace(project, versions=kept)

        self._bench.session.edit(marked("Remove version"), edit)

    # Compare

    def is_on(self) -> bool:
        """Say whether two plans lie side by side on the map."""
        return self._bench.session.mode.tool == self._mode

    def compare(self, one: str, other: str) -> None:
        """Set two plans side by side, each named; no name means the current cameras."""
        sides = self._side(one), self._side(other)
        self._compare(*sides, version=other if one == NOW and other != NOW else "")

    @property
    def chosen_mitigation(self) -> tuple[Finding, Mitigation] | None:
        """Return the finding that is looked at and its mitigation, if that was tried out on the camera as it is now."""
        finding = self._looking.finding
        mitigation = finding.mitigation if finding is not None else None
        if (
            finding is None
            or mitigation is None
            or not mitigation.changes
            or finding.camera_id in self._bench.session.changed_ids
        ):
            return None
        return finding, mitigation

    def compare_mitigation(self) -> None:
        """Set the plan before and after a mitigation side by side."""
        chosen = self.chosen_mitigation
        if chosen is not None:
            finding, mitigation = chosen
            project = self._bench.session.project
            after = apply(about_with_plan(mitigation.as_proposal(finding.finding_id), project), with_plan(project))
            self._compare(self._side(NOW), (partial(self._bench.language, MITIGATED), after))

    def lay_beside(self, called: Called, cameras: tuple[Camera, ...] | None) -> None:
        """Show the current cameras and a plan that another panel proposes; that panel stays in front. None ends it."""
        if cameras is None:
            self.end()
        else:
            self._compare(self._side(NOW), (called, cameras), is_brought=False)

    def _side(self, name: str) -> Side:
        project = self._bench.session.project
        version = next((each for each in project.versions if each.name == name), None)
        if version is None:
            return partial(self._bench.language, NOW_NAMED), with_plan(project)
        return partial(str, version.name), version.cameras

    def _compare(self, one: Side, other: Side, version: str = "", *, is_brought: bool = True) -> None:
        live, project, content = self._bench.sight.live, self._bench.session.project, self._bench.services.content
        results, turn, reported = self._bench.session.assessment, self._bench.city.convergence_deg, not project.has_opened
        numbers = self._bench.session.plan_numbers
        name = self._bench.language(NOW_NAMED)  # told by its name too: a version that was just kept has the same cameras
        now = with_plan(project)
        is_now = (side[0]() == name and side[1] == now for side in (one, other))
        of_now = next((place for place, holds in enumerate(is_now) if holds), None)
        if live is None:
            self._bench.notices.tell(NOT_YET)
            return

        def work(report: Report) -> FoundComparison:
            from lhasaplan.core.live.plan_options import compare

            def progress(share: float, _step: str) -> None:
                report(share, COMPARING)

            prices = content.load_unit_prices(None)
            comparison = compare(live, project, one[1], other[1], prices, progress, is_disclosed=reported)
            first, second = (
                overlays_of(answers, cameras, results, turn, numbers, is_disclosed=reported)
                for answers, cameras in zip(comparison.answers, comparison.cameras, strict=True)
            )
            return FoundComparison((one[0], other[0]), comparison, (first, second), version, of_now)

        self._bench.notices.start(LANE, work, lambda found: self._show(found, is_brought=is_brought))

    def _show(self, found: FoundComparison, *, is_brought: bool) -> None:
        self.shown = found
        self._bench.session.mode.use(self._mode)
        self.found.emit(found)
        if is_brought:
            self._bench.session.attention.bring("versions")

    def end(self) -> None:
        """Show one map again."""
        self._bench.jobs.cancel(LANE)
        self._bench.session.mode.switch(self._mode, False)
        self._forget()

    def _follow_mode(self) -> None:
        if self._bench.session.mode.tool in (LOOK, self._mode):
            if not self.is_on():
                self._forget()
        else:
            self._forget()

    def _forget(self) -> None:
        if self.shown is not None:
            self.shown = None
            self.found.emit(None)

    def _drop_old(self) -> None:
        """End a comparison with the current cameras when these change: it would show what is no more."""
        shown, project = self.shown, self._bench.session.project
        if shown is not None and shown.of_now is not None and shown.comparison.cameras[shown.of_now] != with_plan(project):
            self.end()

    def _reword(self) -> None:
        """Call both plans by their names in another language."""
        if self.shown is not None:
            self.found.emit(self.shown)

    # Take over

    def take_over(self, name: str, camera_ids: Collection[str]) -> None:
        """Plan some cameras as a version has them, once gate and guard have let what is planned in it pass."""
        session, services, live = self._bench.session, self._bench.services, self._bench.sight.live
        version = next((each for each in session.project.versions if each.name == name), None)
        if version is None or live is None:
            return
        project = session.project
        proposal = only(leading_to(version, with_plan(project)), camera_ids)

        def work(report: Report) -> Proposal:
            def progress(share: float, _step: str) -> None:
                report(share, TAKING)

            workflow.evaluate(services, project, proposal, progress=progress, private=True, live=live)
            return proposal

        self._bench.notices.start(LANE, work, lambda tried: self._take(tried, version, project))

    def _take(self, proposal: Proposal, version: PlanVersion, made_for: Project) -> None:
        session = self._bench.session
        if session.project.cameras is not made_for.cameras or session.project.plan is not made_for.plan:
            return  # changed while it was tried
        author = Author(version.who or session.author.source, session.author.date)
        self.end()
        if session.may_plan:
            session.edit(marked("Take over a version"), edits.drafted(proposal, author))
        else:  # outside the gate nothing is planned: what is taken over is said to stand
            session.edit(marked("Record a version as carried out"), edits.carried_out(proposal, author))


def overlays_of(
    live: "Live",
    cameras: tuple[Camera, ...],
    results: Assessment | None,
    convergence_deg: float,
    numbers: Mapping[str, str],
    *,
    is_disclosed: bool = False,
) -> Overlays:
    """Return what the map shows of a plan; of results only what is known of each camera, not of parts as they were audited.

    ``numbers`` are those of planned cameras, by id. ``is_disclosed`` leaves out what cameras see of places of which outputs tell
    no figure, as the counts beside the map do.
    """
    answers = {key: result_in(live, key, discloses_all=not is_disclosed) for key in live.results}
    sight = CurrentSight({key: seen_of(result).prepared() for key, result in answers.items()})
    shown = replace(results, cameras=tuple(answers.values()), parts=None, overlaps=None) if results is not None else None
    return prepare_overlays(cameras, sight, shown, convergence_deg, numbers=numbers)
