"""The window in a meeting: full screen, large letters, one thing after the other, and nothing can be changed."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QTabBar

from lhasaplan.app.models.findings import finding_text
from lhasaplan.app.shell.window_parts import SETTLED_MS
from lhasaplan.app.state import edits
from lhasaplan.core.project.project import Bookmark

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # what an offscreen screen says of a full one


@pytest.fixture
def meeting(qtbot, window):
    """The window in a meeting, with results and two views."""
    window.menus["check"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    for name, x_m in (("Square", 20.0), ("Bridge", 80.0)):
        window.bench.bookmarks.add(Bookmark(name, x_m, 40.0, 60.0))
    window.session.history.setClean()
    window.menus["meeting"].trigger()
    yield window
    window.tools["meeting"].commands[0].turn(False)


def bar(window):
    return window.tools["meeting"].commands[1]


def still_picture(qtbot, canvas):
    """What the map shows once nothing is drawn any more and it has looked the same for a while."""
    looks = [None]

    def is_still():
        qtbot.wait(100)
        looks.append(canvas.grab().toImage())
        return canvas.is_whole and looks[-1] == looks[-2]

    qtbot.waitUntil(is_still, timeout=60_000)
    return looks[-1]


def press(qtbot, window, key):
    qtbot.keyClick(window.canvas, key)


def test_that_the_map_fills_the_screen_in_large_letters_and_all_comes_back(qtbot, meeting):
    letters_pt = QApplication.font().pointSizeF()
    assert meeting.isFullScreen()
    assert not any(dock.isVisible() for dock in meeting.docks.docks.values())
    assert not meeting.menuBar().isVisible()
    assert not meeting.toolbar.isVisible()
    assert bar(meeting).isVisible()
    press(qtbot, meeting, Qt.Key.Key_Escape)
    assert not meeting.isFullScreen()
    assert meeting.docks.docks["selected"].isVisible()
    assert meeting.menuBar().isVisible()
    assert meeting.toolbar.isVisible()
    assert not bar(meeting).isVisible()
    assert QApplication.font().pointSizeF() == pytest.approx(letters_pt / 1.45)


def test_that_the_keys_go_through_the_views(qtbot, meeting):
    assert bar(meeting).heading.text() == "Square"
    assert bar(meeting).place.text() == "Views: 1 of 2"
    assert meeting.canvas.viewport.x_m == pytest.approx(20.0, abs=1.0)
    press(qtbot, meeting, Qt.Key.Key_Right)
    assert (bar(meeting).heading.text(), meeting.canvas.viewport.x_m) == ("Bridge", pytest.approx(80.0, abs=1.0))
    press(qtbot, meeting, Qt.Key.Key_Space)
    assert bar(meeting).heading.text() == "Square"
    press(qtbot, meeting, Qt.Key.Key_Left)
    assert bar(meeting).heading.text() == "Bridge"


def test_that_tab_leads_to_the_findings_the_gravest_first(qtbot, meeting):
    press(qtbot, meeting, Qt.Key.Key_Tab)
    assert bar(meeting).place.text() == "Findings: 1 of 2"
    assert bar(meeting).heading.text().startswith("severe")
    assert "can see" in bar(meeting).words.text()
    assert meeting.canvas.marks.highlight is not None
    qtbot.mouseClick(bar(meeting).next, Qt.MouseButton.LeftButton)
    assert bar(meeting).heading.text().startswith("note")
    press(qtbot, meeting, Qt.Key.Key_1)
    assert bar(meeting).heading.text() == "Square"


def test_that_a_finding_is_told_in_the_language_that_is_chosen_in_the_meeting(qtbot, meeting):
    press(qtbot, meeting, Qt.Key.Key_Tab)
    qtbot.mouseClick(bar(meeting).next, Qt.MouseButton.LeftButton)
    meeting.menus["language_de"].trigger()
    shown = bar(meeting)
    assert shown.place.text() == "Feststellungen: 2 von 2"
    assert shown.heading.text().startswith("Hinweis")
    english = next(each for each in meeting.session.assessment.findings if each.kind == "sign_unknown")
    assert shown.words.text() == finding_text(english, meeting.language, meeting.bench.names)
    meeting.menus["language_en"].trigger()
    assert shown.heading.text().startswith("note")


def test_that_nothing_can_be_changed(qtbot, meeting):
    before, steps = meeting.session.project, meeting.session.history.count()
    meeting.session.select("known")
    at = QPoint(*(round(v) for v in meeting.canvas.viewport.to_screen(50.0, 40.0)))
    qtbot.mousePress(meeting.canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(meeting.canvas, at + QPoint(40, 10))
    qtbot.mouseRelease(meeting.canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 10))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Backspace):
        press(qtbot, meeting, key)
    qtbot.keyClick(meeting.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_O, Qt.Key.Key_I):
        qtbot.keyClick(meeting.canvas, key, Qt.KeyboardModifier.ControlModifier)
    meeting.session.edit("Turn camera", edits.turned("known", 10.0, meeting.session.author))
    meeting.commands.editing.undo()
    meeting.commands.editing.remove()
    assert meeting.session.project is before
    assert meeting.session.history.count() == steps


def test_that_after_the_meeting_everything_can_be_changed_and_undone(qtbot, meeting):
    press(qtbot, meeting, Qt.Key.Key_Escape)
    meeting.session.edit("Turn camera", edits.turned("known", 10.0, meeting.session.author))
    assert edits.camera_of(meeting.session.project, "known").azimuth_deg == 10.0
    meeting.menus["undo"].trigger()
    assert edits.camera_of(meeting.session.project, "known").azimuth_deg == 0.0


@pytest.mark.nightly  # by day a meeting that goes through views and findings, and changes nothing, here
def test_that_without_anything_to_go_through_the_bar_says_what_to_do(qtbot, window):
    window.menus["meeting"].trigger()
    assert "run the audit" in bar(window).heading.text()
    press(qtbot, window, Qt.Key.Key_Right)
    press(qtbot, window, Qt.Key.Key_Tab)
    window.tools["meeting"].commands[0].turn(False)


@pytest.mark.nightly  # by day a meeting that goes through views and findings, and changes nothing, here
def test_that_another_project_ends_the_meeting(meeting):
    meeting.commands.opening.take(meeting.session.project, None)
    assert not meeting.session.is_held
    assert meeting.menuBar().isVisible()


@pytest.mark.nightly  # by day a meeting that goes through views and findings, and changes nothing, here
def test_that_names_on_the_map_are_small_again_after_large_letters(qtbot, window):
    """Names lie in tiles that outlive the change of the letters unless they are drawn anew."""
    canvas, font = window.canvas, QApplication.font()
    canvas.setFixedSize(canvas.size())  # or bars and panels, which grow with their letters, would leave the map another size
    small, large = still_picture(qtbot, canvas), QApplication.font()
    large.setPointSizeF(font.pointSizeF() * 2.0)
    QApplication.setFont(large)
    canvas.set_visible(canvas.visible)  # every tile is drawn in large letters
    assert still_picture(qtbot, canvas) != small
    QApplication.setFont(font)
    assert still_picture(qtbot, canvas) == small


@pytest.mark.nightly  # by day a meeting that goes through views and findings, and changes nothing, here
def test_that_no_title_of_a_panel_is_cut_after_a_meeting(qtbot, meeting):
    press(qtbot, meeting, Qt.Key.Key_Escape)
    qtbot.wait(SETTLED_MS * 2)

    def modes():
        bars = meeting.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return {bar.elideMode() for bar in bars if bar.count()}

    qtbot.waitUntil(lambda: modes() == {Qt.TextElideMode.ElideNone})
