"""What an import would bring is shown before it is taken: columns, place, what could not be read; and it can be left."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from gui_town import town
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTreeWidget,
)

from lhasaplan import bootstrap, workflow
from lhasaplan.app.commands.analysing import tell_written
from lhasaplan.app.dialogs import AskedImport, Dialogs
from lhasaplan.app.dialogs.previews import PreviewPicture
from lhasaplan.app.look import Language
from lhasaplan.core.model.file_kinds import UNREAD_USE
from lhasaplan.errors import Fault
from lhasaplan.io.content.catalogue import load_translations

TABLE = "id,lon,lat,azimuth,favourite colour\nnear,9.0005,47.0004,90,blue\nfar,9.2,47.1,10,red\n"


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    """A real table read into the small town: one camera near its street, one far from it."""
    services = bootstrap.open_services()
    before = town()
    near = tmp_path_factory.mktemp("import") / "list.csv"
    near.write_text(TABLE.replace("9.0005,47.0004", "4.5113,0.00036").replace("9.2,47.1", "4.6,0.1"), "utf-8")
    after, report = workflow.import_file(services, before, near, kind="cameras")
    return workflow.preview_import(before, after, [report])


@pytest.fixture
def dialogs(qtbot):
    return Dialogs(None, Language(load_translations))


def answered(key, look):
    """Press a key in the box that opens, after a look at it."""

    def act():
        box = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible())
        look(box)
        QTest.keyClick(box, key)

    QTimer.singleShot(200, act)


def test_that_the_box_says_columns_counts_place_and_what_could_not_be_read(dialogs, preview):
    seen = {}

    def look(box):
        tree = box.findChild(QTreeWidget)
        top = tree.topLevelItem(0)
        seen["file"], seen["rows"] = top.text(0), [top.child(row).text(0) for row in range(top.childCount())]
        columns = top.child(top.childCount() - 1)
        seen["columns"] = [columns.child(row).text(0) for row in range(columns.childCount())]
        seen["notes"] = box.findChild(QPlainTextEdit).toPlainText()
        seen["labels"] = [label.text() for label in box.findChildren(QLabel)]
        picture = box.findChild(PreviewPicture).grab().toImage()
        size = range(0, picture.width(), 3), range(0, picture.height(), 3)
        seen["colours"] = {picture.pixelColor(x, y).name() for x in size[0] for y in size[1]}

    answered(Qt.Key.Key_Return, look)
    assert dialogs.ask_take(preview) is True
    assert seen["file"] == "list.csv"
    assert seen["rows"] == ["Cameras: 2", "Columns: 4 of 5 understood"]
    assert seen["columns"] == [
        "id: read as camera_id",
        "lon: read as lon",
        "lat: read as lat",
        "azimuth: read as azimuth_deg",
        "favourite colour: kept, not understood",
    ]
    assert "stands more than 250 m from every imported street (far)" in seen["notes"]
    assert any("EPSG:32632" in text for text in seen["labels"])
    assert len(seen["colours"]) > 2


def test_that_nothing_is_taken_before_a_column_of_protected_words_is_answered(dialogs, preview):
    column = {"column": "Merkmal", "count": 1, "examples": "Kirche"}
    asking = replace(preview, files=(replace(preview.files[0], remarks=(Fault(UNREAD_USE, params=column),)),))
    seen = {}

    def look(box):
        (tick,) = box.findChildren(QCheckBox)
        accepting = box.buttons.button(QDialogButtonBox.StandardButton.Ok)
        seen["text"], seen["before"] = tick.text(), accepting.isEnabled()
        tick.setChecked(True)
        seen["after"] = accepting.isEnabled()

    answered(Qt.Key.Key_Return, look)
    assert dialogs.ask_take(asking) is True
    assert seen == {"text": "list.csv: Merkmal does not say what the things are (Kirche)", "before": False, "after": True}


def test_that_escape_takes_nothing(dialogs, preview):
    answered(Qt.Key.Key_Escape, lambda _box: None)
    assert dialogs.ask_take(preview) is False


def test_that_the_window_lists_the_layers_of_a_file_beside_it(qtbot, window, tmp_path):
    point = np.array([shapely.to_wkb(shapely.Point(4.5, 0.0))], object)
    for name in ("houses", "lamps"):
        how = {"layer": name, "geometry_type": "Point", "crs": "EPSG:4326", "append": name == "lamps"}
        pyogrio.raw.write(tmp_path / "a.gpkg", point, [], [], **how)
    shown = []
    window.bench.dialogs.list_layers(tmp_path / "a.gpkg", shown.append)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [("houses", "lamps")]


def test_that_an_import_that_is_not_taken_changes_nothing_and_is_no_step(qtbot, window):
    before = window.session.project
    window.bench.dialogs.answer |= {"ask_import": AskedImport((Path("more.csv"),), None, None, "wgs84"), "ask_take": False}
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: window.strip.text.text() == "Nothing was imported.")
    assert window.session.project is before
    assert not window.session.history.canUndo()
    assert window.bench.dialogs.previews[0].files[0].columns == (("id", "camera_id"), ("colour", ""))


def test_that_the_button_in_the_strip_takes_an_import_out_again(qtbot, window):
    before = window.session.project
    window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: bool(window.strip.buttons))
    assert len(window.session.project.cameras) == 3
    qtbot.mouseClick(window.strip.buttons[0], Qt.MouseButton.LeftButton)
    assert window.session.project is before


@pytest.mark.nightly  # by day an import is previewed, taken and taken out here
def test_that_no_step_is_offered_to_be_taken_back_where_a_held_project_took_none(qtbot, window):
    window.session.select("known")
    window.commands.editing.correct({"range_m": 55.0})
    edited = window.session.project
    window.session.hold(True)
    window.commands.importing.take_in(AskedImport((Path("more.csv"),), None, None, "wgs84"))
    qtbot.waitUntil(lambda: window.strip.text.text().startswith("Imported"))
    window.session.hold(False)
    assert window.strip.buttons == []
    assert window.session.project is edited


def test_that_the_strip_offers_to_undo_only_what_it_can(qtbot, window):
    window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: bool(window.strip.buttons))
    window.menus["undo"].trigger()
    assert window.strip.buttons == []
    window.menus["redo"].trigger()
    assert [button.text() for button in window.strip.buttons] == ["Undo"]
    window.session.select("known")
    window.commands.editing.correct({"range_m": 55.0})
    assert window.strip.buttons == []


@pytest.mark.nightly  # by day an import is previewed, taken and taken out here
def test_that_what_the_strip_says_follows_a_switch_of_the_language(qtbot, window):
    window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: bool(window.strip.buttons))
    remark = Fault("Nothing was imported.")
    window.bench.notices.note_remarks("Imported: {files}.", [remark, remark], (("Undo", lambda: None),))
    window.menus["language_fr"].trigger()
    french, strip = load_translations("fr"), window.strip
    assert strip.text.text().splitlines()[1] == french("Nothing was imported.") != "Nothing was imported."
    assert [button.text() for button in strip.buttons] == [french("Undo")] != ["Undo"]


def test_that_an_edit_while_the_preview_stands_is_not_lost(qtbot, window):
    def edit_meanwhile(_preview):
        window.session.select("known")
        window.commands.editing.correct({"range_m": 55.0})
        return True

    window.bench.dialogs.ask_take = edit_meanwhile
    window.bench.dialogs.answer["ask_import"] = AskedImport((Path("more.csv"),), None, None, "wgs84")
    window.menus["import"].trigger()
    qtbot.waitUntil(lambda: "Import them again" in window.strip.text.text())
    assert window.session.project.cameras[0].range_m == 55.0
    assert len(window.session.project.cameras) == 2


@pytest.mark.nightly  # by day an import is previewed, taken and taken out here
def test_that_files_are_opened_by_the_buttons_after_an_export(qtbot, window, tmp_path):
    from lhasaplan.app.dialogs import ExportWish

    opened = []
    window.bench.dialogs.open_outside = opened.append
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()
    window.bench.dialogs.answer["ask_export"] = ExportWish(("docx",), "en", tmp_path)
    window.menus["export"].trigger()
    qtbot.waitUntil(lambda: len(window.strip.buttons) == 2)
    qtbot.mouseClick(window.strip.buttons[0], Qt.MouseButton.LeftButton)
    assert opened == [tmp_path / "draft.docx"]
    assert not window.strip.isVisible()


def test_that_the_first_button_after_an_export_opens_the_plan_where_there_is_one(window):
    opened = []
    window.bench.dialogs.open_outside = opened.append
    for names, first in ((("audit.docx", "plan.docx"), "plan.docx"), (("audit.docx", "map.html"), "audit.docx")):
        tell_written(window.bench, [Path(name) for name in names])
        window.strip.buttons[0].click()
        assert opened.pop() == Path(first)


@pytest.mark.nightly  # by day an import is previewed, taken and taken out here
def test_that_findings_come_forward_after_an_audit_and_the_strip_counts_them(qtbot, window):
    window.docks.bring("parts")
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()
    qtbot.waitUntil(lambda: "findings" in window.docks.in_front)
    assert window.strip.text.text() == "The audit is done. Severe: 1, due: 0, note: 1."
    assert window.bench.dialogs.reported == []
