"""The tool that finds cameras, streets, addresses, bookmarks and coordinates, and goes there."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.search.box import SearchBox
from lhasaplan.app.tools.search.commands import Searching
from lhasaplan.core.base.wording import marked

KEY = "search"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    box, searching = SearchBox(bench.canvas, bench.language), Searching(bench, commands.looking)
    box.edited.connect(lambda text: box.show_hits(searching.find(text)))
    box.picked.connect(searching.go)
    searching.ready.connect(box.ask_again)
    bench.session.left.connect(box.close_box)

    def begin() -> None:
        """Open the field and look through the city once."""
        searching.prepare()
        box.open_box()

    has_ground = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("&Search and go to…"), begin, "Ctrl+F", has_ground)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=searching)
