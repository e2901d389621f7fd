"""Words, figures and map keys on slides."""

from typing import Any

from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from lhasaplan.report.powerpoint.text import Letters, corners, rgb, text_box, write
from lhasaplan.report.slides.deck import KeyFigure, KeyFigures, MapKey, MapMark
from lhasaplan.report.slides.deck_flow import Box, Placed
from lhasaplan.report.slides.deck_sizes import (
    CARD_GAP_CM,
    CARD_X_CM,
    CARD_Y_CM,
    MARK_CM,
    card_cm,
    is_bold,
    key_line_cm,
    line_cm,
    points,
    text_points,
)
from lhasaplan.report.text.document import Bullets, Heading, Paragraph

SHAPES = {"dot": MSO_SHAPE.OVAL, "ring": MSO_SHAPE.OVAL}
DASHES = {"dashes": MSO_LINE_DASH_STYLE.DASH, "dots": MSO_LINE_DASH_STYLE.ROUND_DOT}
SIGN_CM = 0.9


def add_words(slide: Any, placed: Placed, block: Any, language: str) -> None:
    """Add a paragraph, a heading or a list."""
    size = text_points(block, placed.scale)
    if isinstance(block, Bullets):
        letters = Letters(size, after_pt=0.3 * size * 1.25, is_item=True)
        text_box(slide, placed.box, [(text, letters) for text in block.items], language)
        return
    text_box(slide, placed.box, [(block.text, Letters(size, is_bold(block), _colour(block)))], language)


def _colour(block: Paragraph | Heading) -> str:
    if isinstance(block, Heading):
        return "head"
    return {"warning": "mark", "small": "quiet"}.get(block.style, "ink")


def add_figures(slide: Any, placed: Placed, block: KeyFigures, language: str) -> None:
    """Add the figures of the answer as cards of one size, in letters of one size."""
    width = card_cm(block, placed.box.width_cm)
    for number, item in enumerate(block.items):
        left = placed.box.left_cm + number * (width + CARD_GAP_CM)
        _card(slide, Box(left, placed.box.top_cm, width, placed.box.height_cm), item, placed.scale, language)


def _card(slide: Any, box: Box, item: KeyFigure, scale: float, language: str) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *corners(box))
    shape.name = item.label
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb("card")
    shape.line.fill.background()
    plain(shape)
    lines = [(item.label, Letters(points("body", scale), True, "head"))]
    for caption, value in item.values:
        lines += [
            (caption, Letters(points("small", scale), False, "quiet")),
            (value, Letters(points("figure", scale), True, "accent")),
        ]
    write(shape.text_frame, lines, language)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = corners(Box(CARD_X_CM, 0, 0, 0))[0]
    frame.margin_top = frame.margin_bottom = corners(Box(CARD_Y_CM, 0, 0, 0))[0]


def plain(shape: Any) -> None:
    """Take away shadow, edge and colour of the theme: a shape has what is said of it and no more."""
    shape._element.remove(shape._element.find(qn("p:style")))


def add_map_key(slide: Any, placed: Placed, block: MapKey, language: str) -> None:
    """Add the signs of a map with their words."""
    size, top = points("body", placed.scale), placed.box.top_cm
    for mark in block.marks:
        box = Box(placed.box.left_cm, top, placed.box.width_cm, key_line_cm(mark, placed.box.width_cm, size))
        _sign(slide, Box(box.left_cm, box.top_cm + 0.12, SIGN_CM, line_cm(size) - 0.24), mark)
        words = Box(box.left_cm + MARK_CM, box.top_cm, box.width_cm - MARK_CM, box.height_cm)
        text_box(slide, words, [(mark.text, Letters(size))], language)
        top += box.height_cm


def _sign(slide: Any, box: Box, mark: MapMark) -> None:
    """Draw one sign as the map has it; it says nothing beyond the words beside it."""
    if mark.shape in SHAPES:
        side = box.height_cm * 0.7
        box = Box(box.left_cm + (box.width_cm - side) / 2, box.top_cm + (box.height_cm - side) / 2, side, side)
    if mark.shape in ("line", "dots"):
        box = Box(box.left_cm, box.top_cm + box.height_cm / 2 - 0.06, box.width_cm, 0.12)
    shape = slide.shapes.add_shape(SHAPES.get(mark.shape, MSO_SHAPE.RECTANGLE), *corners(box))
    shape.name = mark.text
    plain(shape)
    _paint(shape, mark)


def _paint(shape: Any, mark: MapMark) -> None:
    colour = rgb(mark.colour)
    shape.line.color.rgb, shape.line.width = colour, Pt(1.25)
    if mark.shape in ("box", "line", "dot"):
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour
    elif mark.shape == "hatch":
        shape.fill.patterned()
        shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        shape.fill.fore_color.rgb, shape.fill.back_color.rgb = colour, rgb("paper")
    else:
        shape.fill.background()
    if mark.shape in DASHES:
        shape.line.dash_style = DASHES[mark.shape]
