"""The window, used as a person uses it."""

from pathlib import Path

import pytest
from amounts import some_by_day
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from lhasaplan.app.dialogs import AskedImport, ExportWish
from lhasaplan.app.map.style import LIGHT
from lhasaplan.app.state import edits
from lhasaplan.app.tools.who_sees import ID_ROLE
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Gate
from lhasaplan.errors import DraftsError, Fault
from lhasaplan.io.content.catalogue import load_translations


def camera(window, camera_id="known"):
    return edits.camera_of(window.session.project, camera_id)


def on_screen(window, x_m, y_m):
    return QPoint(*(round(v) for v in window.canvas.viewport.to_screen(x_m, y_m)))


def click(qtbot, window, x_m, y_m):
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=on_screen(window, x_m, y_m))


def drag(qtbot, window, start, *stops):
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=start)
    for stop in stops:
        qtbot.mouseMove(window.canvas, stop)
        qtbot.wait(5)
    qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=stops[-1])


def analyse(qtbot, window, key="audit"):
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus[key].trigger()


def test_that_the_town_is_shown_whole_when_it_opens(window):
    x0, y0, x1, y1 = window.canvas.viewport.box_m
    assert x0 <= 0
    assert y0 <= 60
    assert x1 >= 100
    assert y1 >= 80


def test_that_the_attribution_of_the_data_stands_on_the_map(window):
    assert window.canvas.attribution == "© somebody"


def test_that_a_layer_that_is_ticked_off_leaves_the_map(window):
    window.docks.panels["layers"].set_on("buildings", False)
    assert "buildings" not in window.canvas.visible
    window.docks.panels["layers"].set_on("buildings", True)
    assert "buildings" in window.canvas.visible


def test_that_buildings_are_really_drawn_and_go_when_they_are_off(qtbot, window):
    at = on_screen(window, 20, 70)
    house = lambda: window.canvas.grab().toImage().pixelColor(at).name()  # noqa: E731
    qtbot.waitUntil(lambda: house() == LIGHT.building_fills[0].name())
    window.docks.panels["layers"].set_on("buildings", False)
    qtbot.waitUntil(lambda: house() == LIGHT.paper.name())


def test_that_a_click_on_a_camera_takes_it_in_hand(qtbot, window):
    click(qtbot, window, 50, 40)
    assert window.session.selected_id == "known"
    assert window.docks.panels["camera"].fields["hfov_deg"].number == 60.0


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_what_is_not_recorded_is_shown_as_that(qtbot, window):
    click(qtbot, window, 80, 40)
    fields = window.docks.panels["camera"].fields
    assert {field.text() for field in fields.values()} == {"not recorded"}
    assert "Azimuth" in window.docks.panels["camera"].notes.assumed.text()


def test_that_a_drag_is_one_step_back(qtbot, window):
    click(qtbot, window, 50, 40)
    start = on_screen(window, 50, 40)
    drag(qtbot, window, start, start + QPoint(15, 0), start + QPoint(30, 5), start + QPoint(45, 10))
    moved = camera(window)
    scale = window.canvas.viewport.metres_per_px
    assert moved.x_m == pytest.approx(50 + 45 * scale, abs=scale)
    assert window.session.history.count() == 1
    window.menus["undo"].trigger()
    assert (camera(window).x_m, camera(window).y_m) == (50.0, 40.0)
    window.menus["redo"].trigger()
    assert camera(window) == moved


def test_that_a_drag_leaves_one_correction_of_each_coordinate_with_source_and_date(qtbot, window):
    click(qtbot, window, 50, 40)
    window.docks.panels["camera"].by.setText("field visit")
    start = on_screen(window, 50, 40)
    drag(qtbot, window, start, start + QPoint(15, 0), start + QPoint(30, 5), start + QPoint(45, 10))
    notes = camera(window).corrections
    assert [(n.field, n.before, n.source, n.date) for n in notes] == [
        ("x_m", "50", "field visit", "2026-11-25"),
        ("y_m", "40", "field visit", "2026-11-25"),
    ]


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_two_drags_are_two_steps(qtbot, window):
    click(qtbot, window, 50, 40)
    for _ in range(2):
        start = on_screen(window, camera(window).x_m, camera(window).y_m)
        drag(qtbot, window, start, start + QPoint(10, 0), start + QPoint(20, 0))
    assert window.session.history.count() == 2


def test_that_the_cone_follows_the_camera(qtbot, window):
    click(qtbot, window, 50, 40)
    start = on_screen(window, 50, 40)
    drag(qtbot, window, start, start + QPoint(20, 0), start + QPoint(60, 0))
    x_m = camera(window).x_m
    qtbot.waitUntil(lambda: abs(window.canvas.marks.selected.seen.fields[0].geometry.centroid.x - x_m) < 0.1)


def test_that_the_handle_turns_the_camera_to_the_pointer(qtbot, window):
    click(qtbot, window, 50, 40)
    handle = window.tools["handles"].commands.handles.spots()["azimuth"].toPoint()
    centre = on_screen(window, 50, 40)
    drag(qtbot, window, handle, handle + QPoint(30, 10), centre + QPoint(64, 0))
    assert camera(window).azimuth_deg == pytest.approx(90.0, abs=1.0)
    assert window.session.history.count() == 1
    window.menus["undo"].trigger()
    assert camera(window).azimuth_deg == 0.0


def test_that_a_number_in_the_panel_is_an_edit_that_can_be_undone(qtbot, window):
    click(qtbot, window, 50, 40)
    window.docks.panels["camera"].fields["range_m"].setValue(55)
    assert camera(window).range_m == 55
    qtbot.waitUntil(lambda: window.bench.sight.sight.seen["known"].placed.camera.range_m == 55)
    window.menus["undo"].trigger()
    assert camera(window).range_m == 30.0
    assert window.docks.panels["camera"].fields["range_m"].number == 30.0
    window.menus["redo"].trigger()
    assert window.docks.panels["camera"].fields["range_m"].number == 55.0


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_steps_of_one_field_are_one_edit(qtbot, window):
    click(qtbot, window, 50, 40)
    for _ in range(4):
        window.docks.panels["camera"].fields["tilt_deg"].stepUp()
    assert (camera(window).tilt_deg, window.session.history.count()) == (14.0, 1)
    assert len(camera(window).corrections) == 1


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_a_masked_sector_is_added_and_taken_out(qtbot, window):
    click(qtbot, window, 50, 40)
    masks = window.docks.panels["camera"].masks
    masks.start.setValue(10)
    masks.stop.setValue(40)
    masks.add.click()
    assert camera(window).mask_sector_deg == ((10.0, 40.0),)
    masks.list.setCurrentRow(0)
    masks.drop.click()
    assert camera(window).mask_sector_deg == ()


def test_that_a_removed_camera_stays_on_record_and_sees_nothing(qtbot, window):
    click(qtbot, window, 50, 40)
    window.menus["remove"].trigger()
    assert camera(window).status is Status.REMOVED
    qtbot.waitUntil(lambda: "known" not in window.bench.sight.sight.seen)
    window.menus["undo"].trigger()
    qtbot.waitUntil(lambda: "known" in window.bench.sight.sight.seen)


def test_that_placing_is_refused_before_the_gate_was_judged(window):
    window.menus["place"].trigger()
    assert "Run the check first" in window.bench.dialogs.reported[-1][1][0]
    assert not window.canvas.tool


def test_that_placing_is_refused_when_the_gate_is_closed_and_what_is_missing_is_said(qtbot, window):
    analyse(qtbot, window, "check")
    window.menus["place"].trigger()
    assert window.bench.dialogs.reported[-1][1][1:] == ["There is no mandate."]
    window.commands.placing.place(10.0, 10.0)
    assert len(window.session.project.cameras) == 2


def test_that_behind_the_open_gate_a_click_places_a_planned_camera(qtbot, window, context):
    context.gate = Gate(True)
    analyse(qtbot, window, "check")
    window.menus["place"].trigger()
    click(qtbot, window, 20, 30)
    made = window.session.selected
    assert made.status is Status.PLANNED
    qtbot.waitUntil(lambda: made.camera_id in window.bench.sight.sight.seen)
    window.menus["undo"].trigger()
    assert len(window.session.project.cameras) == 2


def test_that_a_planned_camera_is_not_looked_at_once_it_stands_where_the_gate_is_closed(qtbot, window, context):
    context.gate = Gate(True)
    analyse(qtbot, window, "check")
    window.commands.placing.place(20.0, 30.0)
    planned = window.session.selected_id
    qtbot.waitUntil(lambda: planned in window.bench.sight.sight.seen)
    context.gate = Gate(False, (("outside", {}),))
    window.session.edit("Move camera", edits.moved(planned, 9e5, 9e5, window.session.author))
    qtbot.waitUntil(lambda: planned not in window.bench.sight.sight.seen)


def test_that_a_finding_leads_to_its_place(qtbot, window):
    analyse(qtbot, window)
    assert window.docks.panels["findings"].model.rowCount() == 2
    window.canvas.show_box((5000, 5000, 6000, 6000))
    window.docks.panels["findings"].table.selectRow(0)
    x0, y0, x1, y1 = window.canvas.viewport.box_m
    assert x0 <= 50
    assert x1 >= 70
    assert y0 <= 40
    assert y1 >= 60
    assert window.session.selected_id == "known"
    assert "150" in window.docks.panels["findings"].detail.text.text()


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_findings_are_narrowed_by_text_and_by_severity(qtbot, window):
    analyse(qtbot, window)
    window.docks.panels["findings"].search.setText("bare")
    assert window.docks.panels["findings"].filter.rowCount() == 1
    window.docks.panels["findings"].search.clear()
    window.docks.panels["findings"].severity.setCurrentIndex(1)
    assert window.docks.panels["findings"].filter.rowCount() == 1
    assert window.docks.panels["findings"].count.text() == "1 of 2"


def test_that_the_summary_shows_unasked_area_beside_what_is_seen(qtbot, window):
    analyse(qtbot, window)
    text = window.docks.panels["summary"].toPlainText()
    assert "2 827 m²" in text
    assert "900 m²" in text
    assert "There is no mandate." in text


def test_that_behind_the_open_gate_an_audit_does_not_claim_what_only_a_check_computes(qtbot, window, context):
    context.gate = Gate(True)
    analyse(qtbot, window)  # this stand-in answers without parts, as an audit does
    assert "Run the check for gaps" in window.docks.panels["summary"].toPlainText()


def test_that_results_are_called_stale_after_an_edit(qtbot, window):
    analyse(qtbot, window)
    click(qtbot, window, 50, 40)
    window.docks.panels["camera"].fields["range_m"].setValue(55)
    assert "Run the analysis again" in window.docks.panels["summary"].toPlainText()


def test_that_a_clicked_spot_says_who_may_see_it(qtbot, window):
    with qtbot.waitSignal(window.bench.spots.answered):
        click(qtbot, window, 40, 45)
    rows = window.docks.panels["who_sees"].list
    # (40, 45) lies sqrt(10² + 5²) = 11.2 m from the one and sqrt(40² + 5²) = 40.3 m from the other.
    items = [rows.topLevelItem(i) for i in range(2)]
    assert [[item.data(0, ID_ROLE), item.text(1), item.text(2)] for item in items] == [
        ["known", "yes, certain\n80 px/m", "11 m"],
        ["bare", "no\nbeyond its range", "40 m"],
    ]
    qtbot.waitUntil(lambda: rows.topLevelItem(0).text(0) == "Fixed camera known")  # what it is, since no street has a name


def test_that_lines_lead_from_the_spot_to_the_cameras_that_can_see_it_and_go_with_an_edit(qtbot, window):
    with qtbot.waitSignal(window.bench.spots.answered):
        click(qtbot, window, 40, 45)
    assert [(line.x_m, line.y_m, line.is_certain) for line in window.canvas.marks.lines] == [(50.0, 40.0, True)]
    window.session.edit("Turn camera", edits.turned("known", 90.0, window.session.author))
    assert window.canvas.marks.lines == ()


def test_that_on_protected_ground_distance_is_said_and_no_reason(qtbot, window):
    with qtbot.waitSignal(window.bench.spots.answered):
        click(qtbot, window, 50, 64)  # 24 m from the one camera, 38 m from the other, which reaches 20 m
    rows = window.docks.panels["who_sees"].list
    reported = [
        [rows.topLevelItem(i).data(0, ID_ROLE), rows.topLevelItem(i).text(1), rows.topLevelItem(i).text(2)] for i in range(2)
    ]
    assert reported == [["known", "yes, certain\n80 px/m", "24 m"], ["bare", "no", "38 m"]]


def test_that_of_a_house_that_nobody_sees_cameras_near_it_are_told_without_what_blocks(qtbot, window):
    window.session.edit("Change camera", edits.changed("known", {"range_m": 15.0}, window.session.author))
    qtbot.waitUntil(lambda: window.bench.sight.sight.seen["known"].placed.views[0].range_m == 15.0)
    rows = window.docks.panels["who_sees"].list
    for spot, count in (((20, 70), 2), ((3000, 3000), 0)):  # in a house whose nearest corner is 22 m from a camera; far from all
        with qtbot.waitSignal(window.bench.spots.answered):
            window.tools["who_sees"].commands.ask(*spot)
        assert [rows.topLevelItem(i).text(1) for i in range(rows.topLevelItemCount())] == ["no"] * count


def test_that_a_cancelled_analysis_shows_nothing(qtbot, window, context):
    context.blocks = True
    window.menus["audit"].trigger()
    qtbot.waitUntil(window.status.stop.isVisible)
    window.status.stop.click()
    context.blocks = False
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("analysis"))
    qtbot.wait(50)
    assert window.session.assessment is None
    assert not window.status.stop.isVisible()


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_the_bar_moves_while_it_is_not_known_how_much_is_done(qtbot, window, context):
    context.blocks = True
    window.menus["audit"].trigger()
    assert window.status.step.text() == "Preparing"
    assert window.status.bar.maximum() == 0
    qtbot.waitUntil(lambda: window.status.bar.value() == 500)
    assert window.status.bar.maximum() == 1000
    assert window.status.step.text() == "compute what cameras see"
    window.status.stop.click()
    context.blocks = False
    qtbot.waitUntil(lambda: not window.status.bar.isVisible())


def test_that_unsaved_changes_are_asked_about_and_cancel_keeps_the_window(qtbot, window, context):
    click(qtbot, window, 50, 40)
    window.docks.panels["camera"].fields["range_m"].setValue(55)
    assert window.isWindowModified()
    window.bench.dialogs.answer["ask_save"] = "cancel"
    assert not window.close()
    window.bench.dialogs.answer["ask_save"] = "save"
    assert window.close()
    assert context.saved[0][0].project.cameras[0].range_m == 55


def test_that_saving_makes_the_project_clean(qtbot, window, context):
    click(qtbot, window, 50, 40)
    window.docks.panels["camera"].fields["range_m"].setValue(55)
    window.menus["save"].trigger()
    qtbot.waitUntil(lambda: not window.isWindowModified())
    assert context.saved[0][0].store.name == "town.gpkg"


def test_that_drafts_are_refused_without_results_and_written_with_them(qtbot, window, context, tmp_path):
    window.menus["export"].trigger()
    assert "no results yet" in window.strip.text.text()
    assert [button.text() for button in window.strip.buttons] == ["Run now"]
    analyse(qtbot, window)
    window.bench.dialogs.answer["ask_export"] = ExportWish(("docx",), "fr", tmp_path)
    window.menus["export"].trigger()
    qtbot.waitUntil(lambda: bool(context.logged) and "drafts were written" in window.strip.text.text())
    assert window.bench.dialogs.reported == []  # neither a refusal nor what went well needs a box
    assert context.exported == [(("docx",), "fr")]
    assert context.logged == [("town.gpkg", ("docx",))]


def test_that_proposals_are_worked_out_with_the_drafts_where_a_person_ticks_them(qtbot, window, context, tmp_path):
    context.gate = Gate(True)
    analyse(qtbot, window)
    window.bench.dialogs.answer["ask_export"] = ExportWish(("docx",), "en", tmp_path, proposals=True)
    window.menus["export"].trigger()
    qtbot.waitUntil(lambda: bool(context.logged))
    assert context.exported == [(("docx",), "en", "with proposals")]


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_a_format_that_fails_is_told_with_the_drafts_that_were_written(qtbot, window, context, tmp_path):
    def export(*_args, **_options):
        raise DraftsError([Fault("Not all drafts of the format docx could be written: no")], [tmp_path / "audit.xlsx"])

    context.export = export
    analyse(qtbot, window)
    window.bench.dialogs.answer["ask_export"] = ExportWish(("docx", "xlsx"), "en", tmp_path)
    window.menus["export"].trigger()
    qtbot.waitUntil(lambda: window.strip.text.text().startswith("This did not work"))
    lines = ["Not all drafts of the format docx could be written: no", "These drafts were written:", str(tmp_path / "audit.xlsx")]
    assert window.strip.lines.toPlainText().splitlines() == lines
    assert window.bench.dialogs.reported == []


def test_that_a_new_project_starts_under_the_chosen_packs(qtbot, window):
    window.bench.dialogs.answer["ask_packs"] = ("eu-gdpr",)
    window.menus["new"].trigger()
    qtbot.waitUntil(lambda: window.session.project.cameras == ())
    assert window.session.project.packs == ("eu-gdpr",)
    assert "Import city layers" in window.docks.panels["summary"].toPlainText()
    assert window.canvas.overlays.symbols == ()


def test_that_an_import_is_one_step_and_its_remarks_are_told(qtbot, window):
    window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: len(window.session.project.cameras) == 3)
    assert window.strip.text.text() == "Imported: more.csv.\nrow 2 was left out"
    assert window.bench.dialogs.reported == []
    window.menus["undo"].trigger()
    assert len(window.session.project.cameras) == 2


def test_that_a_file_that_cannot_be_opened_is_told_and_the_project_stays(qtbot, window, context):
    context.broken = True
    window.commands.opening.open_address(Path("broken.gpkg"))
    qtbot.waitUntil(lambda: window.strip.text.text() == "This did not work\nbroken.gpkg: this is not a project")
    assert window.bench.dialogs.reported == []
    assert len(window.session.project.cameras) == 2


def texts_of(window):
    """Return every text on screen: widgets, menus, lists, tables."""
    texts = [w.text() for kind in (QLabel, QAbstractButton) for w in window.findChildren(kind)]
    texts += [action.text() for action in window.menus.by_key.values()] + [m.title() for m in window.menus.menus.values()]
    texts += [dock.windowTitle() for dock in window.docks.docks.values()]
    tree = window.docks.panels["layers"].tree
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    texts += [item.text(0) for group in groups for item in (group, *(group.child(row) for row in range(group.childCount())))]
    texts += [window.docks.panels["findings"].model.headerData(c, Qt.Orientation.Horizontal) for c in range(6)]
    texts += [window.docks.panels["findings"].model.index(row, c).data() for row in range(2) for c in range(6)]
    texts += [field.specialValueText() for field in window.docks.panels["camera"].fields.values()]
    boxes = [*window.docks.panels["camera"].choices.values(), window.docks.panels["findings"].severity]
    texts += [box.itemText(i) for box in boxes for i in range(box.count())]
    header = window.docks.panels["who_sees"].list.headerItem()
    texts += [header.text(c) for c in range(header.columnCount())] + [window.docks.panels["findings"].search.placeholderText()]
    return [text for text in (*texts, *window.docks.panels["summary"].toPlainText().splitlines()) if text]


@pytest.mark.parametrize("code", some_by_day(("zh_CN", "fr", "de"), {"zh_CN"}))
def test_that_a_switch_of_language_leaves_no_english_behind(qtbot, window, code):
    analyse(qtbot, window)
    click(qtbot, window, 80, 40)
    catalogue = load_translations(code).catalogue
    window.menus[f"language_{code}"].trigger()
    same_in_both = {key for key, text in catalogue.items() if key == text or key in catalogue.values()}
    left = [text for text in texts_of(window) if text in catalogue and text not in same_in_both]
    assert left == []
    window.menus["language_en"].trigger()
    assert window.docks.docks["layers"].windowTitle() == "Layers"


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_numbers_have_the_decimal_mark_of_the_language(qtbot, window):
    click(qtbot, window, 50, 40)
    field = window.docks.panels["camera"].fields["azimuth_deg"]
    assert field.text() == "0.0 °"
    window.menus["language_fr"].trigger()
    assert field.text() == "0,0 °"
    window.menus["language_zh_CN"].trigger()
    assert field.text() == "0.0 °"


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_every_language_can_be_chosen(window):
    assert {f"language_{code}" for code in LANGUAGES} <= window.menus.by_key.keys()


def test_that_a_project_saved_with_results_shows_them_again(qtbot, window, context):
    context.has_stored_results = True
    with qtbot.waitSignal(window.session.assessment_changed, timeout=5000):
        window.commands.opening.open_address(Path("town.gpkg"))
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    assert window.docks.panels["findings"].model.rowCount() == 2
    assert not window.session.is_dirty


@pytest.mark.nightly  # by day the way from a click to a saved file here, and what each panel does in its own file
def test_that_a_project_saved_without_results_shows_none(qtbot, window):
    window.commands.opening.open_address(Path("town.gpkg"))
    qtbot.waitUntil(lambda: not window.bench.jobs.is_busy("file"))
    assert window.session.assessment is None
    assert not window.bench.jobs.is_busy("analysis")


@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"de"}))
def test_that_the_window_has_room_on_a_screen_of_1280_also_with_letters_a_tenth_larger(qtbot, window, code):
    window.menus[f"language_{code}"].trigger()
    qtbot.waitUntil(lambda: window.minimumSizeHint().width() * 1.1 <= 1280)
