"""Versions of the plan in the window: kept, compared under a line that is swiped, taken over in whole or in part."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from amounts import some_by_day
from gui_town import TODAY, FakeContext
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from lhasaplan.app.dialogs.asking import VersionWish
from lhasaplan.app.state import edits
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.changes.proposal import difference
from lhasaplan.core.changes.work import Cost, Work, WorkLine
from lhasaplan.core.live.effect import ChangeEffect
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.errors import Fault, GateError
from lhasaplan.report.facts.project_words import _work


class VersionContext(FakeContext):
    """Compares at once: each plan as its cameras see discs, and an effect that is always the same."""

    def __init__(self):
        super().__init__()
        self.refuses = False

    def compare(self, live, project, one, other, _prices, progress, *, is_disclosed):
        progress(0.5, "sight")
        none = SimpleNamespace(city=live.city, results={}, requested=None)
        answers = tuple(self.follow(none, project, side, (), False, progress) for side in (one, other))
        rows = {"home": {"note": (1, 0), "due": (1, 1), "error": (0, 0), "possible": (0, 0)}}
        cost = Cost((WorkLine(Work.AIM, 1, 250.0),))
        effect = ChangeEffect((), (), (), rows, (900.0, 400.0), (0.0, 0.0), cost=cost)
        return SimpleNamespace(cameras=(tuple(one), tuple(other)), answers=answers, changes=difference(one, other), effect=effect)

    def evaluate(self, _project, _proposal, **_how):
        if self.refuses:
            raise GateError(Fault("There is no mandate."))


@pytest.fixture
def context():
    return VersionContext()


@pytest.fixture
def plans(qtbot, window):
    """The window with a version in which the known camera looks east and the other one is gone."""
    known, _bare = window.session.project.cameras
    version = PlanVersion("B", (replace(known, azimuth_deg=90.0),), "milder", TODAY, "A. B.")
    window.session.edit("Keep version", lambda project: replace(project, versions=(version,)))
    window.session.history.setClean()
    return window


def panel(window):
    return window.docks.panels["versions"]


def compared(qtbot, window):
    window.menus["versions"].trigger()
    qtbot.mouseClick(panel(window).compare, Qt.MouseButton.LeftButton)
    versioning, shown = window.tools["versions"].commands
    qtbot.waitUntil(lambda: versioning.shown is not None)
    return shown


def camera(window, camera_id):
    return edits.camera_of(window.session.project, camera_id)


def test_that_a_plan_is_kept_with_name_reason_and_day_and_the_step_can_be_undone(qtbot, window):
    window.bench.dialogs.answer["ask_version"] = VersionWish("Spring", "after the hearing", "A. B.")
    window.menus["versions"].trigger()
    for _ in range(2):
        qtbot.mouseClick(panel(window).keep, Qt.MouseButton.LeftButton)
    first, second = window.session.project.versions
    assert (first.name, first.reason, first.when, first.who) == ("Spring", "after the hearing", TODAY, "A. B.")
    assert second.name == "Spring (2)"
    assert first.cameras == window.session.project.cameras
    assert [panel(window).versions.topLevelItem(row).text(0) for row in range(2)] == ["Spring", "Spring (2)"]
    window.menus["undo"].trigger()
    assert len(window.session.project.versions) == 1


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_no_name_keeps_nothing(qtbot, window):
    window.menus["keep_version"].trigger()
    assert window.session.project.versions == ()


def test_that_a_version_is_taken_out_and_comes_back_by_undo(qtbot, plans):
    plans.menus["versions"].trigger()
    tree = panel(plans).versions
    where = tree.visualItemRect(tree.topLevelItem(0)).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseClick(panel(plans).drop, Qt.MouseButton.LeftButton)
    assert plans.session.project.versions == ()
    plans.menus["undo"].trigger()
    assert [version.name for version in plans.session.project.versions] == ["B"]


def test_that_a_comparison_shows_both_maps_their_names_and_what_changes(qtbot, plans):
    shown = compared(qtbot, plans)
    left, right = shown.sheets
    assert (left.name, right.name) == ("Now", "B")
    assert {symbol.camera_id for symbol in left.overlays.symbols} == {"known", "bare"}
    (east,) = right.overlays.symbols
    assert (east.camera_id, east.bearing_deg) == ("known", 90.0)
    rows = [panel(plans).changes.topLevelItem(row) for row in range(panel(plans).changes.topLevelItemCount())]
    assert {row.text(0).split()[-1]: row.text(1) for row in rows} == {"bare": "taken out", "known": "turned from 0° to 90°"}
    reported = panel(plans).effect.text()
    assert "severe 0, due 1, note 1 → 0, possible 0" in reported
    assert "900\N{NO-BREAK SPACE}m² → 400\N{NO-BREAK SPACE}m²" in reported
    assert "aimed anew: 1. Cost: 250" in reported


def test_that_the_line_is_swiped_by_the_mouse_and_by_keys_and_both_sheets_show_the_ground_of_the_map(qtbot, plans):
    shown, canvas = compared(qtbot, plans), plans.canvas
    start = QPoint(round(shown.line_px), canvas.height() // 2)
    to = QPoint(start.x() - 120, start.y())
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, to)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=to)
    assert shown.line_px == pytest.approx(to.x(), abs=1)
    left, right = shown.sheets
    assert (left.width(), right.x()) == (to.x(), to.x())
    for x_px in (10, to.x() - 5, to.x() + 5, canvas.width() - 10):
        sheet = left if x_px < to.x() else right
        world = sheet.viewport.to_world(x_px - sheet.x(), 50 - sheet.y())
        assert world == pytest.approx(canvas.viewport.to_world(x_px, 50), abs=canvas.viewport.metres_per_px)
    qtbot.keyClick(canvas, Qt.Key.Key_Period)
    assert shown.line_px == pytest.approx(to.x() + 24, abs=1)


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_the_map_pans_below_the_sheets_and_they_follow(qtbot, plans):
    shown, canvas = compared(qtbot, plans), plans.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    left, _ = shown.sheets
    assert left.viewport.to_world(0, 20 - left.y()) == pytest.approx(canvas.viewport.to_world(0, 20), abs=0.6)


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_the_legend_stands_over_both_plans_and_is_folded_by_a_click_there(qtbot, plans):
    compared(qtbot, plans)
    canvas, right = plans.canvas, plans.tools["versions"].commands[1].sheets[1]
    assert canvas.explained_too >= right.contents >= {"cameras", "certain"}
    before = right.grab().toImage()
    canvas.grab()
    at = canvas._legend_card.center().toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert not canvas.is_legend_folded
    opened = right.grab().toImage()
    assert opened != before
    canvas.grab()
    card = canvas._legend_card
    inside = QPoint(round(card.left() - right.x() + 4), round(card.top() - right.y() + 4))
    assert opened.pixelColor(inside * right.devicePixelRatioF()).lightness() > 240  # the card, not the map below
    plans.tools["versions"].commands[0].end()
    assert canvas.explained_too == frozenset()


def test_that_esc_ends_the_comparison_and_an_edit_does_when_now_is_compared(qtbot, plans):
    shown = compared(qtbot, plans)
    plans.menus["let_go"].trigger()
    assert shown.sheets is None
    assert panel(plans).changes.topLevelItemCount() == 0
    shown = compared(qtbot, plans)
    plans.session.edit("Turn camera", edits.turned("known", 10.0, plans.session.author))
    assert shown.sheets is None
    assert not plans.menus["compare"].isChecked()


def test_that_what_is_ticked_is_taken_over_in_one_step(qtbot, plans):
    compared(qtbot, plans)
    rows = {
        panel(plans).changes.topLevelItem(row).text(0).split()[-1]: panel(plans).changes.topLevelItem(row) for row in range(2)
    }
    rows["bare"].setCheckState(0, Qt.CheckState.Unchecked)
    plans.bench.names.changed.emit()  # what things are called comes later, and unticks nothing
    assert panel(plans).ticked == ("known",)
    qtbot.mouseClick(panel(plans).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: camera(plans, "known").azimuth_deg == 90.0)
    assert camera(plans, "bare") is not None
    assert camera(plans, "bare").status == "operating"
    entry = plans.session.project.journal[-1].event.proposal
    assert (str(entry.source), entry.about) == ("plan_version", "B")
    plans.menus["undo"].trigger()
    assert camera(plans, "known").azimuth_deg == 0.0


def test_that_a_whole_version_keeps_what_operates_on_record_as_removed(qtbot, plans):
    compared(qtbot, plans)
    qtbot.mouseClick(panel(plans).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: camera(plans, "known").azimuth_deg == 90.0)
    assert camera(plans, "bare").status == "removed"


def test_that_a_version_that_gate_or_guard_refuses_is_not_taken(qtbot, plans):
    compared(qtbot, plans)
    plans.bench.context.refuses = True
    qtbot.mouseClick(panel(plans).take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "There is no mandate." in plans.strip.lines.toPlainText().splitlines())
    assert camera(plans, "known").azimuth_deg == 0.0


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_before_and_after_of_the_chosen_mitigation_lie_side_by_side(qtbot, window):
    window.menus["check"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    assert not window.menus["compare_mitigation"].isEnabled()
    window.docks.panels["findings"].table.selectRow(0)
    assert window.menus["compare_mitigation"].isEnabled()
    window.menus["compare_mitigation"].trigger()
    versioning, shown = window.tools["versions"].commands
    qtbot.waitUntil(lambda: versioning.shown is not None)
    assert [sheet.name for sheet in shown.sheets] == ["Now", "After the remedy"]
    assert panel(window).changes.topLevelItem(0).text(1) == "masks: 0 before, 1 now"
    assert not panel(window).take.isEnabled()


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_the_comparison_is_told_in_french(qtbot, plans):
    compared(qtbot, plans)
    plans.menus["language_fr"].trigger()
    assert "tournée de 0° à 90°" in [panel(plans).changes.topLevelItem(row).text(1) for row in range(2)]
    QApplication.processEvents()


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_the_plan_of_now_is_named_in_the_language_and_an_edit_ends_the_comparison_in_any(qtbot, plans):
    shown = compared(qtbot, plans)
    assert shown.sheets[0].name == "Now"
    plans.menus["language_fr"].trigger()
    assert shown.sheets[0].name == plans.bench.language("Now") != "Now"
    plans.session.edit("Turn camera", edits.turned("known", 45.0, plans.session.author))
    assert shown.sheets is None


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_a_version_with_the_cameras_of_now_keeps_its_own_name_in_every_language(qtbot, plans):
    same = PlanVersion("As it is", plans.session.project.cameras, "kept", TODAY, "A. B.")
    plans.session.edit("Keep version", lambda project: replace(project, versions=(*project.versions, same)))
    versioning, shown = plans.tools["versions"].commands
    versioning.compare("As it is", "B")
    qtbot.waitUntil(lambda: versioning.shown is not None)
    plans.menus["language_fr"].trigger()
    assert [sheet.name for sheet in shown.sheets] == ["As it is", "B"]


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_another_project_ends_a_comparison(qtbot, plans):
    shown = compared(qtbot, plans)
    plans.session.history.setClean()
    plans.commands.opening.take(plans.session.project, None)
    assert shown.sheets is None


@pytest.mark.nightly  # by day a plan is kept, compared and taken over here
def test_that_a_plan_is_not_compared_with_itself(plans):
    shown = panel(plans)
    assert shown.compare.isEnabled()
    shown.other.setCurrentIndex(shown.one.currentIndex())
    assert not shown.compare.isEnabled()


def test_that_work_which_the_second_plan_spares_is_said_as_less_and_never_below_zero():
    cost = SimpleNamespace(counts={Work.NEW_ON_POLE: -1, Work.AIM: 2}, total=None, currency="")
    assert _work(SimpleNamespace(cost=cost), Translations()) == (
        "Work: new on a pole: 1 fewer, aimed anew: 2. Not every price is stated."
    )


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"en", "fr"}))
def test_that_the_plan_of_now_is_named_whole_among_those_to_compare(window, code):
    window.language.use(code)
    one = window.docks.panels["versions"].one
    assert one.minimumWidth() >= one.fontMetrics().horizontalAdvance(window.language("Now")) + 36  # its frame and its arrow
