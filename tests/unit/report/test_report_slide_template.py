"""An office's own slides: master, layout and slides stay, the draft stands where its mark stood, what is wrong is told where."""

from pathlib import Path

import pptx
import pytest
from amounts import some_by_day
from pptx.util import Cm
from report_factory import EVIL, a_check, a_project

from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.docx import template_faults
from lhasaplan.report.formats.pptx import LAYOUT, MARKS, build, open_slides, write_pptx
from lhasaplan.report.formats.slide_frame import empty_presentation
from lhasaplan.report.slides.council_deck import compose_audit_deck, compose_plan_deck
from lhasaplan.report.slides.deck import Deck, Slide
from lhasaplan.report.text.document import Bullets

WRONG = "[[nonsense]] and [[title"
SAMPLES = Path(__file__).resolve().parents[3] / "reports" / "templates"


def own_file(tmp_path, change=lambda deck: None, texts=("Welcome: [[title]]", "[[content]]", "Thanks, [[date]]")):
    """Return a file of three slides on a layout whose title stands lower than the program's own."""
    deck = empty_presentation()
    [title] = [each for each in deck.slide_layouts[0].placeholders if each.element.ph.get("type") == "title"]
    title.top, title.height = Cm(1.0), Cm(3.7)
    for text in texts:
        deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text_frame.text = text
    change(deck)
    path = tmp_path / "own.pptx"
    deck.save(path)
    return path


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


# By day in the language of the longest words: a template is filled by one way in each.
@pytest.mark.parametrize("language", some_by_day(("en", "fr", "de", "zh_CN"), {"de"}))
def test_that_the_slides_of_the_draft_stand_where_the_mark_stood(tmp_path, language):
    translations, own = load_translations(language), own_file(tmp_path)
    order = DraftOrder(date="2026-11-27", slide_template=own)
    files = write_pptx(a_project(), a_check(synthetic=True), tmp_path / "out", translations, order)
    draft = compose_plan_deck(a_project(), a_check(synthetic=True), translations, DraftOrder(date="2026-11-27"))
    deck = pptx.Presentation(next(path for path in files if path.name == "plan.pptx"))
    found = titles(deck)
    assert found[0] == f"Welcome: {draft.title}"
    assert found[-1] == "Thanks, 2026-11-27"
    assert found[1].startswith(draft.slides[0].title[:10])
    assert len(found) > len(draft.slides)
    assert not any("[[" in each for each in found)
    for slide in list(deck.slides)[1:-1]:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert all(any(mark[:12] in text for text in texts) for mark in draft.marks)  # no template takes away what each must say
        said = [shape for shape in slide.shapes if not shape.is_placeholder and shape.name != "Marks"]
        assert all(shape.top >= Cm(4.7) for shape in said)  # below the title of this layout


@pytest.mark.nightly  # by day the bytes of slides are compared without a template (test_report_files.py)
def test_that_the_same_draft_in_the_same_slides_gives_the_same_bytes(tmp_path):
    order = DraftOrder(date="2026-11-27", slide_template=own_file(tmp_path))
    one, other = (write_pptx(a_project(), a_check(), tmp_path / n, Translations(), order)[0].read_bytes() for n in "ab")
    assert one == other


@pytest.mark.parametrize("value", ["{{7*7}}", "[[date]]", "[[content]]", EVIL, "<a:p/>"])
def test_that_no_value_is_read_again(tmp_path, value):
    deck = build(Deck(value, "s", "en", (), (Slide("one", (Bullets(("x",)),)),)), own_file(tmp_path), "2026-11-27")
    assert titles(deck) == [f"Welcome: {value}", "one", "Thanks, 2026-11-27"]


def test_that_a_file_without_slides_is_filled_by_the_draft_alone(tmp_path):
    draft = compose_audit_deck(a_project(), a_check(), Translations())
    assert titles(build(draft, own_file(tmp_path, texts=())))[0] == draft.slides[0].title


def test_that_a_mark_on_the_layout_is_filled(tmp_path):
    def with_mark(deck):
        [foot] = [each for each in deck.slide_layouts[0].placeholders if each.element.ph.get("type") == "ftr"]
        foot.text_frame.text = "[[subtitle]]"

    deck = build(Deck("t", "Hill town", "en", (), (Slide("one", ()),)), own_file(tmp_path, with_mark))
    assert "Hill town" in [each.text_frame.text for each in deck.slide_layouts[0].placeholders]


def small(deck):
    deck.slide_width = Cm(25.4)


def without_foot(deck):
    [foot] = [each for each in deck.slide_layouts[0].placeholders if each.element.ph.get("type") == "ftr"]
    foot.element.getparent().remove(foot.element)


def tall_title(deck):
    [title] = [each for each in deck.slide_layouts[0].placeholders if each.element.ph.get("type") == "title"]
    title.height = Cm(9.0)


def of_another_kind(deck):
    deck.slide_layouts[0].element.set("type", "blank")


def wrong_words(deck):
    deck.slides[0].shapes.title.text_frame.text = WRONG


def two_places(deck):
    deck.slides[0].shapes.title.text_frame.text = "[[content]]"


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        (small, ["own.pptx: The slides are 25.4 × 19.1 cm; drafts need 33.9 × 19.1 cm (16:9, widescreen)"]),
        (without_foot, ["own.pptx: The layout Title Only needs exactly one placeholder for the footer; it has 0"]),
        (tall_title, ["own.pptx: Between title and foot the layout Title Only leaves 7.4 cm; slides need 11.0 cm"]),
        (of_another_kind, [f"own.pptx: The template has no layout with a title alone (Title Only), and none called {LAYOUT}"]),
        (
            wrong_words,
            [
                f"own.pptx, slide 1, ¶ 1: [[nonsense]] is not a mark of a template; the marks are: {', '.join(MARKS)}",
                f"own.pptx, slide 1, ¶ 1: A mark begins with [[ and does not end with ]] in this paragraph: {WRONG}",
            ],
        ),
        (
            two_places,
            [
                "own.pptx: Exactly one slide of the template must have a paragraph that holds only [[content]]; there are: 2",
            ],
        ),
    ],
)
def test_that_what_is_wrong_with_slides_is_told_where(tmp_path, change, reported):
    with pytest.raises(InputError) as error:
        open_slides(own_file(tmp_path, change))
    assert [Translations().fault(fault) for fault in error.value.faults] == reported


def test_that_all_that_is_wrong_with_all_templates_is_told_at_once(tmp_path):
    (tmp_path / "plan.txt").write_text("x")
    (tmp_path / "no.docx").write_text("x")
    own = own_file(tmp_path, small)
    faults = template_faults([tmp_path / "plan.txt", tmp_path / "no.docx", own, own, tmp_path / "gone.docx"])
    assert [Translations().fault(fault) for fault in faults] == [
        "plan.txt: A template is a Word file (.docx) or a slide file (.pptx)",
        "no.docx: This is not a Word file that can serve as a template; save it as .docx",
        "own.pptx: The slides are 25.4 × 19.1 cm; drafts need 33.9 × 19.1 cm (16:9, widescreen)",
        "own.pptx: There is already another template of this kind: own.pptx",
        "own.pptx: The slides are 25.4 × 19.1 cm; drafts need 33.9 × 19.1 cm (16:9, widescreen)",
        "gone.docx: There is already another template of this kind: no.docx",
        "gone.docx: there is no such file",
    ]


def test_that_the_samples_that_are_shipped_are_sound_and_what_their_script_makes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(SAMPLES.parents[1] / "tools")
    import make_templates

    assert template_faults([SAMPLES / "office.docx", SAMPLES / "office.pptx"]) == ()
    make_templates.main(tmp_path)
    for name in ("office.docx", "office.pptx"):
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()
