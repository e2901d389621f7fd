"""How a project lies in a schema of a database, how one connects to it, and why it does not do what was asked of it."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg import errors, sql

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import NO_ROOM

# Connect to the database that a user named, and say in a sentence why it does not do what was asked of it.

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


# How a project lies in a schema: its tables, and what each row says of who changed it last, whichever program that was.

LAYOUT = 1  # one step a version in STEPS; the schema's comment says which
_MARK = "lhasaplan project, layout "
NOT_OURS = marked("The database has a schema {name} that is not a project of this program; choose another name")
NEWER = marked("A newer version of this program made this project in the database (layout {found}, known {known})")
NO_POSTGIS = marked("This database has no PostGIS; who looks after it says there: CREATE EXTENSION postgis")
STAMPS = ("changed_no", "changed_by", "changed_at")
RANK = "rank"  # the order of rows; one that another program put in has none and comes last
OURS = ("fid", RANK, *STAMPS)


# {s} is the schema, {number} a setting that lasts as long as the transaction. One number a transaction; it is taken under a lock
# that the transaction keeps, so that who sees a number sees all that was kept before it.
_BEGIN = """
CREATE SEQUENCE {s}.lhasaplan_numbers;
CREATE TABLE {s}.lhasaplan_tables (name text PRIMARY KEY, changed_no bigint NOT NULL, changed_by text, changed_at timestamptz);
CREATE TABLE {s}.lhasaplan_removed (
    name text NOT NULL, key text NOT NULL, changed_no bigint NOT NULL, changed_by text, changed_at timestamptz);
CREATE TABLE {s}.lhasaplan_present (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text, since text);
CREATE FUNCTION {s}.lhasaplan_number() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told text := current_setting({number}, true);
BEGIN
    IF coalesce(told, '') = '' THEN
        PERFORM pg_advisory_xact_lock({class}, {oid});
        told := nextval({sequence}::regclass)::text;
        PERFORM set_config({number}, told, true);
    END IF;
    RETURN told::bigint;
END $$;
CREATE FUNCTION {s}.lhasaplan_who() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('lhasa.who', true), ''),
                    session_user || coalesce(' (' || nullif(btrim(current_setting('application_name', true)), '') || ')', '')) $$;
CREATE FUNCTION {s}.lhasaplan_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.changed_no := {s}.lhasaplan_number();
    NEW.changed_by := {s}.lhasaplan_who();
    NEW.changed_at := transaction_timestamp();
    RETURN NEW;
END $$;
CREATE FUNCTION {s}.lhasaplan_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told text;
BEGIN
    EXECUTE 'SELECT ' || TG_ARGV[0] INTO told USING OLD;
    INSERT INTO {s}.lhasaplan_removed VALUES
        (TG_TABLE_NAME, told, {s}.lhasaplan_number(), {s}.lhasaplan_who(), transaction_timestamp());
    RETURN OLD;
END $$;
CREATE FUNCTION {s}.lhasaplan_table() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO {s}.lhasaplan_tables VALUES
        (TG_TABLE_NAME, {s}.lhasaplan_number(), {s}.lhasaplan_who(), transaction_timestamp())
    ON CONFLICT (name) DO UPDATE SET
        changed_no = EXCLUDED.changed_no, changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at;
    RETURN NULL;
END $$;
"""
LOCK_CLASS = 0x6C68  # of advisory locks of this program: the number with the schema's oid, presence with its own
PRESENCE_CLASS = 0x6C69
STEPS = (_BEGIN,)


def schema_oid(connection: Connection, name: str) -> int | None:
    """Return the number of a schema in the database; None where there is none."""
    row = connection.execute("SELECT oid::bigint FROM pg_namespace WHERE nspname = %s", (name,)).fetchone()
    return None if row is None else int(row[0])


def layout_of(connection: Connection, name: str) -> int | None:
    """Return the layout of a project; None where there is no such schema. InputError where it is no project, or newer."""
    row = connection.execute(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %s", (name,)
    ).fetchone()
    if row is None:
        return None
    found = str(row[0]).removeprefix(_MARK)
    if not str(row[0]).startswith(_MARK) or not found.isdigit():
        raise InputError(Fault(NOT_OURS, Where(file=name), {"name": name}))
    if int(found) > LAYOUT:
        raise InputError(Fault(NEWER, Where(file=name), {"found": int(found), "known": LAYOUT}))
    return int(found)


def find_postgis(connection: Connection) -> None:
    """Let the names of PostGIS be found, wherever it was put; InputError where the database has none."""
    row = connection.execute(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
    ).fetchone()
    if row is None:
        raise InputError(Fault(NO_POSTGIS))
    connection.execute(sql.SQL("SET search_path = {}, pg_catalog").format(sql.Identifier(row[0])))


def bring_up(connection: Connection, name: str) -> None:
    """Make the schema of a new project, or take an older one to the layout of this program, one step a version."""
    layout = layout_of(connection, name)
    if layout is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    oid = schema_oid(connection, name) or 0
    signed = oid - (1 << 32) if oid >= 1 << 31 else oid  # as advisory locks take a number of 32 bits
    for step in STEPS[layout or 0 :]:
        connection.execute(
            sql.SQL(step).format(
                s=sql.Identifier(name),
                number=sql.Literal(f"lhasa.number_{oid}"),
                sequence=sql.Literal(sql.Identifier(name, "lhasaplan_numbers").as_string(connection)),
                **{"class": sql.Literal(LOCK_CLASS)},
                oid=sql.Literal(signed),
            )
        )
    if layout != LAYOUT:
        connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(name), f"{_MARK}{LAYOUT}"))


def take_number(connection: Connection, name: str) -> int:
    """Lock a project for the rest of this transaction, and return the number that its changes bear."""
    row = connection.execute(sql.SQL("SELECT {}.lhasaplan_number()").format(sql.Identifier(name))).fetchone()
    return int(row[0]) if row else 0


def form_of(connection: Connection, schema: str, name: str) -> list[tuple[str, str]]:
    """Return the columns of a table with their types, without those that each table has; none where there is no such table."""
    rows = connection.execute(
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s AND c.relkind = 'r' "
        "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        (schema, name),
    ).fetchall()
    return [(str(column), str(kind)) for column, kind in rows if column not in OURS]
