"""What stopped or misled a planner who used the window for the first time, by mouse."""

from types import SimpleNamespace

import pytest
from amounts import some_by_day
from gui_town import TODAY, FakeContext, FakeDialogs, stand_in
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox

from lhasaplan.app.dialogs import AskedImport, Dialogs
from lhasaplan.app.dialogs.previews import _files
from lhasaplan.app.look import Language
from lhasaplan.app.map.cones import short_name
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.file_kinds import KIND_NAMES
from lhasaplan.io.content.layer_spec import ORDER

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def empty(qtbot, monkeypatch):
    """A window as it opens for the first time."""
    context = stand_in(FakeContext(), monkeypatch)
    made = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_that_a_click_on_an_empty_map_asks_nothing(qtbot, empty):
    before = set(empty.docks.in_front)
    qtbot.mouseClick(empty.canvas, LEFT, pos=QPoint(5, empty.canvas.height() - 5))
    assert empty.canvas.marks.spot is None
    assert set(empty.docks.in_front) == before


def test_that_rules_are_asked_for_before_the_first_import_from_the_menu_and_not_again(qtbot, empty, tmp_path):
    asked = []
    empty.bench.dialogs.ask_packs = lambda titles: asked.append(titles) or ("eu-gdpr",)
    empty.bench.dialogs.answer["ask_import"] = AskedImport((tmp_path / "houses.gpkg",), None, None, "")
    empty.menus["import"].trigger()
    qtbot.waitUntil(lambda: bool(empty.session.project.cameras))
    assert empty.session.project.packs == ("eu-gdpr",)
    empty.menus["import"].trigger()
    qtbot.waitUntil(lambda: not empty.bench.jobs.is_busy("file"))
    assert len(asked) == 1


def test_that_a_rule_is_ticked_by_a_click_on_its_words_and_no_title_is_cut(qtbot, empty):
    titles = {"one": "A short title", "two": "A title so long that a list of any fixed width would cut it off at its end & more"}
    widths = []

    def tick():
        box = QApplication.activeModalWidget()
        try:
            _first, second = box.findChildren(QCheckBox)
            box.layout().activate()
            widths.append((second.minimumSizeHint().width(), second.fontMetrics().horizontalAdvance(titles["two"])))
            qtbot.mouseClick(second, LEFT, pos=QPoint(60, second.height() // 2))
        finally:  # a box that stays open would hold the test for good
            box.accept()

    QTimer.singleShot(0, tick)
    assert Dialogs(empty, empty.bench.language).ask_packs(titles) == ("two",)
    ((least, words),) = widths
    assert least >= words  # the box is never narrower than that


# By day one language: that no sentence lacks its translation is held without a window (tests/test_architecture.py).
@pytest.mark.parametrize("code", some_by_day(("en", "zh_CN", "fr", "de"), {"zh_CN"}))
def test_that_the_preview_of_an_import_names_every_layer_of_a_map_in_words(qtbot, empty, code):
    assert set(ORDER) <= set(KIND_NAMES)
    empty.bench.language.use(code)
    file = SimpleNamespace(name="city.osm", counts=dict.fromkeys(ORDER, 3), columns=())
    tree = _files(empty.bench.language, SimpleNamespace(files=(file,)))
    qtbot.addWidget(tree)
    lines = [tree.topLevelItem(0).child(row).text(0) for row in range(len(ORDER))]
    assert not [line for line in lines if line.split(":")[0].split("：")[0].strip() in ORDER]


def test_that_a_camera_is_called_by_what_it_is_and_its_number_of_a_map_stands_in_the_tip(qtbot, window):
    window.session.select("known")
    panel = window.docks.panels["camera"]
    qtbot.waitUntil(lambda: panel.title.text() == "Fixed camera known")  # no street has a name here
    assert panel.title.toolTip() == "known"
    panel.name.setText("North gate")
    panel.name.editingFinished.emit()
    assert panel.title.text() == "North gate"


def test_that_the_sentence_of_a_finding_calls_its_camera_by_name(qtbot, window, monkeypatch):
    window.menus["audit"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    panel = window.docks.panels["findings"]
    row = next(row for row, finding in enumerate(panel.model.all_rows) if finding.camera_id == "known")
    monkeypatch.setattr(panel.detail._names, "camera", lambda _key: "Fixed camera, High Street (1)")  # what a street gives it
    panel.table.choose_rows([panel.model.all_rows[row].finding_id])
    panel.table.chosen_changed.emit()
    qtbot.waitUntil(lambda: panel.detail.text.text().startswith("Camera “Fixed camera, High Street (1)” can see homes (1)"))


def test_that_on_the_map_stand_names_and_numbers_of_a_register_but_no_numbers_of_a_map():
    assert short_name(Camera("node/311112541", 0.0, 0.0)) == ""
    assert short_name(Camera("HT-11", 0.0, 0.0)) == "HT-11"
    assert short_name(Camera("node/311112541", 0.0, 0.0, name="North gate")) == "North gate"
    assert short_name(Camera("planned-3", 0.0, 0.0), {"planned-3": "P3"}) == "P3"


def test_that_a_planned_camera_has_the_number_of_the_papers_on_map_and_in_table(qtbot, window):
    placed = [edits.placed(window.session.project, 20.0, 30.0, window.session.author)]
    window.session.edit("Add", placed[0][1])
    placed.append(edits.placed(window.session.project, 20.0, 35.0, window.session.author))
    window.session.edit("Add", placed[1][1])
    assert window.session.plan_numbers == {"planned-1": "P1", "planned-2": "P2"}
    qtbot.waitUntil(lambda: {"P1", "P2"} <= {symbol.name for symbol in window.canvas.overlays.symbols})
    qtbot.waitUntil(lambda: window.bench.names.camera("planned-2") == "Fixed camera (P2)")
    window.session.select("planned-2")
    assert window.canvas.marks.selected.symbol.name == "P2"
