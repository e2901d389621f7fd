"""A tool of the window is one folder and one line: what it adds appears in docks, menus and the menu of a spot."""

import pytest
from gui_town import TODAY, FakeContext, FakeDialogs, stand_in
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from lhasaplan.app.commands.workbench import Entry, Panel, Side, SpotEntry, Switch, Tool
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow, window_parts
from lhasaplan.app.tools import TOOLS


def make_counter(bench, _commands):
    """A tool that counts clicks while its mode is on, and writes the count into its panel."""
    label, spots = QLabel("0"), []

    def count(x_m, y_m):
        spots.append((x_m, y_m))
        label.setText(str(len(spots)))

    mode = bench.session.mode
    switch = Switch(lambda on: mode.switch("count", on), lambda: mode.tool == "count", mode.changed)
    bench.canvas.tool_used.connect(lambda tool, x, y: count(x, y) if tool == "count" else None)
    return Tool(
        "count",
        panels=(Panel("count", "Summary", label, Side.RightDockWidgetArea, behind="selected"),),
        entries=(("&View", Entry("count", "&Measure", switch, "Ctrl+J")),),
        spot_entries=(SpotEntry("Measure from here", count),),
        commands=spots,
    )


@pytest.fixture
def counting(qtbot, monkeypatch):
    monkeypatch.setattr(window_parts, "TOOLS", (*TOOLS, make_counter))
    context = stand_in(FakeContext(), monkeypatch)
    window = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def test_that_a_line_of_registration_brings_panel_menu_and_keys(qtbot, counting):
    action = counting.menus["count"]
    assert action in counting.menus.menus["&View"].actions()
    assert counting.docks.panels["count"].text() == "0"
    action.trigger()
    assert action.isChecked()
    qtbot.mouseClick(counting.canvas, Qt.MouseButton.LeftButton)
    assert counting.docks.panels["count"].text() == "1"
    assert counting.canvas.marks.spot is None  # a click that a tool takes asks about no spot
    counting.menus["measure"].trigger()  # one tool at a time takes the clicks
    assert not action.isChecked()
    assert counting.menus["measure"].isChecked()
    entries = [action for action in counting.spot_menu(1.0, 2.0).actions() if action.text() == "Measure from here"]
    entries[-1].trigger()  # the first is that of the tool that measures
    assert counting.tools["count"].commands[-1] == (1.0, 2.0)
