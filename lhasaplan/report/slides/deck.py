"""A deck before it has a format: slides with a title, blocks, what stands beside them, and notes for who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.report.facts.workbook import SHEETS
from lhasaplan.report.text.document import Block, Grid

# Notes for who speaks: where the numbers of a slide stand in the other drafts.


def source(translations: Translations, file: str, table: str, sheet: str = "", field: str = "") -> str:
    """Return one line: table and file of the report, sheet of the workbook, field of the JSON."""
    facts = {"table": table, "file": file}
    if not sheet:
        return translations(marked("Where the numbers come from: the table or chapter {table} of {file}."), **facts)
    text = marked(
        "Where the numbers come from: the table or chapter {table} of {file}; sheet {sheet} of audit.xlsx; {field} in the JSON."
    )
    return translations(text, **facts, sheet=translations(SHEETS[sheet]), field=field)


def how_to_say(translations: Translations) -> str:
    """Return how the figures may be spoken of."""
    return translations(
        marked("Say “can see”, never “sees”: nobody here can know whether a camera is switched on or masked inside.")
    )


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One colour of a chart: a value for each category. ``hatched`` says that it rests on an assumption."""

    name: str
    values: tuple[float, ...]
    colour: str
    hatched: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that lie on their side, one for each category; ``stacked`` puts the series of a bar one behind the other."""

    alt: str
    categories: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    stacked: bool = True


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the figures of the answer: what it is, and its values (caption, value), all of the same rank."""

    label: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures side by side, all in letters of one size."""

    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class MapMark:
    """What one mark of a map means; ``shape`` is box, hatch, dashes, line, dot or ring."""

    shape: str
    colour: str
    text: str


@dataclass(frozen=True, slots=True)
class MapKey:
    """The key of a map in letters that can be read from the last row of a hall."""

    marks: tuple[MapMark, ...]


@dataclass(frozen=True, slots=True)
class Ballot(Grid):
    """A table with room to write in its rows."""


SlideBlock = Block | Chart | KeyFigures | MapKey


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide, or several where its blocks need them.

    ``side`` stands to the right and takes ``side_share`` of the width; ``is_front`` makes it the first slide of the deck.
    ``between_cm`` is how far from the top what it says begins and ends, where an office's own layout says so.
    """

    title: str
    blocks: tuple[SlideBlock, ...]
    notes: tuple[str, ...] = ()
    side: SlideBlock | None = None
    side_share: float = 0.45
    subtitle: str = ""
    is_front: bool = False
    between_cm: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Deck:
    """All slides. ``marks`` stand at the head of each of them and of its notes, ``footer`` at its foot.

    ``appendix`` is for questions: its first slide says so, and what a slide of the meeting has no room for follows that.
    """

    title: str
    subtitle: str
    language: str
    marks: tuple[str, ...]
    slides: tuple[Slide, ...]
    footer: str = ""
    appendix: tuple[Slide, ...] = ()

    def set_between(self, between_cm: tuple[float, float]) -> "Deck":
        """Return the deck with what its slides say between these distances from the top."""
        shown, behind = (tuple(replace(each, between_cm=between_cm) for each in some) for some in (self.slides, self.appendix))
        return replace(self, slides=shown, appendix=behind)


def chart_of(grid: Grid, columns: Sequence[int], colours: Sequence[str], alt: str, hatched: Sequence[int] = ()) -> Chart:
    """Return the chart of counted columns of a table: the first column names the bars, and no figure has another source."""
    series = tuple(
        ChartSeries(grid.headings[column], tuple(float(row[column]) for row in grid.rows), colour, column in hatched)
        for column, colour in zip(columns, colours, strict=True)
    )
    return Chart(alt, tuple(row[0] for row in grid.rows), series)
