"""Areas and protected places are drawn by clicks, taken in as a file of them would be, changed and undone."""

import json

import shapely
from gui_town import SERVICES, town
from PySide6.QtCore import QPoint, QPointF, Qt

from lhasaplan import workflow
from lhasaplan.app.dialogs.asking import AreaWish, SurveyWish
from lhasaplan.app.tools.drawn_places import AREAS_FILE
from lhasaplan.core.city.surveys import OBSERVER, SITE, SURVEYED

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SQUARE = ((10, 5), (60, 5), (60, 35), (10, 35))


def real_import(window):
    """Have files read as the program does."""

    window.bench.context.import_file = None
    window.bench.context.areas_by_name = lambda _project, _kinds: {}


def draw(qtbot, window, places):
    for x_m, y_m in (*places, places[0]):
        at = QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))
        window.canvas._hover(QPointF(at), CTRL)
        qtbot.mouseClick(window.canvas, LEFT, CTRL, at)


def drawn_ground(window):
    """How many areas of ground the map draws."""
    return sum(map(len, window.canvas.ground.cover.values()))


def areas_of(window):
    layer = window.session.project.layers.get("areas")
    return {} if layer is None else {tags["name"]: shape for tags, shape in zip(layer.tags, layer.geometry, strict=True)}


def test_that_an_area_is_drawn_named_changed_by_a_corner_and_undone(qtbot, window):
    real_import(window)
    before = window.session.project
    window.bench.dialogs.answer["ask_area"] = AreaWish("Market quarter")
    window.menus["draw_area"].trigger()
    draw(qtbot, window, SQUARE)
    qtbot.waitUntil(lambda: "Market quarter" in areas_of(window))
    assert areas_of(window)["Market quarter"].symmetric_difference(shapely.Polygon(SQUARE)).area < 200.0  # a pixel a side
    drawing = window.tools["drawn_places"]
    change, _remove = drawing.spot_entries
    assert change.is_offered()
    change.run(30.0, 20.0)
    corner, end = (QPoint(*(round(v) for v in window.canvas.viewport.to_screen(*at))) for at in ((60, 35), (80, 50)))
    qtbot.mousePress(window.canvas, LEFT, CTRL, corner)
    qtbot.mouseMove(window.canvas, end)
    qtbot.mouseRelease(window.canvas, LEFT, CTRL, end)
    window.bench.dialogs.answer["ask_area"] = AreaWish("Market and hill")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Market and hill" in areas_of(window))
    assert set(areas_of(window)) == {"Market and hill"}
    # The corner went 20 m east and 15 m north: the two triangles beside it are 300 m2 and 375 m2.
    assert abs(areas_of(window)["Market and hill"].area - (50 * 30 + 300 + 375)) < 200.0
    window.menus["undo"].trigger()
    assert set(areas_of(window)) == {"Market quarter"}
    window.menus["undo"].trigger()
    assert window.session.project is before


def test_that_a_survey_is_drawn_with_its_day_and_changed(qtbot, window):
    real_import(window)
    window.bench.dialogs.answer["ask_area"] = AreaWish("Market quarter")
    window.menus["draw_area"].trigger()
    draw(qtbot, window, SQUARE)
    qtbot.waitUntil(lambda: "Market quarter" in areas_of(window))
    window.bench.dialogs.answer["ask_survey"] = SurveyWish("2026-05-03", "A; B", "Market")
    window.menus["draw_survey"].trigger()
    draw(qtbot, window, [(x + 2, y) for x, y in SQUARE[:3]])  # a triangle, smaller than the area
    qtbot.waitUntil(lambda: "surveys" in window.session.project.layers)
    (tags,) = window.session.project.layers["surveys"].tags
    assert {key: tags[key] for key in (SURVEYED, OBSERVER, SITE)} == {
        SURVEYED: "2026-05-03",
        OBSERVER: "A; B",
        SITE: "Market",
    }
    assert set(areas_of(window)) == {"Market quarter"}
    window.tools["drawn_places"].spot_entries[0].run(50.0, 15.0)
    window.bench.dialogs.answer["ask_survey"] = SurveyWish("2026-05-04")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.project.layers["surveys"].tags[0][SURVEYED] == "2026-05-04")
    assert len(window.session.project.layers["surveys"]) == 1
    window.menus["undo"].trigger()
    window.menus["undo"].trigger()
    assert "surveys" not in window.session.project.layers


def test_that_a_drawn_area_is_removed_by_its_menu_or_by_delete_and_comes_back_by_undo(qtbot, window):
    real_import(window)
    before = window.session.project
    for name, x_m in (("West", 0.0), ("East", 100.0)):
        window.bench.dialogs.answer["ask_area"] = AreaWish(name)
        window.menus["draw_area"].trigger()
        draw(qtbot, window, [(x + x_m, y) for x, y in SQUARE])
        qtbot.waitUntil(lambda name=name: name in areas_of(window))
    change, remove = window.tools["drawn_places"].spot_entries
    remove.run(30.0, 20.0)
    assert set(areas_of(window)) == {"East"}
    window.menus["undo"].trigger()
    assert set(areas_of(window)) == {"East", "West"}
    for x_m, left in ((30.0, {"East"}), (130.0, set())):
        change.run(x_m, 20.0)
        window.canvas._hover(QPointF(*window.canvas.viewport.to_screen(x_m, 20.0)), CTRL)  # on no corner
        qtbot.keyClick(window.canvas, Qt.Key.Key_Delete)
        assert set(areas_of(window)) == left
        assert window.session.mode.tool == ""
    assert window.session.project.inputs == before.inputs
    assert not any(entry.is_offered() for entry in (change, remove))


def test_that_an_area_is_drawn_beside_those_of_a_file_of_the_same_name(qtbot, window, tmp_path):
    """What another program called it is kept: its ids need not end in numbers, as those of areas drawn here do."""
    real_import(window)
    path = tmp_path / AREAS_FILE
    corners = [[100, 5], [150, 5], [150, 35], [100, 5]]
    ring = {"type": "Polygon", "coordinates": [corners]}
    feature = {"type": "Feature", "id": "north-bank", "properties": {"name": "North Bank"}, "geometry": ring}
    system = {"type": "name", "properties": {"name": window.session.project.crs}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": system, "features": [feature]}), "utf-8")
    project = workflow.import_file(SERVICES, window.session.project, path, kind="areas", crs=window.session.project.crs)[0]
    window.session.edit("Import", lambda _project: project)
    window.bench.dialogs.answer["ask_area"] = AreaWish("Market quarter")
    window.menus["draw_area"].trigger()
    draw(qtbot, window, SQUARE)
    qtbot.waitUntil(lambda: set(areas_of(window)) == {"North Bank", "Market quarter"})


def test_that_a_drawn_protected_place_is_protected_and_stands_on_no_map(qtbot, window):
    real_import(window)
    shown = drawn_ground(window)
    window.bench.dialogs.answer["ask_protected_kind"] = "protected"
    window.menus["draw_protected"].trigger()
    draw(qtbot, window, SQUARE)
    qtbot.waitUntil(lambda: len(window.session.project.layers["places"]) == len(town().layers["places"]) + 1)
    assert window.session.project.layers["places"].tags[-1]["lhasaplan"] == "protected"
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("ground") and not window.canvas.is_pending)
    assert window.session.mode.tool == ""
    assert drawn_ground(window) == shown == 1  # the park


def test_that_nothing_is_drawn_where_nobody_says_what_it_is(qtbot, window):
    real_import(window)
    before = window.session.project
    window.menus["draw_area"].trigger()
    draw(qtbot, window, SQUARE)
    assert window.session.project is before
