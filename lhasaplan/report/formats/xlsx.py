"""Write the tables as an Excel workbook: numbers as numbers, text never as a formula, units in the headings."""

import datetime
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TextIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.facts.basis import basis_name, worded
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.tables import SHEETS, all_tables
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.schedule import Looks, write_conformity, write_schedule
from lhasaplan.report.maps.base_map import attribution
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Column, Table, Value
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.words import banners

# Add a sheet of totals to a workbook: formulas over its other sheets, beside the figures of the program.

TITLE = marked("totals")
SUMMED = (
    *(("cameras", "area_m2"), ("cameras", "unasked_m2"), ("cameras", "not_mapped_m2")),
    *(("parts", "gap_m2"), ("overlaps", "area_m2")),
)
COUNTED = (
    ("cameras", "status", ("operating", "planned")),
    ("findings", "severity", tuple(map(str, GRAVEST_FIRST))),
    ("parts", "verdict", tuple(words.VERDICTS)),
    ("parts", "verdict_after", tuple(words.VERDICTS)),
)


@dataclass(frozen=True, slots=True)
class _SheetLine:
    """One total: what it is, its formula, and the figure of the program."""

    title: str
    formula: str
    figure: float
    digits: int = 0


COLUMNS = (
    Column("title", marked("What"), width=60),
    Column("by_sheets", marked("Computed by the sheets"), width=18),
    Column("by_program", marked("Computed by the program"), width=18),
    Column("agree", marked("Agree"), width=12),
)


def add_totals(
    book: Workbook,
    tables: Sequence[tuple[Table, int]],
    heads: Sequence[str],
    translations: Translations,
    formats: Looks,
) -> tuple[Worksheet, Table]:
    """Add the sheet under what every sheet must say; return it with its table. Each line says whether both figures agree.

    ``tables`` are those of the book, each with the row of its heading.
    """
    sheet, top = book.add_worksheet(translations(TITLE)), len(heads)
    for row, text in enumerate(heads):
        sheet.write_string(row, 0, text, formats["banner"])
    for index, column in enumerate(COLUMNS):
        sheet.write_string(top, index, column.heading(translations), formats["head"])
        sheet.set_column(index, index, column.width)
    lines = tuple(_lines({table.name: (table, row) for table, row in tables}, translations))
    for row, line in enumerate(lines, top + 1):
        _write(sheet, row, line, translations, formats)
    return sheet, Table("totals", TITLE, COLUMNS, tuple((line.title, line.figure, line.figure, "") for line in lines))


def _write(sheet: Worksheet, row: int, line: _SheetLine, translations: Translations, formats: Looks) -> None:
    yes, no = (translations(text).replace('"', "") for text in (marked("yes"), marked("no")))
    look, both = formats[f"number{line.digits}"], (xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2))
    sheet.write_string(row, 0, line.title, formats["text"])
    sheet.write_formula(row, 1, line.formula, look, line.figure)
    sheet.write_number(row, 2, line.figure, look)
    sheet.write_formula(row, 3, f'=IF(ABS({both[0]}-{both[1]})<0.5,"{yes}","{no}")', formats["text"], yes)


def _lines(tables: dict[str, tuple[Table, int]], translations: Translations) -> Iterator[_SheetLine]:
    for name, key, values in COUNTED:
        if name in tables:
            yield from _counted(*tables[name], key, values, translations)
    for name, key in SUMMED:
        if name in tables and tables[name][0].rows:
            yield _summed(*tables[name], key, translations)


def _counted(table: Table, top: int, key: str, values: tuple[str, ...], translations: Translations) -> Iterator[_SheetLine]:
    """Give how many rows have each value, those that some row has."""
    column, cells = _range(table, top, key, translations)
    counts = Counter(map(str, table.column(key)))
    for value in (value for value in values if counts[value]):
        said = words.word(column.words or {}, value, translations)
        quoted = said.replace('"', '""')
        title = f"{translations(SHEETS[table.name])}: {column.heading(translations)} = {said}"
        yield _SheetLine(title, f'=COUNTIF({cells},"{quoted}")', float(counts[value]))


def _summed(table: Table, top: int, key: str, translations: Translations) -> _SheetLine:
    column, cells = _range(table, top, key, translations)
    total = sum(value for value in table.column(key) if isinstance(value, (int, float)))
    return _SheetLine(
        f"{translations(SHEETS[table.name])}: {column.heading(translations)}", f"=SUM({cells})", total, column.digits
    )


def _range(table: Table, top: int, key: str, translations: Translations) -> tuple[Column, str]:
    """Return a column and where its cells stand."""
    index = [column.key for column in table.columns].index(key)
    ends = (xl_rowcol_to_cell(row, index, row_abs=True, col_abs=True) for row in (top + 1, top + max(len(table.rows), 1)))
    sheet = translations(SHEETS[table.name]).replace("'", "''")
    return table.columns[index], f"'{sheet}'!{':'.join(ends)}"


SAFE_ON_DISK = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
PRINTED_WIDTH = 205  # characters across an A4 page on its side, at about 8 points
LONG = frozenset(["sightings", "surfaces", "findings", "alternatives"])  # many rows a camera
KNOWN_CELLS = 512  # of a column
PLAIN = re.compile(r"[ -%'-;=?-^`-\ud7ff]*")  # a text without what XML or Excel writes in another way
MOST_IN_CELL = 32_767  # UTF-16 units that Excel has for a cell
HEADER = 250  # characters that Excel has for a page header, less its codes
STAMP = datetime.datetime(2000, 1, 1)


def write_xlsx(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.xlsx`` with a sheet a table, behind the gate ``schedule.xlsx``, of a district ``conformity.xlsx``, too."""
    translations = worded(translations, assessment)
    path, names = folder / "audit.xlsx", called(project, assessment, translations)
    with replacing(path) as draft:
        # A row is let go once the next begins; the book's own temporary files lie beside the draft.
        with Workbook(str(draft), {**SAFE_ON_DISK, "tmpdir": str(draft.parent), "constant_memory": True}) as book:
            book.set_properties({"title": assessment.project, "author": "lhasaplan", "created": STAMP})
            formats = _formats(book)
            tables = _shown_tables(assessment, names, translations)
            tops = [_sheet(book, table, assessment, translations, formats) for table in tables]
            heads = banners(assessment, translations)
            sheet, totals = add_totals(book, list(zip(tables, tops, strict=True)), heads, translations, formats)
            _view(sheet, totals, len(heads), assessment, translations)
        draft.write_bytes(settled(draft.read_bytes(), order.date))
    is_plan = assessment.gate.open and assessment.parts is not None
    filled = (write_conformity, write_schedule) if is_plan else ()  # what the office fills in and import takes back
    return [path, *(each for write in filled for each in write(project, assessment, folder, translations, order))]


def _shown_tables(assessment: Assessment, called: Called, translations: Translations) -> list[Table]:
    """Return the tables; those on parts and overlaps are absent outside the gate, other mitigations where none is."""
    closed = {"parts", "part_views", "service", "sums"} if assessment.parts is None else set()
    closed |= {"overlaps"} if assessment.overlaps is None else set()
    tables = [table for table in all_tables(assessment, translations, called) if table.name not in closed]
    return [table for table in tables if table.rows or table.name != "alternatives"]


def _formats(book: Workbook) -> Looks:
    head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4EBF2", "border": 1}
    numbers = {f"number{digits}": book.add_format({"num_format": _number_format(digits), "valign": "top"}) for digits in range(8)}
    banner = book.add_format({"bold": True, "font_color": "#B00000"})
    return {
        "head": book.add_format(head),
        "text": book.add_format({"valign": "top", "indent": 1, "text_wrap": True}),
        "unwrapped": book.add_format({"valign": "top", "indent": 1}),
        "banner": banner,
        **numbers,
    }


def _number_format(digits: int) -> str:
    """Return the format of a number: thousands set apart, but for degrees."""
    whole = "#,##0" if digits <= 3 else "0"
    return f"{whole}.{'0' * digits}" if digits else whole


def _sheet(book: Workbook, table: Table, assessment: Assessment, translations: Translations, formats: Looks) -> int:
    """Write the sheet of one table and return the row of its heading."""
    sheet = book.add_worksheet(translations(SHEETS[table.name]))
    top = 0
    for top, banner in enumerate(banners(assessment, translations), 1):
        sheet.write_string(top - 1, 0, banner, formats["banner"])
    for index, column in enumerate(table.columns):
        sheet.write_string(top, index, column.heading(translations), formats["head"])
        sheet.set_column(index, index, column.width)
    _write_rows(sheet, table, top + 1, translations, formats)
    _view(sheet, table, top, assessment, translations)
    return top


def _write_rows(sheet: Worksheet, table: Table, first: int, translations: Translations, formats: Looks) -> None:
    """Write the rows of a table as the library would, but each at once: it takes four times as long, cell by cell.

    The library keeps no row in ``constant_memory``, so what it has to know of ours is their extent alone.
    """
    printed, sheet_file = printed_columns(table), _file_of_rows(sheet, first)
    columns = [
        (xl_col_to_name(index), _cells_of(column, translations, formats, is_printed=index < printed))
        for index, column in enumerate(table.columns)
    ]
    for number, row in enumerate(table.rows, first + 1):
        cells = [
            f'<c r="{name}{number}"{cell}' for (name, cell_of), raw in zip(columns, row, strict=True) if (cell := cell_of(raw))
        ]
        if cells:
            sheet_file.write(f'<row r="{number}">{"".join(cells)}</row>')
    if table.rows:
        sheet._check_dimensions(first + len(table.rows) - 1, len(table.columns) - 1)


def _file_of_rows(sheet: Worksheet, first: int) -> TextIO:
    """Return the file that takes the rows of a sheet, with all rows before this one written."""
    sheet._write_single_row(first)
    file: TextIO = sheet.fh
    return file


def _cells_of(column: Column, translations: Translations, formats: Looks, *, is_printed: bool) -> Callable[[object], str]:
    """Return what gives the cell of a value in this column, from behind its place on; nothing for an empty one.

    What a column has said is kept for a while: most of its thousands of cells say one of a few things.
    """
    styles: dict[str, str] = {"": ""}

    def cell(raw: object) -> str:
        value = column.value(raw, translations)
        if value is None:
            return ""
        look = _look_of(value, column, is_printed=is_printed)
        if look not in styles:
            styles[look] = f' s="{formats[look]._get_xf_index()}"'
        return f"{styles[look]}{_value_xml(value)}</c>"

    known = lru_cache(maxsize=KNOWN_CELLS, typed=True)(cell)
    return lambda raw: cell(raw) if isinstance(raw, float) else known(raw)  # nought below nought is equal to nought


def _look_of(value: Value, column: Column, *, is_printed: bool) -> str:
    """Return the name of a cell's format, none of a truth value; a text beside the printed page does not make its row tall."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return f"number{column.digits if isinstance(value, float) else 0}"
    return "text" if is_printed else "unwrapped"


def _value_xml(value: Value) -> str:
    """Return the kind of a cell, which ends its tag, and what is in it."""
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v>'
    if isinstance(value, (int, float)):
        return f"><v>{value:.16G}</v>"
    text = str(value)
    if len(text) > MOST_IN_CELL // 2:  # a sign may take two units
        text = text.encode("utf-16-le")[: 2 * MOST_IN_CELL].decode("utf-16-le", "ignore")
    if not PLAIN.fullmatch(text):
        text = html.escape(Worksheet._escape_control_characters(text), quote=False)
    kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f' t="inlineStr"><is><t{kept}>{text}</t></is>'


def _view(sheet: Worksheet, table: Table, top: int, assessment: Assessment, translations: Translations) -> None:
    """Freeze the heading, filter it, and set the printed page."""
    last = len(table.columns) - 1
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(len(table.rows), 1), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    printed = printed_rows(table)
    sheet.print_area(0, 0, top + max(printed, 1), printed_columns(table) - 1)
    sheet.repeat_rows(0, top)
    banner = "".join(f" - {each}" for each in banners(assessment, translations))
    reported = f"{_quiet(translations(table.title))} - {_quiet(basis_name(assessment, translations))}"
    shown, count = printed_rows(table), len(table.rows)
    text = marked("printed: the first {shown} of {count} rows")
    cut = f" - {_quiet(translations(text, shown=shown, count=count))}" if shown < count else ""
    rest = f" - {reported}{_quiet(banner)}{cut}"
    sheet.set_header(f"&L{_quiet(assessment.project, HEADER - len(rest))}{rest}")
    sheet.set_footer(f"&L{_quiet(' · '.join(attribution(assessment)))}&R{translations(marked('Page'))} &P / &N")


def printed_columns(table: Table) -> int:
    """Return how many columns from the left a landscape page carries in letters that can be read; the rest are for the screen."""
    widths = accumulate(column.width for column in table.columns)
    return max(1, sum(width <= PRINTED_WIDTH for width in widths))


def printed_rows(table: Table) -> int:
    """Return how many rows are printed; the sheet has all."""
    limit = int(load_style()["limits"]["printed_rows"])
    return min(len(table.rows), limit) if table.name in LONG else len(table.rows)


def _quiet(text: str, room: int = 110) -> str:
    """Return text for a page header, where an ampersand starts a code; too long for its room, it ends early."""
    while len(text.replace("&", "&&")) > room:
        text = text[:-1]
    return text.replace("&", "&&")
