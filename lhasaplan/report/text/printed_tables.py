"""Turn the shared tables into printed tables."""

from collections.abc import Sequence

from lhasaplan.core.base.wording import Wording
from lhasaplan.report.text.columns import Table
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.style import load_style


def grid_of(table: Table, keys: Sequence[str], widths: Sequence[float], wording: Wording) -> Grid:
    """Return the chosen columns of a table as text: of a long one the rows that drafts print, and how many there are."""
    index = [[column.key for column in table.columns].index(key) for key in keys]
    columns = [table.columns[i] for i in index]
    rows = table.rows[: int(load_style()["limits"]["list_rows_printed"])]
    cells = tuple(tuple(column.text(row[i], wording) for i, column in zip(index, columns, strict=True)) for row in rows)
    values = [[row[i] for row in rows if row[i] is not None] for i in index]
    numeric = {n for n, column in enumerate(values) if column and all(_is_number(value) for value in column)}
    headings = tuple(column.heading(wording) for column in columns)
    return Grid(headings, cells, tuple(widths), wording(table.title), frozenset(numeric), count=len(table.rows))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
