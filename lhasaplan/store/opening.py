"""Find the store of an address by its scheme; one a project and start, since a store remembers what it loaded."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project
from lhasaplan.errors import Fault, InputError, Where, naming_extras
from lhasaplan.ports import Address, Store
from lhasaplan.qgis.dressing import Symbols
from lhasaplan.store.geopackage import NOT_SEALED, GeoPackageStore
from lhasaplan.store.project_lock import ProjectFile
from lhasaplan.store.sealed import SealedStore, is_sealed_file, seal, sealed_by, unseal_file
from lhasaplan.store.shared.address import POSTGRESQL

FILE = "file"
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # of one letter it is a drive of Windows
_FILE_URL = re.compile(r"file:", re.IGNORECASE)
_DRIVE = re.compile(r"/[A-Za-z]:")
ELSEWHERE = marked("This address names the computer {host}; a project file is named by its path on this one")
CUT = marked("This address has a part after {sign}; in the name of a file write the sign as {code}")
NO_FILE = marked("This address names no file; write the path of a project, or file: and the path")
_CODES = {"?": "%3F", "#": "%23"}


def scheme_of(address: Address) -> str:
    """Return the scheme by which a store is found; a plain path is a file.

    >>> scheme_of("town.gpkg"), scheme_of("FILE:/srv/town.gpkg"), scheme_of("C:/town.gpkg"), scheme_of("postgresql://office/town")
    ('file', 'file', 'file', 'postgresql')
    """
    if not isinstance(address, str) or _FILE_URL.match(address):
        return FILE
    url = _URL.match(address)
    return url[1].lower() if url else FILE


def path_of(address: Address) -> Path:
    """Return the path of a file that is named by its path or by a ``file:`` URL (RFC 8089).

    Raises InputError for a URL that names another computer, has a query or a fragment, or names nothing.
    """
    if not isinstance(address, str) or not _FILE_URL.match(address):
        return Path(address)
    rest = address[len("file:") :]
    sign = next((each for each in rest if each in _CODES), "")
    if sign:
        raise InputError(Fault(CUT, params={"sign": sign, "code": _CODES[sign]}))
    path = os.fsdecode(unquote_to_bytes(_on_this_computer(rest)))
    if not path.strip("/") or "\0" in path:
        raise InputError(Fault(NO_FILE))
    return Path(path[1:] if os.name == "nt" and _DRIVE.match(path) else path)


def _on_this_computer(rest: str) -> str:
    if not rest.startswith("//"):
        return rest
    host, _, path = rest[2:].partition("/")
    if host and host.lower() != "localhost":
        raise InputError(Fault(ELSEWHERE, params={"host": host}))
    return "/" + path


UNKNOWN = marked("A project cannot be kept at an address that begins with {scheme}:; name a file by its path, or one of: {known}")

NOT_INTO_PLAIN = marked(
    "{file} is not sealed, and what would be put into it comes from a sealed project; seal it first: seal {file}"
)
NO_FILE_TO_SEAL = marked("A file is sealed, and this project is kept in a database; who may read it is decided there")


def _file_store(address: Address) -> Store:
    path = path_of(address)
    return SealedStore(path) if path.is_file() and is_sealed_file(path) else GeoPackageStore(path)


def _shared_store(address: Address) -> Store:
    with naming_extras():
        from lhasaplan.store.shared.postgis import PostgisStore  # noqa: PLC0415 - the driver of the database is an extra

    return PostgisStore(str(address))


# A new kind of store is one line here: its scheme, and what makes it of an address.
BY_SCHEME: Mapping[str, Callable[[Address], Store]] = {FILE: _file_store, POSTGRESQL: _shared_store}


class Stores:
    """Opens the store of an address; a second opening of the same project gives the same store.

    ``symbols`` say how tables of files look in QGIS; without them files are written bare.
    """

    def __init__(self, by_scheme: Mapping[str, Callable[[Address], Store]] = BY_SCHEME, symbols: Symbols | None = None) -> None:
        self._by_scheme = by_scheme
        self._symbols = symbols
        self._opened: dict[str, Store] = {}

    def open(self, address: Address) -> Store:
        """Return the store of an address; InputError names the schemes that there are. Nothing is read or made yet.

        Of an address nothing but the scheme is reported: the rest of one may hold a password.
        """
        scheme = scheme_of(address)
        if scheme not in self._by_scheme:
            known = ", ".join(f"{each}:" for each in self._by_scheme)
            raise InputError(Fault(UNKNOWN, params={"scheme": scheme, "known": known}))
        store = self._by_scheme[scheme](address)
        if isinstance(store, ProjectFile):
            store.symbols = self._symbols
        opened = self._opened.get(store.address)
        if type(opened) is not type(store):  # the first time, or a file that was sealed or unsealed since
            self._opened[store.address] = store
        return self._opened[store.address]

    def copy(self, of: Store | None, path: Path, secret: bytes = b"") -> Store:
        """Return the store of a copy: sealed as the project is, else by a key of 32 bytes where one is given."""
        store = self._copy(of, path, secret)
        self._opened[store.address] = store
        return store

    @staticmethod
    def _copy(of: Store | None, path: Path, secret: bytes) -> Store:
        if isinstance(of, SealedStore):
            return of.beside(path)
        if secret:
            return sealed_by(path, secret)
        return of.copied(path) if isinstance(of, GeoPackageStore) else GeoPackageStore(path)

    def derived(self, sources: Sequence[Store], address: Address) -> Store:
        """Return the store of what is made of projects: sealed with the same passphrase as the first of them that is sealed.

        InputError where that is kept already and is not sealed itself, or in a database.
        """
        target = self.open(address)
        sealed = next((each for each in sources if isinstance(each, SealedStore)), None)
        if sealed is None or isinstance(target, SealedStore):
            return target
        if scheme_of(address) != FILE:
            raise InputError(Fault(NO_FILE_TO_SEAL))
        if target.exists():
            raise InputError(Fault(NOT_INTO_PLAIN, Where(file=target.name), {"file": target.name}))
        return self.copy(sealed, path_of(address))

    def seal(self, address: Address, passphrase: str) -> None:
        """Seal the file of a project, or give one that is sealed, and was unsealed here, a new passphrase."""
        if scheme_of(address) != FILE:
            raise InputError(Fault(NO_FILE_TO_SEAL))
        store = self.open(address)
        path = path_of(address)
        if isinstance(store, SealedStore):
            store.change_passphrase(passphrase)
        else:
            self._opened[store.address] = seal(path, passphrase)

    def break_seal(self, address: Address) -> None:
        """Keep a project in a plain file again; InputError where its passphrase was not given."""
        store = self.open(address)
        if not isinstance(store, SealedStore):
            raise InputError(Fault(NOT_SEALED, Where(file=store.name)))
        unseal_file(store)

    @staticmethod
    def new_lock(passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
        """Return a lock for places that users draw, and its key."""
        from lhasaplan.store.sealed import new_lock  # noqa: PLC0415 - most projects have no closed places

        return new_lock(passphrase)

    @staticmethod
    def open_box(project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
        """Return the project with its closed places in the layers, and their key."""
        from lhasaplan.store.sealed import open_box  # noqa: PLC0415 - the same

        return open_box(project, passphrase)
