"""The blocks of a slide: words, figures, tables and charts that PowerPoint can edit."""

import copy
import math
from collections.abc import Callable, Sequence
from typing import cast

from lxml.etree import _Element as Element
from pptx.chart.chart import Chart as PowerPointChart
from pptx.chart.data import ChartData
from pptx.chart.datalabel import DataLabels
from pptx.chart.series import BarSeries
from pptx.dml.fill import FillFormat
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.oxml.table import CT_TableCell
from pptx.shapes.autoshape import Shape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.util import Cm, Pt

from lhasaplan.report.formats.slide_frame import SlideLetters, corners, rgb, set_paragraph, text_box, write
from lhasaplan.report.slides.deck import (
    CARD_GAP_CM,
    CARD_X_CM,
    CARD_Y_CM,
    CELL_X_CM,
    CELL_Y_CM,
    MARK_CM,
    Ballot,
    Chart,
    ChartSeries,
    KeyFigure,
    KeyFigures,
    MapKey,
    MapMark,
    card_cm,
    cell_text,
    column_widths,
    is_bold,
    key_line_cm,
    line_cm,
    points,
    row_heights,
    text_points,
)
from lhasaplan.report.slides.deck_flow import Box, PlacedBlock
from lhasaplan.report.text.document import Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import NO_BREAK, bound

# Tables on slides that can be edited: a heading row, quiet bands, numbers to the right.

PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid": fills are told cell by cell
EDGES = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")


def add_table(slide: Slide, placed: PlacedBlock, block: Grid, language: str) -> GraphicFrame:
    """Add a table in its box; its rows are as tall as they were measured."""
    size = points("table", placed.scale)
    frame = slide.shapes.add_table(len(block.rows) + 1, len(block.headings), *corners(placed.box))
    table = frame.table
    properties = table._tbl.get_or_add_tblPr()
    properties.find(qn("a:tableStyleId")).text = PLAIN_STYLE
    table.horz_banding = False
    widths = column_widths(block, placed.box.width_cm, size)
    for index, width in enumerate(widths):
        table.columns[index].width = Cm(width)
    for number, height in enumerate(row_heights(block, placed.box.width_cm, size)):
        table.rows[number].height = Cm(height)
    # python-pptx takes some thirty steps a cell, so one of each look is made with it, and the others are copies.
    looks: dict[tuple[bool, bool, bool], CT_TableCell] = {}
    for number, (texts, row) in enumerate(zip((block.headings, *block.rows), table._tbl.tr_lst, strict=True)):
        for index, (text, width, bare) in enumerate(zip(texts, widths, row.tc_lst, strict=True)):
            is_right = index in block.numeric
            shown = cell_text(text, width, size, is_head=number == 0)
            look = (number == 0, number % 2 == 0, is_right)
            if look not in looks:
                cell = _Cell(bare, table)
                _fill(cell, shown, SlideLetters(size, number == 0, "ink", "right" if is_right else "left"), number, language)
                _rule(cell, EDGES if isinstance(block, Ballot) else ("a:lnB",))
                looks[look] = bare
            else:
                alike = copy.deepcopy(looks[look])
                next(alike.iter(qn("a:r"))).text = bound(shown)
                row.replace(bare, alike)
    return frame


def _fill(cell: _Cell, text: str, letters: SlideLetters, row: int, language: str) -> None:
    """Fill one cell; the heading is light on dark, every second row has a band."""
    cell.margin_left = cell.margin_right = Cm(CELL_X_CM)
    cell.margin_top = cell.margin_bottom = Cm(CELL_Y_CM)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE if row == 0 else MSO_ANCHOR.TOP
    _fill_with(cell.fill, "head" if row == 0 else "band" if row % 2 == 0 else "paper")
    colour = "head_ink" if row == 0 else letters.colour
    set_paragraph(
        cell.text_frame.paragraphs[0], text, SlideLetters(letters.size_pt, letters.bold, colour, letters.align), language
    )


def _fill_with(fill: FillFormat, colour: str) -> None:
    solid: Callable[[], None] = fill.solid  # untyped
    solid()
    fill.fore_color.rgb = rgb(colour)


def _rule(cell: _Cell, drawn: Sequence[str]) -> None:
    """Draw thin lines at these edges of a cell and none at the others."""
    properties = cell._tc.get_or_add_tcPr()
    fill = properties.find(qn("a:solidFill"))
    for edge in EDGES:
        line = properties.makeelement(qn(edge), {"w": str(int(Pt(0.75)) if edge in drawn else 0)})
        line.append(_ink(line) if edge in drawn else line.makeelement(qn("a:noFill"), {}))
        fill.addprevious(line)


def _ink(line: Element) -> Element:
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(rgb("line"))}))
    return fill


# Charts on slides that can be edited: bars with their numbers, hatched where they rest on an assumption.

# A thousands mark that every language here reads; a nought in a stack is no bar and needs no figure.
NUMBERS = f'[>=1000000]0"{NO_BREAK}"000"{NO_BREAK}"000;[>=1000]0"{NO_BREAK}"000;0'
IN_STACKS = f'[>=1000]0"{NO_BREAK}"000;[>0]0;'
IN_STACKS_OF_MILLIONS = f'[>=1000000]0"{NO_BREAK}"000"{NO_BREAK}"000;[>=1000]0"{NO_BREAK}"000;'  # a smaller bar has no room
MILLION = 1_000_000
BARS_SHARE, LINE, LEAST_PT, PT_IN_CM = 0.6, 1.25, 8.0, 72 / 2.54  # of a chart for its bars, the rest is its legend; of letters
DARK = 140.0  # mean of red, green and blue below which a label is white


def add_chart(slide: Slide, placed: PlacedBlock, block: Chart) -> GraphicFrame:
    """Add a bar chart; the first category stands on top, as in a table."""
    chart_data: Callable[..., ChartData] = ChartData  # untyped
    form = _number_format(block)
    data = chart_data(number_format=form)
    data.categories = list(block.categories)
    add_series: Callable[[str, Sequence[float]], object] = data.add_series  # untyped
    for series in block.series:
        add_series(series.name, series.values)
    kind = XL_CHART_TYPE.BAR_STACKED if block.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = cast("GraphicFrame", slide.shapes.add_chart(kind, *corners(placed.box), data))  # its type says the chart
    chart = frame.chart
    size_pt = letters_pt(len(block.categories), placed)
    chart.has_title, chart.font.size, chart.font.color.rgb = False, Pt(size_pt), rgb("ink")
    _axes(chart)
    chart.has_legend = len(block.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.plots[0].gap_width = 45
    chart.plots[0].overlap = 100 if block.stacked else -10
    for shown, series in zip(chart.plots[0].series, block.series, strict=True):
        _colour(shown, series)
        _label(shown, series, size_pt, form, stacked=block.stacked)
    return frame


def letters_pt(bars: int, placed: PlacedBlock) -> float:
    """Return how large the letters of a chart are: of many bars smaller, so that each keeps its name, down to 8 points."""
    room_cm = placed.box.height_cm * BARS_SHARE / max(bars, 1)
    return min(points("chart", placed.scale), max(LEAST_PT, math.floor(room_cm / LINE * PT_IN_CM)))


def _number_format(block: Chart) -> str:
    if not block.stacked:
        return NUMBERS
    return IN_STACKS_OF_MILLIONS if max(value for each in block.series for value in each.values) >= MILLION else IN_STACKS


def _axes(chart: PowerPointChart) -> None:
    """Keep the names of the bars; the values stand in the bars, so their axis and its lines go."""
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb("line")
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    skip = names._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # or a program leaves out every other name
    names._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale = 0


def _colour(shown: BarSeries, series: ChartSeries) -> None:
    fill = shown.format.fill
    if not series.hatched:
        _fill_with(fill, series.colour)
        return
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb, fill.back_color.rgb = rgb(series.colour), rgb("paper")
    shown.format.line.color.rgb = rgb(series.colour)


def _label(shown: BarSeries, series: ChartSeries, size_pt: float, form: str, *, stacked: bool) -> None:
    """Write the values: into stacked bars in letters that stand out from them, else after the bars."""
    labels = shown.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = form, False
    labels.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(size_pt), True
    is_dark = stacked and not series.hatched and sum(rgb(series.colour)) / 3 < DARK
    labels.font.color.rgb = rgb("paper" if is_dark else "ink")
    labels._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")  # or a long number is broken in two
    if stacked and series.hatched:
        _on_white(labels)


def _on_white(labels: DataLabels) -> None:
    """Put a white ground under a label that would stand on hatching."""
    properties = labels._element.get_or_add_spPr() if hasattr(labels._element, "get_or_add_spPr") else None
    if properties is None:
        properties = labels._element.makeelement(qn("c:spPr"), {})
        labels._element.find(qn("c:txPr")).addprevious(properties)
    fill = properties.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": "FFFFFF"}))
    properties.append(fill)


# Words, figures and map keys on slides.

SHAPES = {"dot": MSO_SHAPE.OVAL, "ring": MSO_SHAPE.OVAL}
DASHES = {"dashes": MSO_LINE_DASH_STYLE.DASH, "dots": MSO_LINE_DASH_STYLE.ROUND_DOT}
SIGN_CM = 0.9


def add_words(slide: Slide, placed: PlacedBlock, block: Paragraph | Heading | Bullets, language: str) -> None:
    """Add a paragraph, a heading or a list."""
    size = text_points(block, placed.scale)
    if isinstance(block, Bullets):
        letters = SlideLetters(size, after_pt=0.3 * size * 1.25, is_item=True)
        text_box(slide, placed.box, [(text, letters) for text in block.items], language)
        return
    colour_of_words = "head" if isinstance(block, Heading) else {"warning": "mark", "small": "quiet"}.get(block.style, "ink")
    text_box(slide, placed.box, [(block.text, SlideLetters(size, is_bold(block), colour_of_words))], language)


def add_figures(slide: Slide, placed: PlacedBlock, block: KeyFigures, language: str) -> None:
    """Add the figures of the answer as cards of one size, in letters of one size."""
    width = card_cm(block, placed.box.width_cm)
    for number, item in enumerate(block.items):
        left = placed.box.left_cm + number * (width + CARD_GAP_CM)
        _card(slide, Box(left, placed.box.top_cm, width, placed.box.height_cm), item, placed.scale, language)


def _card(slide: Slide, box: Box, item: KeyFigure, scale: float, language: str) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *corners(box))
    shape.name = item.label
    _fill_with(shape.fill, "card")
    shape.line.fill.background()
    plain(shape)
    lines = [(item.label, SlideLetters(points("body", scale), True, "head"))]
    for caption, value in item.values:
        lines += [
            (caption, SlideLetters(points("small", scale), False, "quiet")),
            (value, SlideLetters(points("figure", scale), True, "accent")),
        ]
    write(shape.text_frame, lines, language)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = corners(Box(CARD_X_CM, 0, 0, 0))[0]
    frame.margin_top = frame.margin_bottom = corners(Box(CARD_Y_CM, 0, 0, 0))[0]


def plain(shape: Shape) -> None:
    """Take away shadow, edge and colour of the theme: a shape has what is said of it and no more."""
    shape._element.remove(shape._element.find(qn("p:style")))


def add_map_key(slide: Slide, placed: PlacedBlock, block: MapKey, language: str) -> None:
    """Add the signs of a map with their words."""
    size, top = points("body", placed.scale), placed.box.top_cm
    for mark in block.marks:
        box = Box(placed.box.left_cm, top, placed.box.width_cm, key_line_cm(mark, placed.box.width_cm, size))
        _sign(slide, Box(box.left_cm, box.top_cm + 0.12, SIGN_CM, line_cm(size) - 0.24), mark)
        words = Box(box.left_cm + MARK_CM, box.top_cm, box.width_cm - MARK_CM, box.height_cm)
        text_box(slide, words, [(mark.text, SlideLetters(size))], language)
        top += box.height_cm


def _sign(slide: Slide, box: Box, mark: MapMark) -> None:
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


def _paint(shape: Shape, mark: MapMark) -> None:
    colour = rgb(mark.colour)
    shape.line.color.rgb, shape.line.width = colour, Pt(1.25)
    if mark.shape in ("box", "line", "dot"):
        _fill_with(shape.fill, mark.colour)
    elif mark.shape == "hatch":
        shape.fill.patterned()
        shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        shape.fill.fore_color.rgb, shape.fill.back_color.rgb = colour, rgb("paper")
    else:
        shape.fill.background()
    if mark.shape in DASHES:
        shape.line.dash_style = DASHES[mark.shape]
