"""Connect to the database that a user named, and say in a sentence why it does not do what was asked of it."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import errors, sql

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.refusals import NO_ROOM

# Read the address of a project in a database: ``postgresql://user@host:port/database?project=NAME``, else as libpq reads it.

POSTGRESQL = "postgresql"
NO_PROJECT = marked("This address names no project; write postgresql://USER@HOST/DATABASE?project=NAME")
NO_NAME = marked("{name} cannot be the name of a project in a database: take 1 to 63 bytes, and not public or pg_…")
PASSWORD = marked(
    "This address holds a password, which lists of commands and of processes would show; leave it out, and put it into "
    "~/.pgpass or PGPASSWORD, or give it when it is asked for"
)
UNREAD = marked("This address cannot be read; write postgresql://USER@HOST/DATABASE?project=NAME")
_LONGEST_BYTES = 63  # of a name in PostgreSQL, which cuts longer ones without a word
_TAKEN = re.compile(r"pg_.*|public|information_schema", re.IGNORECASE)
_SECRETS = {"password", "sslpassword", "oauth_client_secret"}


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """Where a project is kept: what libpq connects by, without a password, and the name of the project, which is its schema."""

    server: str
    project: str

    @property
    def url(self) -> str:
        """Return the address under which the project opens from anywhere."""
        return f"{self.server}{'&' if '?' in self.server else '?'}project={quote(self.project, safe='')}"


def shared_address(address: str) -> SharedAddress:
    """Return what an address says; InputError where it names no project, or holds a password, which is never repeated.

    >>> shared_address("postgresql://anna@office/plans?project=town&sslmode=require").url
    'postgresql://anna@office/plans?sslmode=require&project=town'
    >>> shared_address("postgresql://office/plans?project=town&options=-c%20work_mem%3D64MB").server
    'postgresql://office/plans?options=-c%20work_mem%3D64MB'
    """
    try:
        parts = urlsplit(address)
        has_password = parts.password is not None
    except ValueError as error:
        raise InputError(Fault(UNREAD)) from error
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if has_password or _SECRETS & {key.lower() for key, _ in asked}:
        raise InputError(Fault(PASSWORD))
    names = [value for key, value in asked if key == "project"]
    if len(names) != 1 or parts.fragment:
        raise InputError(Fault(NO_PROJECT))
    _check_name(names[0])
    # libpq takes a plus sign for itself: a blank, as in options, is %20.
    rest = urlencode([pair for pair in asked if pair[0] != "project"], quote_via=quote)
    return SharedAddress(f"{POSTGRESQL}://{parts.netloc}{parts.path}{'?' if rest else ''}{rest}", names[0])


def _check_name(name: str) -> None:
    is_well = 0 < len(name.encode("utf-8", "replace")) <= _LONGEST_BYTES and name.isprintable() and not _TAKEN.fullmatch(name)
    if not is_well or name != name.strip():
        raise InputError(Fault(NO_NAME, params={"name": name}))


UNREACHED = marked("The database cannot be reached: {error}")
NEEDS_PASSWORD = marked("The database asks for a password; put it into ~/.pgpass or PGPASSWORD, or give it when it is asked for")
NO_RIGHT = marked("Your account in the database does not have the right for this: {error}")
LOST = marked("The database was lost while it worked; what it had not confirmed is not kept: {error}")
REFUSED = marked("The database refuses this: {error}")
WAITED = marked("Another program holds this project in the database; repeat the step later")
Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"
_WAIT_S = 10
_LOCK_WAIT = "30s"


@contextmanager
def connected(server: str, name: str, password: str = "") -> Iterator[Connection]:
    """Give a connection that keeps nothing but what a transaction commits; whatever fails in it is told in a sentence."""
    with told(name), closing(lasting(server, name, password)) as connection:
        yield connection


def lasting(server: str, name: str, password: str = "") -> Connection:
    """Return a connection that the caller closes."""
    with told(name):
        connection = _open(server, password)
        connection.execute("SELECT set_config('lhasa.who', session_user || ' (' || %s || ')', false)", (socket.gethostname(),))
        connection.execute(sql.SQL("SET lock_timeout = {}").format(_LOCK_WAIT))
    return connection


def _open(server: str, password: str) -> Connection:
    return psycopg.connect(
        server, autocommit=True, password=password or None, connect_timeout=_WAIT_S, application_name="lhasaplan"
    )


def needs_password(server: str, password: str = "") -> bool:
    """Tell whether the server asks for a password that nobody gave; what else hinders is told where it is used."""
    try:
        _open(server, password).close()
    except psycopg.OperationalError as error:
        return bool(error.pgconn and error.pgconn.needs_password)
    except psycopg.Error:
        return False
    return False


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what the database says into a sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise InputError(_fault_of(error, Where(file=name))) from error


def _fault_of(error: psycopg.Error, where: Where) -> Fault:
    if isinstance(error, errors.DiskFull):
        return Fault(NO_ROOM, where)
    if isinstance(error, errors.LockNotAvailable | errors.DeadlockDetected):
        return Fault(WAITED, where)
    params = {"error": " ".join(str(error).split())}
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return Fault(NO_RIGHT, where, params)
    if error.pgconn is not None and error.pgconn.needs_password:
        return Fault(NEEDS_PASSWORD, where)
    if isinstance(error, psycopg.OperationalError):
        return Fault(UNREACHED if error.sqlstate is None and error.pgconn is not None else LOST, where, params)
    return Fault(REFUSED, where, params)
