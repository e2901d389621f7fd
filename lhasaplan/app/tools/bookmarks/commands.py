"""Keep the view of the moment, and go to one that was kept."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.bookmark import Bookmark

NAME = marked("View")


class Bookmarking:
    """Makes bookmarks of what the map shows, and shows on the map what they say."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.bookmarks.visited.connect(self._show)

    def add(self) -> int:
        """Keep what the map shows now; returns the number of the bookmark."""
        bench = self._bench
        x_m, y_m, width_m = bench.canvas.view_now
        bench.bookmarks.add(Bookmark(bench.language(NAME), x_m, y_m, width_m, bench.session.selected_id))
        return len(bench.bookmarks.views) - 1

    def _show(self, view: Bookmark) -> None:
        if view.camera_id:
            self._bench.session.select(view.camera_id)
        self._bench.canvas.show_view(view.x_m, view.y_m, view.width_m)
