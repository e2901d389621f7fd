"""The tool of offices: open a project that several change, see what others kept, and merge a file that grew from the same one."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.sharing.commands import Sharing
from lhasaplan.core.base.wording import marked

KEY = "sharing"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, sharing = bench.session, Sharing(bench, commands.opening, commands.saving, commands.beside)
    is_shared = Condition(lambda: sharing.store is not None, (session.document_changed,))
    has_city = Condition(lambda: bool(session.project.crs), (session.project_changed,))
    file = marked("&File")
    return Tool(
        KEY,
        entries=(
            (file, Entry("open_shared", marked("Open s&hared project…"), sharing.ask_and_open)),
            (file, Entry("keep_shared", marked("Save as a sha&red project…"), sharing.keep_shared, condition=has_city)),
            (file, Entry("show_others", marked("Sho&w what others kept"), sharing.show, condition=is_shared)),
            (file, Entry("merge_project", marked("Mer&ge with another project…"), sharing.merge, condition=has_city)),
        ),
        commands=sharing,
    )
