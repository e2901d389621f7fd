"""Keep a project in a schema of a PostgreSQL database with PostGIS, where several change it at a time (docs/project-file.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from psycopg import sql
from psycopg.sql import Identifier

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.project import PlaceKey, Project
from lhasaplan.core.project.projects import Choices, JoinedProjects, join
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import ConflictError, Fault, InputError, Where
from lhasaplan.ports import Incoming, Rescued
from lhasaplan.store.journal_table import EXPORT_COLUMNS, EXPORTS, SUMMARY, linked_row, read_entries, result_rows
from lhasaplan.store.journal_table import TABLES as RESULTS
from lhasaplan.store.migrations import DECIDED_BEFORE, SCHEMA_VERSION, schema_version
from lhasaplan.store.project_states import read_state
from lhasaplan.store.project_tables import NO_TABLE, OWN_TABLES, project_rows, read_project, table_values
from lhasaplan.store.recognising import examine_rows, version_fault
from lhasaplan.store.sealed import opened_by, shut
from lhasaplan.store.shared.address import shared_address
from lhasaplan.store.shared.authors import Presence, authors_of, changed_tables, conflict_faults, news_faults
from lhasaplan.store.shared.layout import (
    Connection,
    bring_up,
    connected,
    find_postgis,
    form_of,
    lasting,
    layout_of,
    needs_password,
    reported,
    take_number,
)
from lhasaplan.store.shared.rows import change_table, image, write_table
from lhasaplan.store.table_rows import TableRows

THERE_ALREADY = marked("There is a project of this name in the database already; open it, or choose another name")
NOT_THERE = marked("There is no such project; make one with: new PROJECT --rules PACK")
OTHER_SYSTEM = marked("The project has got another system of coordinates since ({theirs}, {mine} here); open it again")


@dataclass(frozen=True, eq=False, slots=True)
class _KnownSchema:
    """What this start knows of a project: as the caller has it, as the database had it last, and up to which number.

    Both differ where rows of others were kept beside ours that nobody here has seen yet: ``seen`` is the change up to which
    whoever uses the store has seen all, but for ``written``, the changes after it that are ours. ``results`` are the very answers
    that were saved, ``...`` where nobody knows; ``is_current`` says that it is kept in the form of this program.
    """

    ours: Project
    kept: Project
    number: int
    seen: int
    written: tuple[int, ...] = ()
    results: object = ...
    is_current: bool = True


class PostgisStore:
    """Keeps a project in a database (see :class:`lhasaplan.ports.Store`); several may save, row by row."""

    def __init__(self, address: str) -> None:
        self._at = shared_address(address)
        self._password = ""
        self._known: _KnownSchema | None = None
        self._presence: Presence | None = None

    @property
    def address(self) -> str:
        """Return the address, which holds no password."""
        return self._at.url

    @property
    def name(self) -> str:
        """Return the name of the project in its database."""
        return self._at.project

    @property
    def needs_password(self) -> bool:
        """Say whether the database asks for a password that was not given yet."""
        return needs_password(self._at.server, self._password)

    @property
    def is_sealed(self) -> bool:
        """Say that nothing is sealed in a database: who may open the project is decided there."""
        return False

    @property
    def has_passphrase(self) -> bool:
        """Say that no passphrase opens the project."""
        return False

    def unseal(self, passphrase: str) -> None:
        """Take the password of the account in the database, for this start alone; InputError when it is another."""
        with connected(self._at.server, self.name, passphrase):
            self._password = passphrase

    def exists(self) -> bool:
        """Tell whether there is a project of this name; InputError where the name is taken by something else."""
        with connected(self._at.server, self.name, self._password) as connection:
            return layout_of(connection, self.name) is not None

    def load(self) -> Project:
        """Return the project as it is now, all of one moment."""
        with self._reading() as connection:
            number = self._number(connection)
            with image(connection, self.name) as tables:
                fault = version_fault(tables, self.name)
                if fault is not None:
                    raise InputError(fault)
                is_current = schema_version(tables) == SCHEMA_VERSION
                project = read_state(tables, self.name)
        self._known = _KnownSchema(project, project, number, number, is_current=is_current)
        return project

    def has_results(self) -> bool:
        """Tell whether the project was saved together with answers."""
        with self._reading() as connection:
            return bool(form_of(connection, self.name, SUMMARY))

    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Keep the rows that differ from what was loaded, beside what others kept meanwhile.

        A row that others changed since, to something else, is a conflict: then nothing is kept, and each is reported with its
        columns, who changed it and when. Answers are kept only with what they are about: not beside rows of others.
        """
        bare, results = shut(project, key), None if project.has_opened else assessment
        with self._connected() as connection, connection.transaction():
            if self._known is None:
                self._begin(connection, bare, results)
            else:
                self._known = self._keep(connection, self._known, bare, results)

    def _begin(self, connection: Connection, bare: Project, results: Assessment | None) -> None:
        if layout_of(connection, self.name) is not None:
            raise InputError(Fault(THERE_ALREADY, Where(file=self.name)))
        bring_up(connection, self.name)
        number = take_number(connection, self.name)
        for table in (*project_rows(bare).values(), *result_rows(results)):
            write_table(connection, self.name, table, bare.crs)
        self._known = _KnownSchema(bare, bare, number, number, results=results)

    def _keep(self, connection: Connection, known: _KnownSchema, bare: Project, results: Assessment | None) -> _KnownSchema:
        self._require(connection)
        bring_up(connection, self.name)
        number = take_number(connection, self.name)  # from here on nobody else keeps anything
        now = self._now(connection, known)
        joined = self._joined(connection, known, now, bare)
        reported = results if joined.project is bare else None
        before, after = project_rows(now), project_rows(joined.project)
        is_moved = not known.is_current or now.crs != joined.project.crs
        for name in (before.keys() | (() if known.is_current else {*DECIDED_BEFORE})) - after.keys():
            self._drop(connection, name)
        for name, table in after.items():
            self._bring(connection, None if is_moved else before.get(name), table, joined.project.crs)
        if reported is not known.results:
            self._keep_results(connection, reported, joined.project.crs)
        is_seen = joined.project is bare
        seen, written = (number, ()) if is_seen else (known.seen, (*known.written, number))
        return _KnownSchema(bare, joined.project, number, seen, written, reported)

    def _joined(
        self, connection: Connection, known: _KnownSchema, now: Project, bare: Project, choices: Choices | None = None
    ) -> JoinedProjects:
        """Return what this start and others make together; InputError with every conflict."""
        if now is known.ours:
            return JoinedProjects(bare, {}, ())
        if now.crs and bare.crs and now.crs != bare.crs:
            raise InputError(Fault(OTHER_SYSTEM, Where(file=self.name), {"mine": bare.crs, "theirs": now.crs}))
        found = join(known.ours, bare, now, choices)
        if found.conflicts:
            raise ConflictError(*self._reported(connection, known, found))
        return found

    def _reported(self, connection: Connection, known: _KnownSchema, found: JoinedProjects) -> Iterator[Fault]:
        tables = changed_tables(connection, self.name, known.seen)
        rows = authors_of(connection, self.name, tables, known.seen, known.written)
        return conflict_faults(found.conflicts, tables, rows, self.name)

    def _now(self, connection: Connection, known: _KnownSchema) -> Project:
        """Return what the database holds now: the same object where it is unchanged; unchanged tables are not read."""
        changed = changed_tables(connection, self.name, known.number).keys() - {*RESULTS, EXPORTS}
        if not changed:
            return known.kept
        if not known.is_current:
            with image(connection, self.name) as tables:
                return read_state(tables, self.name)
        same = {name: value for name, value in table_values(known.kept).items() if name not in changed}
        with image(connection, self.name, changed) as tables:
            return read_project(tables, self.name, same)

    def _bring(self, connection: Connection, before: TableRows | None, after: TableRows, crs: str) -> None:
        if before is None or not form_of(connection, self.name, after.name):
            write_table(connection, self.name, after, crs)
        elif not before.is_of(after):
            change_table(connection, self.name, before, after, crs)

    def _keep_results(self, connection: Connection, results: Assessment | None, crs: str) -> None:
        for name in RESULTS:
            self._drop(connection, name)
        for table in result_rows(results):
            write_table(connection, self.name, table, crs)

    def _drop(self, connection: Connection, name: str) -> None:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(Identifier(self.name, name)))

    def news(self) -> tuple[Fault, ...]:
        """Return who changed which rows that the caller has not seen yet."""
        if self._known is None:
            return ()
        with self._reading() as connection:
            changed = changed_tables(connection, self.name, self._known.seen)
            rows = authors_of(connection, self.name, changed, self._known.seen, self._known.written)
            return news_faults(rows, self.name)

    def incoming(self, project: Project, choices: Choices | None = None, *, key: PlaceKey | None = None) -> Incoming:
        """Return what is kept now, and the project with it; what it is built on is known from then on, so it is to be used.

        With conflicts that no choice decides nothing is taken, and what is known stays.
        """
        known, bare = self._known, shut(project, key)
        if known is None:
            return Incoming(project, JoinedProjects(project, {}, ()))
        with self._reading() as connection:
            number, now = self._number(connection), self._now(connection, known)
        found = JoinedProjects(bare, {}, ()) if now is known.ours else join(known.ours, bare, now, choices)
        if found.conflicts:
            return Incoming(now, found)
        self._known = _KnownSchema(now, now, number, number, results=known.results, is_current=known.is_current)
        return Incoming(opened_by(now, key), replace(found, project=opened_by(found.project, key)))

    def lock(self) -> tuple[Fault, ...]:
        """Say in the database that this start has the project open, without keeping others from saving.

        Returns why this account cannot say so: it may not change the project either.
        """
        try:
            if self._presence is None and self.exists():
                with reported(self.name):
                    self._presence = Presence(lasting(self._at.server, self.name, self._password), self.name)
        except InputError as error:
            return error.faults
        return ()

    def unlock(self) -> None:
        """Say that this start has it open no more."""
        if self._presence is not None:
            self._presence.end()
        self._presence = None

    def remarks(self) -> tuple[Fault, ...]:
        """Return who else has the project open."""
        if self._presence is None:
            return ()
        with reported(self.name):
            return self._presence.others(self.name)

    def examine(self) -> tuple[Fault, ...]:
        """Return every table that is gone and every row that cannot be read, and the first that does not fit the log.

        Pages are the database's own matter. Of a project that a newer version wrote nothing else can be said.
        """
        with self._reading() as connection, image(connection, self.name) as tables:
            if (fault := version_fault(tables, self.name)) is not None:
                return (fault,)
            is_current = schema_version(tables) == SCHEMA_VERSION
            gone = [name for name in OWN_TABLES if is_current and not form_of(connection, self.name, name)]
            missing = (Fault(NO_TABLE, Where(self.name), {"table": name}) for name in gone if name != "cameras")
            return (*missing, *examine_rows(tables, self.name))

    def rescue(self) -> Rescued:
        """Return what can be read of the project."""
        from lhasaplan.store.rescuing import rescue_tables  # noqa: PLC0415 - few starts ask for it

        with self._reading() as connection, image(connection, self.name) as tables:
            return rescue_tables(tables, self.name)

    def log(self, entry: JournalEntry) -> None:
        """Append a row to the log of what left the project, linked to the row before."""
        with self._connected() as connection, connection.transaction():
            self._require(connection)
            take_number(connection, self.name)
            if not form_of(connection, self.name, EXPORTS):
                write_table(connection, self.name, TableRows(EXPORTS, entry, tuple, EXPORT_COLUMNS, list), "")
            table = Identifier(self.name, EXPORTS)
            last = connection.execute(sql.SQL("SELECT link FROM {} ORDER BY fid DESC LIMIT 1").format(table)).fetchone()
            row = linked_row(str(last[0] or "") if last else "", entry)
            listed = sql.SQL(", ").join(Identifier(name) for name, _ in EXPORT_COLUMNS)
            marks = sql.SQL(", ").join(sql.Placeholder() * len(EXPORT_COLUMNS))
            connection.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, listed, marks), row)
            connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, str(row[-1])))

    def logged(self) -> tuple[JournalEntry, ...]:
        """Return what left the project."""
        with self._reading() as connection, image(connection, self.name, {EXPORTS}) as tables:
            return read_entries(tables, EXPORTS, self.name)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with connected(self._at.server, self.name, self._password) as connection:
            find_postgis(connection)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the project; InputError where there is none."""
        with self._connected() as connection:
            self._require(connection)
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield connection

    def _require(self, connection: Connection) -> None:
        if layout_of(connection, self.name) is None:
            raise InputError(Fault(NOT_THERE, Where(file=self.name)))

    def _number(self, connection: Connection) -> int:
        """Return the number of the last change."""
        query = sql.SQL("SELECT coalesce(max(changed_no), 0) FROM {}").format(Identifier(self.name, "lhasaplan_tables"))
        row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0
