"""Draft a district's plan, take districts back, and compare with the plan of another project."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan.app.commands.notices import WRITTEN, Action
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project

if TYPE_CHECKING:
    from lhasaplan.workflow.districts import Merge

OPEN_FOLDER = marked("Open the folder")
NO_AREAS = marked("This project has no areas. Import them first: a district is one of them.")
DRAFTING, MERGING, READING = marked("Drafting the district"), marked("Taking the districts back"), marked("Reading the project")
MERGED = marked("Districts were taken back:")
MERGE_STEP = marked("Take districts back")
CITY_PLAN = marked("City's plan")
CLOSED = marked(
    "{file}: {count} drawn protected places are closed. Without their passphrase they are missing in this district, and what it "
    "plans cannot be taken back."
)
Choices = Mapping[str, str]
Passphrases = Mapping[Path, str]


class Districts:
    """Each step asks, works beside the window, and tells how it ended; what is taken back is one step that can be undone."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    # Draft

    def draft(self) -> None:
        """Ask which area and which drafts, then write the district's project and its drafts."""
        bench, project = self._bench, self._bench.session.project
        names = bench.engine.area_names(project)
        if not names:
            bench.notices.tell(NO_AREAS)
            return
        area = bench.dialogs.ask_district(names)
        wish = bench.dialogs.ask_export() if area is not None else None
        if area is None or wish is None:
            return

        opened = bench.session.opened_in(bench.engine.district_store(area, wish.folder))

        def work(report: Report) -> list[Path]:
            def told(share: float, _step: str) -> None:
                report(share, DRAFTING)

            return bench.engine.draft_district(opened, area, wish.formats, wish.folder, wish.language, told, wish.templates)

        bench.notices.start("file", work, self._tell_files)

    def _tell_files(self, files: Sequence[Path]) -> None:
        actions: list[Action] = [(OPEN_FOLDER, partial(self._bench.dialogs.open_outside, files[0].parent))] if files else []
        self._bench.notices.note(WRITTEN, lambda: [*map(str, files)], actions=actions)

    # Merge

    def merge(self) -> None:
        """Ask which projects, and for the passphrases of places that are closed in them, and take them back into this one."""
        bench, paths = self._bench, self._bench.dialogs.ask_districts()
        if not paths:
            return

        def look(report: Report) -> Mapping[Path, int]:
            report(0.1, READING)
            return bench.engine.closed_in(paths)

        bench.notices.start("file", look, lambda closed: self._merge(paths, {}, self._passphrases(closed)))

    def _passphrases(self, closed: Mapping[Path, int]) -> Passphrases:
        """Return the passphrases that a person gives; what is left closed is missing in its district."""
        bench = self._bench
        asked = {
            path: bench.dialogs.ask_passphrase(bench.language(CLOSED, file=path.name, count=count))
            for path, count in closed.items()
        }
        return {path: passphrase for path, passphrase in asked.items() if passphrase}

    def _merge(self, paths: Sequence[Path], choices: Choices, passphrases: Passphrases) -> None:
        bench, project = self._bench, self._bench.session.project

        def work(report: Report) -> "Merge":
            def told(share: float, _step: str) -> None:
                report(share, MERGING)

            return bench.engine.merge_districts(project, paths, choices, told, passphrases)

        def take(found: "Merge") -> None:
            self._take(found, project, lambda chosen: self._merge(paths, {**choices, **chosen}, passphrases))

        bench.notices.start("file", work, take)

    def _take(self, found: "Merge", made_for: Project, again: Callable[[Choices], None]) -> None:
        """Take the merged project over as one step; with conflicts open ask which side counts, and try again."""
        bench = self._bench
        if found.plan.conflicts:
            rows = bench.engine.conflict_rows(found, bench.language.wording)
            chosen = bench.dialogs.ask_sides(found.plan.conflicts, rows)
            if chosen is not None:
                again(chosen)
            return
        if bench.session.project is not made_for:
            return  # changed while the districts were taken back
        bench.session.edit(MERGE_STEP, lambda _project: found.project)

        def lines() -> list[str]:
            return [*bench.engine.merge_lines(found, bench.language.wording), *map(bench.language.fault, found.remarks)]

        tone = Tone.NOTE if found.remarks or found.plan.near else Tone.DONE
        bench.notices.note(MERGED, lines, tone, [bench.notices.undoing(bench.session.project)])

    # Compare

    def compare(self) -> None:
        """Ask for another project, and lay its plan beside this one."""
        path = self._bench.dialogs.ask_open()
        if path is None:
            return
        bench, project = self._bench, self._bench.session.project

        def work(report: Report) -> tuple[str, tuple[Camera, ...]]:
            report(0.2, READING)
            return bench.engine.plan_of(project, path)

        bench.notices.start("file", work, lambda found: bench.proposals.beside_wished.emit(partial(str, found[0]), found[1]))

    def beside_city(self) -> None:
        """Lay the plan beside this one that the city handed over."""
        district = self._bench.session.project.district
        if district is not None:
            self._bench.proposals.beside_wished.emit(partial(self._bench.language, CITY_PLAN), district.cameras)
