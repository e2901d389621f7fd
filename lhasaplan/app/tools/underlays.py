"""The tool that lays background maps from files under the map."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.backdrop import MapUnderlay
from lhasaplan.core.base.wording import marked

# Lay background maps from files under the map, and take them away; they are no part of the project.

KEY = "underlay"
LAID = marked("The background map is laid. Please note:")


class Underlaying(QObject):
    """Opens background maps in a job, and shows them while their layer is on."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        bench.session.left.connect(self.clear)

    def has_some(self) -> bool:
        """Say whether a background map is laid."""
        return bool(self._bench.canvas.underlays)

    def add_file(self) -> None:
        """Lay a file that a person chooses."""
        self.add(self._bench.dialogs.ask_underlay())

    def add_folder(self) -> None:
        """Lay a folder of tiles that a person chooses."""
        self.add(self._bench.dialogs.ask_underlay_folder())

    def add(self, path: Path | None) -> None:
        """Lay a file or folder; what is wrong with it is told."""
        if path is None:
            return
        engine, crs = self._bench.engine, self._bench.session.project.crs
        self._bench.notices.start("underlay", lambda _report: engine.open_underlay(path, crs), self._lay)

    def _lay(self, underlay: MapUnderlay) -> None:
        canvas = self._bench.canvas
        canvas.set_underlays((*canvas.underlays, underlay))
        self._bench.session.shown.switch(KEY, True)
        self.changed.emit()
        if underlay.remarks:
            self._bench.notices.note_remarks(LAID, underlay.remarks)

    def clear(self) -> None:
        """Take all background maps away."""
        if self._bench.canvas.underlays:
            self._bench.canvas.set_underlays(())
            self.changed.emit()


VIEW = marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    laying = Underlaying(bench)
    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_some = ToolCondition(laying.has_some, (laying.changed,))
    return Tool(
        "underlays",
        entries=(
            (VIEW, Entry("underlay", marked("Background map from a &file…"), laying.add_file, condition=has_ground)),
            (
                VIEW,
                Entry(
                    "underlay_folder", marked("Background map from a &folder of tiles…"), laying.add_folder, condition=has_ground
                ),
            ),
            (VIEW, Entry("no_underlay", marked("Take background maps &away"), laying.clear, condition=has_some)),
        ),
        commands=laying,
    )
