"""The PDF drafts: every word of the document, the same bytes each time, the banner and page number on every page."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typst
from report_factory import a_check, a_project, an_assessment, possible_camera

from lhasaplan.content import FONTS, content_folder
from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.report.documents.audit_and_plan import compose_audit
from lhasaplan.report.formats import typst_letters
from lhasaplan.report.formats.pdf import pages_of, typeset, write_document, write_pdf
from lhasaplan.report.formats.typst_letters import Lettering, lettering_of
from lhasaplan.report.text.document import Bullets, Document, Grid, Paragraph


def read_back(path: Path) -> list[str]:
    """Return the text of each page, by a reader that is not ours."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed, so a PDF cannot be read back here")
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def test_that_a_plan_is_written_only_behind_the_gate(tmp_path):
    assert [p.name for p in write_pdf(a_project(), an_assessment(), tmp_path / "a", Translations())] == ["audit.pdf"]
    assert [p.name for p in write_pdf(a_project(), a_check(), tmp_path / "b", Translations())] == ["audit.pdf", "plan.pdf"]


def test_that_the_same_draft_gives_the_same_bytes():
    draft = compose_audit(a_project(), an_assessment(), Translations())
    assert typeset(draft, Translations(), format="pdf") == typeset(draft, Translations(), format="pdf")


def test_that_every_page_of_a_synthetic_plan_says_so_and_has_its_number(tmp_path):
    _, plan = write_pdf(a_project(), a_check(synthetic=True), tmp_path, Translations())
    pages = read_back(plan)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "FICTITIOUS / SYNTHETIC DATA" in page
        assert "DRAFT, NOT APPROVED" in page
        assert f"Page {number} of {len(pages)}" in page


def test_that_the_figures_of_the_word_file_stand_in_the_pdf(tmp_path):
    [path] = write_pdf(a_project(), an_assessment(), tmp_path, Translations())
    text = " ".join(" ".join(read_back(path)).split())
    for figure in ("800.1", "300.0", "1 250.0", "80 px/m"):
        assert figure in text


@pytest.mark.parametrize("word", ["#strong[x]", "$x^2$", "*bold* _it_", "https://example.org", '"quoted" \\ <b> @ref //'])
def test_that_no_word_of_the_data_is_read_as_markup(tmp_path, word):
    draft = Document(word, word, "en", (word,), (Paragraph(word), Grid((word,), ((word,),), (1,))), word)
    assert typeset(draft, Translations(), format="pdf").startswith(b"%PDF")


def lettered(word, blocks=1):
    return Document(word, word, "en", (word,), (Paragraph(f"{word} Main street"),) * blocks, word)


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine without a font of its own."""
    own = typst.Fonts(include_system_fonts=False, font_paths=[str(content_folder(FONTS))])
    monkeypatch.setattr(typst_letters, "_compiler", lambda *, of_machine: typst.Compiler(font_paths=own))
    forget = typst_letters._has_font.cache_clear
    forget()
    yield
    forget()


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("blocks", [1, 100])  # set here, and in a process of its own
def test_that_letters_without_any_font_become_boxes_and_the_draft_is_written(tmp_path, blocks):
    path = write_document(lettered("กรุงเทพ ལྷ་ས 😀 Αθήνα", blocks), tmp_path / "a.pdf", Translations())
    text = " ".join(" ".join(read_back(path)).split())
    assert "□□□□□□□ □□□□ □ Αθήνα Main street" in text


@pytest.mark.usefixtures("bare_machine")
def test_that_letters_which_have_fonts_one_by_one_and_none_together_become_boxes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(typst_letters, "_has_font", lambda *_, **__: True)
    path = write_document(lettered("ཀ"), tmp_path / "a.pdf", Translations())
    assert "□ Main street" in " ".join(read_back(path))


@pytest.mark.usefixtures("bare_machine")
def test_that_several_papers_at_once_ask_for_their_letters_one_after_the_other():
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda first: lettering_of([chr(first + n) for n in range(40)]), (0x1000, 0x1200, 0x0B80)))
    assert all(each.boxes for each in found)


@pytest.mark.usefixtures("bare_machine")
def test_that_a_font_of_the_machine_is_taken_for_letters_that_ours_lack(monkeypatch):
    monkeypatch.setattr(typst_letters, "_has_font", lambda letter, *, of_machine: of_machine or letter != "ཀ")
    found = lettering_of({"title": "ཀ", "blocks": [["ခ"], 1]})
    assert (found.boxes, found.with_machine_fonts) == ({}, True)


def test_that_words_of_the_four_languages_need_no_font_of_the_machine():
    files = [file for language in LANGUAGES for file in content_folder("reports").glob(f"translations/{language}/*.toml")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert sum(map(len, texts)) > 100_000
    assert lettering_of(texts) == Lettering({}, with_machine_fonts=False)


def test_that_a_reader_who_searches_finds_digests_dates_and_chinese_words_whole(tmp_path):
    digest, words = "0123456789abcdef" * 4, "这句话没有空格但中文本来就可以在任何字后换行所以不需要断行标记这里一共超过三十个字"
    cells = (digest, "2026-12-30", words)
    typeset_draft = Document("t", "s", "zh_CN", (), (Grid(("摘要", "日期", "词"), (cells,), (1, 1, 1)),), "")
    path = tmp_path / "cells.pdf"
    path.write_bytes(typeset(typeset_draft, Translations("zh_CN"), format="pdf"))
    text = "".join(read_back(path))
    assert "\u200b" not in text
    assert "2026-12-30" in text
    raw = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert digest not in raw  # in a third of the page it takes several lines
    together = "".join(raw.split())
    assert digest in together
    assert words in together


def test_that_a_long_table_goes_over_pages_and_repeats_its_head(tmp_path):
    rows = tuple((f"row {n}", "x") for n in range(150))
    draft = Document("t", "s", "en", (), (Grid(("Head of all", "b"), rows, (1, 1)),), "")
    path = tmp_path / "long.pdf"
    path.write_bytes(typeset(draft, Translations(), format="pdf"))
    pages = read_back(path)
    assert len(pages) == pages_of(draft, Translations()) > 2
    assert all("Head of all" in page for page in pages)


def test_that_a_chinese_draft_can_be_read_back(tmp_path):
    draft = Document("摄像机", "审计", "zh_CN", (), (Paragraph("能看到什么，从不说看到过什么。"),), "")
    path = tmp_path / "zh.pdf"
    path.write_bytes(typeset(draft, Translations("zh_CN"), format="pdf"))
    assert "从不说看到过什么" in "".join(read_back(path))


def test_that_many_cameras_make_a_pdf(tmp_path):
    cameras = tuple(possible_camera(f"node/{n}", 385_000.0 + 30 * n) for n in range(8))
    [path] = write_pdf(a_project(), an_assessment(cameras=cameras), tmp_path, Translations())
    assert all(f"node/{n}" in " ".join(read_back(path)) for n in range(8))


def pages_with(tmp_path, rows, lines=45):
    """Return the pages of a paper whose table begins below so many lines, each with how many rows it has."""
    above = Bullets(tuple(f"line {n}" for n in range(lines)))
    draft = Document("t", "s", "en", (), (above, Grid(("Row", "b"), rows, (1, 1))), "")
    path = tmp_path / "low.pdf"
    path.write_bytes(typeset(draft, Translations(), format="pdf"))
    return [page.count("row ") for page in read_back(path)]


def test_that_a_table_of_a_dozen_rows_is_not_split_and_a_longer_one_is(tmp_path):
    assert pages_with(tmp_path, tuple((f"row {n}", "x") for n in range(12))) == [0, 12]
    first, second = pages_with(tmp_path, tuple((f"row {n}", "x") for n in range(13)))
    assert first + second == 13
    assert first > 0


def test_that_a_table_of_few_tall_rows_may_be_split(tmp_path):
    tall = " ".join(["word"] * 40)
    assert sum(bool(each) for each in pages_with(tmp_path, tuple((f"row {n} {tall}", tall) for n in range(12)), lines=24)) == 2


def test_that_a_unit_is_not_broken_at_its_stroke(tmp_path):
    rows = tuple((" ".join(["m"] * n) + " 25 px/m", "x") for n in range(30))
    path = tmp_path / "unit.pdf"
    path.write_bytes(typeset(Document("t", "s", "en", (), (Grid(("a", "b"), rows, (1, 6)),), ""), Translations(), format="pdf"))
    assert "".join(read_back(path)).count("px/m") == 30
