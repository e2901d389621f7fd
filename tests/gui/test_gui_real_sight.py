"""The window with the real context: a cone stops at a wall, and a change of the camera is followed."""

from dataclasses import replace
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from gui_town import town
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language
from lhasaplan.app.map.cones import draw_overlays, prepare_overlays
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.sight import CurrentSight, sight_of
from lhasaplan.app.shell import MainWindow
from lhasaplan.core.base.kept_shapes import Kept, as_kept
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.decisions import Declaration


@pytest.fixture
def real(qtbot):
    context = AppContext()
    window = MainWindow(context, Language(context.services.content.load_translations), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.history.setClean())
    window.show()
    window.commands.opening.take(town())
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2, timeout=60_000)
    return window


def test_that_the_cone_stops_at_the_house_and_follows_a_turn(qtbot, real):
    known = real.bench.sight.sight.seen["known"]
    assert known.certain is not None
    # The camera stands at (50, 40) and looks north, 30 m far and 30 degrees to each side, between houses that begin at
    # y = 60 and leave 20 m. Free, the cone would be 30 sin 30 = 15 m wide to each side; the walls let pass what leaves
    # them by 20 tan 30 = 11.5 m.
    x0, _, x1, y1 = known.certain.geometry.bounds
    assert y1 == pytest.approx(70.0, abs=0.1)
    assert (x0, x1) == pytest.approx((50 - 11.5, 50 + 11.5), abs=0.1)
    real.session.select("known")
    real.docks.panels["camera"].fields["azimuth_deg"].setValue(180.0)
    qtbot.waitUntil(lambda: real.bench.sight.sight.seen["known"].certain.geometry.bounds[3] < 41.0, timeout=60_000)


def test_that_cones_of_many_cameras_are_drawn_before_protected_places_are_found(qtbot):
    found = Event()

    class Slow(AppContext):
        def open_city(self, project, walls, progress):
            assert found.wait(300.0)
            return super().open_city(project, walls, progress)

    window = MainWindow(Slow(), Language(AppContext().services.content.load_translations), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: (found.set(), w.session.history.setClean()))
    window.show()
    known = town().cameras[0]
    cameras = tuple(replace(known, camera_id=f"c{n}", x_m=40.0 + n / 10) for n in range(120))
    sight, painted = window.bench.sight, []
    sight.cones_stand.connect(lambda: painted.append(sum(len(block.certain) for block in window.canvas.overlays.blocks)))
    window.commands.opening.take(replace(town(), cameras=cameras))
    qtbot.waitUntil(lambda: len(sight.sight.seen) == len(cameras), timeout=240_000)  # kernels may be compiled first
    assert sight.live is None
    assert not sight.is_complete
    drawn = sight.sight.seen["c50"]
    assert drawn.certain.geometry.bounds[3] == pytest.approx(70.0, abs=0.1)
    sight._calm.setInterval(600_000)
    window.canvas.zoom(1)  # somebody moves over the map: the answers wait
    found.set()
    qtbot.waitUntil(lambda: sight.live is not None, timeout=60_000)
    assert painted == [120], "the rest of the city begins once, when the map has the shapes of all cones"
    assert not window.bench.jobs.is_busy("sight")
    assert not sight.live.results
    worked_out = Event()
    window.bench.jobs.start("analysis", lambda _report: worked_out.wait(300.0), lambda _done: None, lambda _error: None)
    sight._calm.setInterval(0)
    with qtbot.waitSignal(sight._calm.timeout):
        sight.rest()  # the map lies still, but an audit works out the same
    assert not window.bench.jobs.is_busy("sight")
    assert not sight.live.results
    worked_out.set()
    qtbot.waitUntil(lambda: len(sight.live.results) == len(cameras), timeout=60_000)
    assert sight.is_complete
    assert sight.sight.seen["c50"].certain.geometry.equals(drawn.certain.geometry)


def test_that_the_ground_at_night_appears_with_its_range_and_is_drawn_when_asked_for(qtbot, real):
    assert real.bench.sight.sight.seen["known"].night is None
    real.session.select("known")
    real.docks.panels["camera"].fields["night_range_m"].setValue(15.0)
    qtbot.waitUntil(lambda: real.bench.sight.sight.seen["known"].night is not None, timeout=60_000)
    known = real.bench.sight.sight.seen["known"]
    assert known.night.bounds[3] == pytest.approx(40.0 + 15.0, abs=0.01)  # it looks north from y = 40
    before = real.grab().toImage()
    real.docks.panels["layers"].set_on("night", on=True)
    qtbot.waitUntil(lambda: real.grab().toImage() != before, timeout=20_000)


def test_that_a_camera_without_numbers_is_only_possible(real):
    bare = real.bench.sight.sight.seen["bare"]
    assert bare.certain is None
    assert bare.possible
    assert "azimuth_deg" in bare.placed.assumed


def test_that_a_drag_says_what_it_does_and_the_cone_is_that_of_an_audit(qtbot, real):
    assert real.status.effect.text() == ""
    real.session.select("known")
    # It stands at (50, 40) and looks north at two houses; before the park in the south, turned round, it shows neither.
    handle = real.tools["handles"].commands.handles.spots()["azimuth"].toPoint()
    camera = QPoint(*(round(v) for v in real.canvas.viewport.to_screen(50.0, 40.0)))
    QTest.mousePress(real.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, handle)
    for step in (QPoint(70, 0), QPoint(0, 70)):
        there = QPointF(real.canvas.mapToGlobal(camera + step))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(real.canvas, QMouseEvent(QEvent.Type.MouseMove, QPointF(camera + step), there, left, left, none))
    # While the handle is held: cone, densities, protected views and effect are those of the camera as it is drawn.
    qtbot.waitUntil(lambda: real.bench.sight.sight.seen["known"].certain.geometry.bounds[3] < 41.0, timeout=60_000)
    qtbot.waitUntil(lambda: "unasked ground" in real.status.effect.text(), timeout=60_000)
    assert len(real.canvas.marks.selected.seen.certain.bands) > 0
    QTest.mouseRelease(real.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, camera + QPoint(0, 70))
    assert real.session.history.count() == 1
    context, project = AppContext(), real.session.project
    (judged,) = [one for one in context.audit(project, None, no_progress).cameras if one.placed.camera.camera_id == "known"]
    live = real.bench.sight.live.results["known"]
    assert live.certain.geometry.equals(judged.certain.geometry)
    assert live.unasked_m2 == pytest.approx(judged.unasked_m2)
    assert [(each.cls, each.grade, each.places) for each in live.sightings] == [
        (each.cls, each.grade, each.places) for each in judged.sightings
    ]
    real.session.select("bare")
    assert real.status.effect.text() == ""


def test_that_a_new_house_is_followed_by_the_cameras_that_it_stands_before_alone(qtbot, real):
    sight, project = real.bench.sight, real.session.project
    qtbot.waitUntil(lambda: sight.is_complete, timeout=60_000)
    before, houses = sight.sight.seen, project.layers["buildings"]
    built = Layer(
        "buildings",
        np.append(houses.ids, "buildings/new"),
        np.append(houses.geometry, shapely.box(40.0, 52.0, 60.0, 56.0)),  # 12 m before the lens of "known", which looks north
        (*houses.tags, {"building": "house", "height": "9"}),
    )
    real.session.edit("Build", lambda project: replace(project, layers={**project.layers, "buildings": built}))
    qtbot.waitUntil(lambda: sight.live is not None and len(sight.city.buildings) == len(built), timeout=60_000)
    qtbot.waitUntil(lambda: sight.is_complete, timeout=60_000)
    # 12 m away the cone is 7 m wide to each side, and the wall 10 m.
    assert sight.sight.seen["known"].certain.geometry.bounds[3] == pytest.approx(52.0, abs=0.1)
    assert sight.sight.seen.keys() == before.keys()


def test_that_a_change_of_declarations_sets_the_city_up_anew(qtbot, real):
    before = real.bench.sight.city
    declared = Declaration("buildings/0", "not_dwelling", "A. Example", "2026-05-01")
    real.session.edit("Declare", lambda project: replace(project, declarations=(declared,)))
    qtbot.waitUntil(lambda: real.bench.sight.city is not before, timeout=60_000)
    qtbot.waitUntil(lambda: real.bench.sight.is_complete, timeout=60_000)
    assert real.bench.sight.city.project.declarations == (declared,)
    assert real.bench.sight.sight.seen.keys() == {"known", "bare"}


def test_that_protected_views_of_a_changed_camera_are_those_of_the_camera_as_it_is_now(qtbot, real):
    real.menus["audit"].trigger()
    qtbot.waitUntil(lambda: real.session.assessment is not None, timeout=60_000)
    real.session.select("known")
    assert real.canvas.marks.selected.views is None  # nothing was changed: the results have them
    real.docks.panels["camera"].fields["azimuth_deg"].setValue(30.0)

    def lines():
        return [
            line for view in real.canvas.marks.selected.views or () for line in (view.at_ground, view.beyond) if not line.is_empty
        ]

    # Turned east by 30 degrees it looks along a line to x = 50 + 20 tan 30 = 61.5 at y = 60: the house at x >= 60 only.
    qtbot.waitUntil(lambda: bool(lines()), timeout=60_000)
    qtbot.waitUntil(lambda: min(line.bounds[0] for line in lines()) >= 50.0, timeout=60_000)
    qtbot.waitUntil(lambda: real.bench.sight.is_complete, timeout=60_000)
    real.docks.panels["camera"].fields["azimuth_deg"].setValue(180.0)  # away from the houses
    qtbot.waitUntil(lambda: not lines() and real.bench.sight.is_complete, timeout=60_000)
    qtbot.waitUntil(lambda: not real.bench.jobs.is_busy("overlays"), timeout=60_000)

    def drawn():
        return {key for block in real.canvas.overlays.blocks for shapes in block.views.values() for key in shapes.keys}

    qtbot.waitUntil(lambda: "known" not in drawn())


def test_that_a_camera_inside_a_building_is_remarked_with_how_far_its_wall_is(qtbot, real):
    real.session.select("known")
    panel = real.docks.panels["camera"]
    assert panel.signs["x_m"].text() == ""
    # The house spans 0 to 40 m by 60 to 80 m: its south wall is 7 m from (20, 67), and the camera hangs 5 cm before it.
    real.session.edit("x", lambda p: replace(p, cameras=(replace(p.cameras[0], x_m=20.0, y_m=67.0), p.cameras[1])))
    qtbot.waitUntil(lambda: panel.signs["x_m"].text() != "")
    assert "7.0 m away" in panel.signs["x_m"].toolTip() or "7.1 m away" in panel.signs["x_m"].toolTip()
    assert panel.signs["x_m"].toolTip() in panel.notes.remarks.text()


def test_that_answers_in_a_file_are_drawn_as_those_in_memory_and_none_lie_there_that_could_be_sealed(monkeypatch):
    monkeypatch.setattr("lhasaplan.workflow.answers.FEW_CAMERAS", 1)
    context, project = AppContext(), town()
    plain, sealed = (SimpleNamespace(has_passphrase=is_sealed) for is_sealed in (False, True))
    spooled, *others = (context.audit(project, store, no_progress) for store in (plain, sealed, None))
    kept = [[as_kept(each, "unasked") for each in found.cameras] for found in (spooled, *others)]
    assert {type(each).__name__ for each in kept[0]} == {"_SpooledShape"}
    assert not any(isinstance(each, Kept) for each in (*kept[1], *kept[2]))
    views = [[each.sightings for each in found.cameras] for found in (spooled, *others)]
    assert any(views[0])
    pictures = [picture_of(project, found) for found in (spooled, *others)]
    assert pictures[0] == pictures[1] == pictures[2]
    assert pictures[0] != picture_of(project, None)


def test_that_ground_that_nobody_asks_for_is_told_in_the_legend_and_prepared_when_it_is_drawn():
    project, context = town(), AppContext()
    found = context.audit(project, None, no_progress)
    overlays = prepare_overlays(project.cameras, CurrentSight(), found, 0.0)
    (block,) = overlays.blocks
    assert overlays.contents(frozenset({"unasked"})) == {"unasked"}
    assert "unasked" not in vars(block)
    assert drawn(overlays, {"unasked"}) != drawn(overlays, {"certain"})
    assert set(block.unasked.keys) == {each.placed.camera.camera_id for each in found.cameras if each.unasked is not None}


def picture_of(project, found):
    """Return the cones of a town and what results say of them, as an empty window would draw them."""
    sight = sight_of(found) if found is not None else CurrentSight()
    overlays = prepare_overlays(project.cameras, sight, found, 0.0)
    return drawn(overlays, {"certain", "possible", "far", "unasked", "protected_views"})


def drawn(overlays, layers):
    image = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    draw_overlays(painter, overlays, ShownMap(frozenset(layers)), (0.0, 0.0, 100.0, 100.0), 0.5)
    painter.end()
    return image
