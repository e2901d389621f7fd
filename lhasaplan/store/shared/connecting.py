"""Connect to the database that a user named, and say in a sentence why it does not do what was asked of it."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg import errors, sql

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import NO_ROOM

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
    """Give a connection that keeps nothing but what a transaction commits; whatever fails in it is reported in a sentence."""
    with reported(name), closing(lasting(server, name, password)) as connection:
        yield connection


def lasting(server: str, name: str, password: str = "") -> Connection:
    """Return a connection that the caller closes."""
    with reported(name):
        connection = _open(server, password)
        connection.execute("SELECT set_config('lhasa.who', session_user || ' (' || %s || ')', false)", (socket.gethostname(),))
        connection.execute(sql.SQL("SET lock_timeout = {}").format(_LOCK_WAIT))
    return connection


def _open(server: str, password: str) -> Connection:
    return psycopg.connect(
        server, autocommit=True, password=password or None, connect_timeout=_WAIT_S, application_name="lhasaplan"
    )


def needs_password(server: str, password: str = "") -> bool:
    """Tell whether the server asks for a password that was not given; other faults are reported where it is used."""
    try:
        _open(server, password).close()
    except psycopg.OperationalError as error:
        return bool(error.pgconn and error.pgconn.needs_password)
    except psycopg.Error:
        return False
    return False


@contextmanager
def reported(name: str) -> Iterator[None]:
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
