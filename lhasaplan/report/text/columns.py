"""A table as plain values: columns with a key, a title, a unit and words; rows of numbers and stored words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.finding import Withheld
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import MOST_PX_M, density_text, number_text
from lhasaplan.report.text.style import load_style

Words = Mapping[str, str]
Value = str | float | int | bool | None  # of a cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column: stable key, English title, unit, digits of its numbers, and words for its values."""

    key: str
    title: str
    unit: str = ""
    digits: int = 0
    words: Words | None = None
    width: int = 12

    def heading(self, translations: Translations) -> str:
        """Return the title with its unit."""
        return f"{translations(self.title)} ({self.unit})" if self.unit else translations(self.title)

    def value(self, raw: Any, translations: Translations) -> Value:
        """Return what a cell holds: a number as a number, a stored word in the reader's language; that it is withheld is said."""
        if isinstance(raw, Withheld):
            return translations(words.NOT_TOLD)
        if isinstance(raw, tuple):
            return words.listed(self.words or {}, raw, translations)
        if self.words is not None:
            return words.word(self.words, raw, translations)
        plain: Value = raw
        return plain

    def text(self, raw: object, translations: Translations) -> str:
        """Return what a printed cell shows."""
        value = self.value(raw, translations)
        if value is None:
            return "–"
        if isinstance(value, bool):
            return translations(marked("yes")) if value else translations(marked("no"))
        return self._number_text(value, translations) if isinstance(value, (int, float)) else value

    def _number_text(self, value: float, translations: Translations) -> str:
        if self.unit == "px/m" and value > MOST_PX_M:
            return density_text(value, value, translations)
        return number_text(value, translations, self.digits)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain values, one per column; tuples are lists of stored words."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]

    def column(self, key: str) -> tuple[Any, ...]:
        """Return the values of one column."""
        index = [column.key for column in self.columns].index(key)
        return tuple(row[index] for row in self.rows)


Cell = tuple[Column, Callable[[Any], Any]]


def make_table(name: str, title: str, cells: Iterable[Cell], things: Iterable[object]) -> Table:
    """Return the table of these things: each cell is a column and how to read its value; numbers are rounded here, once."""
    cells = tuple(cells)
    return Table(name, title, tuple(column for column, _ in cells), Rows(cells, tuple(things)))


class Rows(Sequence[tuple[Any, ...]]):
    """The rows of a table, each read once and when it is asked for: most drafts print the first of thousands."""

    def __init__(self, cells: tuple[Cell, ...], things: tuple[object, ...]) -> None:
        self._cells, self._things = cells, things
        self._read: list[tuple[Any, ...] | None] = [None] * len(things)

    def __len__(self) -> int:
        return len(self._things)

    @overload
    def __getitem__(self, at: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[Any, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[Any, ...]:
        """Return a row, or those of a slice."""
        if isinstance(at, slice):
            return tuple(self[number] for number in range(*at.indices(len(self))))
        row = self._read[at]
        if row is None:
            thing = self._things[at]
            # Most cells of a large workbook are text.
            values = [(read(thing), column.digits) for column, read in self._cells]
            row = tuple([value if type(value) is str else _plain(value, digits) for value, digits in values])
            self._read[at] = row
        return row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def _plain(value: object, digits: int) -> object:
    if value is None:
        return None
    if isinstance(value, float):
        return round(value, digits) if digits else round(value)
    return str(value) if isinstance(value, StrEnum) else value  # writers of other formats know text alone


# Turn the shared tables into printed tables.
def grid_of(table: Table, keys: Sequence[str], widths: Sequence[float], translations: Translations) -> Grid:
    """Return the chosen columns of a table as text: of a long one the rows that drafts print, and how many there are."""
    index = [[column.key for column in table.columns].index(key) for key in keys]
    columns = [table.columns[i] for i in index]
    rows = table.rows[: int(load_style()["limits"]["list_rows_printed"])]
    cells = tuple(tuple(column.text(row[i], translations) for i, column in zip(index, columns, strict=True)) for row in rows)
    values = [[row[i] for row in rows if row[i] is not None] for i in index]
    numeric = {
        n
        for n, column in enumerate(values)
        if column and all((isinstance(value, (int, float)) and not isinstance(value, bool)) for value in column)
    }
    headings = tuple(column.heading(translations) for column in columns)
    return Grid(headings, cells, tuple(widths), translations(table.title), frozenset(numeric), count=len(table.rows))
