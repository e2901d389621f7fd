"""A table of a Word file, written as one piece of WordprocessingML.

python-docx builds a cell in some thirty steps; an audit of a city centre has tens of thousands of cells.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from lhasaplan.report.text.document import TOGETHER, Grid
from lhasaplan.report.text.line_breaks import breakable, is_tall

TWIPS_PER_CM = 1440 / 2.54
MANY_COLUMNS = 7  # from here on the letters are smaller
HEAD_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="E4EBF2"/>'
LOOK = '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="04A0"/>'
LINES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B8C2CC"/>' for side in ("top", "bottom", "insideH"))
ROOM = {"top": 30, "left": 80, "bottom": 30, "right": 80}
AIR = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in ROOM.items())
TABLE = (
    '<w:tblStyle w:val="TableNormal"/><w:tblW w:type="auto" w:w="0"/><w:jc w:val="center"/>'
    f'<w:tblBorders>{LINES}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{AIR}</w:tblCellMar>{LOOK}'
)


def table_element(block: Grid, width_cm: float, *, headless: bool = False) -> Any:
    """Return the ``w:tbl`` of a table: its head repeats on each page, no row is split, a short table stays on one page.

    Its caption is its title for who has it read out. ``headless`` is a table of pairs, without a head.
    """
    widths = _widths_twips(block, width_cm)
    half_points = 17 if len(block.headings) < MANY_COLUMNS else 14
    rows = (
        []
        if headless
        else [_row(block.headings, widths, half_points, block, is_head=True, keeps_next=_is_short(block) and bool(block.rows))]
    )
    last = len(block.rows) - 1
    rows += [
        _row(cells, widths, half_points, block, is_head=False, keeps_next=_is_short(block) and index < last)
        for index, cells in enumerate(block.rows)
    ]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    title = f"<w:tblCaption w:val={quoteattr(block.caption)}/>" if block.caption else ""
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>{TABLE}{title}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _is_short(block: Grid) -> bool:
    return len(block.rows) <= TOGETHER and not any(map(is_tall, block.rows))


def _widths_twips(block: Grid, width_cm: float) -> list[int]:
    total = sum(block.widths)
    return [round(width_cm * width / total * TWIPS_PER_CM) for width in block.widths]


def _row(cells: tuple[str, ...], widths: list[int], half_points: int, block: Grid, *, is_head: bool, keeps_next: bool) -> str:
    inside = "".join(
        _cell(text, width, half_points, is_head=is_head, keeps_next=keeps_next, is_number=index in block.numeric)
        for index, (text, width) in enumerate(zip(cells, widths, strict=True))
    )
    whole = "" if is_tall(cells) else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{whole}{'<w:tblHeader/>' if is_head else ''}</w:trPr>{inside}</w:tr>"


def _cell(text: str, width: int, half_points: int, *, is_head: bool, keeps_next: bool, is_number: bool) -> str:
    fill, bold = (HEAD_FILL, "<w:b/>") if is_head else ("", '<w:b w:val="0"/>')
    keep_next, right = "<w:keepNext/>" if keeps_next else "", '<w:jc w:val="right"/>' if is_number else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{fill}</w:tcPr>'
        f'<w:p><w:pPr>{keep_next}<w:spacing w:after="0"/>{right}</w:pPr>'
        f'<w:r><w:rPr>{bold}<w:sz w:val="{half_points}"/></w:rPr>{_text(breakable(text))}</w:r></w:p></w:tc>'
    )


def _text(text: str) -> str:
    """Return the text of a run; a line end is a break."""
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n") if line)
