"""Anything in any order: random clicks, keys and numbers end in no error, no heap of boxes, and can all be taken back."""

import random
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from lhasaplan.app.dialogs import AskedImport
from lhasaplan.core.results.assessment import Gate

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_Delete)
MENU = ("undo", "redo", "undo", "remove", "let_go", "show_all", "show_camera", "legend", "audit", "check", "cancel", "measure")
NUMBERS = ("0", "1", "30", "59", "90", "119", "130", "180", "359", "1920", "77777", "", "-5", "1e9", "abc", "12.5")
LANGUAGES = ("language_fr", "language_zh_CN", "language_en")


class Hand:
    """A hand that does anything; ``questions`` counts what a box may answer."""

    def __init__(self, qtbot, window, seed):
        self.bot, self.window, self.random, self.questions = qtbot, window, random.Random(seed), 0
        self.acts = (
            *(self.click, self.click, self.drag, self.drag, self.turn, self.key, self.write, self.write, self.write),
            *(self.choose, self.mask, self.menu, self.menu, self.undo_key, self.layer, self.finding, self.place, self.wheel),
            *(self.arrange, self.arrange, self.copy_paste, self.reckon, self.cancel_drag),
            *(self.step, self.ask_export, self.import_file, self.language, self.camera, self.camera, self.rename),
        )

    def spot(self):
        size = self.window.canvas.size()
        camera = self.random.choice(self.window.session.project.cameras)
        x, y = self.window.canvas.viewport.to_screen(camera.x_m, camera.y_m)
        if self.random.random() < 0.6 and 0 < x < size.width() and 0 < y < size.height():
            return QPoint(round(x), round(y))
        return QPoint(self.random.randrange(size.width()), self.random.randrange(size.height()))

    def panel(self, key="camera"):
        return self.window.docks.panels[key]

    def click(self):
        self.bot.mouseClick(self.window.canvas, LEFT, self.random.choice((NONE, NONE, CTRL)), pos=self.spot())

    def drag(self, start=None):
        at, canvas = start or self.spot(), self.window.canvas
        self.bot.mousePress(canvas, LEFT, pos=at)
        for _ in range(3):
            at += QPoint(self.random.randint(-40, 40), self.random.randint(-40, 40))
            self.bot.mouseMove(canvas, at)
        self.bot.mouseRelease(canvas, LEFT, pos=at)

    def turn(self):
        spots = self.window.tools["handles"].commands.handles.spots()
        self.drag(self.random.choice(list(spots.values())).toPoint() if spots else None)

    def key(self):
        self.bot.keyClick(self.window.canvas, self.random.choice(KEYS))

    def step(self):
        self.bot.keyClick(self.window.canvas, self.random.choice(KEYS[:2]), SHIFT)

    def camera(self):
        self.window.session.select(self.random.choice(self.window.session.project.cameras).camera_id)

    def write(self):
        field = self.random.choice(list(self.panel().fields.values()))
        field.setFocus()
        field.selectAll()
        self.bot.keyClicks(field, self.random.choice(NUMBERS))
        self.bot.keyClick(field, self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab)))
        if self.panel().refusal.isVisible() and self.random.random() < 0.7:
            ways = [button for button in self.panel().refusal.buttons if button.isVisible()]
            self.bot.mouseClick(self.random.choice(ways), LEFT)

    def rename(self):
        self.panel().name.setText(self.random.choice(("North gate", "<b>x</b>", "", "é" * 40)))
        self.bot.keyClick(self.panel().name, Qt.Key.Key_Return)

    def choose(self):
        box = self.random.choice(list(self.panel().choices.values()))
        self.bot.keyClick(box, self.random.choice((Qt.Key.Key_Down, Qt.Key.Key_Up)))

    def mask(self):
        masks = self.panel().masks
        masks.start.setValue(self.random.randrange(360))
        masks.stop.setValue(self.random.randrange(360))
        self.bot.mouseClick(self.random.choice((masks.add, masks.drop)), LEFT)

    def menu(self):
        self.window.menus[self.random.choice(MENU)].trigger()

    def undo_key(self):
        self.bot.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Z, CTRL)

    def layer(self):
        self.panel("layers").set_on(self.random.choice(("certain", "buildings", "unasked", "night")), self.random.random() < 0.5)

    def finding(self):
        table = self.panel("findings").table
        if table.model().rowCount():
            table.selectRow(self.random.randrange(table.model().rowCount()))
            if self.panel("findings").detail.mitigations.apply.isEnabled() and self.random.random() < 0.5:
                self.bot.mouseClick(self.panel("findings").detail.mitigations.apply, LEFT)

    def place(self):
        self.questions += 2  # refused in the menu, and again at the click where the gate was closed since
        self.window.menus["place"].trigger()
        self.click()

    def ask_export(self):
        self.questions += 1
        self.window.menus["export"].trigger()

    def import_file(self):
        self.questions += 1
        self.window.bench.context.gate = Gate(self.random.random() < 0.7, ())
        self.window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
        if len(self.window.session.project.cameras) < 12:
            self.window.menus["import"].trigger()
            self.bot.waitUntil(lambda: not self.window.bench.jobs.is_busy("file"))

    def language(self):
        if self.random.random() < 0.2:
            self.window.menus[self.random.choice(LANGUAGES)].trigger()

    def arrange(self):
        panel = self.panel("arranging")
        self.questions += 1  # what adds cameras says why it may not, where the gate was closed since
        button = self.random.choice((*panel.buttons.values(), panel.add_row))
        if len(self.window.session.project.cameras) < 30:
            self.bot.mouseClick(button, LEFT)

    def copy_paste(self):
        self.questions += 1
        if len(self.window.session.project.cameras) < 30:
            for key in (Qt.Key.Key_C, Qt.Key.Key_V):
                self.bot.keyClick(self.window.canvas, key, CTRL)

    def reckon(self):
        panel = self.panel("lens_calculator")
        field = self.random.choice(list(panel.fields.values()))
        field.setFocus()
        field.selectAll()
        self.bot.keyClicks(field, self.random.choice(NUMBERS))
        self.bot.keyClick(field, Qt.Key.Key_Return)
        self.bot.mouseClick(self.random.choice((panel.take, panel.give)), LEFT)

    def cancel_drag(self):
        """Begin to drag a handle and think better of it."""
        spots = self.window.tools["handles"].commands.handles.spots()
        if not spots:
            return
        before, at = self.window.session.project, self.random.choice(list(spots.values())).toPoint()
        self.bot.mousePress(self.window.canvas, LEFT, pos=at)
        for _ in range(2):
            at += QPoint(self.random.randint(-60, 60), self.random.randint(-60, 60))
            self.bot.mouseMove(self.window.canvas, at)
        self.bot.keyClick(self.window.canvas, Qt.Key.Key_Escape)
        self.bot.mouseRelease(self.window.canvas, LEFT, pos=at)
        assert self.window.session.project is before

    def wheel(self):
        self.window.canvas.zoom(self.random.choice((-1, 1)))

    def act(self, times):
        for number in range(times):
            self.random.choice(self.acts)()
            if number % 3 == 0:
                QApplication.processEvents()


def _hold(qtbot, window, seed, times):
    context, original = window.bench.context, window.session.project
    context.gate = Gate(True)
    window.menus["check"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    hand = Hand(qtbot, window, seed)
    hand.act(times)
    assert window.session.history.count() > 15  # the rest looked, asked or was refused
    reported = window.bench.dialogs.reported
    assert len(reported) <= hand.questions, reported[-5:]
    while window.session.history.canUndo():
        window.menus["undo"].trigger()
    assert window.session.project is original
    qtbot.waitUntil(lambda: window.bench.sight.is_complete, timeout=20_000)
    assert window.bench.sight.sight.seen.keys() == {"known", "bare"}
    assert window.bench.sight.faults == {}
    window.session.history.setClean()
    window.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("job") and thread.is_alive()]


def test_that_100_random_actions_end_well_and_are_taken_back(qtbot, window):
    _hold(qtbot, window, 1, 100)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_that_10_000_random_actions_in_ten_windows_end_well_and_are_taken_back(qtbot, window, seed):
    _hold(qtbot, window, 100 + seed, 1000)
