"""Why a spot is not seen, asked on the map: the panel, the lines, and silence on protected ground."""

from types import SimpleNamespace

import pytest
from amounts import some_by_day
from gui_town import FakeContext
from PySide6.QtCore import QPoint, Qt

from lhasaplan.app.tools.why_not_seen import BlockedLines
from lhasaplan.core.exposure.who_sees import WhyNot
from lhasaplan.core.sight.lines.pairs import Obstruction


class BlockingContext(FakeContext):
    """A camera that does not see is blocked half way, and would see from nine metres."""

    def explain(self, _view, _spot, _scene):
        return SimpleNamespace(reason="building", blocker_id="way/7")

    def why_not_seen(self, answers, placed, asked, _scene, _terrain):
        self.asked = [each.camera_id for each in answers if each.certainty == "not"]
        x, y = asked.spot[0, :2]
        found = []
        for each in (one for one in answers if one.certainty == "not"):
            view = placed[each.camera_id].views[0]
            at = Obstruction(None, (view.x_m + x) / 2, (view.y_m + y) / 2, 3.0, 9.0)
            found.append(WhyNot(each, at, 9.04) if each.reason else WhyNot(each))
        return tuple(found)


@pytest.fixture
def context():
    return BlockingContext()


def panel(window):
    return window.docks.panels["why_not_seen"]


def ask(qtbot, window, x_m, y_m):
    asking = window.tools["why_not_seen"].commands
    with qtbot.waitSignal(asking.answered):
        menu = window.spot_menu(x_m, y_m)
        action = next(each for each in menu.actions() if each.text() == window.language("Why is this spot not seen?"))
        action.trigger()


def test_that_a_spot_beyond_two_cameras_says_why_and_the_height_that_would_do(qtbot, window):
    ask(qtbot, window, 5.0, 5.0)  # 57 and 83 m from the cameras, which reach 30 and 20 m; within 60 m only one is asked
    rows = [panel(window).list.topLevelItem(row) for row in range(panel(window).list.topLevelItemCount())]
    assert [(row.text(0).split()[-1], row.text(1), row.text(2)) for row in rows] == [
        ("known", "behind a building\n29 m in front of the spot", "9.0 m")
    ]
    assert panel(window).head.text() == "Cameras that see this spot: certain 0, possible 0."
    assert panel(window).note.isVisible()
    assert window.canvas.marks.spot == (5.0, 5.0)


@pytest.mark.nightly  # by day the answer and its line here
def test_that_cameras_that_see_the_spot_are_counted(qtbot, window):
    ask(qtbot, window, 66.0, 40.0)
    assert "certain 1, possible 1" in panel(window).head.text()
    assert panel(window).list.topLevelItemCount() == 0


def test_that_on_protected_ground_it_is_not_told_what_blocks(qtbot, window):
    ask(qtbot, window, 10.0, 65.0)
    rows = [panel(window).list.topLevelItem(row) for row in range(panel(window).list.topLevelItemCount())]
    assert {(row.text(1), row.text(2)) for row in rows} <= {("not said of protected ground", "")}


def test_that_the_line_is_drawn_to_what_blocks_and_stronger_for_the_chosen_row(qtbot, window):
    window.canvas.show_box((0, 0, 60, 60))
    qtbot.waitUntil(lambda: not window.canvas.is_pending)
    ask(qtbot, window, 5.0, 5.0)
    half = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(27.5, 22.5)))
    ratio = window.canvas.devicePixelRatioF()

    def is_drawn():
        image = window.canvas.grab().toImage()
        near = [
            image.pixelColor(round((half.x() + dx) * ratio), round((half.y() + dy) * ratio))
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
        meant = window.canvas.palette_now.accent.getRgb()[:3]
        return any(max(abs(a - b) for a, b in zip(colour.getRgb(), meant, strict=False)) < 60 for colour in near)

    qtbot.waitUntil(is_drawn)
    item = panel(window).list.topLevelItem(0)
    with qtbot.waitSignal(panel(window).pointed):
        qtbot.mouseClick(
            panel(window).list.viewport(), Qt.MouseButton.LeftButton, pos=panel(window).list.visualItemRect(item).center()
        )


@pytest.mark.nightly  # by day the answer and its line here
def test_that_the_keys_ask_about_the_middle_of_the_map(qtbot, window):
    window.canvas.show_box((0, 0, 10, 10))
    asking = window.tools["why_not_seen"].commands
    with qtbot.waitSignal(asking.answered):
        window.menus["why_not_seen"].trigger()
    assert window.canvas.marks.spot == pytest.approx((5.0, 5.0), abs=1.0)


def test_that_an_edit_takes_the_answer_away(qtbot, window):
    ask(qtbot, window, 5.0, 5.0)
    window.session.select("bare")
    window.menus["remove"].trigger()
    assert panel(window).list.topLevelItemCount() == 0


def test_that_cameras_are_called_in_the_language_that_is_chosen_after_the_question(qtbot, window):
    ask(qtbot, window, 5.0, 5.0)
    english = panel(window).list.topLevelItem(0).text(0)
    window.menus["language_de"].trigger()
    qtbot.waitUntil(lambda: window.bench.names.camera("known") != english)
    assert panel(window).list.topLevelItem(0).text(0) == window.bench.names.camera("known")


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"fr"}))
def test_that_the_heading_of_the_height_is_not_cut(window, code):
    window.menus[f"language_{code}"].trigger()
    header = panel(window).list.header()
    assert header.sectionSize(2) >= header.sectionSizeHint(2)


def test_that_of_many_blocked_lines_the_nearest_are_drawn_and_the_one_whose_row_is_chosen(window):
    lines = BlockedLines(window.canvas)
    why = tuple(
        SimpleNamespace(witness=SimpleNamespace(camera_id=str(number)), obstruction=None if number == 3 else object())
        for number in range(40)
    )
    lines.take(SimpleNamespace(why=why, spot=(0.0, 0.0)))
    assert [one.witness.camera_id for one in lines.drawn] == [str(number) for number in range(13) if number != 3]
    lines.point_at("30")
    assert [one.witness.camera_id for one in lines.drawn][-1] == "30"
    lines.point_at("5")
    assert len(lines.drawn) == 12
    lines.take(None)
