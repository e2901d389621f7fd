"""A table of text as its readers give it: headings and rows, numbered as a person counts them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.tables.coordinate_notes import Note


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the headings are row 1) or the feature's number, and its cells in the order of the headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text. ``counts`` says what a row is called in faults: ``row`` or ``feature``."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: str = "row"
    remarks: tuple[Fault, ...] = ()
    heading_row: int = 1
    faults: tuple[Fault, ...] = ()  # rows that are too long and headings that come twice, to be told with those of the cells
    notes: tuple[Note, ...] = ()  # what is said around the table: titles, other sheets, the file's name, texts beside it

    def where(self, row: Row, column: int | None = None) -> Where:
        """Return the place of a row, or of one of its cells."""
        heading = None if column is None else self.headings[column].strip() or str(column + 1)
        if self.counts == "row":
            return Where(self.file, row.number, heading)
        return Where(self.file, None, heading, f"{self.counts} {row.number}")


@contextmanager
def reported_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Read the cells of a table inside this block; its faults and those of the table are raised together, by row."""
    try:
        yield
    except InputError as error:
        raise InputError(*sorted((*faults, *error.faults), key=lambda fault: fault.where.row or 0)) from error
    if faults:
        raise InputError(*faults)
