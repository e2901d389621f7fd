"""Anything in any order, with tables, spreadsheets and imports too, taken back to the identical state and picture."""

import threading

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication
from test_gui_random import CTRL, LEFT, Hand

from lhasaplan.core.results.assessment import Gate

VALUES = ("", "traffic", "90", "130", "abc", "-5", "1e9", "dome", "é" * 30, "12,5")
PASTES = (
    "camera_id\tazimuth\nknown\t10\nbare\t20\n",
    "camera_id\tazimuth\nnobody\t10\n",
    "camera_id\tangle of view\nknown\t150\n",
    "camera_id\towner\tfavourite colour\nknown\tCity\tblue\n",
    "no rows",
    "",
    'id\tpurpose\nbare\t"a\tb\nc"\n',
)


class TableHand(Hand):
    """A hand that works in tables as well."""

    def __init__(self, qtbot, window, seed):
        super().__init__(qtbot, window, seed)
        mine = (self.rows, self.rows, self.set_value, self.paste, self.copy, self.sort, self.group, self.filter, self.search)
        self.acts = (*self.acts, *mine, *mine, self.columns, self.strip, self.tab, self.refuse_import)

    def table(self):
        return self.panel(self.random.choice(("cameras", "cameras", "findings", "parts"))).table

    def rows(self):
        table = self.table()
        count = table.sheet.rowCount()
        for _ in range(self.random.randrange(4) if count else 0):
            index = table.sheet.index(self.random.randrange(count), 0)
            flag = QItemSelectionModel.SelectionFlag
            table.selectionModel().select(index, flag.Select | flag.Rows)
        if count and self.random.random() < 0.2:
            self.bot.keyClick(table, Qt.Key.Key_A, CTRL)

    def set_value(self):
        panel = self.panel("cameras")
        panel.field.setCurrentIndex(self.random.randrange(panel.field.count()))
        panel.words.setCurrentIndex(self.random.randrange(max(panel.words.count(), 1)))
        panel.text.setText(self.random.choice(VALUES))
        self.bot.mouseClick(panel.set, LEFT)
        self.bot.waitUntil(lambda: not self.window.bench.jobs.is_busy("table"))

    def paste(self):
        QApplication.clipboard().setText(self.random.choice(PASTES))
        self.bot.keyClick(self.panel("cameras").table, Qt.Key.Key_V, CTRL)
        self.bot.waitUntil(lambda: not self.window.bench.jobs.is_busy("table"))

    def copy(self):
        self.bot.keyClick(self.table(), Qt.Key.Key_C, CTRL)

    def sort(self):
        table = self.table()
        order = self.random.choice((Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder))
        table.sortByColumn(self.random.randrange(len(table.sheet.columns)), order)

    def group(self):
        sheet = self.table().sheet
        sheet.group_by(self.random.choice(("", self.random.choice(sheet.columns).key)))
        for _row, heading in sheet.headings()[:1]:
            sheet.toggle_group(heading.name)

    def filter(self):
        sheet = self.table().sheet
        column = self.random.choice(sheet.columns).key
        values = sheet.values_of(column)
        sheet.keep_values(column, self.random.choice((None, set(values[:1]), set())))

    def search(self):
        self.panel("cameras").bar.search.setText(self.random.choice(("", "", "known", "zzz", "e")))

    def columns(self):
        table = self.table()
        table.show_column(self.random.randrange(len(table.sheet.columns)), self.random.random() < 0.7)

    def strip(self):
        if self.window.strip.isVisible() and self.window.strip.buttons:
            self.bot.mouseClick(self.random.choice(self.window.strip.buttons), LEFT)

    def tab(self):
        self.window.docks.bring(self.random.choice(("cameras", "findings", "parts")))

    def refuse_import(self):
        self.window.bench.dialogs.answer["ask_take"] = self.random.random() < 0.5
        self.import_file()


def _picture(qtbot, window):
    """Return what the map shows of the whole town, with nothing at hand, once it does not change any more."""
    window.menus["language_en"].trigger()
    for _ in range(3):
        window.menus["let_go"].trigger()
    window.canvas.show_legend(False)
    arranged = window.saveState()
    for dock in window.docks.docks.values():  # panels grow with what stands in them; the map then has the whole window
        dock.hide()
    QApplication.processEvents()
    qtbot.mouseClick(window.canvas, Qt.MouseButton.MiddleButton)  # as any button does, it takes the cross of the keys away
    window.menus["show_all"].trigger()
    qtbot.waitUntil(lambda: window.bench.sight.is_complete, timeout=20_000)
    before, same = None, 0
    for _ in range(200):
        qtbot.wait(40)
        now = window.canvas.grab().toImage()
        same = same + 1 if now == before else 0
        before = now
        if same >= 5 and not any(map(window.bench.jobs.is_busy, ("sight", "city", "ground", "names", "file", "analysis"))):
            window.restoreState(arranged)
            return now
    raise AssertionError("the map never comes to rest")


def _check(qtbot, window):
    window.bench.context.gate = Gate(True)
    with qtbot.waitSignal(window.session.assessment_changed, timeout=20_000):
        window.menus["check"].trigger()


def _hold(qtbot, window, seed, times):
    window.bench.dialogs.open_outside = lambda _path: None
    _check(qtbot, window)
    window.strip.dismiss()
    original, look, picture = window.session.project, window.session.shown.look, _picture(qtbot, window)
    start = window.session.history.index()
    hand = TableHand(qtbot, window, seed)
    hand.act(times)
    assert window.session.history.count() > start + times // 20
    reported = window.bench.dialogs.reported
    assert len(reported) <= hand.questions, reported[-5:]
    while window.session.history.index() > start and window.session.history.canUndo():
        window.menus["undo"].trigger()
    assert window.session.project is original
    assert window.session.shown.look == look
    window.bench.jobs.cancel("analysis")
    _check(qtbot, window)
    while window.strip.notices:
        window.strip.dismiss()
    assert _picture(qtbot, window) == picture
    window.session.history.setClean()
    window.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("job") and thread.is_alive()]


@pytest.mark.nightly  # by day as many over map and panels (test_gui_random.py), and actions of a table alone (test_gui_sheets.py)
def test_that_100_random_actions_with_tables_are_taken_back_to_the_same_state_and_picture(qtbot, window):
    _hold(qtbot, window, 3, 100)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_that_10_000_random_actions_with_tables_in_ten_windows_are_taken_back_to_the_same_picture(qtbot, window, seed):
    _hold(qtbot, window, 200 + seed, 1000)
