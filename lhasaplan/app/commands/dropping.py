"""Take files in that are dropped or chosen: a project is opened, anything else imported, under rules that are chosen first."""

from collections.abc import Sequence
from pathlib import Path

from lhasaplan.app.commands.importing import Importing
from lhasaplan.app.commands.opening import Opening
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.dialogs.dialogs import ImportWish
from lhasaplan.ports import PROJECT_ENDING


class Dropping:
    """Does the same with files that are dropped and with those that are chosen in the File menu."""

    def __init__(self, bench: Workbench, opening: Opening, importing: Importing) -> None:
        self._bench, self._opening, self._importing = bench, opening, importing

    def take(self, paths: Sequence[Path]) -> None:
        """Take dropped files: one that is a project is opened; where no rules are chosen yet, these are asked for first."""
        if len(paths) == 1 and paths[0].suffix.lower() == PROJECT_ENDING:
            is_project = self._bench.engine.is_project
            self._bench.notices.start("file", lambda _report: is_project(paths[0]), lambda yes: self._take_one(paths[0], yes))
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
        self._take_in(ImportWish(tuple(paths), None, None, ""))

    def _take_in(self, wish: ImportWish) -> None:
        """Import, under rules that are asked for where the project is empty and has none yet."""
        project = self._bench.session.project
        if project.packs or project.crs:
            self._importing.take_in(wish)
        else:
            self._opening.begin(lambda: self._importing.take_in(wish))
