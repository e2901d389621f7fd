"""Say in a database who has a project open, and who made which change."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.sql import Identifier

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution
from lhasaplan.core.project.projects import FACTS, GONE, reported_columns
from lhasaplan.core.project.three_ways import Conflict
from lhasaplan.core.records.register_rows import on_record, row_of
from lhasaplan.errors import Fault, Where
from lhasaplan.store.journal_table import EXPORTS, JOURNAL
from lhasaplan.store.journal_table import TABLES as RESULTS
from lhasaplan.store.migrations import META
from lhasaplan.store.project_tables import DECISIONS, key_of_decision
from lhasaplan.store.shared.layout import PRESENCE_CLASS, RANK, Connection, form_of
from lhasaplan.store.shared.rows import key_expression

ALSO_HERE = marked(
    "{who} has this project open too, since {since}; what each of you saves is kept row by row, and where both change the same "
    "row the second is told"
)
_HELD = (
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = {kind}::oid AND objid = p.id::oid AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """Where this program stands among those that have a project open, until it is ended."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._connection, self._notes = connection, Identifier(schema, "lhasaplan_present")
        self._clear()
        put = (
            "INSERT INTO {} (who, since) VALUES (current_setting('lhasa.who'), to_char(now(), 'YYYY-MM-DD HH24:MI')) RETURNING id"
        )
        row = connection.execute(sql.SQL(put).format(self._notes)).fetchone()
        self._number = int(row[0]) if row else 0
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (PRESENCE_CLASS, self._number))

    def _clear(self) -> None:
        """Remove the notes whose program is gone: their lock is free."""
        query = sql.SQL("DELETE FROM {} p WHERE NOT EXISTS (" + _HELD + ")")
        self._connection.execute(query.format(self._notes, kind=sql.Literal(PRESENCE_CLASS)))

    def others(self, file: str) -> tuple[Fault, ...]:
        """Return who else has the project open."""
        query = sql.SQL("SELECT who, since FROM {} p WHERE id <> %s AND EXISTS (" + _HELD + ") ORDER BY id")
        reported = query.format(self._notes, kind=sql.Literal(PRESENCE_CLASS))
        rows = self._connection.execute(reported, (self._number,)).fetchall()
        return tuple(Fault(ALSO_HERE, Where(file=file), {"who": who, "since": since}) for who, since in rows)

    def end(self) -> None:
        """Go; where the connection is lost the lock has ended by itself."""
        try:
            self._connection.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(self._notes), (self._number,))
            self._connection.close()
        except psycopg.Error:
            self._connection.close()


DIFFERS = marked("{who} changed this row since ({when}), and so did you: {mine} here, {theirs} there")
TAKEN_OUT_THERE = marked("{who} took this row out since ({when}), and you changed it")
TAKEN_OUT_HERE = marked("{who} changed this row since ({when}), and you took it out")
CHANGED = marked("{who} changed since ({when}): {table} {keys}")
_MOST_KEYS = 6
_DECIDED = frozenset(("confirmations", "excuses", "declarations", "resolutions"))


@dataclass(frozen=True, slots=True)
class StoreAuthor:
    """Who changed a row last, and when, as the database's clock says it."""

    who: str
    when: str


Authors = Mapping[tuple[str, str], StoreAuthor]  # by table and what tells the row apart


def changed_tables(connection: Connection, schema: str, since: int) -> dict[str, StoreAuthor]:
    """Return the tables in which anything was changed after a number, with who did it last."""
    query = sql.SQL("SELECT name, changed_by, to_char(changed_at, {form}) FROM {t} WHERE changed_no > %s ORDER BY changed_no")
    reported = query.format(form=_FORM, t=Identifier(schema, "lhasaplan_tables"))
    return {str(name): StoreAuthor(str(who), str(when)) for name, who, when in connection.execute(reported, (since,)).fetchall()}


def authors_of(connection: Connection, schema: str, tables: Collection[str], since: int, but: Collection[int] = ()) -> Authors:
    """Return who changed, put in or took out each row of some tables after a number, but for what some changes did."""
    found: dict[tuple[str, str], StoreAuthor] = {}
    reported = sql.SQL("changed_by, to_char(changed_at, {form}) FROM {t} t WHERE changed_no > %s AND changed_no <> ALL(%s)")
    gone = reported.format(form=_FORM, t=Identifier(schema, "lhasaplan_removed"))
    given = since, list(but)
    for name in tables:
        columns = form_of(connection, schema, name)
        if not columns:
            continue
        key = sql.SQL(key_expression(name, columns, "t"))
        changed = reported.format(form=_FORM, t=Identifier(schema, name))
        rows = connection.execute(sql.SQL("SELECT key, {} AND name = %s").format(gone), (*given, name)).fetchall()
        query = sql.SQL("SELECT {}, {} ORDER BY {}, fid").format(key, changed, Identifier(RANK))
        rows += connection.execute(query, given).fetchall()
        found.update({(name, str(row[0])): StoreAuthor(str(row[1]), str(row[2])) for row in rows})
    return found


_FORM = sql.Literal("YYYY-MM-DD HH24:MI")


def conflict_faults(
    conflicts: Collection[Conflict], tables: Mapping[str, StoreAuthor], rows: Authors, file: str
) -> Iterator[Fault]:
    """Give for each conflict, column by column, what is here and what there, and whose it is."""
    for conflict in conflicts:
        table = _table_of(conflict)
        keys = ((table, conflict.key), *((DECISIONS, key) for key in _keys_in_register(conflict)))
        known = next((rows[key] for key in keys if key in rows), None)
        author = known or tables.get(table) or tables.get(DECISIONS) or StoreAuthor("?", "?")
        reported = {"who": author.who, "when": author.when}
        for column, mine, theirs in reported_columns(conflict):
            where = Where(file, None, column or None, f"{table} {conflict.key}")
            if GONE in (mine, theirs) and not column:
                yield Fault(TAKEN_OUT_THERE if theirs == GONE else TAKEN_OUT_HERE, where, reported)
            else:
                yield Fault(DIFFERS, where, {**reported, "mine": mine, "theirs": theirs})


def _table_of(conflict: Conflict) -> str:
    """Return the table that a conflict is in: what a project has once is a row of its facts, or a table of its own."""
    if conflict.kind == FACTS:
        return {"mandate": "mandate", "district": "district", "closed": "closed_places"}.get(conflict.key, META)
    if conflict.kind in _DECIDED:
        return DECISIONS
    return "plan_versions" if conflict.kind == "versions" else conflict.kind


def _keys_in_register(conflict: Conflict) -> Iterator[str]:
    """Give what the rows of a conflict are distinguished by in the register; of a camera, those of what was stated of it."""
    for side in conflict.sides.values():
        if isinstance(side, Confirmation | Excuse | Declaration | Resolution):
            yield key_of_decision(row_of(side))
        elif isinstance(side, Camera):
            yield from (key_of_decision(row_of(each)) for each in on_record([side]))


def news_faults(rows: Authors, file: str) -> tuple[Fault, ...]:
    """Return what others changed, a line for each person and table; what follows of itself is left out."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (table, key), author in rows.items():
        if table not in {JOURNAL, EXPORTS, *RESULTS}:
            groups.setdefault((author.who, table), []).append((key, author.when))
    return tuple(
        Fault(
            CHANGED,
            Where(file=file),
            {
                "who": who,
                "table": table,
                "when": max(when for _, when in reported),
                "keys": _listed([key for key, _ in reported]),
            },
        )
        for (who, table), reported in groups.items()
    )


def _listed(keys: list[str]) -> str:
    more = len(keys) - _MOST_KEYS
    return ", ".join(keys[:_MOST_KEYS]) + (f", +{more}" if more > 0 else "")
