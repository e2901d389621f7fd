"""Finish the blocks of a draft: long lists end early and say how long they are, tables and figures get their numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.report.text.document import Block, Bullets, Figure, Grid, Paragraph
from lhasaplan.report.text.numerals import grouped_text
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.words import series

# Make a draft or a picture once for the formats that carry it: maps cost more than all the rest.

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What was made for one owner; another owner lets all of it go, so that no old city stays in memory."""

    def __init__(self) -> None:
        self._owner: object = None
        self._made: list[tuple[tuple[object, ...], Made]] = []

    def __call__(self, owner: object, values: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return ``make()``, or what it gave for these very values before."""
        if owner is not self._owner:
            self._owner, self._made = owner, []
        for of, made in tuple(self._made):
            if len(of) == len(values) and all(a is b or a == b for a, b in zip(of, values, strict=True)):
                return made
        made = make()
        self._made.append((values, made))
        return made


MORE_ROWS = marked("The first {shown} of {count} rows; the rest stand in the workbook.")
MORE_LINES = marked("The first {shown} of {count} points; the rest stand in the workbook.")
MORE_NAMES = marked("{names} and {count} more")
TABLE, FIGURE = marked("Table {number}"), marked("Figure {number}")
NAMES = 12  # in running text: more are no sentence any more


def with_ends(blocks: Iterable[Block], wording: Wording, most: int | None = None) -> Iterator[Block]:
    """Give the blocks with every table and list cut after the first forty, or so many, and a line that says of how many.

    Whoever wants the rest has the workbook, whose sheets are filtered and have all rows.
    """
    most = int(load_style()["limits"]["list_rows_printed"]) if most is None else most
    for block in blocks:
        if isinstance(block, Grid) and block.length > most:
            yield replace(block, rows=block.rows[:most], count=0)
            yield Paragraph(_more(MORE_ROWS, min(most, len(block.rows)), block.length, wording), "small")
        elif isinstance(block, Bullets) and len(block.items) > most:
            yield replace(block, items=block.items[:most])
            yield Paragraph(_more(MORE_LINES, most, len(block.items), wording), "small")
        else:
            yield block


def _more(text: str, shown: int, count: int, wording: Wording) -> str:
    return wording(text, shown=shown, count=grouped_text(count, wording))


def some_names(names: Iterable[str], wording: Wording, most: int = NAMES) -> str:
    """Return names for running text: the first dozen, and how many more there are."""
    names = list(names)
    text = series(names[:most], wording)
    return wording(MORE_NAMES, names=text, count=len(names) - most) if len(names) > most else text


def with_numbers(blocks: Iterable[Block], wording: Wording) -> tuple[tuple[Block, ...], Mapping[str, str]]:
    """Return the blocks with every captioned table and figure numbered through the draft, and the numbers by anchor."""
    done: list[Block] = []
    counts = {Grid: 0, Figure: 0}
    labels: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, (Grid, Figure)) and block.caption:
            counts[type(block)] += 1
            text = TABLE if isinstance(block, Grid) else FIGURE
            block = replace(block, label=wording(text, number=counts[type(block)]))  # noqa: PLW2901 - the block as it is printed
            if block.anchor:
                labels[block.anchor] = block.label
        done.append(block)
    return tuple(done), labels
