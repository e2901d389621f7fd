"""What the camera panel says about the cost and the need of the selected camera."""

import re
from dataclasses import replace

import pytest
from gui_town import assessment_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument

from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import CameraLoss, Gate, Necessity


def click(qtbot, window, x_m, y_m):
    at = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)


def show_results(window, necessity, homes=None):
    results = assessment_of(window.session.project, Gate(True))
    (seen, *_) = (sighting for camera in results.cameras for sighting in camera.sightings)
    views = (replace(seen, cls=ProtectedClass.HOME, basis="recorded", places_by_grade=homes),) if homes else ()
    judged = replace(results, cameras=(replace(results.cameras[0], necessity=necessity, sightings=views),))
    window.session.set_assessment(judged, window.session.project)


def plain_text(window):
    page = QTextDocument()
    page.setHtml(window.docks.panels["camera"].notes.necessity.text())
    return page.toPlainText()


def rows(window):
    lines = [line for line in plain_text(window).splitlines() if line.strip()]
    first = lines.index("Area it can see (m²)")
    return dict(zip(lines[first::2], lines[first + 1 :: 2], strict=True))


def test_that_a_camera_says_what_it_costs_and_what_would_be_lost_without_it(qtbot, window):
    lost = (CameraLoss("crossing", 0.4, 0.5),)
    show_results(window, Necessity(0.25, 0.1, {}, lost, "bare"), homes={"due": 2, "error": 1})
    click(qtbot, window, 50, 40)
    assert window.docks.panels["camera"].notes.necessity.isVisible()
    called = window.bench.names.camera
    qtbot.waitUntil(lambda: called("bare") != "bare" and called("bare") in plain_text(window))
    assert rows(window) == {
        "Area it can see (m²)": "2 827",
        "no purpose stated (%)": "25",
        "in range at night (%)": "10",
        "Homes in view": "severe 1, due 2",
        "Likely dwellings in view": "–",
        "Other protected in view": "–",
        "Lost without this camera": "crossing: 40 % served",
        "Milder camera for the same": called("bare"),
    }
    drawn = re.findall(r"<table width='(\d+)%' bgcolor", window.docks.panels["camera"].notes.necessity.text())
    assert drawn == ["25", "10"]  # the shares as bars, of the width of the table


@pytest.mark.nightly  # by day the figures of a camera here
def test_that_what_is_not_answered_has_a_dash(qtbot, window):
    show_results(window, Necessity())
    click(qtbot, window, 50, 40)
    assert set(list(rows(window).values())[1:]) == {"–"}


def test_that_the_figures_of_a_camera_that_was_changed_say_so(qtbot, window):
    show_results(window, Necessity(0.25))
    click(qtbot, window, 50, 40)
    assert "changed since" not in plain_text(window)
    window.docks.panels["camera"].fields["range_m"].setValue(55)
    assert "was changed after the analysis" in plain_text(window)
    window.menus["undo"].trigger()
    assert "changed since" not in plain_text(window)


def test_that_without_results_the_panel_asks_for_the_audit(qtbot, window):
    click(qtbot, window, 50, 40)
    assert plain_text(window) == "Run the audit to see the costs and the need of this camera."
    window.menus["let_go"].trigger()
    assert not window.docks.panels["camera"].notes.necessity.isVisible()


@pytest.mark.nightly  # by day the figures of a camera here
def test_that_the_figures_follow_the_language(qtbot, window):
    show_results(window, Necessity(0.25))
    click(qtbot, window, 50, 40)
    window.menus["language_fr"].trigger()
    assert "Logements dans le champ" in plain_text(window)
