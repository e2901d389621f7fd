"""The tool that selects many cameras: by a box, by a lasso, all of them."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.selecting.commands import BOX, LASSO, Selecting
from lhasaplan.core.base.wording import marked

EDIT = marked("&Edit")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    selecting, mode = Selecting(bench), bench.session.mode
    box, lasso = (Switch(selecting.turning(key), selecting.asking(key), mode.changed) for key in (BOX, LASSO))
    has_cameras = Condition(lambda: bool(bench.session.project.cameras), (bench.session.project_changed,))
    return Tool(
        "selecting",
        entries=(
            (EDIT, Entry("select_all", marked("Select &all cameras"), selecting.select_all, "Ctrl+A", has_cameras)),
            (EDIT, Entry(BOX, marked("Select by &box"), box, "Ctrl+Shift+B")),
            (EDIT, Entry(LASSO, marked("Select by la&sso"), lasso, "Ctrl+Shift+L")),
        ),
        commands=selecting,
    )
