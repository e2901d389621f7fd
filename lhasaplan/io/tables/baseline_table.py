"""Turn a table of approvals into cameras as they were approved: a camera table with the date of each approval."""

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.tables.camera_table import cameras_from
from lhasaplan.io.tables.columns import load_baseline_columns, understand
from lhasaplan.io.tables.positions import Positions
from lhasaplan.io.tables.table_rows import Table

NO_DATES = marked("a baseline needs the date of each approval; name the column approved_on")
NO_DATE = marked("the date of this approval is missing")


def baseline_from(table: Table, crs: str = "", positions: Positions | None = None, datum: str = "") -> RawImport:
    """Return the cameras of a table as they were approved, with the date.

    One camera may stand in several rows of different dates: each is a version of its approval.

    Raises
    ------
    InputError
        All that a camera table may have wrong, and every row without a date.
    """
    faults = _undated(table)
    try:
        found = cameras_from(table, crs, positions, load_baseline_columns(), datum)
    except InputError as error:
        raise InputError(*sorted((*error.faults, *faults), key=lambda fault: fault.where.row or 0)) from None
    if faults:
        raise InputError(*faults)
    return found


def _undated(table: Table) -> list[Fault]:
    column = understand(table.headings, load_baseline_columns()).known.get("approved_on")
    if column is None:
        return [Fault(NO_DATES, Where(table.file, 1 if table.counts == "row" else None))]
    return [Fault(NO_DATE, table.where(row, column)) for row in table.rows if not row.cells[column]]
