"""The tool that lays background maps from files under the map."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lhasaplan import io
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.backdrop import Basemap
from lhasaplan.core.base.translations import marked

# Lay background maps from files under the map, and take them away; they are no part of the project.

KEY = "basemap"
LAID = marked("The background map is in place. Please note:")


class BasemapCommands(QObject):
    """Opens background maps in a job, and shows them while their layer is on."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        bench.session.left.connect(self.clear)

    def has_some(self) -> bool:
        """Say whether a background map is laid."""
        return bool(self._bench.canvas.basemaps)

    def add_file(self) -> None:
        """Lay a file that a person chooses."""
        self.add(self._bench.dialogs.ask_basemap())

    def add_folder(self) -> None:
        """Lay a folder of tiles that a person chooses."""
        self.add(self._bench.dialogs.ask_basemap_folder())

    def add(self, path: Path | None) -> None:
        """Lay a file or folder; what is wrong with it is reported."""
        if path is None:
            return
        crs = self._bench.session.project.crs
        self._bench.notices.start("basemap", lambda _report: io.open_basemap(path, crs), self._lay)

    def _lay(self, basemap: Basemap) -> None:
        canvas = self._bench.canvas
        canvas.set_basemaps((*canvas.basemaps, basemap))
        self._bench.session.shown.switch(KEY, True)
        self.changed.emit()
        if basemap.remarks:
            self._bench.notices.note_remarks(LAID, basemap.remarks)

    def clear(self) -> None:
        """Take all background maps away."""
        if self._bench.canvas.basemaps:
            self._bench.canvas.set_basemaps(())
            self.changed.emit()


VIEW = marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    laying = BasemapCommands(bench)
    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_some = ToolCondition(laying.has_some, (laying.changed,))
    return Tool(
        "basemaps",
        entries=(
            (VIEW, Entry("basemap", marked("Background map from a &file…"), laying.add_file, condition=has_ground)),
            (
                VIEW,
                Entry(
                    "basemap_folder", marked("Background map from a &folder of tiles…"), laying.add_folder, condition=has_ground
                ),
            ),
            (VIEW, Entry("no_basemap", marked("Remove b&ackground maps"), laying.clear, condition=has_some)),
        ),
        commands=laying,
    )
