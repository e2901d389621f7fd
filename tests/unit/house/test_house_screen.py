"""What a verb prints is text: brackets are no colours, colons no pictures, and no sign steers the terminal."""

import csv
import io

import pytest
from rich.console import Console

from lhasaplan.cli.screen import Terminal
from lhasaplan.cli.sight import write_pairs
from lhasaplan.core.base.translations import Translations
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import SightPair

EVIL = "[red]x[/red] :bus: {{7*7}} {0} \x1b[2J\x1b]0;title\x07 \u202eelif\u202c\r\ud800 end"
SHOWN = "[red]x[/red] :bus: {{7*7}} {0} [2J]0;title elif end"


def printed(act):
    out, err = (Console(file=io.StringIO(), width=200, force_terminal=True, color_system=None) for _ in range(2))
    act(Terminal(None, Translations(), out, err))
    return out.file.getvalue() + err.file.getvalue()


def test_that_lines_and_faults_show_a_text_as_it_is_without_signs_that_steer():
    assert printed(lambda terminal: terminal.say(EVIL)) == f"{SHOWN}\n"
    fault = Fault("{name} is unknown", params={"name": EVIL})
    assert printed(lambda terminal: terminal.say_faults(InputError(fault))) == f"{SHOWN} is unknown\n"


def test_that_tables_show_a_text_as_it_is():
    text = printed(lambda terminal: terminal.table(EVIL, ["Camera"], [(EVIL,)]))
    assert text.count(SHOWN) == 2
    assert "\x1b]" not in text


HEADS = ("Part", "Category", "Name")
ROWS = [("municipal-safety:public_building_apron:way/143/1", "public_building_apron", "Town Hall of Hilltown")]


def printed_at(width, act):
    out = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    act(Terminal(None, Translations(), out, out))
    return out.file.getvalue()


def test_that_a_table_breaks_between_words_and_never_in_one():
    text = printed_at(100, lambda terminal: terminal.table("Candidates", HEADS, ROWS))
    assert all(word in text for cell in (*HEADS, *ROWS[0]) for word in cell.split())
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("width", range(120, 180, 7))
def test_that_no_column_is_cut_at_the_edge_of_the_screen(width):
    heads = ("Decided", "About", "For", "By", "On", "Why suspended", "What to do")
    row = ("part confirmed", ROWS[0][0], "flow and safety of traffic", "A. Clerk", "2026-12-01")
    row = (*row, "its subject has become something else (it lies 150 m away)", "Confirm it anew, or drop it with a reason")
    text = printed_at(width, lambda terminal: terminal.table("Suspended decisions", heads, [row]))
    assert all(word in text for cell in (*heads, *row) for word in cell.split())
    assert max(map(len, text.splitlines())) <= width


def test_that_rows_are_lists_where_their_words_find_no_room_beside_each_other():
    text = printed_at(60, lambda terminal: terminal.table("Candidates", HEADS, ROWS))
    assert "┃" not in text
    assert "Part: municipal-safety:public_building_apron:way/143/1\n" in text
    assert "Category: public_building_apron\nName: Town Hall of Hilltown\n" in text


def test_that_a_line_of_chinese_may_end_between_any_two_signs():
    rows = [("node/1", "人行横道" * 20)]
    assert "┃" in printed_at(60, lambda terminal: terminal.table("候选", ("部分", "名称"), rows))


def test_that_a_column_without_a_value_is_left_out():
    text = printed(lambda terminal: terminal.table("Curve", ("New cameras", "Knee"), [(0, ""), (1, "")]))
    assert "New cameras" in text
    assert "Knee" not in text


def test_that_no_name_in_a_table_of_pairs_begins_as_a_formula(tmp_path):
    write_pairs([SightPair("=cmd|'/C calc'!A0", " @SUM(1)", True, "certain", distance_m=-1.5)], tmp_path / "pairs.csv")
    (row,) = csv.DictReader((tmp_path / "pairs.csv").open(encoding="utf-8", newline=""))
    assert (row["camera_id"], row["point_id"], row["distance_m"]) == ("'=cmd|'/C calc'!A0", "' @SUM(1)", "-1.5")


def test_that_a_table_of_pairs_has_a_column_for_what_stands_at_the_head_of_others_where_there_is_any(tmp_path):
    pairs = [SightPair("c1", "p1", True, "certain"), SightPair("c1", "p2", False, "possible")]
    write_pairs(pairs, tmp_path / "pairs.csv", ("FICTITIOUS", "Data were CHANGED: data/audit.toml"))
    rows = list(csv.DictReader((tmp_path / "pairs.csv").open(encoding="utf-8", newline="")))
    assert [row["remark"] for row in rows] == ["FICTITIOUS Data were CHANGED: data/audit.toml"] * 2
    write_pairs(pairs, tmp_path / "pairs.csv")
    assert "remark" not in (tmp_path / "pairs.csv").read_text(encoding="utf-8")


def test_that_progress_goes_to_a_pipe_in_lines_where_the_program_at_its_end_asked_for_them(monkeypatch):
    def heard(**environment):
        err = Console(file=io.StringIO(), width=200)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with Terminal(None, Translations(), err, err).progress() as tell:
            for share in (0.1, 0.101, 0.42):
                tell(share, "protected")
        return err.file.getvalue().splitlines()

    assert heard() == []
    assert heard(LHASAPLAN_PROGRESS="lines") == ["progress 10 find protected places", "progress 42 find protected places"]
