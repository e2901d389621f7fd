"""Keep named views of the project, and step through them one by one."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Bookmark, Project

Views = tuple[Bookmark, ...]


class Bookmarks(QObject):
    """Reads and edits the bookmarks of the project; each edit can be undone. Names are unique."""

    changed = Signal()
    visited = Signal(object)  # Bookmark: show it

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: Views = ()
        self.at = -1  # number of the view that was gone to last, -1 for none
        session.project_changed.connect(self._follow)

    @property
    def views(self) -> Views:
        """Return the bookmarks in the order in which they are stepped through."""
        return self._session.project.bookmarks

    def add(self, view: Bookmark) -> Bookmark:
        """Keep a view under its name, or a name like it that is free; returns it as it is kept."""
        kept = replace(view, name=self._free(view.name))
        self._edit(marked("Add bookmark"), lambda views: (*views, kept))
        return kept

    def remove(self, number: int) -> None:
        """Take a view out."""
        self._edit(marked("Remove bookmark"), lambda views: views[:number] + views[number + 1 :])

    def rename(self, number: int, name: str) -> None:
        """Give a view another name; an empty one is not taken."""
        name = name.strip()
        if name and name != self.views[number].name:
            named = replace(self.views[number], name=self._free(name))
            self._edit(marked("Rename bookmark"), lambda views: (*views[:number], named, *views[number + 1 :]))

    def move(self, number: int, to: int) -> None:
        """Put a view elsewhere in the order."""

        def moved(views: Views) -> Views:
            others = [*views[:number], *views[number + 1 :]]
            others.insert(to, views[number])
            return tuple(others)

        self._edit(marked("Move bookmark"), moved)

    def visit(self, number: int) -> None:
        """Go to a view; none of that number is left alone."""
        if 0 <= number < len(self.views):
            self.at = number
            self.visited.emit(self.views[number])

    def step(self, by: int) -> None:
        """Go to the next view, or with -1 to the one before; round from the last to the first."""
        if self.views:
            self.visit((self.at + by) % len(self.views) if self.at >= 0 or by > 0 else len(self.views) - 1)

    def _free(self, name: str) -> str:
        taken = {view.name for view in self.views}
        tried = (name if n == 1 else f"{name} {n}" for n in count(1))
        return next(one for one in tried if one not in taken)

    def _edit(self, template: str, change: Callable[[Views], Views]) -> None:
        def edit(project: Project) -> Project:
            after = change(project.bookmarks)
            return project if after == project.bookmarks else replace(project, bookmarks=after)

        self._session.edit(template, edit)

    def _follow(self) -> None:
        if self.views is not self._known:
            self._known = self.views
            self.at = min(self.at, len(self.views) - 1)
            self.changed.emit()
