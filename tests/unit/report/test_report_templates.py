"""An office's own Word file: its head, styles and words stay, its marks become text, and what is wrong with it is told where."""

import docx
import pytest
from amounts import some_by_day
from report_factory import EVIL, a_check, a_project

from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.formats.docx import build, open_template, write_docx
from lhasaplan.report.text.document import Cover, Document, Heading, Paragraph, bound_draft


@pytest.fixture
def own(tmp_path):
    """A file with a head, a mark that Word has split over two runs, a style of its own, and words before and behind the draft."""
    word = docx.Document()
    head = word.sections[0].header.paragraphs[0]
    head.add_run("City of Example: [[ti")
    head.add_run("tle]], [[date]]").bold = True
    word.styles["Heading 1"].font.name = "Georgia"
    word.add_paragraph("Issued by [[issuer]], [[state]]")
    word.add_paragraph("[[content]]")
    word.add_table(1, 1).rows[0].cells[0].text = "[[subtitle]]"
    word.add_paragraph("Signed: ____")
    path = tmp_path / "own.docx"
    word.save(path)
    return path


# By day in the language without spaces: a template is filled by one way in each.
@pytest.mark.parametrize("language", some_by_day(("en", "fr", "de", "zh_CN"), {"zh_CN"}))
def test_that_the_draft_stands_in_the_file_of_the_office(own, tmp_path, language):
    translations, order = load_translations(language), DraftOrder(date="2026-11-27", template=own)
    files = write_docx(a_project(), a_check(synthetic=True), tmp_path / "out", translations, order)
    draft = compose_plan(a_project(), a_check(synthetic=True), translations, DraftOrder(date="2026-11-27"))
    cover = next(block for block in draft.blocks if isinstance(block, Cover))
    word = docx.Document(next(path for path in files if path.name == "plan.docx"))
    texts = [each.text for each in word.paragraphs]
    assert texts[0] == f"Issued by {cover.issuer}, {cover.state}"
    assert texts[-1] == "Signed: ____"
    assert word.tables[-1].rows[0].cells[0].text == draft.subtitle
    assert sum(each.style.name == "Heading 1" for each in word.paragraphs) > 10
    assert word.styles["Heading 1"].font.name == "Georgia"
    heads = [each.text for each in word.sections[0].header.paragraphs]
    assert heads[0] == f"City of Example: {draft.title}, 2026-11-27"
    assert heads[1:] == list(bound_draft(draft).banners)  # what every page must say no template takes away
    assert not any("[[" in each for each in texts)


@pytest.mark.nightly  # by day the bytes of Word files are compared without a template (test_report_files.py)
def test_that_the_same_draft_in_the_same_file_gives_the_same_bytes(own, tmp_path):
    order = DraftOrder(date="2026-11-27", template=own)
    one, other = (write_docx(a_project(), a_check(), tmp_path / n, Translations(), order)[0].read_bytes() for n in "ab")
    assert one == other


@pytest.mark.parametrize("value", ["{{7*7}}", "{% for x in y %}", "[[date]]", EVIL, "=1+1", "<w:p/>"])
def test_that_no_value_is_read_again(own, value):
    """What a camera is called stands letter by letter, even where it looks like a mark or a program."""
    draft = Document(value, value, "en", (), (Heading(value), Paragraph(value)), date="2026-11-27")
    word = build(draft, Translations(), own)
    assert word.sections[0].header.paragraphs[0].text == f"City of Example: {value}, 2026-11-27"
    assert [each.text for each in word.paragraphs].count(value) == 4  # title, subtitle, heading, paragraph


def test_that_all_that_is_wrong_with_a_template_is_told_with_its_place(tmp_path):
    word = docx.Document()
    word.add_paragraph("A plan: [[titel]]")
    word.add_paragraph("[[content]] and more")
    word.sections[0].footer.paragraphs[0].text = "[[date"
    word.styles["Caption"].element.getparent().remove(word.styles["Caption"].element)
    path = tmp_path / "wrong.docx"
    word.save(path)
    with pytest.raises(InputError) as refused:
        open_template(path)
    said = [str(fault) for fault in refused.value.faults]
    assert len(said) == 4
    assert all(text.startswith("wrong.docx") for text in said)
    assert "no paragraph style called Caption" in said[0]
    assert "document, ¶ 1" in said[1]
    assert "[[titel]] is not a mark" in said[1]
    assert "footer 1, ¶ 1" in said[2]
    assert "one paragraph that holds only [[content]]" in said[3]


def test_that_what_is_no_word_file_is_refused(tmp_path):
    path = tmp_path / "letter.docx"
    path.write_text("no zip")
    with pytest.raises(InputError, match="not a Word file"):
        open_template(path)
