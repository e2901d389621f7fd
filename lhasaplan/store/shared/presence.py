"""Say in a database who has a project open: a note with a lock of the session on it, which ends when the program ends."""

import psycopg
from psycopg import sql
from psycopg.sql import Identifier

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.store.shared.connecting import Connection
from lhasaplan.store.shared.layout import PRESENCE_CLASS

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
        """Take away the notes whose program is gone: nobody holds their lock any more."""
        query = sql.SQL("DELETE FROM {} p WHERE NOT EXISTS (" + _HELD + ")")
        self._connection.execute(query.format(self._notes, kind=sql.Literal(PRESENCE_CLASS)))

    def others(self, file: str) -> tuple[Fault, ...]:
        """Return who else has the project open."""
        query = sql.SQL("SELECT who, since FROM {} p WHERE id <> %s AND EXISTS (" + _HELD + ") ORDER BY id")
        told = query.format(self._notes, kind=sql.Literal(PRESENCE_CLASS))
        rows = self._connection.execute(told, (self._number,)).fetchall()
        return tuple(Fault(ALSO_HERE, Where(file=file), {"who": who, "since": since}) for who, since in rows)

    def end(self) -> None:
        """Go; where the connection is lost the lock has ended by itself."""
        try:
            self._connection.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(self._notes), (self._number,))
            self._connection.close()
        except psycopg.Error:
            self._connection.close()
