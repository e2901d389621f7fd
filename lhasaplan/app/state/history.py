"""The one command of undo and redo: a project before and a project after."""

from typing import Protocol

from PySide6.QtGui import QUndoCommand

from lhasaplan.core.project.project import Project


class Shows(Protocol):
    """What a command tells: here is the project now."""

    def show_project(self, project: Project) -> None:
        """Take this project as the current one."""


class ProjectEdit(QUndoCommand):
    """Any edit. Projects are immutable, so undo is two references.

    Edits with the same ``gesture`` (a drag, one field while it is being typed into) merge into one step.
    """

    def __init__(self, shows: Shows, before: Project, after: Project, template: str, gesture: int = -1) -> None:
        super().__init__(template)
        self.shows, self.before, self.after, self.gesture = shows, before, after, gesture

    def id(self) -> int:
        """Return the gesture; Qt never merges -1."""
        return self.gesture

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Take over what a later edit of the same gesture led to."""
        if not isinstance(other, ProjectEdit) or other.gesture != self.gesture:
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        """Show the project after the edit."""
        self.shows.show_project(self.after)

    def undo(self) -> None:
        """Show the project before the edit."""
        self.shows.show_project(self.before)
