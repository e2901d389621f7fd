"""A walk in the window: laid by clicks or read from a file, with what is in view along it; nothing of it is kept."""

import pytest
import samples
from gui_town import FakeDialogs
from PySide6.QtCore import QPoint, Qt

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.io.content.catalogue import load_translations


@pytest.fixture
def window(qtbot):
    made = MainWindow(AppContext(), Language(load_translations), "2026-11-25", FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    made.show()
    made.commands.opening.take(samples.sample("hilltown"), None)
    qtbot.waitUntil(lambda: made.bench.sight.city is not None, timeout=20_000)
    return made


def on_screen(window, x_m, y_m):
    return QPoint(*(round(each) for each in window.canvas.viewport.to_screen(x_m, y_m)))


def high_street(window):
    """Return both ends of a stretch of the street with most cameras."""
    roads = window.session.project.layers["roads"]
    row = next(k for k, tags in enumerate(roads.tags) if tags.get("name") == "High Street")
    (x0, y0), (x1, y1) = roads.geometry[row].coords[0], roads.geometry[row].coords[-1]
    return (x0, y0), (x1, y1)


def lay(qtbot, window, *places):
    window.menus["walk"].trigger()
    for place in places:
        qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=on_screen(window, *place))


def walked(qtbot, window):
    walking = window.tools["walk"].commands
    qtbot.waitUntil(lambda: walking.walk is not None, timeout=20_000)
    return walking


def test_that_clicks_lay_a_walk_and_the_panel_says_what_is_in_view(qtbot, window):
    window.canvas.show_all()
    lay(qtbot, window, *high_street(window))
    walking = walked(qtbot, window)
    panel = window.docks.panels["walk"]
    assert walking.walk.lengths.certain_m > 20.0
    assert "in view, certain" in panel.head.text()
    assert panel.list.topLevelItemCount() == len(walking.walk.stretches)
    assert not panel.profile.grab().isNull()
    assert not window.canvas.grab().isNull()  # painted with its stretches
    qtbot.keyClick(window.canvas, Qt.Key.Key_Backspace)
    assert len(walking.lines[0]) == 1
    assert walking.walk is None
    panel.take_away.click()
    assert walking.lines == ()
    assert "It is not saved" in panel.head.text()


def test_that_a_file_is_a_walk_and_another_project_forgets_it(qtbot, window, tmp_path):
    ends = [window.bench.context.lonlat(window.session.project, *each) for each in high_street(window)]
    places = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in ends)
    file = tmp_path / "walk.gpx"
    file.write_text(f'<gpx version="1.1" creator="t"><trk><trkseg>{places}</trkseg></trk></gpx>')
    window.bench.dialogs.answer["ask_route"] = file
    before = window.session.project
    window.docks.panels["walk"].from_file.click()
    assert walked(qtbot, window).walk.lengths.certain_m > 20.0
    assert window.session.project is before  # nothing of it is kept
    window.commands.opening.take(samples.sample("hilltown"), None)
    assert window.tools["walk"].commands.lines == ()
