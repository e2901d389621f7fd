"""Tables of cameras, findings and parts by mouse and keys: columns, sort, filter, groups, from and to spreadsheets, the map."""

from dataclasses import replace

import pytest
from amounts import some_by_day
from PySide6.QtCore import QItemSelectionModel, QPoint, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QStyleOptionViewItem

from lhasaplan.app.look import BEHIND_FIGURE
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.state import edits
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.model.camera import Camera, Kind, Status
from lhasaplan.core.project.journal import CamerasChanged

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def cameras(qtbot, window):
    """The table of cameras, in front, with a dozen of them."""
    more = tuple(Camera(f"c-{n}", 10.0 + 7 * n, 30.0, owner="City" if n % 2 else "", azimuth_deg=30.0 * n) for n in range(10))
    window.session.edit("Import", lambda project: replace(project, cameras=(*project.cameras, *more)))
    window.session.history.clear()
    window.menus["camera_table"].trigger()
    panel = window.docks.panels["cameras"]
    qtbot.waitUntil(lambda: panel.table.isVisible() and panel.sheet.rowCount() == 12)
    qtbot.waitUntil(lambda: window.bench.names.camera("known") != "known" and not window.bench.jobs.is_busy("names"))
    return panel


def shown(panel, key):
    sheet = panel.table.sheet
    place = sheet.place(key)
    return [sheet.index(row, place).data() for row in range(sheet.rowCount())]


def click_row(qtbot, panel, camera_id, modifier=Qt.KeyboardModifier.NoModifier):
    table = panel.table
    index = table.sheet.index(table.sheet.line_of(camera_id), table.sheet.place("called"))
    table.scrollTo(index)
    qtbot.mouseClick(table.viewport(), LEFT, modifier, table.visualRect(index).center())


def click_heading(qtbot, table, key):
    header = table.horizontalHeader()
    place = table.sheet.place(key)
    at = QPoint(header.sectionViewportPosition(place) + header.sectionSize(place) // 2, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)


def test_that_a_camera_without_a_name_is_called_by_what_it_is_and_not_by_its_id_alone(cameras):
    assert shown(cameras, "called")[:2] == ["Fixed camera known", "Camera bare"]  # the town has no named street


def test_that_a_click_on_a_heading_sorts_by_number_and_again_the_other_way(qtbot, cameras):
    click_heading(qtbot, cameras.table, "azimuth_deg")
    assert shown(cameras, "azimuth_deg") == ["0", "0", "30", "60", "90", "120", "150", "180", "210", "240", "270", ""]
    click_heading(qtbot, cameras.table, "azimuth_deg")
    assert shown(cameras, "azimuth_deg")[1] == "270"


def test_that_rows_are_searched_in_every_column_and_counted(qtbot, cameras):
    qtbot.keyClicks(cameras.bar.search, "city")
    assert cameras.sheet.rowCount() == 5
    assert cameras.bar.count.text() == "5 of 12"


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_a_column_is_filtered_by_value_and_all_rows_come_back(qtbot, cameras):
    menu = cameras.table.header_menu(cameras.sheet.place("owner"))
    ticks = menu.findChild(QListWidget)
    assert [ticks.item(row).text() for row in range(ticks.count())] == ["(empty)", "City"]
    ticks.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert set(shown(cameras, "owner")) == {"City"}
    qtbot.mouseClick(cameras.bar.all_rows, LEFT)
    assert cameras.sheet.rowCount() == 12
    assert not cameras.bar.all_rows.isVisible()


def test_that_chosen_columns_are_kept_for_the_next_window(qtbot, window, cameras):
    place = cameras.sheet.place("owner")
    cameras.table.show_column(place, False)
    cameras.table.show_column(cameras.sheet.place("lens_class"), True)
    click_heading(qtbot, cameras.table, "range_m")
    other = type(cameras)(window.bench, cameras._editing)
    qtbot.addWidget(other)
    assert other.table.shown_columns == cameras.table.shown_columns
    assert other.table.isColumnHidden(place)
    assert other.table.horizontalHeader().sortIndicatorSection() == cameras.sheet.place("range_m")


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_columns_are_read_again_where_they_are_kept(qtbot, cameras, tmp_path):
    kept = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    kept.setValue("preferences/table/cameras", '{"order": ["owner", "called"], "hidden": ["called"], "sort": ["owner", false]}')
    cameras._session.preferences.keep_in(kept)
    assert cameras.table.shown_columns[0] == cameras.sheet.place("owner")
    assert cameras.table.isColumnHidden(cameras.sheet.place("called"))
    cameras.table.show_column(cameras.sheet.place("called"), True)
    assert '"hidden": []' not in str(kept.value("preferences/table/cameras"))  # others are hidden at first
    assert '"called"' not in str(kept.value("preferences/table/cameras")).split('"hidden"')[1].split("]")[0]


def test_that_rows_are_grouped_and_groups_close_by_click_and_by_key(qtbot, cameras):
    cameras.bar.group.setCurrentIndex(cameras.bar.group.findData("owner"))
    cameras.bar.group.activated.emit(cameras.bar.group.currentIndex())
    names = [(heading.name, heading.count) for _, heading in cameras.sheet.headings()]
    assert sorted(names) == [("", 7), ("City", 5)]
    line = next(row for row, heading in cameras.sheet.headings() if heading.name == "City")
    at = cameras.table.visualRect(cameras.sheet.index(line, 0)).center()
    qtbot.mouseClick(cameras.table.viewport(), LEFT, pos=at)
    assert cameras.sheet.rowCount() == 2 + 7
    line = next(row for row, heading in cameras.sheet.headings() if heading.name == "City")
    cameras.table.setCurrentIndex(cameras.sheet.index(line, 0))
    qtbot.keyClick(cameras.table, Qt.Key.Key_Space)
    assert cameras.sheet.rowCount() == 14


def test_that_rows_chosen_in_the_table_are_selected_on_the_map_and_the_other_way_round(qtbot, window, cameras):
    click_row(qtbot, cameras, "c-1")
    click_row(qtbot, cameras, "c-4", CTRL)
    assert window.session.selection.ids == ("c-1", "c-4")
    x, y = window.canvas.viewport.to_screen(50.0, 40.0)
    qtbot.mouseClick(window.canvas, LEFT, pos=QPoint(round(x), round(y)))
    assert [camera.camera_id for camera in cameras.table.chosen_rows] == ["known"]
    x, y = window.canvas.viewport.to_screen(80.0, 40.0)
    qtbot.mouseClick(window.canvas, LEFT, CTRL, pos=QPoint(round(x), round(y)))
    assert {camera.camera_id for camera in cameras.table.chosen_rows} == {"known", "bare"}


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_what_is_chosen_stays_chosen_when_rows_are_sorted_searched_and_changed(qtbot, window, cameras):
    click_row(qtbot, cameras, "c-3")
    click_row(qtbot, cameras, "c-7", CTRL)
    click_heading(qtbot, cameras.table, "azimuth_deg")
    assert set(window.session.selection.ids) == {"c-3", "c-7"}
    assert {camera.camera_id for camera in cameras.table.chosen_rows} == {"c-3", "c-7"}


def choose_many(qtbot, window, cameras):
    click_row(qtbot, cameras, "c-0")
    click_row(qtbot, cameras, "c-9", SHIFT)
    assert len(window.session.selection.ids) == 10


def test_that_one_value_for_many_cameras_is_one_step_and_one_proposal(qtbot, window, cameras):
    choose_many(qtbot, window, cameras)
    before = window.session.project
    cameras.field.setCurrentIndex(cameras.field.findData("purpose"))
    qtbot.keyClicks(cameras.text, "traffic")
    assert cameras.set.text() == "Set for 10 cameras"
    qtbot.mouseClick(cameras.set, LEFT)
    qtbot.waitUntil(lambda: window.session.history.count() == 1)
    purposes = [camera.purpose for camera in window.session.project.cameras]
    assert purposes == ["", "", *["traffic"] * 10]
    assert window.session.history.count() == 1
    done = window.session.project.journal[-1].event
    assert isinstance(done, CamerasChanged)
    assert isinstance(done.proposal, Proposal)
    assert len(done.proposal.changes) == 10
    assert window.strip.isVisible()
    assert window.strip.text.text() == "The table changed 10 cameras."
    qtbot.mouseClick(window.strip.buttons[0], LEFT)  # Undo
    assert window.session.project is before
    assert window.bench.dialogs.reported == []


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_a_word_is_chosen_for_many_and_an_empty_value_says_not_recorded(qtbot, window, cameras):
    choose_many(qtbot, window, cameras)
    cameras.field.setCurrentIndex(cameras.field.findData("kind"))
    cameras.words.setCurrentIndex(cameras.words.findData("dome"))
    qtbot.mouseClick(cameras.set, LEFT)
    qtbot.waitUntil(lambda: window.session.history.count() == 1)
    assert {camera.kind for camera in window.session.project.cameras[2:]} == {Kind.DOME}
    cameras.field.setCurrentIndex(cameras.field.findData("azimuth_deg"))
    qtbot.keyClick(cameras.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.history.count() == 2)
    assert {camera.azimuth_deg for camera in window.session.project.cameras[2:]} == {None}


def test_that_a_value_that_cannot_be_is_refused_for_all_and_says_why(qtbot, window, cameras):
    choose_many(qtbot, window, cameras)
    before = window.session.project
    cameras.field.setCurrentIndex(cameras.field.findData("hfov_deg"))
    qtbot.keyClicks(cameras.text, "130")
    qtbot.mouseClick(cameras.set, LEFT)
    qtbot.waitUntil(cameras.faults.isVisible)
    assert window.session.project is before
    assert cameras.faults.count() == 10
    assert "c-0: 130.0 degrees is too wide for a rectilinear lens" in cameras.faults.item(0).text()
    cameras.text.clear()
    qtbot.keyClicks(cameras.text, "60")
    qtbot.mouseClick(cameras.set, LEFT)
    qtbot.waitUntil(lambda: not cameras.faults.isVisible())
    assert {camera.hfov_deg for camera in window.session.project.cameras[2:]} == {60.0}


def test_that_a_cell_is_written_into_and_undone(qtbot, window, cameras):
    table, place = cameras.table, cameras.sheet.place("range_m")
    index = cameras.sheet.index(cameras.sheet.line_of("known"), place)
    table.scrollTo(index)
    at = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)  # the first of two clicks, as a hand makes them
    qtbot.mouseDClick(table.viewport(), LEFT, pos=at)
    field = table.findChild(QLineEdit)
    cameras.sheet.reword()  # names that come meanwhile wait until the cell is written
    assert table.findChild(QLineEdit) is field
    field.selectAll()
    qtbot.keyClicks(field, "45")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.project.cameras[0].range_m == 45.0)
    assert window.session.history.count() == 1
    window.menus["undo"].trigger()
    assert window.session.project.cameras[0].range_m == 30.0


# By day a language with a decimal comma and the one without spaces.
@pytest.mark.parametrize("code", some_by_day(("en", "fr", "zh_CN", "de"), {"fr", "zh_CN"}))
def test_that_copied_rows_can_be_changed_in_a_spreadsheet_and_pasted_in_any_language(qtbot, window, cameras, code):
    window.menus[f"language_{code}"].trigger()
    for key in ("lens_class", "night_range_m", "source"):
        cameras.table.show_column(cameras.sheet.place(key), True)
    assert cameras.table.isColumnHidden(cameras.sheet.place("camera_id"))  # copied all the same
    cameras.table.setFocus()
    cameras.table.clearSelection()
    qtbot.keyClick(cameras.table, Qt.Key.Key_C, CTRL)
    copied = QApplication.clipboard().text()
    lines = [line.split("\t") for line in copied.split("\n")]
    assert len(lines) == 13
    owner = [cameras.sheet.heading(place) for place in cameras.table.shown_columns].index(
        cameras.sheet.heading(cameras.sheet.place("owner"))
    )
    window.menus["language_en"].trigger()
    before = window.session.project
    QApplication.clipboard().setText(copied)
    qtbot.keyClick(cameras.table, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(window.strip.isVisible)
    assert window.session.project is before  # nothing was changed in the spreadsheet
    for line in lines[1:]:
        line[owner] = "Harbour office"
    QApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))
    qtbot.keyClick(cameras.table, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: window.session.project is not before)
    assert {camera.owner for camera in window.session.project.cameras} == {"Harbour office"}
    assert replace(window.session.project.cameras[2], owner="", corrections=()) == replace(before.cameras[2], owner="")
    assert window.session.history.count() == 1
    window.menus["undo"].trigger()
    assert window.session.project is before


def test_that_pasted_rows_with_faults_change_nothing_and_all_faults_are_told(qtbot, window, cameras):
    before = window.session.project
    QApplication.clipboard().setText("camera_id\tazimuth\tAngle\nc-1\t999\t60\nnobody\t5\t60\nc-2\t5\twide\n")
    cameras.table.setFocus()
    qtbot.keyClick(cameras.table, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(cameras.faults.isVisible)
    reported = [cameras.faults.item(row).text() for row in range(cameras.faults.count())]
    assert reported == [
        "row 2, column azimuth: 999 is outside 0 to 360",
        "row 3: There is no camera nobody",
        "row 4, column Angle: wide is no number",
    ]
    assert window.session.project is before
    assert window.bench.dialogs.reported == []


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_a_pasted_lens_that_cannot_be_is_told_with_its_row(qtbot, window, cameras):
    before = window.session.project
    QApplication.clipboard().setText("camera_id\tangle of view\nc-1\t60\nc-2\t150\n")
    qtbot.mouseClick(cameras.insert, LEFT)
    qtbot.waitUntil(cameras.faults.isVisible)
    assert cameras.faults.item(0).text().startswith("row 3, column hfov_deg, c-2: 150.0 degrees is too wide")
    assert window.session.project is before


def test_that_a_removed_camera_is_struck_out_and_cannot_be_written_into(qtbot, window, cameras):
    click_row(qtbot, cameras, "known")
    window.menus["remove"].trigger()
    assert window.session.project.cameras[0].status is Status.REMOVED
    qtbot.waitUntil(lambda: cameras.sheet.all_rows[0].status is Status.REMOVED)
    index = cameras.sheet.index(cameras.sheet.line_of("known"), cameras.sheet.place("owner"))
    assert index.data(6).strikeOut()  # 6: FontRole
    assert not cameras.sheet.flags(index) & Qt.ItemFlag.ItemIsEditable


# Findings


@pytest.fixture
def findings(qtbot, window):
    with qtbot.waitSignal(window.session.assessment_changed):
        window.menus["audit"].trigger()
    return window.docks.panels["findings"]


def test_that_a_finding_says_whom_what_how_sharp_and_how_long_and_its_sentence_stands_at_the_right(qtbot, window, findings):
    qtbot.waitUntil(lambda: findings.model.index(0, 1).data() == "Fixed camera known")
    row = [findings.model.index(0, findings.model.place(key)).data() for key in ("severity", "what", "sharp", "long")]
    assert row == ["severe", "view of homes", "150", "10"]
    findings.table.selectRow(0)
    assert findings.detail.text.text().startswith("Camera known can see homes (1)")
    qtbot.waitUntil(findings.detail.text.isVisible)  # in the panel at the right


@pytest.mark.parametrize(
    ("group", "names"), [("camera", {"Fixed camera known", "Camera bare"}), ("article", None), ("what", None)]
)
def test_that_findings_are_grouped_by_camera_article_and_class(qtbot, window, findings, group, names):
    qtbot.waitUntil(lambda: findings.model.index(0, 1).data() == "Fixed camera known")
    box = findings.sheet_bar.group
    box.setCurrentIndex(box.findData(group))
    box.activated.emit(box.currentIndex())
    found = {heading.name for _, heading in findings.model.headings()}
    assert len(found) == 2
    assert names is None or found == names
    rows = [findings.model.index(row, 0).data(ROW_ROLE) for row in range(findings.model.rowCount())]
    assert sum(row is not None for row in rows) == 2


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_several_findings_select_their_cameras_and_cameras_choose_their_findings(qtbot, window, findings):
    findings.table.setFocus()
    qtbot.keyClick(findings.table, Qt.Key.Key_A, CTRL)
    assert set(window.session.selection.ids) == {"known", "bare"}
    findings.table.selectionModel().select(findings.model.index(0, 0), QItemSelectionModel.SelectionFlag.Clear)
    window.session.selection.choose("known", "bare")
    window.session.selection.choose("bare")
    assert findings.detail.finding.camera_id in {"known", "bare"}


@pytest.mark.nightly  # by day one table is sorted, searched, changed and pasted into here
def test_that_a_camera_that_is_turned_is_read_anew_alone_and_sorted_where_rows_are_sorted(qtbot, window, cameras):
    sheet, resets, changed = cameras.sheet, [], []
    sheet.modelReset.connect(lambda: resets.append(True))
    sheet.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    assert shown(cameras, "azimuth_deg")[5] == "90"
    window.session.edit("Turn camera", edits.turned("c-3", 300.0, window.session.author))
    qtbot.waitUntil(lambda: shown(cameras, "azimuth_deg")[5] == "300")
    assert set(changed) == {(5, 5)}
    assert not resets
    click_heading(qtbot, cameras.table, "azimuth_deg")
    window.session.edit("Turn camera", edits.turned("c-3", 1.0, window.session.author))
    qtbot.waitUntil(lambda: shown(cameras, "azimuth_deg")[2] == "1")


def test_that_a_figure_keeps_apart_from_the_words_of_the_next_column(window):
    table = window.docks.panels["cameras"].table
    figure = next(place for place, column in enumerate(table.sheet.columns) if column.is_number)
    word = next(place for place, column in enumerate(table.sheet.columns) if column.key == "called")
    written = []
    for place in (figure, word):
        option, index = QStyleOptionViewItem(), table.model().index(0, place)
        table.itemDelegate().initStyleOption(option, index)
        written.append((str(index.data() or ""), option.text))
    (plain, shown), (name, same) = written
    assert (shown == f"{plain}{BEHIND_FIGURE}") is bool(plain)
    assert same == name
