"""The document model of drafts: blocks, such as headings, paragraphs, tables and figures, and what every page must say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Generic, TypeVar

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.report.text.numerals import bound, number_text

# Around the anchor of what a text refers to; no text of a user has them, since no page can print them.
REFERS, ENDS = "\ue000", "\ue001"
SHORT = 240  # signs of a paragraph that stays between a heading and what follows
TOGETHER = 12  # rows of a table that no page splits: one row at its foot and the rest overleaf cannot be read
LINES_TOGETHER = 30  # and the lines of these rows: a page has room for more, but a taller table would leave the one before empty
SEPARATOR = " · "  # between the number of a table or figure and its caption


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a chapter, level 2 a section, level 3 what stands in one."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``style`` is body, lead, small, warning, record (stays with what follows) or signature (with what it signs).

    A text may refer to a table or figure by :func:`reference`.
    """

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list; ``numbered`` where its order counts."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of finished text. ``widths`` are relative; numeric columns stand to the right.

    ``label`` ("Table 3") is given where a draft numbers its tables; then the caption is printed with it, and texts may refer
    to the table by its ``anchor``. ``count`` is how many rows the list has whose first ``rows`` are; 0 where they are all.
    ``is_large`` sets its values in large letters: a few figures to keep in mind.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""
    numeric: frozenset[int] = frozenset()
    anchor: str = ""
    label: str = ""
    count: int = 0
    is_large: bool = False

    @property
    def length(self) -> int:
        """How many rows the whole list has."""
        return max(self.count, len(self.rows))


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption; ``width`` is a share of the text width, ``alt`` the words for who cannot see it."""

    png: bytes
    caption: str
    width: float = 1.0
    alt: str = ""
    anchor: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The chapters and sections on a page of their own, with their pages where a format has pages."""

    title: str


@dataclass(frozen=True, slots=True)
class PageFormat:
    """What follows stands on pages of this format: ``size`` is A4 or A3; a new page begins."""

    size: str = "A4"
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: whose draft it is, its title, its state, for whom it is, and facts as pairs."""

    issuer: str
    title: str
    subtitle: str
    state: str
    level: str
    facts: tuple[tuple[str, str], ...] = ()


Block = Heading | Paragraph | Bullets | Grid | Figure | Contents | PageFormat | Cover


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft. ``banners`` stand at the head of every page.

    ``date`` is the day that the draft bears, in ISO form; empty where nobody said it: no clock is read here. ``labels`` are the
    numbers of tables and figures by their anchors.
    """

    title: str
    subtitle: str
    language: str
    banners: tuple[str, ...]
    blocks: tuple[Block, ...]
    footer: str = ""
    date: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return all words of the draft, for comparing by meaning."""
        words = "\n".join([self.title, self.subtitle, *self.banners, *map(_words, self.blocks)])
        return "".join(text for text, _ in pieces(words, self.labels))


def heading_levels(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Give each block with the level of its heading, 0 where it is none: no level is left out.

    A heading stands one level below the nearest before it that is higher: sections before any chapter, and those that a paper
    takes over without what they stood in, are raised.
    """
    above: list[int] = []
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, 0
            continue
        while above and above[-1] >= block.level:
            above.pop()
        above.append(block.level)
        yield block, len(above)


def stays_with_next(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of blocks that no page may end with.

    These are records, short paragraphs between a heading and what it is of, and what stands before a signature.

    >>> sorted(stays_with_next([Heading("Risks"), Paragraph("Rests on: Article 35"), Bullets(("One",)), Paragraph("End")]))
    [1]
    """
    found: set[int] = set()
    depth = 0  # of the heading above
    for number, (block, following) in enumerate(pairwise(blocks)):
        depth = block.level if isinstance(block, Heading) else depth
        if isinstance(following, Paragraph) and following.style == "signature":
            found.add(number)
        is_end = isinstance(following, PageFormat) or (isinstance(following, Heading) and following.level <= depth)
        if not isinstance(block, Paragraph) or block.style == "signature" or is_end:
            continue
        follows = number > 0 and (number - 1 in found or isinstance(blocks[number - 1], Heading))
        if block.style == "record" or (follows and len(block.text) <= SHORT):
            found.add(number)
    return frozenset(found)


def captioned(block: Grid | Figure) -> str:
    """Return the caption behind the number of its table or figure."""
    return f"{block.label}{SEPARATOR}{block.caption}" if block.label else block.caption


def reference(anchor: str) -> str:
    """Return what stands in a text for the number of a table or figure, such as "Table 3"."""
    return f"{REFERS}{anchor}{ENDS}"


def pieces(text: str, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give a text in pieces, each with the anchor that it refers to, or none; a reference to nothing says nothing."""
    plain, *others = text.split(REFERS)
    if plain:
        yield plain, ""
    for each in others:
        anchor, _, rest = each.partition(ENDS)
        if anchor in labels:
            yield labels[anchor], anchor
        if rest:
            yield rest, ""


def bound_draft(draft: Document) -> Document:
    """Return a draft in which no line may end inside a number or between it and its unit."""
    title, subtitle, footer = map(bound, (draft.title, draft.subtitle, draft.footer))
    blocks = tuple(map(_bound_block, draft.blocks))
    return replace(draft, title=title, subtitle=subtitle, footer=footer, banners=tuple(map(bound, draft.banners)), blocks=blocks)


def _bound_block(block: Block) -> Block:
    if isinstance(block, Bullets):
        return replace(block, items=tuple(map(bound, block.items)))
    if isinstance(block, Grid):
        rows = tuple(tuple(map(bound, row)) for row in block.rows)
        return replace(block, headings=tuple(map(bound, block.headings)), rows=rows, caption=bound(block.caption))
    if isinstance(block, Figure):
        return replace(block, caption=bound(block.caption))
    if isinstance(block, Cover):
        facts = tuple((bound(name), bound(value)) for name, value in block.facts)
        return replace(block, title=bound(block.title), subtitle=bound(block.subtitle), facts=facts)
    if isinstance(block, (Contents, PageFormat)):
        return block
    return replace(block, text=bound(block.text))


def _words(block: Block) -> str:
    if isinstance(block, Bullets):
        return "\n".join(block.items)
    if isinstance(block, Grid):
        return "\n".join([captioned(block), *(" | ".join(row) for row in (block.headings, *block.rows))])
    if isinstance(block, Figure):
        return captioned(block)
    if isinstance(block, Cover):
        facts = (f"{name} | {value}" for name, value in block.facts)
        return "\n".join([block.issuer, block.title, block.subtitle, block.state, block.level, *facts])
    if isinstance(block, Contents):
        return block.title
    return "" if isinstance(block, PageFormat) else block.text


# Finish the blocks of a draft: long lists end early and say how long they are, tables and figures get their numbers.

MORE_ROWS = marked("The first {shown} of {count} rows; the workbook has the rest.")
MORE_LINES = marked("The first {shown} of {count} points; the workbook has the rest.")
TABLE, FIGURE = marked("Table {number}"), marked("Figure {number}")


def with_ends(blocks: Iterable[Block], translations: Translations, most: int) -> Iterator[Block]:
    """Give the blocks with every table and list cut after so many rows or points, and a line that says of how many.

    Whoever wants the rest has the workbook, whose sheets are filtered and have all rows.
    """
    for block in blocks:
        if isinstance(block, Grid) and block.length > most:
            yield replace(block, rows=block.rows[:most], count=0)
            yield Paragraph(_more(MORE_ROWS, min(most, len(block.rows)), block.length, translations), "small")
        elif isinstance(block, Bullets) and len(block.items) > most:
            yield replace(block, items=block.items[:most])
            yield Paragraph(_more(MORE_LINES, most, len(block.items), translations), "small")
        else:
            yield block


def _more(text: str, shown: int, count: int, translations: Translations) -> str:
    return translations(text, shown=shown, count=number_text(count, translations))


def with_numbers(blocks: Iterable[Block], translations: Translations) -> tuple[tuple[Block, ...], dict[str, str]]:
    """Return the blocks with every captioned table and figure numbered through the draft, and the numbers by anchor."""
    done: list[Block] = []
    counts = {Grid: 0, Figure: 0}
    labels: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, (Grid, Figure)) and block.caption:
            counts[type(block)] += 1
            text = TABLE if isinstance(block, Grid) else FIGURE
            block = replace(block, label=translations(text, number=counts[type(block)]))  # noqa: PLW2901 - the block as it is printed
            if block.anchor:
                labels[block.anchor] = block.label
        done.append(block)
    return tuple(done), labels


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
