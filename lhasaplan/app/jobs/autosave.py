"""Keep a copy of unsaved work while the window runs, so that a kill or a power cut loses little of it.

The copy lies beside the project (with the window's own files, if it is kept nowhere yet) and is written whole or not at all.
A note in the window's own folder says where, and a lock whose window it is; what nobody holds any more is lost work.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from time import monotonic
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer, QUrl

from lhasaplan import workflow
from lhasaplan.app.jobs import Jobs, Report
from lhasaplan.app.state import Session
from lhasaplan.core.protection.drawn_places import count_drawn
from lhasaplan.errors import UserError
from lhasaplan.files.replacing import replacing
from lhasaplan.ports import FileStore, KeptProject, ProjectStores, Store

LANE = "autosave"
QUIET_MS, AGAIN_MS = 1_000, 1_000
KEY_BYTES = 32
IDLE_FOR_ONE = 10  # a copy that takes a second is written again after ten at the soonest
ENDING, NOTE, LOCK = ".recovery.gpkg", ".json", ".lock"


@dataclass(frozen=True, eq=False, slots=True)
class LostWork:
    """A copy that a window left that is gone: where it lies, of which project, when it was written."""

    note: Path
    file: Path
    address: str  # of the project; empty of one that was kept nowhere
    name: str
    written: str
    lock: QLockFile
    state: str = ""  # of the project when this copy was written, see FileStore.state_of
    secret: bytes = b""  # opens the copy; it stands in the note, which this account alone reads

    def drop(self) -> None:
        """Take the copy away."""
        for path in (self.file, self.note):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self.lock.unlock()

    def is_newer(self, store: Store) -> bool:
        """Say whether the project was not saved elsewhere since this copy; what was logged in it since is no saving."""
        if not isinstance(store, FileStore) or not store.exists() or store.file.stat().st_mtime <= self.file.stat().st_mtime:
            return True
        return bool(self.state) and workflow.known_state(store, store.file) == self.state


def lost_work(folder: Path) -> Iterator[LostWork]:
    """Give the copies that no running window holds, each held from then on."""
    for note in sorted(folder.glob(f"*{NOTE}")):
        lock = _lock_of(folder, note.stem)
        if lock.tryLock(0):
            found = _read(note, lock)
            if found is not None and found.file.is_file():
                yield found
                continue
            note.unlink(missing_ok=True)
            lock.unlock()


def _read(note: Path, lock: QLockFile) -> LostWork | None:
    try:
        kept = json.loads(note.read_text("utf-8"))
        return LostWork(
            *(note, Path(kept["file"]), kept["address"], kept["name"], kept["written"], lock),
            *(str(kept.get("state", "")), bytes.fromhex(kept.get("secret", ""))),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _lock_of(folder: Path, key: str) -> QLockFile:
    lock = QLockFile(str(folder / f"{key}{LOCK}"))
    lock.setStaleLockTime(0)  # no time ends it, only the end of its process
    return lock


class Autosave(QObject):
    """Writes copies in a job, a while after a change; takes them away when the work is saved or left."""

    def __init__(self, session: Session, stores: ProjectStores, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._stores, self._jobs = session, stores, jobs
        self._folder: Path | None = None
        self._key, self._lock = uuid4().hex[:12], QLockFile("")
        self._file: Path | None = None
        self._copy: Store | None = None
        self._secret = b""
        self._kept: object = None
        self._copied: object = None  # the layers that were looked through for drawn places
        self._adopted: LostWork | None = None
        self._round, self._quiet_ms = 0, QUIET_MS
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self.write)
        session.project_changed.connect(self._note_change)
        session.document_changed.connect(self._follow)
        session.left.connect(self.clear)

    def begin(self, folder: Path, quiet_ms: int = QUIET_MS) -> None:
        """Keep copies from now on, with notes in this folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._lock = folder, _lock_of(folder, self._key)
        self._lock.tryLock(0)
        self._quiet_ms = quiet_ms
        self._timer.setInterval(quiet_ms)

    def adopt(self, lost: LostWork) -> None:
        """Take over the copy of work that was opened again; it goes when a copy of our own is written, or all is saved."""
        self._adopted = lost
        self.write()

    def _note_change(self) -> None:
        if self._folder is not None and self._session.is_dirty and not self._timer.isActive():
            self._timer.start()

    def _follow(self) -> None:
        """Take the copy away once the work is saved."""
        if self._session.is_dirty:
            self._note_change()
        else:
            self.clear()

    def write(self) -> None:
        """Write a copy of what is unsaved now; later, while a file is worked on."""
        session, folder = self._session, self._folder
        if folder is None or not session.is_dirty or session.project is self._kept:
            return
        if self._jobs.is_busy(LANE) or self._jobs.is_busy("file"):
            QTimer.singleShot(AGAIN_MS, self, self._note_change)
            return
        self._file = self._file or _place(folder, self._key, session)
        file, number, project, store = self._file, self._round, session.project, session.store
        opened = session.opened_in(session.store or self._stores.open(file))
        kept = {
            "file": str(file),
            "address": session.store.address if session.store is not None else "",
            "name": session.store.name if session.store is not None else project.name,
            "written": datetime.now().isoformat(" ", "minutes"),
        }

        def work(_report: Report) -> float:
            began = monotonic()
            workflow.save(replace(opened, store=self._store_of_copy(file, opened)))
            kept["secret"] = self._secret.hex()
            kept["state"] = workflow.known_state(store, store.file) if isinstance(store, FileStore) and store.exists() else ""
            with replacing(folder / f"{self._key}{NOTE}") as draft:
                draft.touch(0o600)
                draft.write_text(json.dumps(kept), "utf-8")
            if number != self._round:  # saved or left meanwhile
                self._remove(file)
            return monotonic() - began

        def done(took_s: float) -> None:
            self._kept = project
            self._drop_adopted()
            self._timer.setInterval(max(self._quiet_ms, round(1000 * IDLE_FOR_ONE * took_s)))
            if session.project is not project:
                self._note_change()

        self._jobs.start(LANE, work, done, self._fail)

    def _store_of_copy(self, file: Path, opened: KeptProject) -> Store:
        """Return the store of the copy: sealed as the project is; with drawn places in the open, by a key that the note has."""
        project = opened.project
        if self._copy is None or project.layers is not self._copied:
            is_bare = project.closed is None and count_drawn(project) > 0
            if self._copy is None or is_bare != bool(self._secret):
                self._secret = token_bytes(KEY_BYTES) if is_bare else b""
                self._copy = self._stores.copy(self._session.store, file, self._secret)
            self._copied = project.layers
        return self._copy

    def _fail(self, _error: UserError) -> None:
        """Try beside the window's own files where the folder of the project takes no copy; the next change asks again."""
        self._file = None if self._folder is None else self._folder / f"{self._key}{ENDING}"
        self._copy = None

    def clear(self) -> None:
        """Remove the copy of unsaved work: it was saved or discarded."""
        self._round += 1
        self._timer.stop()
        self._jobs.cancel(LANE)
        if self._file is not None:
            self._remove(self._file)
        self._drop_adopted()
        self._file = self._kept = self._copy = None

    def _drop_adopted(self) -> None:
        if self._adopted is not None:
            self._adopted.drop()
        self._adopted = None

    def _remove(self, file: Path) -> None:
        for path in (file, *((self._folder / f"{self._key}{NOTE}",) if self._folder is not None else ())):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def end(self) -> None:
        """Take the copy away for good, when no job runs any more."""
        self.clear()
        self._lock.unlock()


def _place(folder: Path, key: str, session: Session) -> Path:
    """Return where the copy lies: hidden beside the project's file, else with the window's own files."""
    local = QUrl(session.store.address).toLocalFile() if session.store is not None else ""
    if not local:
        return folder / f"{key}{ENDING}"
    return Path(local).with_name(f".{Path(local).stem}.{key}{ENDING}")
