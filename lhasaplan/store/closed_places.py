"""The table of closed places: their number, and their data encrypted with the passphrase."""

import sqlite3

from lhasaplan.core.project.project import ClosedPlaces
from lhasaplan.store.table_rows import TableRows
from lhasaplan.store.tables import read_rows

TABLE = "closed_places"
COUNT = "closed_places"  # the same count among the facts: where the table was taken away, planning stays shut all the same
_COLUMNS = (("scheme", "TEXT"), ("count", "INTEGER"), ("salt", "BLOB"), ("box", "BLOB"))
SCHEME = "scrypt-131072-8-1 AES-256-GCM"


def closed_rows(closed: ClosedPlaces) -> TableRows:
    """Return the table, which a project without closed places does not have."""
    return TableRows(
        TABLE, closed, lambda: (closed,), _COLUMNS, lambda some: [(SCHEME, one.count, one.salt, one.box) for one in some]
    )


def read_closed(connection: sqlite3.Connection, count: int) -> ClosedPlaces | None:
    """Return the closed places of a file; a broken table gives a box that nothing opens, and never none."""
    rows = read_rows(connection, TABLE)
    if not rows:
        return ClosedPlaces(count, b"") if count else None
    reported = rows[0].get("count")
    most = max(count, reported if isinstance(reported, int) else 0)
    return ClosedPlaces(most, _bytes(rows[0].get("salt")), _bytes(rows[0].get("box")))


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else b""
