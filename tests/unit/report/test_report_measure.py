"""Text that is measured: where lines break, and what stays together."""

from lhasaplan.report.text.numerals import bound
from lhasaplan.report.text.text_width import CM_PER_PT, lines_of, longest_word_of, shortened, width_of

NB = "\N{NO-BREAK SPACE}"


def test_that_a_chinese_character_is_as_wide_as_its_letters_are_tall():
    assert width_of("能看到", 10.0) == 3 * 10.0 * CM_PER_PT


def test_that_a_number_in_a_chinese_line_has_the_room_at_its_sides_that_office_programs_give_it():
    apart = width_of("共", 10.0) + width_of("12", 10.0) + width_of("台", 10.0)
    assert width_of("共12台", 10.0) == apart + 2 * 0.25 * 10.0 * CM_PER_PT
    assert width_of("共 12 台", 10.0) < apart + 2 * width_of(" ", 10.0) + 0.001
    assert lines_of("共12台", apart + 0.01, 10.0) == ["共12", "台"]


def test_that_a_line_breaks_at_a_space_and_between_chinese_characters():
    room = width_of("aaaa bbbb", 12.0)
    assert lines_of("aaaa bbbb cccc", room, 12.0) == ["aaaa bbbb ", "cccc"]
    assert lines_of("能看到什么", 3 * 12.0 * CM_PER_PT + 0.001, 12.0) == ["能看到", "什么"]


def test_that_no_line_begins_with_a_chinese_full_stop():
    assert lines_of("能看到。好", 3 * 12.0 * CM_PER_PT + 0.001, 12.0) == ["能看", "到。好"]


def test_that_a_word_longer_than_a_line_breaks_and_loses_nothing():
    lines = lines_of("x" * 50 + " y", 2.0, 12.0)
    assert len(lines) > 1
    assert "".join(lines) == "x" * 50 + " y"
    assert all(width_of(line.rstrip(), 12.0) <= 2.0 for line in lines)


def test_that_a_no_break_space_holds():
    assert lines_of(f"aaaa 81{NB}258{NB}m²", width_of("aaaa 81", 12.0), 12.0)[0] == "aaaa "


def test_that_a_text_with_too_many_lines_ends_with_an_ellipsis_and_one_that_fits_does_not():
    assert shortened("aaaa bbbb", 10.0, 12.0, 1) == "aaaa bbbb"
    cut = shortened("aaaa bbbb cccc", width_of("aaaa bbbb", 12.0), 12.0, 1)
    assert cut.startswith("aaaa bb")
    assert cut.endswith("…")
    assert len(lines_of(cut, width_of("aaaa bbbb", 12.0), 12.0)) == 1


def test_that_the_longest_word_decides_how_narrow_a_column_may_be():
    assert longest_word_of("a bbbb cc", 12.0) == width_of("bbbb", 12.0)


def test_that_numbers_hold_together_with_their_units_and_french_marks_with_their_words():
    assert bound("81 258 m² of ground") == f"81{NB}258{NB}m² of ground"
    assert bound("97 % and 25 px/m at 3 m, 12 months") == f"97{NB}% and 25{NB}px/m at 3{NB}m, 12 months"
    assert bound("règle : « oui » ?") == f"règle{NB}: «{NB}oui{NB}»{NB}?"
    assert bound("cameras 2 of 14, 2024 2025") == "cameras 2 of 14, 2024 2025"
