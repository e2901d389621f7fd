"""Read a district's table of differences, in which the office filled in why its plan differs from the city's."""

from pathlib import Path

from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.base.wording import marked
from lhasaplan.core.districts.conformity import Difference
from lhasaplan.core.project.district import Reason
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.tables.filled_table import columns_of, filled_table, has_headings
from lhasaplan.io.tables.schedule_table import NO_DATE
from lhasaplan.io.tables.table_faults import told_with
from lhasaplan.io.tables.table_rows import Row, TextTable

REASON_KNOWN_BY = ("subject", "difference", "reason")  # the headings that no other table has together
COLUMNS = (*REASON_KNOWN_BY, "reason_by", "reason_on")
NO_COLUMN = marked("the column {column} is missing")
NO_DIFFERENCE = marked("{value} is no difference; there are: {known}")
NO_SUBJECT = marked("this row does not say which camera or part it is about")


def is_reason_table(path: Path) -> bool:
    """Tell whether a file is a table with the headings of such a table; one that cannot be read is none."""
    return has_headings(path, REASON_KNOWN_BY)


def read_reasons(path: Path) -> tuple[Reason, ...]:
    """Return the reasons that were filled in; a row whose cell of the reason is empty is still to be filled.

    Raises
    ------
    InputError
        Every column that is missing, every row without its camera or part, and every cell that is no difference or day.
    """
    table = filled_table(path)
    with told_with(table.faults):
        return _reasons(table)


def _reasons(table: TextTable) -> tuple[Reason, ...]:
    columns = columns_of(table, COLUMNS)
    missing = [name for name in REASON_KNOWN_BY if name not in columns]
    if missing:
        raise InputError(*(Fault(NO_COLUMN, Where(table.file, table.heading_row), {"column": name}) for name in missing))
    faults: list[Fault] = []
    stated = [row for row in table.rows if row.cells[columns["reason"]].strip()]
    reasons = tuple(_reason(table, row, columns, faults) for row in stated)
    if faults:
        raise InputError(*faults)
    return reasons


def _reason(table: TextTable, row: Row, columns: dict[str, int], faults: list[Fault]) -> Reason:
    cells = {name: row.cells[column].strip() for name, column in columns.items()}
    known = [str(each) for each in Difference if each is not Difference.KEPT]
    if not cells["subject"]:
        faults.append(Fault(NO_SUBJECT, table.where(row, columns["subject"])))
    if cells["difference"] not in known:
        params = {"value": cells["difference"], "known": ", ".join(known)}
        faults.append(Fault(NO_DIFFERENCE, table.where(row, columns["difference"]), params))
    day = cells.get("reason_on", "")[: len("2027-03-31")]
    if day and iso_date(day) is None:
        faults.append(Fault(NO_DATE, table.where(row, columns["reason_on"]), {"value": cells["reason_on"]}))
    subject = cells["subject"].removeprefix("'")
    return Reason(subject, cells["difference"], cells["reason"], cells.get("reason_by", ""), day)
