"""What can be undone: every edit is a project before and a project after."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from lhasaplan.core.project.project import Loss, Project, united

NO_GESTURE = -1  # Qt never merges edits of this id


class Shows(Protocol):
    """What a step tells: here is the project now."""

    project: Project

    def show_project(self, project: Project) -> None:
        """Take this project as the current one."""


class ProjectEdit(QUndoCommand):
    """Any edit. Projects are immutable, so undo is two references, and what left protection by it.

    Edits with the same ``gesture`` (a drag, one field while it is being typed into) merge into one step.
    """

    lost: tuple[Loss, ...] = ()  # by taking it back

    def __init__(  # noqa: PLR0917 - the stack, who shows it, and the step
        self, history: "History", shows: Shows, before: Project, after: Project, template: str, gesture: int = NO_GESTURE
    ) -> None:
        super().__init__(template)
        self.history, self.shows = history, shows
        self.before, self.after, self.gesture = before, after, gesture

    def id(self) -> int:
        """Return the gesture."""
        return self.gesture

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Take over what a later edit of the same gesture led to."""
        if not isinstance(other, ProjectEdit) or other.gesture != self.gesture:
            return False
        self.after = other.after
        return True

    def redo(self) -> None:
        """Show the project after the edit."""
        self.lost = ()
        self.shows.show_project(self.history.with_lost(self.after))

    def undo(self) -> None:
        """Show the project before the edit; what it brought of protected places is lost there."""
        if self.before.layers is not self.after.layers:
            self.lost = self.history.lost_by_undo(self.after, self.before)
        self.shows.show_project(self.history.with_lost(self.before))


class History(QUndoStack):
    """The steps of a project, and gestures that make one step of many edits."""

    _gesture = 0
    is_held = False  # steps are neither taken back nor done again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lost_by_undo: Callable[[Project, Project], tuple[Loss, ...]] = lambda _now, _before: ()

    def with_lost(self, project: Project) -> Project:
        """Return a project with what the steps took out of protection that are taken back now."""
        steps = map(self.command, range(self.count()))
        lost = united(project.losses, *(step.lost for step in steps if isinstance(step, ProjectEdit)))
        return project if len(lost) == len(project.losses) else replace(project, losses=lost)

    def undo(self) -> None:
        """Take the last step back, unless the project is held."""
        if not self.is_held:
            super().undo()

    def redo(self) -> None:
        """Do the step again that was taken back, unless the project is held."""
        if not self.is_held:
            super().redo()

    def new_gesture(self) -> int:
        """Return a number that merges the edits of one drag."""
        self._gesture += 1
        return self._gesture

    @property
    def has_changes(self) -> bool:
        """Say whether the project differs from what was saved; what the map shows is no part of it."""
        saved, now = self.cleanIndex(), self.index()
        steps = range(min(saved, now), max(saved, now))
        return saved < 0 or any(isinstance(self.command(step), ProjectEdit) for step in steps)

    def base(self, gesture: int, now: Project) -> Project:
        """Return the project that the next edit of a gesture starts from: the one before the gesture, or the current one."""
        last = self.command(self.index() - 1) if self.index() else None
        joins = gesture != NO_GESTURE and self.index() != self.cleanIndex()
        return last.before if joins and isinstance(last, ProjectEdit) and last.gesture == gesture else now

    def drop(self, gesture: int) -> None:
        """Take a gesture back for good, as if it had never been begun; nothing where it has left no step."""
        last = self.command(self.index() - 1) if self.index() else None
        if gesture != NO_GESTURE and isinstance(last, ProjectEdit) and last.gesture == gesture:
            last.undo()
            last.setObsolete(True)
            self.undo()  # drops an obsolete step and undoes nothing

    def add(self, shows: Shows, after: Project, template: str, gesture: int = NO_GESTURE) -> None:
        """Do an edit as a step, or as a further move of the gesture's step."""
        self.push(ProjectEdit(self, shows, shows.project, after, template, gesture))
