"""Take files into the project: city data, cameras, the mandate; one undo step takes them out again."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.dialogs.dialogs import ImportWish
from lhasaplan.app.work.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault

Taken = tuple[Project, list[Fault]]
IMPORTED = marked("The file was imported. Please note:")


class Importing:
    """Reads in jobs, edits when all is read."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def ask_and_import(self) -> None:
        """Take city data or cameras in."""
        wish = self._bench.dialogs.ask_import()
        if wish is not None:
            self.take_in(wish)

    def take_in(self, wish: ImportWish) -> None:
        """Take in the files of a wish."""
        project = self._bench.session.project
        self._bench.notices.start("file", lambda report: self._read(project, wish, report), self._take)

    def _read(self, project: Project, wish: ImportWish, report: Report) -> Taken:
        remarks: list[Fault] = []
        for number, path in enumerate(wish.paths):
            report(number / len(wish.paths), marked("Importing"))
            project, found = self._bench.engine.import_file(
                project, path, wish.kind, wish.crs, wish.datum, replace_more=wish.replace_more
            )
            remarks += found.remarks
        return project, remarks

    def _take(self, taken: Taken) -> None:
        grown, remarks = taken
        self._bench.session.edit(marked("Import"), lambda _project: grown)
        if remarks:
            self._bench.notices.tell(IMPORTED, [self._bench.language.fault(fault) for fault in remarks])

    def read_mandate(self) -> None:
        """Read the mandate that the gate asks for."""
        path = self._bench.dialogs.ask_open(mandate=True)
        if path is None:
            return
        project, engine = self._bench.session.project, self._bench.engine
        self._bench.notices.start("file", lambda _report: engine.set_mandate(project, path), self._take_mandate)

    def _take_mandate(self, project: Project) -> None:
        self._bench.session.edit(marked("Read mandate"), lambda _project: project)
