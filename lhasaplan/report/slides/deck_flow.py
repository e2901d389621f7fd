"""Put the blocks of a slide on as many slides as they need: nothing is cut, nothing lies over another."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lhasaplan.report.slides.deck import (
    BULLET_CM,
    Chart,
    Deck,
    KeyFigures,
    MapKey,
    Slide,
    SlideBlock,
    breaks_words,
    figures_cm,
    is_bold,
    item_cm,
    key_line_cm,
    line_cm,
    points,
    row_heights,
    text_cm,
    text_points,
)
from lhasaplan.report.text.document import Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import bound
from lhasaplan.report.text.style import load_slide_style
from lhasaplan.report.text.text_width import lines_of, shortened

TOGETHER = 6  # rows of a table that is not split: a slide has half the room of a page
GUTTER_CM = 0.9
LONGEST = 10  # lines of one item of a list; who writes more than that has it in the report


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, in centimetres from its upper left corner."""

    left_cm: float
    top_cm: float
    width_cm: float
    height_cm: float


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block and its box; ``scale`` shrinks its letters."""

    block: SlideBlock
    box: Box
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """One slide of the file: ``number`` of ``count`` that a slide of the deck came to."""

    slide: Slide
    placed: tuple[PlacedBlock, ...]
    number: int
    count: int


def pages_of(slide: Slide) -> list[Page]:
    """Return the slides that one slide of a deck comes to, at the largest letters that fit, break no word and need the fewest.

    A first slide that needs more than one takes the smallest letters, for as much as can stand on it.
    """
    scales = [float(scale) for scale in load_slide_style()["fit"]["scales"]]
    tries = [(_breaks(slide, scale) or _overflows(slide, scale), _flow(slide, scale)) for scale in scales]
    best = min((is_bad, len(pages)) for is_bad, pages in tries)
    fitting = [pages for is_bad, pages in tries if (is_bad, len(pages)) == best]
    flowed = fitting[-1] if slide.is_front and len(fitting[0]) > 1 else fitting[0]
    return [Page(slide, tuple(placed), number, len(flowed)) for number, placed in enumerate(flowed, 1)]


def pages_of_deck(deck: Deck) -> list[Page]:
    """Return all slides of a deck; with an appendix each slide of the meeting is one, and what it has no room for goes there."""
    shown = [pages_of(slide) for slide in deck.slides]
    if not deck.appendix:
        return [page for pages in shown for page in pages]
    divider, *others = deck.appendix
    rest = [page for pages in shown for page in pages[1:]]
    return [
        *(pages[0] for pages in shown),
        *pages_of(divider),
        *rest,
        *(page for slide in others for page in pages_of(slide)),
    ]


def _breaks(slide: Slide, scale: float) -> bool:
    width, size = room_of(slide, 0).width_cm, points("table", scale)
    return any(isinstance(block, Grid) and breaks_words(block, width, size) for block in slide.blocks)


def _overflows(slide: Slide, scale: float) -> bool:
    """Say whether the key of a map, which is never split, has no room at this size of letters."""
    room = room_of(slide, 0)
    return any(isinstance(block, MapKey) and _fixed_cm(block, room, scale) > room.height_cm for block in slide.blocks)


def room_of(slide: Slide, number: int) -> Box:
    """Return where the blocks of a slide stand; what stands beside them is on the first of its pages only."""
    page, (top, bottom) = load_slide_style()["page"], said_between_cm(slide)
    top += float(page["front_cm"]) if slide.is_front and number == 0 else 0.0
    width = float(page["width_cm"] - 2 * page["margin_cm"])
    if slide.side is not None and number == 0:
        width = width * (1.0 - slide.side_share) - GUTTER_CM / 2
    return Box(float(page["margin_cm"]), top, width, bottom - top)


def said_between_cm(slide: Slide) -> tuple[float, float]:
    """Return how far from the top what a slide says begins and ends, in cm."""
    page = load_slide_style()["page"]
    return slide.between_cm or (float(page["content_top_cm"]), float(page["content_bottom_cm"]))


def side_box(slide: Slide) -> Box:
    """Return where stands what is beside the blocks."""
    main, page = room_of(slide, 0), load_slide_style()["page"]
    left = main.left_cm + main.width_cm + GUTTER_CM
    return Box(left, main.top_cm, float(page["width_cm"] - page["margin_cm"]) - left, main.height_cm)


def _flow(slide: Slide, scale: float) -> list[list[PlacedBlock]]:
    pages: list[list[PlacedBlock]] = [[]]
    used = 0.0
    waiting = [block for block in slide.blocks if not isinstance(block, Bullets) or block.items]
    while waiting:
        room = room_of(slide, len(pages) - 1)
        head, rest = fit(waiting[0], replace(room, height_cm=room.height_cm - used), scale, is_first=used == 0.0)
        if head is None:
            taken = _led(pages[-1])
            waiting[:0] = [placed.block for placed in taken]
            pages.append([])
            used = 0.0
            continue
        box = replace(room, top_cm=room.top_cm + used, height_cm=head[1])
        pages[-1].append(PlacedBlock(head[0], box, scale))
        used += head[1] + float(load_slide_style()["page"]["gap_cm"])
        waiting[:1] = [] if rest is None else [rest]
    if slide.side is not None:
        pages[0].append(PlacedBlock(slide.side, side_box(slide), scale))
    return pages


def _led(page: list[PlacedBlock]) -> list[PlacedBlock]:
    """Take from the end of a page the words that lead to what has no room on it; a page of such words alone keeps them."""
    taken: list[PlacedBlock] = []
    while len(page) > 1 and _leads(page[-1].block):
        taken.insert(0, page.pop())
    return taken


def _leads(block: SlideBlock) -> bool:
    return isinstance(block, Heading) or (isinstance(block, Paragraph) and block.style == "record")


Fitted = tuple[SlideBlock, float]


def fit(block: SlideBlock, room: Box, scale: float, *, is_first: bool) -> tuple[Fitted | None, SlideBlock | None]:
    """Return what of a block fits in a box with its height, and the rest; nothing fits where it would begin badly.

    ``is_first`` says that the box is a whole empty slide: then at least something is taken.
    """
    if isinstance(block, Grid):
        return _fit_grid(block, room, scale, is_first=is_first)
    if isinstance(block, Bullets):
        return _fit_bullets(block, room, scale, is_first=is_first)
    if isinstance(block, (Paragraph, Heading)):
        return _fit_text(block, room, scale, is_first=is_first)
    height = _fixed_cm(block, room, scale)
    return ((block, min(height, room.height_cm)), None) if is_first or height <= room.height_cm else (None, block)


def _fixed_cm(block: SlideBlock, room: Box, scale: float) -> float:
    """Return the height of a block that is never split; a chart or picture takes what is left, if that is enough."""
    if isinstance(block, KeyFigures):
        return figures_cm(block, room.width_cm, scale)
    if isinstance(block, MapKey):
        return sum(key_line_cm(mark, room.width_cm, points("body", scale)) for mark in block.marks)
    fits = load_slide_style()["fit"]
    most = float(fits["chart_most_cm"]) if isinstance(block, Chart) else room.height_cm
    return max(float(fits["chart_least_cm"]), min(most, room.height_cm))


def _fit_text(block: Paragraph | Heading, room: Box, scale: float, *, is_first: bool) -> tuple[Fitted | None, SlideBlock | None]:
    size, bold = text_points(block, scale), is_bold(block)
    height = text_cm(block.text, room.width_cm, size, bold)
    if height <= room.height_cm:
        return (block, height), None
    if not is_first:
        return None, block
    lines = lines_of(bound(block.text), room.width_cm, size, bold)
    most = max(1, int(room.height_cm / line_cm(size)))
    head, rest = "".join(lines[:most]).rstrip(), "".join(lines[most:])
    return (replace(block, text=head), most * line_cm(size)), replace(block, text=rest)


def _fit_bullets(block: Bullets, room: Box, scale: float, *, is_first: bool) -> tuple[Fitted | None, SlideBlock | None]:
    size = text_points(block, scale)
    if is_first and item_cm(block.items[0], room.width_cm, size) > room.height_cm:
        block = Bullets((shortened(block.items[0], room.width_cm - BULLET_CM, size, LONGEST), *block.items[1:]))
    # Measured one by one until the slide is full: a list of thousands goes over hundreds of slides.
    taken = _that_fit((item_cm(text, room.width_cm, size) for text in block.items), room.height_cm, at_least=1 if is_first else 0)
    if not taken:
        return None, block
    rest = Bullets(block.items[len(taken) :]) if len(taken) < len(block.items) else None
    return (Bullets(block.items[: len(taken)]), sum(taken)), rest


def _fit_grid(block: Grid, room: Box, scale: float, *, is_first: bool) -> tuple[Fitted | None, SlideBlock | None]:
    head, *rows = row_heights(block, room.width_cm, points("table", scale))
    count = len(_that_fit(rows, room.height_cm - head, at_least=1 if is_first else 0))
    is_short = len(rows) <= TOGETHER and not is_first
    if count < len(rows) and ((count < 2 and not is_first) or is_short):
        return None, block
    rest = replace(block, rows=block.rows[count:]) if count < len(rows) else None
    return (replace(block, rows=block.rows[:count]), head + sum(rows[:count])), rest


def _that_fit(heights: Iterable[float], room_cm: float, at_least: int) -> list[float]:
    """Return the heights from the beginning that fit, at least so many; none is asked for beyond the first that does not."""
    taken: list[float] = []
    for height in heights:
        if sum(taken) + height > room_cm + 1e-6 and len(taken) >= at_least:
            break
        taken.append(height)
    return taken


def picture_box(block: Figure, box: Box, width_px: int, height_px: int) -> Box:
    """Return the largest box of the picture's shape inside another, in its middle."""
    share = min(box.width_cm / width_px, box.height_cm / height_px)
    width, height = width_px * share, height_px * share
    return Box(box.left_cm + (box.width_cm - width) / 2, box.top_cm + (box.height_cm - height) / 2, width, height)
