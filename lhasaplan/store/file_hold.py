"""Hold the file of a project for the store that works on it, and say who else does."""

import os
import sqlite3
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.held import Hold, HoldNote, hold, note_of
from lhasaplan.qgis.dressing import Symbols, dress

Given = ParamSpec("Given")
Result = TypeVar("Result")
Held = TypeVar("Held", bound="HeldFile")
GONE = marked(
    "The file of this project is not where it was (a disk that was taken out, a file that was moved), so nothing was saved; "
    "bring it back, or save under another name"
)
HELD_SINCE = marked(
    "{who} has this project open on the computer {host} since {since}; it can be read here, and saved under another name. "
    "If no program there has it open any more, remove the file {note}"
)
HELD_NOT_SAVED = marked(
    "{who} has this project open on the computer {host} since {since}, so nothing was saved; save under another name, or repeat "
    "the step later. If no program there has it open any more, remove the file {note}"
)


class FileHold:
    """The hold of one store on the file that a path leads to at the time."""

    def __init__(self, target: Callable[[], Path]) -> None:
        self._target = target
        self._hold: Hold | None = None

    def take(self) -> tuple[Fault, ...]:
        """Hold the file; returns who holds it where that is another start."""
        found = self._hold or hold(self._target())
        if isinstance(found, HoldNote):
            return (self._said(found, HELD_SINCE),)
        self._hold = found
        return ()

    def let_go(self) -> None:
        """Let others hold the file."""
        if self._hold is not None:
            self._hold.let_go()
        self._hold = None

    def refuse_held(self) -> None:
        """Raise InputError where another start holds the file."""
        found = None if self._hold is not None or not note_of(self._target()).exists() else hold(self._target())
        if isinstance(found, HoldNote):
            raise InputError(self._said(found, HELD_NOT_SAVED))
        if found is not None:  # what a start that was killed left
            found.let_go()

    def _said(self, holder: HoldNote, sentence: str) -> Fault:
        path = self._target()
        params = {"who": holder.who or "?", "host": holder.host or "?", "since": holder.since or "?"}
        return Fault(sentence, Where(file=path.name), {**params, "note": note_of(path).name})


def in_turn(write: Callable[Concatenate[Held, Given], Result]) -> Callable[Concatenate[Held, Given], Result]:
    """Let what writes a file wait for what writes it already: a window logs an opening while it may be saving."""

    @wraps(write)
    def call(store: Held, /, *words: Given.args, **named: Given.kwargs) -> Result:
        with store.turn:
            return write(store, *words, **named)

    return call


class HeldFile:
    """What every store of one file is: its path, whether it is there, who holds it, and how its tables look in QGIS.

    Without ``symbols`` a file is written without styles, as copies of unsaved work are.
    """

    symbols: Symbols | None = None

    def __init__(self, path: Path) -> None:
        self.turn = RLock()
        self.path = Path(os.path.abspath(path))
        self._hold = FileHold(self._target)

    @property
    def address(self) -> str:
        """Return the URL of the file that is written: of a symbolic link its target."""
        return self._target().as_uri()

    @property
    def file(self) -> Path:
        """Return the file that is written: of a symbolic link its target."""
        return self._target()

    @property
    def name(self) -> str:
        """Return the name of the file, without its folder."""
        return self.path.name

    @property
    def needs_password(self) -> bool:
        """Say that a file asks for no account."""
        return False

    def exists(self) -> bool:
        """Tell whether there is something at this path."""
        return self.path.exists()

    def hold(self) -> tuple[Fault, ...]:
        """Hold the file; returns who holds it where that is another start."""
        return self._hold.take()

    def let_go(self) -> None:
        """Let others hold the file."""
        self._hold.let_go()

    def _dress(self, target: sqlite3.Connection, project: Project) -> None:
        """Put styles for QGIS beside the tables, where they are other tables than before."""
        if self.symbols is not None:
            dress(target, self.symbols, self.name, project.name, project.crs)

    def _target(self) -> Path:
        return Path(os.path.realpath(self.path))
