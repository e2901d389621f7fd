"""The tool that keeps named views of the map."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.bookmarks.commands import Bookmarking
from lhasaplan.app.tools.bookmarks.panel import BookmarksPanel
from lhasaplan.core.base.wording import marked

KEY, VIEW = "bookmarks", marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    bookmarks, bookmarking = bench.bookmarks, Bookmarking(bench)
    panel = BookmarksPanel(bookmarks, bench.language)
    panel.add_wished.connect(bookmarking.add)

    def add() -> None:
        """Keep the view and let it be named."""
        bench.session.attention.bring(KEY)
        panel.edit_name(bookmarking.add())

    has_ground = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_views = Condition(lambda: bool(bookmarks.views), (bookmarks.changed,))
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Bookmarks"), panel, Side.LeftDockWidgetArea, behind="layers"),),
        entries=(
            (VIEW, Entry("bookmark", marked("&Bookmark this view"), add, "Ctrl+D", has_ground)),
            (VIEW, Entry("next_bookmark", marked("&Next bookmark"), lambda: bookmarks.step(1), "Ctrl+PgDown", has_views)),
            (VIEW, Entry("last_bookmark", marked("&Previous bookmark"), lambda: bookmarks.step(-1), "Ctrl+PgUp", has_views)),
        ),
        commands=bookmarking,
    )
