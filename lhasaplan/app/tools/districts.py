"""The tool of districts: draft the plan of one, take districts back into the city's, and lay another plan beside this one."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.app.commands.closed_places import READING, Opened, ReadingBeside
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.exporting import tell_written
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault
from lhasaplan.report.facts.row_words import conflict_rows, doubts, taken_lines

if TYPE_CHECKING:
    from lhasaplan.workflow.districts import Merge

NO_AREAS = marked("This project has no areas. Import areas first: a district is one of them.")
DRAFTING, MERGING = marked("Drafting the district"), marked("Taking the districts back")
MERGED = marked("Districts were taken back:")
MERGE_STEP = marked("Take districts back")
CITY_PLAN = marked("City's plan")
CLOSED = marked(
    "{file}: {count} drawn protected places are closed. Without their passphrase this district lacks them, and "
    "its plan cannot be taken back."
)
Choices = Mapping[str, str]
OfFiles = Mapping[Path, str]  # by file a passphrase, or a version


class Districts:
    """Each step asks, works beside the window, and tells how it ended; what is taken back is one step that can be undone."""

    def __init__(self, bench: Workbench, beside: ReadingBeside) -> None:
        self._bench, self._beside = bench, beside

    # Draft

    def draft(self) -> None:
        """Ask which area and which drafts, then write the district's project and its drafts."""
        bench, project, services = self._bench, self._bench.session.project, self._bench.engine.services
        names = bench.engine.area_names(project)
        if not names:
            bench.notices.tell(NO_AREAS)
            return
        chosen = bench.dialogs.ask_district(names, [version.name for version in project.versions])
        wish = bench.dialogs.ask_export() if chosen is not None else None
        if chosen is None or wish is None:
            return
        area, version = chosen
        log_in = bench.session.store  # of the city: which numbers a district gets is kept there
        opened = bench.session.opened_in(bench.engine.district_store(area, wish.folder))

        def work(report: Report) -> tuple[list[Path], tuple[Fault, ...]]:
            def reported(share: float, _step: str) -> None:
                report(share, DRAFTING)

            how = wish.formats, wish.folder, wish.language, reported, wish.templates
            return bench.engine.draft_district(opened, area, *how, version, log_in), services.drafts.template_remarks(
                wish.templates
            )

        bench.notices.start("file", work, lambda written: tell_written(bench, *written))

    # Merge

    def merge(self) -> None:
        """Ask which projects, for the passphrases of what is sealed or closed in them and for versions, and take them back."""
        paths = self._bench.dialogs.ask_districts()
        if paths:
            self._beside.read(paths, self._ask_and_merge)

    def _ask_and_merge(self, opened: Opened) -> None:
        versions = self._beside.versions_of(opened)
        if versions is not None:
            self._merge(opened, {}, self._passphrases(opened), versions)

    def _passphrases(self, opened: Opened) -> OfFiles:
        """Return the passphrases that a person gives; what is left closed is missing in its district."""
        bench, asked = self._bench, dict[Path, str | None]()
        for path, one in opened.items():
            if one.project.is_closed:
                count = one.project.closed_count
                asked[path] = bench.dialogs.ask_passphrase(bench.language(CLOSED, file=path.name, count=count))
        return {path: passphrase for path, passphrase in asked.items() if passphrase}

    def _merge(self, opened: Opened, choices: Choices, passphrases: OfFiles, versions: OfFiles) -> None:
        bench, project = self._bench, self._bench.session.project

        def work(report: Report) -> "Merge":
            def reported(share: float, _step: str) -> None:
                report(share, MERGING)

            return bench.engine.merge_districts(project, opened, choices, reported, passphrases, versions)

        def take(found: "Merge") -> None:
            self._take(found, project, lambda chosen: self._merge(opened, {**choices, **chosen}, passphrases, versions))

        bench.notices.start("file", work, take)

    def _take(self, found: "Merge", made_for: Project, again: Callable[[Choices], None]) -> None:
        """Take the merged project over as one step; with conflicts open ask which side counts, and try again."""
        bench = self._bench
        if found.plan.conflicts:
            rows = list(conflict_rows(found.plan.conflicts, found.project, bench.language.translations))
            chosen = bench.dialogs.ask_sides(found.plan.conflicts, rows)
            if chosen is not None:
                again(chosen)
            return
        if bench.session.project is not made_for:
            return  # changed while the districts were taken back
        bench.session.edit(MERGE_STEP, lambda _project: found.project)

        def lines() -> list[str]:
            translations = bench.language.translations
            return [
                *taken_lines(found.plan, translations),
                *doubts(found.plan, translations),
                *map(bench.language.fault, found.remarks),
            ]

        tone = Tone.NOTE if found.remarks or found.plan.near else Tone.DONE
        bench.notices.note(MERGED, lines, tone, bench.notices.undoing(made_for))

    # Compare

    def compare(self) -> None:
        """Ask for another project and which version of its plan, and lay that plan beside this one."""
        path = self._bench.dialogs.ask_open()
        if path is not None:
            self._beside.read((path,), lambda opened: self._lay_beside(opened, path))

    def _lay_beside(self, opened: Opened, path: Path) -> None:
        bench, project = self._bench, self._bench.session.project
        versions = self._beside.versions_of(opened)
        if versions is None:
            return

        def work(report: Report) -> tuple[str, tuple[Camera, ...]]:
            report(0.2, READING)
            name, version = opened[path].store.name, versions.get(path, "")
            cameras = workflow.cameras_beside(project, workflow.as_version(opened[path].project, version))
            return f"{name}: {version}" if version else name, cameras

        bench.notices.start("file", work, lambda found: bench.proposals.beside_wished.emit(partial(str, found[0]), found[1]))

    def beside_city(self) -> None:
        """Lay the plan beside this one that the city handed over."""
        district = self._bench.session.project.district
        if district is not None:
            self._bench.proposals.beside_wished.emit(partial(self._bench.language, CITY_PLAN), district.cameras)


KEY = "districts"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, districts = bench.session, Districts(bench, commands.beside)
    changed = (session.project_changed,)
    is_city = ToolCondition(lambda: bool(session.project.crs) and session.project.district is None, changed)
    is_district = ToolCondition(lambda: session.project.district is not None, changed)
    has_city = ToolCondition(lambda: bool(session.project.crs), changed)
    file, analysis = marked("&File"), marked("&Analysis")
    return Tool(
        KEY,
        entries=(
            (file, Entry("draft_district", marked("Draft the plan of a &district…"), districts.draft, condition=is_city)),
            (file, Entry("merge_districts", marked("&Take districts back…"), districts.merge, condition=is_city)),
            (analysis, Entry("compare_project", marked("Compare with another pro&ject…"), districts.compare, condition=has_city)),
            (
                analysis,
                Entry("compare_city", marked("Compare with the &city's plan"), districts.beside_city, condition=is_district),
            ),
        ),
        commands=districts,
    )
