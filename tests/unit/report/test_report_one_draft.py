"""One plan in Word, PDF and as a web page, parsed back in four languages: the same headings, tables, figures and cameras."""

import re
from html.parser import HTMLParser

import docx
import openpyxl
import pytest
import samples
from amounts import some_by_day
from pypdf import PdfReader
from test_report_pdf import read_back
from test_report_read_aloud import flat, of_kind

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.report.text.text_width import BREAK, breakable

# Two of them at each run; a plan in one language takes some twenty seconds to write in all formats.
LANGUAGES = some_by_day(("en", "zh_CN", "fr", "de"), {"en"})
DAY = "2026-11-27"
FORMATS = ("docx", "pdf", "html", "xlsx")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="module")
def hilltown():
    services = open_services()
    project = samples.sample("hilltown")
    return services, project, samples.checked()


@pytest.fixture(scope="module", params=LANGUAGES)
def drafts(request, hilltown, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    workflow.export(*hilltown, FORMATS, folder, language=request.param, date=DAY)
    return folder


class Page(HTMLParser):
    """Headings, tables and pictures of a web page."""

    def __init__(self):
        super().__init__()
        self.headings, self.tables, self.pictures, self.open = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        if re.fullmatch(r"h[2-6]", tag):
            self.headings.append("")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "img":
            self.pictures.append(dict(attrs)["alt"])
        self.open = tag

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        if re.fullmatch(r"h[2-6]", self.open):
            self.headings[-1] += data
        elif self.open in ("td", "th"):
            self.tables[-1][-1][-1] += data


@pytest.fixture(scope="module")
def parsed(drafts):
    page = Page()
    page.feed((drafts / "plan.html").read_text("utf-8"))
    return docx.Document(drafts / "plan.docx"), PdfReader(drafts / "plan.pdf"), page


def plain(text):
    """Return a text without the signs that only say where a line may end."""
    return " ".join(text.replace("\u200b", "").split())


def whole(text):
    """Return a text without the words that the PDF may break: a digest is cut where its line ends."""
    return plain(" ".join(word for word in breakable(text).split() if BREAK not in word))


def test_that_the_headings_are_the_same(parsed):
    word, pdf, page = parsed
    headings = [plain(each.text) for each in word.paragraphs if each.style.name.startswith("Heading")]
    assert len(headings) > 20
    assert list(map(plain, page.headings)) == headings
    assert [plain(each.title) for each in flat(pdf.outline)] == headings


def test_that_the_tables_are_the_same_cell_by_cell(parsed):
    word, pdf, page = parsed
    tables = [[[plain(cell.text) for cell in row.cells] for row in table.rows] for table in word.tables]
    assert len(tables) > 15
    assert [[list(map(plain, row)) for row in table] for table in page.tables] == tables
    assert len(of_kind(pdf, "/TH")) == sum(len(table[0]) for table in tables[1:])  # that of the cover has no heads


def test_that_every_number_of_a_table_stands_in_the_pdf(parsed, drafts):
    reported = set(NUMBER.findall("\n".join(map(plain, read_back(drafts / "plan.pdf")))))
    numbers = {
        n for table in parsed[0].tables for row in table.rows for cell in row.cells for n in NUMBER.findall(whole(cell.text))
    }
    assert len(numbers) > 100
    assert not numbers - reported


def test_that_the_figures_are_the_same_and_have_the_same_words(parsed):
    word, pdf, page = parsed
    alts = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert len(alts) > 5
    assert page.pictures == alts
    assert [str(each["/Alt"]) for each in of_kind(pdf, "/Figure")] == alts


def test_that_the_list_of_all_cameras_has_the_rows_of_the_workbook(parsed, drafts, hilltown):
    ids = {camera.camera_id for camera in hilltown[1].cameras if str(camera.status) != "removed"}
    table = next(t for t in parsed[0].tables if ids <= {plain(row.cells[-1].text) for row in t.rows})
    sheets = openpyxl.load_workbook(drafts / "audit.xlsx", read_only=True).worksheets
    reported = [{str(cell) for row in one.iter_rows(values_only=True) for cell in row} for one in sheets]
    assert any(ids <= each for each in reported)
    assert len(table.rows) == len(ids) + 1
