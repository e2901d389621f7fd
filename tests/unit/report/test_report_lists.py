"""Lists have an end, tables and figures have numbers, and references follow them."""

from report_factory import a_check, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.report.chapters.audit_chapters import limits
from lhasaplan.report.facts.called import Called, camera_numbers
from lhasaplan.report.slides.deck_chapters import first_items, limits_slide
from lhasaplan.report.text.document import Bullets, Document, Figure, Grid, Paragraph, pieces, reference, with_ends, with_numbers
from lhasaplan.report.text.words import some_names


def a_grid(rows, **how):
    return Grid(("a",), tuple((str(n),) for n in range(rows)), (1,), **how)


def test_that_a_table_of_forty_rows_stays_whole_and_a_longer_one_ends_and_says_how_long_it_is():
    assert list(with_ends([a_grid(40)], Translations(), 40)) == [a_grid(40)]
    cut, reported = with_ends([a_grid(30_312)], Translations(), 40)
    assert len(cut.rows) == 40
    assert reported.text == "The first 40 of 30 312 rows; the workbook has the rest."
    assert list(with_ends([a_grid(40, count=30_312)], Translations(), 40)) == [
        cut,
        reported,
    ]  # of which the first alone became text


def test_that_a_long_list_ends_too():
    cut, reported = with_ends([Bullets(tuple("abcde" * 10))], Translations(), 40)
    assert len(cut.items) == 40
    assert "40 of 50" in reported.text


def test_that_a_long_list_on_slides_ends_and_what_no_report_knows_stands_behind_it_all_the_same():
    assert first_items(Bullets(tuple("abc")), Translations()) == [Bullets(tuple("abc"))]
    cut, reported = first_items(Bullets(tuple(map(str, range(1_500)))), Translations())
    assert (len(cut.items), reported.text) == (8, "The first 8 of 1 500; the report lists all.")
    blocks = limits_slide([str(n) for n in range(900)], Translations(), "plan.docx").blocks
    assert len(blocks[0].items) == 40
    assert blocks[-1].items == tuple(limits(Translations()))


def test_that_running_text_names_a_dozen_and_counts_the_rest():
    assert some_names("abc", Translations()) == "a, b, c"
    assert some_names([str(n) for n in range(1, 15)], Translations()) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more"


def test_that_tables_and_figures_are_counted_apart_and_only_those_with_a_caption():
    blocks = [a_grid(1), a_grid(1, caption="x", anchor="x"), Figure(b"", "y"), a_grid(1, caption="z", anchor="z")]
    done, labels = with_numbers(blocks, Translations())
    assert [block.label for block in done] == ["", "Table 1", "Figure 1", "Table 2"]
    assert labels == {"x": "Table 1", "z": "Table 2"}


def test_that_a_reference_is_the_number_and_one_to_nothing_says_nothing():
    text = f"See {reference('z')}, not {reference('gone')}."
    assert list(pieces(text, {"z": "Table 2"})) == [("See ", ""), ("Table 2", "z"), (", not ", ""), (".", "")]
    draft = Document("t", "s", "en", (), (Paragraph(text),), labels={"z": "Table 2"})
    assert "See Table 2, not ." in draft.text()


def test_that_an_audit_and_a_check_give_a_camera_the_same_number_and_planned_ones_their_own():
    audit, check = camera_numbers(an_assessment()), camera_numbers(a_check())
    assert check == {"cam-1": "1", "node/42": "2", "plan-1": "P1"}
    assert audit == {name: check[name] for name in ("cam-1", "node/42")}


def test_that_cameras_of_one_rank_are_told_in_the_order_of_their_numbers():
    called = Called({"c": "8", "a": "10", "b": "P1"}, {}, {}, Translations())
    assert called.counted_up(("b", "a", "c")) == "8, 10, P1"
    assert called.some(("b", "a", "c")) == "P1, 10, 8"  # where one is to come first
