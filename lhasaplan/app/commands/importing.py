"""Take files into the project: read, shown, and taken when the person says so; one undo step takes them out again."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.app.commands.opening import Opening
from lhasaplan.app.commands.workbench import MANDATE_PANEL, Workbench
from lhasaplan.app.dialogs import AskedImport
from lhasaplan.app.jobs import Report
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import ANY_COLUMN
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import PROJECT_ENDING, ProjectStores

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportPreview, ImportReport

IMPORTED, NOT_TAKEN = marked("Imported: {files}."), marked("Nothing was imported.")
MANDATE_READ = marked("The mandate was read.")
CHANGED = marked("The project was changed while the files were read. Import them again.")


class Importing:
    """Reads in jobs, edits when all is read."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def take_in(self, wish: AskedImport) -> None:
        """Read the files of a wish beside the window, show what they would bring, and take it if the person says so."""
        before = self._bench.session.project
        self._bench.notices.start(
            "file", lambda report: self._read(before, wish, report), lambda found: self._ask(before, *found)
        )

    def _read(self, before: Project, wish: AskedImport, report: Report) -> "tuple[Project, ImportPreview]":
        project, reports = before, list["ImportReport"]()
        for number, path in enumerate(wish.paths):
            report(number / len(wish.paths), marked("Importing"))
            project, found = workflow.import_file(
                self._bench.services,
                project,
                path,
                kind=wish.kind,
                crs=wish.crs,
                datum=wish.datum,
                replace_more=wish.replace_more,
                no_use=(ANY_COLUMN,),  # asked about in the box, before anything is taken
                progress=partial(_still_wanted, report, number / len(wish.paths)),
            )
            reports.append(found)
        report(0.98, marked("Importing"))
        return project, workflow.preview_import(before, project, reports)

    def _ask(self, before: Project, grown: Project, preview: "ImportPreview") -> None:
        session, notices = self._bench.session, self._bench.notices
        if not self._bench.dialogs.ask_take(preview):
            notices.note(NOT_TAKEN)
            return
        if session.project is not before:  # an edit came between; nothing of it may be lost
            notices.note(CHANGED)
            return
        session.edit(marked("Import"), lambda _project: grown)
        remarks = [remark for file in preview.files for remark in file.remarks]
        files = ", ".join(file.name for file in preview.files)
        tone = Tone.NOTE if remarks else Tone.DONE
        notices.note(IMPORTED, notices.said_of(remarks), tone, notices.undoing(before), files=files)

    def read_mandate(self) -> None:
        """Read the mandate that the gate asks for."""
        path = self._bench.dialogs.ask_open(mandate=True)
        if path is None:
            return
        project, services = self._bench.session.project, self._bench.services

        def work(_report: Report) -> tuple[Project, tuple[Fault, ...]]:
            stated = workflow.mandate(services, project, path)
            return stated, workflow.remarks_on_mandate(services, stated) if stated.crs else ()

        self._bench.notices.start("file", work, lambda found: self._take_mandate(*found))

    def _take_mandate(self, project: Project, remarks: Sequence[Fault]) -> None:
        self._bench.session.edit(marked("Read mandate"), lambda _project: project)
        session, notices = self._bench.session, self._bench.notices
        notices.note_remarks(MANDATE_READ, remarks)
        session.attention.bring(MANDATE_PANEL)


def _still_wanted(report: Report, share: float, _share: float, _step: str) -> None:
    """Say once more how far the files are: what raises there ends the reading of one."""
    report(share, marked("Importing"))


def is_project(stores: ProjectStores, path: Path) -> bool:
    """Tell whether a file is a project of this program."""
    try:
        store = stores.open(path)
        _ = store.is_sealed or store.has_results()
    except InputError:
        return False
    return True


# Take files in that are dropped or chosen: a project is opened, anything else imported, under rules that are chosen first.


class Dropping:
    """Does the same with files that are dropped and with those that are chosen in the File menu."""

    def __init__(self, bench: Workbench, opening: Opening, importing: Importing) -> None:
        self._bench, self._opening, self._importing = bench, opening, importing

    def take(self, paths: Sequence[Path]) -> None:
        """Take dropped files: one that is a project is opened; where no rules are chosen yet, these are asked for first."""
        if len(paths) == 1 and paths[0].suffix.lower() == PROJECT_ENDING:
            stores, path = self._bench.services.stores, paths[0]
            self._bench.notices.start("file", lambda _report: is_project(stores, path), lambda yes: self._take_one(path, yes))
        elif paths:
            self._import(paths)

    def ask_and_import(self) -> None:
        """Take in city data or cameras that a person chooses."""
        wish = self._bench.dialogs.ask_import()
        if wish is not None:
            self._take_in(wish)

    def _take_one(self, path: Path, is_project: bool) -> None:
        if is_project:
            self._opening.reopen(str(path))
        else:
            self._import((path,))

    def _import(self, paths: Sequence[Path]) -> None:
        self._take_in(AskedImport(tuple(paths), None, None, ""))

    def _take_in(self, wish: AskedImport) -> None:
        """Import, under rules that are asked for where the project is empty and has none yet."""
        project = self._bench.session.project
        if project.packs or project.crs:
            self._importing.take_in(wish)
        else:
            self._opening.begin(lambda: self._importing.take_in(wish))
