"""Through the lens, with the real sight and the real mouse: the picture follows, masks are drawn, picked and taken back."""

from dataclasses import replace

import pytest
from gui_town import town
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from lhasaplan.app.jobs import BEING_DRAWN, Manner, UpdatedPicture
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.app.tools.picture import FIXED, SHORT_CAPTION, distances_in, pictures
from lhasaplan.app.tools.picture.lens_view import POLYGON, RECTANGLE, MaskDrawing
from lhasaplan.app.tools.picture.pictures import COARSE, MADE, NOT_RECORDED, sheet_of

LONG_MS = 300_000  # where kernels are compiled for the first time, beside much else


@pytest.fixture
def real(qtbot):
    context = AppContext()
    window = MainWindow(context, Language(context.services.content.load_translations), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.history.setClean())
    window.show()
    window.commands.opening.take(town())
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2, timeout=LONG_MS)
    return window


@pytest.fixture
def shown(qtbot, real):
    """The window with the picture of the camera that has all its numbers."""
    real.session.select("known")
    panel = real.docks.panels["picture"]
    qtbot.waitUntil(lambda: panel.view.picture is not None, timeout=LONG_MS)
    return real


def is_settled(window):
    jobs = window.bench.jobs
    return not any(jobs.is_busy(lane) for lane in ("picture", "picture-fine", "sight")) and window.bench.sight.is_complete


def place_of(view, u, v):
    """Return where a pixel of the camera lies in the widget."""
    return view.frame().point(u, v).toPoint()


def pull(view, start, end):
    """Press, move and let go of the mouse between two of the camera's pixels."""
    one, other = place_of(view, *start), place_of(view, *end)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=one)
    QTest.mouseMove(view, (one + other) / 2)
    QTest.mouseMove(view, other)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=other)


def pixel_slack(view):
    """Return how many of the camera's pixels one of the screen stands for."""
    return 2.0 * view.frame().width_px / view.frame().box.width()


def test_that_the_picture_follows_the_selected_camera_and_says_why_there_is_none(qtbot, real):
    panel = real.docks.panels["picture"]
    assert "picture" not in real.docks.in_front
    real.session.select("known")
    assert "picture" in real.docks.in_front
    assert panel.caption.text() == BEING_DRAWN
    qtbot.waitUntil(lambda: panel.view.picture is not None, timeout=LONG_MS)
    assert panel.caption.text().startswith(SHORT_CAPTION)
    before = panel.view.picture
    real.session.edit("Turn camera", edits.turned("known", 90.0, real.session.author))
    qtbot.waitUntil(lambda: abs(panel.view.picture.view.azimuth_deg - before.view.azimuth_deg - 90.0) < 0.1, timeout=20_000)
    real.session.select("bare")
    qtbot.waitUntil(lambda: panel.caption.text() == NOT_RECORDED)
    assert not panel.view.isVisible()
    real.session.select("")
    assert "picture" not in real.docks.in_front


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_a_finer_picture_comes_once_nothing_moves(qtbot, shown):
    panel = shown.docks.panels["picture"]
    panel.larger.click()
    qtbot.waitUntil(lambda: is_settled(shown), timeout=20_000)
    qtbot.waitUntil(
        lambda: panel.view.image.width() == round(panel.view.width() * panel.view.devicePixelRatioF()), timeout=20_000
    )


def test_that_a_rectangle_drawn_in_the_picture_masks_the_camera_and_one_undo_takes_it_back(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    view, steps = panel.view, session.history.count()
    before = shown.bench.sight.sight.seen["known"].certain.area_m2
    panel.rectangle.click()
    pull(view, (200, 500), (1700, 1060))
    (ring,) = session.selected.mask_px
    assert [pytest.approx(corner, abs=pixel_slack(view)) for corner in ring] == [
        (200, 500),
        (1700, 500),
        (1700, 1060),
        (200, 1060),
    ]
    assert session.history.count() == steps + 1
    assert not panel.rectangle.isChecked()
    qtbot.waitUntil(lambda: shown.bench.sight.sight.seen["known"].certain.area_m2 < before - 20.0, timeout=20_000)
    qtbot.waitUntil(lambda: view.masks == (ring,), timeout=20_000)
    session.history.undo()
    assert session.selected.mask_px == ()
    qtbot.waitUntil(lambda: shown.bench.sight.sight.seen["known"].certain.area_m2 == pytest.approx(before), timeout=20_000)
    qtbot.waitUntil(lambda: view.masks == (), timeout=20_000)


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_a_polygon_is_laid_by_clicks_and_closed_by_a_double_click(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    view = panel.view
    panel.polygon.click()
    corners = [(300, 300), (1500, 350), (1600, 900), (400, 950)]
    for corner in (*corners[:2], (900, 600)):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, *corner))
    QTest.keyClick(view, Qt.Key.Key_Backspace)  # the third was wrong
    for corner in corners[2:]:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, *corner))
    assert session.selected.mask_px == ()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place_of(view, *corners[-1]))
    (ring,) = session.selected.mask_px
    assert [pytest.approx(corner, abs=pixel_slack(view)) for corner in ring] == corners


def test_that_a_mask_is_picked_with_a_click_and_taken_away_with_delete(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    rings = (
        ((100.0, 100.0), (500.0, 100.0), (500.0, 500.0)),
        ((900.0, 600.0), (1500.0, 600.0), (1500.0, 1000.0), (900.0, 1000.0)),
    )
    session.edit("Change camera", edits.changed("known", {"mask_px": rings}, session.author))
    qtbot.waitUntil(lambda: panel.view.masks == rings, timeout=20_000)
    assert not panel.unmask.isEnabled()
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_of(panel.view, 1200, 800))
    assert panel.unmask.isEnabled()
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert session.selected.mask_px == rings[:1]  # and the camera stands
    qtbot.waitUntil(lambda: panel.view.masks == rings[:1], timeout=20_000)
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_of(panel.view, 400, 200))
    panel.unmask.click()
    assert session.selected.mask_px == ()


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_esc_drops_a_mask_and_a_click_is_no_rectangle(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    panel.rectangle.click()
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_of(panel.view, 800, 500))
    panel.polygon.click()
    assert not panel.rectangle.isChecked()
    for corner in ((300, 300), (900, 300), (600, 800)):
        QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place_of(panel.view, *corner))
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert session.selected.mask_px == ()
    assert panel.view.drawing.corners == []


def test_that_the_pointer_reads_distance_and_density_but_nothing_of_a_home(qtbot, shown):
    panel = shown.docks.panels["picture"]
    QTest.mouseMove(panel.view, place_of(panel.view, 960, 900))
    qtbot.waitUntil(lambda: "px/m" in panel.readout.text())
    view = panel.view.picture.view
    veiled = panel.view.picture.is_veiled.nonzero()
    row, column = veiled[0][0], veiled[1][0]
    rows, columns = panel.view.picture.is_veiled.shape
    at = ((column + 0.5) * view.width_px / columns, (row + 0.5) * view.height_px / rows)
    panel.view.pointed.emit(at)
    assert "px/m" not in panel.readout.text()
    assert panel.readout.text().strip()
    QTest.mouseMove(panel.view, QPoint(1, panel.view.height() - 1))


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_people_stand_where_they_are_wished(qtbot, shown):
    panel = shown.docks.panels["picture"]
    panel.people.selectAll()
    QTest.keyClicks(panel.people, "8; 15")
    QTest.keyClick(panel.people, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [p.away_m for p in panel.view.picture.people] == [8.0, 15.0], timeout=20_000)


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_night_is_offered_where_its_range_is_recorded(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    assert not panel.night.isEnabled()
    session.edit("Change camera", edits.changed("known", {"night_range_m": 12.0}, session.author))
    qtbot.waitUntil(lambda: panel.night.isEnabled() and is_settled(shown), timeout=20_000)
    day = panel.view.image
    panel.night.click()
    qtbot.waitUntil(lambda: panel.view.image is not day and _lightness(panel.view.image) < 0.6 * _lightness(day), timeout=20_000)


def _lightness(image: QImage) -> float:
    small = image.scaled(16, 9)
    return sum(small.pixelColor(x, y).lightness() for x in range(16) for y in range(9))


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_masks_cannot_be_drawn_where_the_tilt_is_not_recorded(qtbot, shown):
    panel, session = shown.docks.panels["picture"], shown.session
    session.edit("Change camera", edits.changed("known", {"tilt_deg": None}, session.author))
    qtbot.waitUntil(lambda: not panel.rectangle.isEnabled(), timeout=20_000)
    assert panel.rectangle.toolTip() == FIXED


@pytest.mark.nightly  # by day the picture, its masks and what it must not tell here
def test_that_no_picture_is_made_while_it_is_folded(qtbot, window):
    window.docks.close("picture")
    window.session.select("known")
    qtbot.wait(50)
    assert window.docks.panels["picture"].caption.text() == ""
    assert not window.bench.jobs.is_busy("picture")


def test_that_a_saved_picture_says_what_it_is(qtbot, shown, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "FINENESS", 1)  # a quarter of the rays, which are 600 MB
    saving = shown.tools["picture"].commands.saving
    saving.ask = tmp_path.joinpath
    shown.docks.panels["picture"].save.click()
    qtbot.waitUntil((tmp_path / "known.png").exists, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not shown.bench.jobs.is_busy("picture-file"))
    image = QImage(str(tmp_path / "known.png"))
    assert image.width() == 1600
    assert image.height() > 900  # lines below the picture
    bottom = [image.pixelColor(x, y).lightness() for y in range(905, image.height(), 2) for x in range(0, 700, 2)]
    assert min(bottom) < 100  # something is written there
    assert MADE == "Made from map data and the record: this is no camera picture, and nobody in it is real."


def test_that_a_picture_is_refused_where_a_pack_asks_for_coarse_positions(qtbot, shown, monkeypatch):
    saving, reported = shown.tools["picture"].commands.saving, []
    monkeypatch.setattr("lhasaplan.workflow.asks_for_coarse", lambda _services, _project: True)
    monkeypatch.setattr(shown.bench.notices, "tell_error", lambda error: reported.append(error.faults[0].template))
    saving.ask = pytest.fail
    shown.docks.panels["picture"].save.click()
    assert reported == [COARSE]


def test_that_made_up_data_are_marked_on_a_saved_picture(qtbot, shown):
    shot = shown.docks.panels["picture"]._shot
    plain, marked = (sheet_of(shot, replace(town(), synthetic=flag), shown.language, "2026-11-25") for flag in (False, True))
    assert marked.height() > plain.height()


def test_that_distances_are_read_as_people_write_them():
    assert distances_in("5, 10; 20.5 x 9000") == (5.0, 10.0, 20.5)
    assert distances_in("") == ()


def test_that_corners_stay_within_the_picture_and_double_ones_count_once():
    drawing = MaskDrawing(size_px=(100.0, 50.0))
    drawing.use(RECTANGLE)
    drawing.press((10.2, 10.0))
    drawing.move((400.0, -20.0))
    assert drawing.release() == ((10.0, 0.0), (100.0, 0.0), (100.0, 10.0), (10.0, 10.0))
    drawing.use(POLYGON)
    for corner in ((1.0, 1.0), (1.0, 1.0), (90.0, 1.0)):
        drawing.press(corner)
    assert drawing.close() is None  # two corners are no polygon
    drawing.press((90.0, 40.0))
    assert drawing.close() == ((1.0, 1.0), (90.0, 1.0), (90.0, 40.0))


def test_that_steps_of_a_drag_order_few_pictures_and_the_last_step_is_drawn(qtbot, window):
    ordered, drawn = [], []

    def work_of(_columns, _fineness):
        step = len(steps)
        ordered.append(step)
        return lambda _report: step

    steps = []
    following = UpdatedPicture(window.bench.jobs, Manner("picture", 100, "none", "unknown"), work_of, ())
    following.drawn.connect(drawn.append)
    following.look(True)
    qtbot.waitUntil(lambda: drawn == [0])
    for step in range(20):
        steps.append(step)
        following.follow()
    assert len(ordered) <= 3  # the first, and what fell due while the test waited
    qtbot.waitUntil(lambda: 20 in drawn)
