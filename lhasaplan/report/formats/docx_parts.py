"""Parts of a Word file: its styles and page, tables, and fields that Word counts itself."""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from lhasaplan.core.base.translations import spoken
from lhasaplan.report.text.document import LINES_TOGETHER, TOGETHER, Document, Grid, Heading, PageFormat
from lhasaplan.report.text.style import load_style, page_size_cm
from lhasaplan.report.text.text_width import BREAK, breakable, is_tall, lines_of, longest_word_of, shared_widths

# Settle an Office file: which program wrote it, and the date that the draft bears on the file and on all its parts.

EARLIEST = (1980, 1, 1)  # that a ZIP file can say: of a draft without a date
DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>|<dcterms:(?:created|modified)[^>]*/>")
# Some programs name these spaces at each date alone, so that they are not known where the old ones are gone.
SPACES = 'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DATE = f'<dcterms:{{name}} {SPACES} xsi:type="dcterms:W3CDTF">{{date}}T00:00:00Z</dcterms:{{name}}>'
APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>lhasaplan</Application></Properties>"
)


def settled(file: bytes, date: str = "") -> bytes:
    """Return a package that says one date, an ISO one, and none where none is known: same input, same bytes.

    Workbooks inside it, of charts, are settled, too.
    """
    year, month, day = map(int, date.split("-")) if date else EARLIEST
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as archive, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            content = _settled(name, archive.read(name), date)
            method = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED  # pictures are deflated already
            new.writestr(zipfile.ZipInfo(name, (year, month, day, 0, 0, 0)), content, method)
    return stream.getvalue()


def _settled(name: str, content: bytes, date: str) -> bytes:
    if name.endswith(".xlsx"):
        return settled(content, date)
    if name == "docProps/app.xml":
        return APPLICATION
    return _dated(content, date) if name == "docProps/core.xml" else content


def _dated(content: bytes, date: str) -> bytes:
    """Return the properties with this date and no other."""
    bare = DATES.sub(b"", content)
    reported = "".join(DATE.format(name=name, date=date) for name in ("created", "modified")) if date else ""
    return bare.replace(b"</cp:coreProperties>", reported.encode("ascii") + b"</cp:coreProperties>")


# A table of a Word file, written as one piece of WordprocessingML.
#
# python-docx builds a cell in some thirty steps; an audit of a city centre has tens of thousands of cells.
TWIPS_PER_CM = 1440 / 2.54
EDGE_CM, MOST_SHARE = 0.05, 0.3  # air for another renderer, and the share of a table that one word may ask for
MANY_COLUMNS, MOST_COLUMNS = 7, 10  # from here on the letters are smaller
HEAD_FILL = '<w:shd w:val="clear" w:color="auto" w:fill="E4EBF2"/>'
LOOK = '<w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="04A0"/>'
LINES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B8C2CC"/>' for side in ("top", "bottom", "insideH"))
ROOM = {"top": 30, "left": 80, "bottom": 30, "right": 80}
AIR = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in ROOM.items())
TABLE = (
    '<w:tblStyle w:val="TableNormal"/><w:tblW w:type="auto" w:w="0"/><w:jc w:val="center"/>'
    f'<w:tblBorders>{LINES}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{AIR}</w:tblCellMar>{LOOK}'
)


def table_element(
    block: Grid, width_cm: float, *, headless: bool = False, keeps_next: bool = False, has_tail: bool = False
) -> BaseOxmlElement:
    """Return the ``w:tbl`` of a table: its head repeats on each page, no row is split, a short table stays on one page.

    Its caption is its title for who has it read out. ``headless`` is a table of pairs, without a head; one that ``keeps_next``
    stays with what follows; of one that ``has_tail`` the last rows do.
    """
    half_points = 17 if len(block.headings) < MANY_COLUMNS else 14 if len(block.headings) < MOST_COLUMNS else 13
    widths_cm = _widths_cm(block, width_cm, half_points / 2)
    widths = [round(width * TWIPS_PER_CM) for width in widths_cm]
    rows = [] if headless else [_row(block.headings, widths, half_points, block, is_head=True, keeps_next=bool(block.rows))]
    is_short = len(block.rows) <= TOGETHER and _lines(block, widths_cm, half_points / 2) <= LINES_TOGETHER
    last = len(block.rows) - 1
    # A short table stays on one page; a long one begins and ends with three rows at least, unless they are as tall as a page.
    held = range(last) if is_short else {*range(min(2, last)), *range(max(last - 2, 0), last)}
    held = {*held, last} if has_tail and not is_short else held  # a short one would leave its page with all that follows
    rows += [
        _row(cells, widths, half_points, block, is_head=False, keeps_next=keeps_next or (index in held and not is_tall(cells)))
        for index, cells in enumerate(block.rows)
    ]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    title = f"<w:tblCaption w:val={quoteattr(block.caption)}/>" if block.caption else ""
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>{TABLE}{title}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _widths_cm(block: Grid, width_cm: float, size_pt: float) -> list[float]:
    """Return how wide each column is: by its share, and wider where a word would break that is no identifier."""
    total, air = sum(block.widths), (ROOM["left"] + ROOM["right"]) / TWIPS_PER_CM + EDGE_CM
    least = [
        min(
            MOST_SHARE * width_cm,
            air + max(longest_word_of(_pieces_of(text), size_pt, row == 0) for row, text in enumerate(column)),
        )
        for column in zip(block.headings, *block.rows, strict=True)
    ]
    return shared_widths([width_cm * width / total for width in block.widths], least)


def _lines(block: Grid, widths_cm: list[float], size_pt: float) -> int:
    """Return how many lines the rows of a table take together."""
    rooms = [max(width - (ROOM["left"] + ROOM["right"]) / TWIPS_PER_CM, 0.5) for width in widths_cm]
    return sum(
        max((len(lines_of(text, room, size_pt)) for text, room in zip(cells, rooms, strict=True)), default=1)
        for cells in block.rows
    )


def _pieces_of(text: str) -> str:
    """Return a cell's text with a space wherever a line may end: behind a hyphen, and in an identifier."""
    return breakable(text).replace(BREAK, " ").replace("-", "- ")


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
        f'<w:p><w:pPr>{keep_next}<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>{right}</w:pPr>'
        f'<w:r><w:rPr>{bold}<w:sz w:val="{half_points}"/></w:rPr>{_text(text)}</w:r></w:p></w:tc>'
    )


def _text(text: str) -> str:
    """Return the text of a run; a line end is a break."""
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n") if line)


# Styles, page and properties of a Word file: what a reader sees is set by named styles, which an office may change.
MOST = 255  # characters that the format has for a property
RED, GREY = RGBColor(0xB0, 0x00, 0x00), RGBColor(0x55, 0x55, 0x55)
LEAD, SMALL, WARNING, RECORD = "Lead", "Small print", "Warning", "Record"
COVER_SMALL, COVER_STATE = "Cover line", "Cover state"
OWN_STYLES = (LEAD, SMALL, WARNING, RECORD, COVER_SMALL, COVER_STATE, "TOC 1", "TOC 2")
PARAGRAPHS = {"body": "Normal", "lead": LEAD, "small": SMALL, "warning": WARNING, "record": RECORD, "signature": RECORD}


def set_page(section: Section, page: PageFormat) -> None:
    """Give a section its format and margins."""
    width, height = page_size_cm(page)
    section.orientation = WD_ORIENT.LANDSCAPE if page.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(load_style()["page"]["margin_cm"])
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)


def set_styles(word: WordFile, language: str, *, is_own: bool = False) -> None:
    """Set fonts and language of all styles; the template says eastAsia en-US, which centres Chinese punctuation.

    ``is_own`` says that the file is an office's own: what it has stays as it looks, and only what it lacks is added.
    """
    if is_own:
        _add_styles(word)
        _set_language(word, language)
        return
    _add_styles(word)
    fonts = load_style()["fonts"]
    size = {"Normal": 10, "Title": 22, "Subtitle": 12, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "Caption": 8.5}
    size |= {LEAD: 11, SMALL: 8, COVER_SMALL: 11, COVER_STATE: 12}
    for name, points in size.items():
        style = word.styles[name]
        style.font.size, style.font.name = Pt(points), fonts["latin"]
        _set_run_fonts(style.element.get_or_add_rPr(), fonts, language)
    _set_language(word, language)
    word.styles["Normal"].paragraph_format.space_after = Pt(4)


def _set_language(word: WordFile, language: str) -> None:
    for defaults in word.styles.element.iter(qn("w:lang")):
        defaults.set(qn("w:val"), spoken(language).locale)
        defaults.set(qn("w:eastAsia"), "zh-CN")


def _add_styles(word: WordFile) -> None:
    added = [name for name in OWN_STYLES if name not in word.styles]
    for name in added:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
    if added:
        _look(word)


def _look(word: WordFile) -> None:
    """Set how our own styles look."""
    word.styles[RECORD].paragraph_format.keep_with_next = True
    word.styles[WARNING].font.bold, word.styles[WARNING].font.color.rgb = True, RED
    word.styles[COVER_STATE].font.bold, word.styles[COVER_STATE].font.color.rgb = True, RED
    word.styles[COVER_SMALL].font.color.rgb = GREY
    word.styles["TOC 1"].paragraph_format.space_before = Pt(2)
    for name in ("TOC 1", "TOC 2"):  # close enough that the contents of a plan stay on their page
        word.styles[name].paragraph_format.space_after, word.styles[name].font.size = Pt(0), Pt(9)
    word.styles["TOC 2"].paragraph_format.left_indent = Cm(0.6)
    caption = word.styles["Caption"]
    caption.font.bold, caption.font.color.rgb = False, RGBColor(0x33, 0x33, 0x33)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    caption.paragraph_format.space_before = Pt(4)


def _set_run_fonts(properties: BaseOxmlElement, fonts: Mapping[str, str], language: str) -> None:
    run_fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        run_fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        run_fonts.set(qn(f"w:{script}"), fonts["latin"])
    run_fonts.set(qn("w:eastAsia"), fonts["east_asian"])
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), spoken(language).locale)
    lang.set(qn("w:eastAsia"), "zh-CN")
    properties.append(lang)


def set_properties(word: WordFile, draft: Document) -> None:
    """Set title and language; the date comes when the file is settled."""
    core = word.core_properties
    core.author, core.title, core.subject = "lhasaplan", draft.title[:MOST], draft.subtitle[:MOST]
    core.comments = " ".join(draft.banners)[:MOST]
    core.last_modified_by, core.language = "lhasaplan", spoken(draft.language).locale


# Fields of a Word file, which Word counts itself: page numbers, numbers of captions, references, and the table of contents.
COUNTERS = {"table": "Table", "figure": "Figure"}  # names of sequences: Word's own, whatever the language of the caption
DEEPEST = 2  # levels that stand in a table of contents


class WordBookmarks:
    """Gives every bookmark of a file its running number."""

    def __init__(self) -> None:
        self._count = 0

    def around(self, name: str, *runs: BaseOxmlElement) -> None:
        """Put a bookmark around runs that stand side by side."""
        self._count += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._count))
        start.set(qn("w:name"), name)
        runs[0].addprevious(start)
        runs[-1].addnext(end)


def bookmark_of(anchor: str) -> str:
    """Return the name of the bookmark of a table or figure."""
    return f"ref_{re.sub(r'[^A-Za-z0-9]', '_', anchor)}"


def add_field(paragraph: WordParagraph, code: str, shown: str, size: Length | None = None, *, stale: bool = False) -> list[CT_R]:
    """Add a field with what it shows until Word counts it, and return its runs; a stale one is counted when it is opened."""
    runs = []
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", shown), ("end", "")):
        run = paragraph.add_run()
        if size is not None:
            run.font.size = size
        run._r.append(_part(kind, text, stale=stale))
        runs.append(run._r)
    return runs


def _part(kind: str, text: str, *, stale: bool) -> BaseOxmlElement:
    if kind == "text":
        part = OxmlElement("w:t")
        part.text = text
        return part
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if not kind:
        part.set(qn("xml:space"), "preserve")
        part.text = f" {text} "
        return part
    part.set(qn("w:fldCharType"), kind)
    if stale and kind == "begin":
        part.set(qn("w:dirty"), "true")
    return part


def add_label(paragraph: WordParagraph, label: str, counter: str, anchor: str, bookmarks: WordBookmarks) -> None:
    """Add "Table 3" with its number as a field, in a bookmark that texts refer to."""
    before, number, after = re.fullmatch(r"(\D*)(\d+)(.*)", label).groups()  # type: ignore[union-attr]
    runs = [paragraph.add_run(before)._r] if before else []
    runs += add_field(paragraph, f"SEQ {COUNTERS[counter]} \\* ARABIC", number)
    runs += [paragraph.add_run(after)._r] if after else []
    if anchor:
        bookmarks.around(bookmark_of(anchor), runs[0], runs[-1])


def add_contents(word: WordFile, headings: list[tuple[str, Heading]], width_cm: float) -> None:
    """Add a list of headings with dots to the page of each: links, and fields that Word and LibreOffice fill in.

    A TOC field would hold pages that somebody has counted, and LibreOffice counts none when it opens a file; a PAGEREF it does.
    """
    for bookmark, heading in headings:
        line = word.add_paragraph(style=f"TOC {heading.level}")
        line.paragraph_format.tab_stops.add_tab_stop(Cm(width_cm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        runs = [line.add_run(heading.text)._r, line.add_run("\t")._r]
        runs += add_field(line, f"PAGEREF {bookmark} \\h", "", stale=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), bookmark)
        line._p.append(link)
        for run in runs:
            link.append(run)
