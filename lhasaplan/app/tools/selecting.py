"""The tool that selects many cameras: by a box, by a lasso, all of them."""

from collections.abc import Callable

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Switch, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked

BOX, LASSO = "select_box", "select_lasso"
HINTS = {
    BOX: marked("Draw a box around cameras; with Ctrl they join the selection; Esc ends."),
    LASSO: marked("Draw a line around cameras; with Ctrl they join the selection; Esc ends."),
}
SELECTED = marked("{count} cameras selected")
TOLD_MS = 6000


class Selecting:
    """Takes what a box or a lasso holds as the selection."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._was = ""
        bench.canvas.cameras_chosen.connect(self.choose)
        bench.session.mode.changed.connect(self._follow_mode)

    def turning(self, key: str) -> Callable[[bool], None]:
        """Return what begins a way to select, or ends it."""
        return lambda on: self._bench.session.mode.switch(key, on)

    def asking(self, key: str) -> Callable[[], bool]:
        """Return what says whether a way to select is in use."""
        return lambda: self._bench.session.mode.tool == key

    def choose(self, camera_ids: tuple[str, ...], adds: bool) -> None:
        """Select these cameras, or add them to those that are selected."""
        selection = self._bench.session.selection
        selection.choose(*(selection.ids if adds else ()), *camera_ids)
        say = self._bench.language
        self._bench.session.attention.say(say(SELECTED, count=len(selection.ids)), TOLD_MS)

    def select_all(self) -> None:
        """Select every camera of the project."""
        self.choose(tuple(camera.camera_id for camera in self._bench.session.project.cameras), adds=False)

    def _follow_mode(self) -> None:
        now = self._bench.session.mode.tool
        before, self._was = self._was, now
        if now in HINTS or before in HINTS:
            self._bench.session.attention.say(self._bench.language(HINTS[now]) if now in HINTS else "")


EDIT = marked("&Edit")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    selecting, mode = Selecting(bench), bench.session.mode
    box, lasso = (Switch(selecting.turning(key), selecting.asking(key), mode.changed) for key in (BOX, LASSO))
    has_cameras = ToolCondition(lambda: bool(bench.session.project.cameras), (bench.session.project_changed,))
    return Tool(
        "selecting",
        entries=(
            (EDIT, Entry("select_all", marked("Select &all cameras"), selecting.select_all, "Ctrl+A", has_cameras)),
            (EDIT, Entry(BOX, marked("Select by &box"), box, "Ctrl+Shift+B")),
            (EDIT, Entry(LASSO, marked("Select by la&sso"), lasso, "Ctrl+Shift+L")),
        ),
        commands=selecting,
    )
