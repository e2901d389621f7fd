"""A deck before it has a format: slides with title, blocks and notes for who speaks, and how tall their blocks get."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.report.facts.tables import SHEETS
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import bound
from lhasaplan.report.text.style import load_slide_style
from lhasaplan.report.text.text_width import CM_PER_PT, lines_of, longest_word_of, shared_widths, shortened


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


# How tall the blocks of a slide get at a width and a size of letters; boxes and cells know their own edges.

CELL_X_CM, CELL_Y_CM = 0.22, 0.12
BULLET_CM = 0.7
CARD_X_CM, CARD_Y_CM = 0.4, 0.35
MARK_CM = 1.3  # room for the sign of a map before its words
CARD_GAP_CM = 0.6
MOST_SHARE = 0.3  # of a table's width that one unbroken word may ask for
EDGE_CM = 0.02  # rounding


def points(name: str, scale: float = 1.0) -> float:
    """Return a size of letters, to half a point."""
    return round(float(load_slide_style()["points"][name]) * scale * 2) / 2


def line_cm(size_pt: float) -> float:
    """Return how tall a line is; writers set it exactly, so that another font moves nothing."""
    return size_pt * CM_PER_PT * float(load_slide_style()["fit"]["line_height"])


def text_points(block: Paragraph | Heading | Bullets, scale: float) -> float:
    """Return the size of running text."""
    if isinstance(block, Paragraph):
        return points({"lead": "lead", "small": "small"}.get(block.style, "body"), scale)
    return points("body", scale)


def is_bold(block: Paragraph | Heading) -> bool:
    """Say whether a paragraph is printed bold."""
    return isinstance(block, Heading) or block.style in ("warning", "record")


def text_cm(text: str, width_cm: float, size_pt: float, bold: bool = False) -> float:
    """Return how tall a text is."""
    return len(lines_of(bound(text), width_cm, size_pt, bold)) * line_cm(size_pt)


def item_cm(text: str, width_cm: float, size_pt: float) -> float:
    """Return how tall an item of a list is, with the space after it."""
    return text_cm(text, width_cm - BULLET_CM, size_pt) + 0.3 * line_cm(size_pt)


def key_line_cm(mark: MapMark, width_cm: float, size_pt: float) -> float:
    """Return how tall a line of a map's key is, with the space after it."""
    return text_cm(mark.text, width_cm - MARK_CM, size_pt) + 0.3 * line_cm(size_pt)


def column_widths(grid: Grid, width_cm: float, size_pt: float) -> list[float]:
    """Return how wide each column is: as its share says, and a column whose words would break takes from the others."""
    return shared_widths(_wished(grid, width_cm), _least(grid, width_cm, size_pt))


def breaks_words(grid: Grid, width_cm: float, size_pt: float) -> bool:
    """Say whether words must break in a table of this width."""
    return sum(_least(grid, width_cm, size_pt)) > sum(_wished(grid, width_cm))


def _wished(grid: Grid, width_cm: float) -> list[float]:
    return [width_cm * width / sum(grid.widths) for width in grid.widths]


def _least(grid: Grid, width_cm: float, size_pt: float) -> list[float]:
    """Return the width of each column's longest word; an identifier without end may break."""
    most = MOST_SHARE * width_cm
    columns = zip(*grid.rows, strict=True) if grid.rows else ((),) * len(grid.headings)
    return [
        min(
            most,
            2 * CELL_X_CM
            + EDGE_CM
            + max(longest_word_of(head, size_pt, True), *(longest_word_of(t, size_pt) for t in cells), 0.0),
        )
        for head, cells in zip(grid.headings, ([bound(text) for text in column] for column in columns), strict=True)
    ]


def cell_text(text: str, width_cm: float, size_pt: float, *, is_head: bool = False) -> str:
    """Return what a cell shows: a text that would fill the slide is shortened, for the report has the whole."""
    most = int(load_slide_style()["fit"]["cell_lines"])
    return shortened(bound(text), width_cm - 2 * CELL_X_CM, size_pt, most, is_head)


def row_cm(cells: Sequence[str], widths: Sequence[float], size_pt: float, *, is_head: bool = False) -> float:
    """Return how tall a row of a table is."""
    shown = [cell_text(text, width, size_pt, is_head=is_head) for text, width in zip(cells, widths, strict=True)]
    tallest = max(text_cm(text, width - 2 * CELL_X_CM, size_pt, is_head) for text, width in zip(shown, widths, strict=True))
    return tallest + 2 * CELL_Y_CM


def row_heights(grid: Grid, width_cm: float, size_pt: float) -> list[float]:
    """Return how tall the heading and the rows of a table are."""
    widths = column_widths(grid, width_cm, size_pt)
    least = float(load_slide_style()["fit"]["ballot_cm"]) if isinstance(grid, Ballot) else 0.0
    rows = [max(least, row_cm(row, widths, size_pt)) for row in grid.rows]
    return [row_cm(grid.headings, widths, size_pt, is_head=True), *rows]


def card_cm(block: KeyFigures, width_cm: float) -> float:
    """Return how wide one figure's card is."""
    return (width_cm - CARD_GAP_CM * (len(block.items) - 1)) / len(block.items)


def figures_cm(block: KeyFigures, width_cm: float, scale: float) -> float:
    """Return how tall the cards are: the tallest decides."""
    inner = card_cm(block, width_cm) - 2 * CARD_X_CM
    return max(_card_cm(item, inner, scale) for item in block.items) + 2 * CARD_Y_CM


def _card_cm(item: KeyFigure, inner_cm: float, scale: float) -> float:
    label = text_cm(item.label, inner_cm, points("body", scale), bold=True)
    small = sum(text_cm(caption, inner_cm, points("small", scale)) for caption, _ in item.values)
    large = sum(text_cm(value, inner_cm, points("figure", scale), bold=True) for _, value in item.values)
    return label + small + large
