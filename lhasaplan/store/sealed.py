"""Keep what only a passphrase opens: a whole project in a sealed file, or the drawn protected places of an open one.

What is plain of a sealed project is in memory alone, never in a file. The file: a line that says what it is, a salt, a nonce,
and the GeoPackage as AES-256-GCM leaves it, all of the head bound to it.
"""

import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.base.plain_values import JsonObject, from_plain, to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project
from lhasaplan.core.protection.drawn_places import Drawn, count_drawn, with_drawn, without_drawn
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import refuse_read_only, replacing
from lhasaplan.files.scratch import clear_leftovers
from lhasaplan.ports import Rescued
from lhasaplan.store.connection import connected, register_functions, transaction
from lhasaplan.store.journal_table import EXPORTS, SUMMARY, append_export, read_entries
from lhasaplan.store.migrations import SCHEMA_VERSION, schema_version
from lhasaplan.store.project_lock import GONE, ProjectFile, in_turn
from lhasaplan.store.project_states import (
    KeptState,
    can_change,
    change_state,
    changed_meanwhile,
    is_as_written,
    note_other_writing,
    note_writing_of_copy,
    read_state,
    refuse_unlike,
    state_in,
    write_state,
)
from lhasaplan.store.recognising import no_file, reading, require_project, version_fault, writing
from lhasaplan.store.tables import has_table

# Close drawn protected places with a passphrase, and open them: scrypt (RFC 7914) makes the key, AES-256-GCM the box.

SHORTEST = 12
SALT_BYTES, NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_WORK, _BLOCK, _LANES = 2**17, 8, 1  # 128 MB and some tenths of a second for each guess (OWASP, password storage)
_PAD_BYTES = 4096  # the length of the box must not tell how large or crooked a place is
_BOUND = b"lhasaplan closed places 1"
NO_KEY = marked(
    "The closed places lie open here and their key is missing, so nothing was saved; open the project again with its passphrase"
)


def new_lock(passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
    """Return the lock of a new passphrase, and its key; InputError when it is short. The passphrase itself is kept nowhere."""
    salt, secret = new_secret(passphrase)
    return ClosedPlaces(0, salt, lie_open=True), PlaceKey(salt, secret)


def new_secret(passphrase: str) -> tuple[bytes, bytes]:
    """Return a salt and the secret that it gives with a new passphrase; InputError when that is short."""
    if len(_plain(passphrase)) < SHORTEST:
        raise InputError(Fault("This passphrase is short; take at least {count} signs", params={"count": SHORTEST}))
    salt = os.urandom(SALT_BYTES)
    return salt, secret_of(passphrase, salt)


def open_box(project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
    """Return the project with its closed places in the layers, and their key; InputError when the passphrase is another."""
    closed = project.closed
    if closed is None or closed.lie_open:
        raise ValueError("nothing is closed in this project")
    key = PlaceKey(closed.salt, secret_of(passphrase, closed.salt))
    return _places_in(project, closed, key), key


def opened_by(project: Project, key: PlaceKey | None) -> Project:
    """Return the project with its closed places in the layers where this is their key, else as it is."""
    closed = project.closed
    is_shut = closed is not None and not closed.lie_open
    return _places_in(project, closed, key) if closed and key and is_shut and key.fits(closed) else project


def _places_in(project: Project, closed: ClosedPlaces, key: PlaceKey) -> Project:
    facts = json.loads(_content(closed.box, key))
    layers = {name: _layer(name, rows) for name, rows in facts["layers"].items()}
    drawn = Drawn(layers, from_plain(tuple[InputRecord, ...], facts["inputs"]))
    return replace(with_drawn(project, drawn), closed=replace(closed, count=len(drawn), lie_open=True))


def shut(project: Project, key: PlaceKey | None) -> Project:
    """Return the project as it is kept: places that lie open under a lock go back into the box.

    Raises InputError where they lie open and their key is missing or another: they are never kept open instead.
    """
    closed = project.closed
    if closed is None or not closed.lie_open:
        return project
    if key is None or not key.fits(closed):
        raise InputError(Fault(NO_KEY))
    bare, drawn = without_drawn(project)
    # Filled up with spaces, which JSON ignores.
    layers = {name: [_row(layer, n) for n in range(len(layer))] for name, layer in drawn.layers.items()}
    text = json.dumps({"layers": layers, "inputs": to_plain(drawn.inputs)}, ensure_ascii=False).encode()
    reported = text + b" " * (-len(text) % _PAD_BYTES)
    box = _filled(closed, reported, key)
    return replace(bare, closed=replace(closed, count=count_drawn(project), box=box, lie_open=False))


def _filled(closed: ClosedPlaces, content: bytes, key: PlaceKey) -> bytes:
    """Return the box with this content: the same one where nothing changed, so that saving again gives the same file."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (most projects need none)

    if closed.box and _content(closed.box, key) == content:
        return closed.box
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key.reveal()).encrypt(nonce, content, _BOUND)


def _content(box: bytes, key: PlaceKey) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(key.reveal()).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _BOUND)
    except (InvalidTag, ValueError) as error:  # a box that was cut short is no box
        text = "This passphrase does not open the closed places, or somebody changed them in the file"
        raise InputError(Fault(text)) from error


def secret_of(passphrase: str, salt: bytes) -> bytes:
    """Return what a passphrase and a salt give: a key of AES-256."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415

    return Scrypt(salt=salt, length=_KEY_BYTES, n=_WORK, r=_BLOCK, p=_LANES).derive(_plain(passphrase).encode())


def _plain(passphrase: str) -> str:
    """Return the passphrase as every keyboard gives it: an accent is one sign or two, and a line may end it."""
    return unicodedata.normalize("NFKC", passphrase.strip("\r\n"))


def _row(layer: Layer, n: int) -> dict[str, object]:
    shape = layer.geometry[n]
    place = {"id": str(layer.ids[n]), "tags": dict(layer.tags[n]), "source": layer.source[n] if layer.source else ""}
    return {**place, "wkb": None if shape is None else shapely.to_wkb(shape, hex=True)}


def _layer(name: str, rows: Sequence[JsonObject]) -> Layer:
    ids, geometry = np.empty(len(rows), object), np.empty(len(rows), object)
    ids[:] = [row["id"] for row in rows]
    geometry[:] = [None if row["wkb"] is None else shapely.from_wkb(row["wkb"]) for row in rows]
    source = tuple(row["source"] for row in rows)
    return Layer(name, ids, geometry, tuple(row["tags"] for row in rows), source if any(source) else ())


MAGIC = b"lhasaplan sealed project 1: scrypt-131072-8-1 AES-256-GCM\n"
_HEAD_BYTES = len(MAGIC) + SALT_BYTES + NONCE_BYTES
_MOST_BYTES = 2**30  # SQLite keeps no larger database in memory, and one box of AES-GCM holds twice that
SEALED = marked("This project is sealed; it opens with its passphrase alone")
WRONG = marked("This passphrase does not open the project, or somebody changed its file")
TOO_LARGE = marked("This project has {size} MB; at most {most} MB can be sealed")
Head = bytes


class SealedStore(ProjectFile):
    """Keeps a project in a sealed file (see :class:`lhasaplan.ports.Store`); nothing is read before it is unsealed."""

    def __init__(self, path: Path, salt: bytes = b"", secret: bytes = b"") -> None:
        super().__init__(path)
        self._salt, self._secret = salt, secret
        self._head: Head = b""
        self._kept: KeptState | None = None

    @property
    def is_sealed(self) -> bool:
        """Say whether a passphrase is needed first."""
        return not self._secret

    @property
    def has_passphrase(self) -> bool:
        """Say that a passphrase opens this file."""
        return True

    def unseal(self, passphrase: str) -> None:
        """Take the passphrase from now on; InputError when it is another."""
        content = self._content()
        salt = content[len(MAGIC) : len(MAGIC) + SALT_BYTES]
        secret = secret_of(passphrase, salt)
        _opened(content, secret, self.name)
        self._salt, self._secret = salt, secret

    def load(self) -> Project:
        """Return the project; InputError where it is sealed still, or a newer program wrote it."""
        clear_leftovers(self._target().parent)
        with self._tables() as source:
            is_current = schema_version(source) == SCHEMA_VERSION
            project = read_state(source, self.name)
        self._kept = KeptState((), project, is_current=is_current)
        return project

    def has_results(self) -> bool:
        """Tell whether the project was saved together with answers."""
        with self._tables() as source:
            return has_table(source, SUMMARY)

    @in_turn
    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Write the file anew, sealed; on failure the old one is untouched."""
        bare, results = shut(project, key), None if project.has_opened else assessment
        self._lock.refuse_locked()
        if not self.exists():
            if self._kept is not None:
                raise InputError(Fault(GONE, Where(file=self.name)))
            with closing(_memory()) as target:
                write_state(target, bare, results, is_new=True)
                self._dress(target, bare)
                self._write(target)
        else:
            known, kept = self._head, self._kept
            with self._tables() as target:
                if kept is not None and self._head != known:
                    refuse_unlike(kept.project, read_state(target, self.name), self.path)
                if kept is not None and can_change(kept, bare):
                    with transaction(target):
                        change_state(target, kept, bare, results)
                else:
                    write_state(target, bare, results, is_new=False)
                self._dress(target, bare)
                self._write(target)
        self._kept = KeptState((), bare, results)

    @in_turn
    def log(self, entry: JournalEntry) -> None:
        """Append a row to the table of exports."""
        known = self._head
        with self._tables() as target:
            is_ours = self._head == known
            with transaction(target):
                append_export(target, entry)
            self._write(target)
        if not is_ours:
            self._head = known  # what another start wrote before stays to be compared

    def logged(self) -> tuple[JournalEntry, ...]:
        """Return the rows of the table of exports."""
        with self._tables() as source:
            return read_entries(source, EXPORTS, self.name)

    def remarks(self) -> tuple[Fault, ...]:
        """Return nothing: no other program writes to a sealed file without breaking its seal."""
        return ()

    def state_of(self, copy: Path) -> str:
        """Return what tells the state of the project in a copy, or in the file, whatever was logged since."""
        with self.beside(copy)._tables() as source:
            return state_in(source)

    def examine(self) -> tuple[Fault, ...]:
        """Return all that is wrong with the tables inside."""
        from lhasaplan.store.recognising import examine_tables  # noqa: PLC0415 - few starts ask for it

        with self._tables() as source:
            return examine_tables(source, self.name)

    def rescue(self) -> Rescued:
        """Return what can be read of the tables inside; of a broken seal nothing can."""
        from lhasaplan.store.rescuing import rescue_tables  # noqa: PLC0415 - few starts ask for it

        with self._tables() as source:
            return rescue_tables(source, self.name)

    def change_passphrase(self, passphrase: str) -> None:
        """Seal the file anew with another passphrase; the one of before opens it no more."""
        with self._tables() as source:
            self._salt, self._secret = new_secret(passphrase)
            self._write(source)

    def beside(self, path: Path) -> "SealedStore":
        """Return the store of another file that the same passphrase opens."""
        return SealedStore(path, self._salt, self._secret)

    @contextmanager
    def _tables(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to the tables as they are in memory; what is changed there is kept by :meth:`_write` alone."""
        if not self._secret:
            raise InputError(Fault(SEALED, Where(file=self.name)))
        with reading(self.path):
            content = self._content()
            image = _opened(content, self._secret, self.name)
            self._head = content[:_HEAD_BYTES]
            with closing(_memory(image)) as source:
                fault = version_fault(source, self.name)
                if fault is not None:
                    raise InputError(fault)
                yield source

    def _content(self) -> bytes:
        fault = no_file(self.path)
        if fault is not None:
            raise InputError(fault)
        with reading(self.path):
            return self.path.read_bytes()

    def _write(self, source: sqlite3.Connection) -> None:
        """Seal what a connection holds, and put it in place of the file unless another start wrote it meanwhile."""
        image = source.serialize()
        head = MAGIC + self._salt + os.urandom(NONCE_BYTES)
        before = self._head
        with writing(self.path):
            refuse_read_only(self._target())
            with replacing(self.path) as draft:
                draft.write_bytes(head + _box(image, head, self._secret, self.name))
                if _head_of(self.path) != before:
                    raise changed_meanwhile(self.path)
        self._head = head


def is_sealed_file(path: Path) -> bool:
    """Tell a sealed project by its first bytes."""
    return _head_of(path)[: len(MAGIC)] == MAGIC


def sealed_by(path: Path, secret: bytes) -> SealedStore:
    """Return the store of a file that no passphrase opens, but a key of 32 bytes that is kept elsewhere."""
    return SealedStore(path, bytes(SALT_BYTES), secret)


def seal(path: Path, passphrase: str) -> SealedStore:
    """Put a sealed file in the place of a plain one, and return its store; InputError when the passphrase is short.

    What the disk held before may be found on it still, as what was deleted always may.
    """
    require_project(path)
    store = SealedStore(path, *new_secret(passphrase))
    store._head = _head_of(path)
    with reading(path), connected(path, read_only=True) as source, closing(_memory()) as copy:
        source.backup(copy)
        if not is_as_written(source):
            note_other_writing(copy)
        store._write(copy)
    return store


def unseal_file(store: SealedStore) -> None:
    """Put a plain file in the place of a sealed one whose passphrase was given."""
    with store._tables() as source, writing(store.path), replacing(store.path) as draft, connected(draft) as target:
        source.backup(target)
        with transaction(target):
            note_writing_of_copy(target)


def _memory(image: bytes = b"") -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    if image:
        connection.deserialize(image)
    register_functions(connection)
    return connection


def _head_of(path: Path) -> Head:
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        return b""


def _box(image: bytes, head: Head, secret: bytes, name: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (most projects are not sealed)

    if len(image) > _MOST_BYTES:
        raise InputError(Fault(TOO_LARGE, Where(file=name), {"size": len(image) >> 20, "most": _MOST_BYTES >> 20}))
    return AESGCM(secret).encrypt(head[-NONCE_BYTES:], image, head)


def _opened(content: bytes, secret: bytes, name: str) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    head = content[:_HEAD_BYTES]
    try:
        return AESGCM(secret).decrypt(head[-NONCE_BYTES:], content[_HEAD_BYTES:], head)
    except (InvalidTag, ValueError) as error:  # one that was cut short is none
        raise InputError(Fault(WRONG, Where(file=name))) from error
