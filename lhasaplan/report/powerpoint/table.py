"""Tables on slides that can be edited: a heading row, quiet bands, numbers to the right."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from lhasaplan.report.powerpoint.text import Letters, corners, rgb, set_paragraph
from lhasaplan.report.slides.deck import Ballot
from lhasaplan.report.slides.deck_flow import Placed
from lhasaplan.report.slides.deck_sizes import CELL_X_CM, CELL_Y_CM, cell_text, column_widths, points, row_heights
from lhasaplan.report.text.document import Grid

PLAIN_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid": fills are told cell by cell
EDGES = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")


def add_table(slide: Any, placed: Placed, block: Grid, language: str) -> Any:
    """Add a table in its box; its rows are as tall as they were measured."""
    size = points("table", placed.scale)
    frame = slide.shapes.add_table(len(block.rows) + 1, len(block.headings), *corners(placed.box))
    table = frame.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN_STYLE
    table.horz_banding = False
    widths = column_widths(block, placed.box.width_cm, size)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row, height in zip(table.rows, row_heights(block, placed.box.width_cm, size), strict=True):
        row.height = Cm(height)
    for number, texts in enumerate((block.headings, *block.rows)):
        for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
            align = "right" if index in block.numeric else "left"
            shown = cell_text(text, width, size, is_head=number == 0)
            cell = table.cell(number, index)
            _fill(cell, shown, Letters(size, number == 0, "ink", align), number, language)
            _rule(cell, EDGES if isinstance(block, Ballot) else ("a:lnB",))
    return frame


def _fill(cell: Any, text: str, letters: Letters, row: int, language: str) -> None:
    """Fill one cell; the heading is light on dark, every second row has a band."""
    cell.margin_left = cell.margin_right = Cm(CELL_X_CM)
    cell.margin_top = cell.margin_bottom = Cm(CELL_Y_CM)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE if row == 0 else MSO_ANCHOR.TOP
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb("head" if row == 0 else "band" if row % 2 == 0 else "paper")
    colour = "head_ink" if row == 0 else letters.colour
    set_paragraph(cell.text_frame.paragraphs[0], text, Letters(letters.size_pt, letters.bold, colour, letters.align), language)


def _rule(cell: Any, drawn: Sequence[str]) -> None:
    """Draw thin lines at these edges of a cell and none at the others."""
    properties = cell._tc.get_or_add_tcPr()
    fill = properties.find(qn("a:solidFill"))
    for edge in EDGES:
        line = properties.makeelement(qn(edge), {"w": str(int(Pt(0.75)) if edge in drawn else 0)})
        line.append(_ink(line) if edge in drawn else line.makeelement(qn("a:noFill"), {}))
        fill.addprevious(line)


def _ink(line: Any) -> Any:
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(rgb("line"))}))
    return fill
