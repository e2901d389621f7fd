"""The boxes in which the window asks, used by keyboard alone."""

from pathlib import Path

import pytest
from gui_colours import contrast
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QProxyStyle, QStyle, QToolButton

from lhasaplan.app.dialogs import KINDS as ASKED
from lhasaplan.app.dialogs import AskedImport, Dialogs
from lhasaplan.app.theme import dark_palette, light_palette, use_own_icons
from lhasaplan.cli.projects import KINDS as NAMED
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.file_kinds import DRAFT_FORMATS
from lhasaplan.core.model.file_kinds import READ_KINDS as KINDS
from lhasaplan.errors import Fault


class English:
    code, translations = "en", Translations()

    def __call__(self, template, **params):
        return self.translations(template, **params)

    def words(self, table):
        return {key: self(template) for key, template in table.items()}


@pytest.fixture
def dialogs(qtbot):
    return Dialogs(None, English())


@pytest.fixture
def type_into_the_box(qtbot):
    """Type once a box is open: words, or single keys; close it where the keys have not, so that no test waits for ever."""
    timers = []

    def later(ms, what):
        timers.append(QTimer(singleShot=True, interval=ms))
        timers[-1].timeout.connect(what)
        timers[-1].start()

    def type_all(*keys):
        def when_open():
            box, at = QApplication.activeModalWidget(), QApplication.focusWidget()
            if box is None or at is None or not box.isAncestorOf(at):
                later(20, when_open)
                return
            for key in keys:
                press(key)

        later(100, when_open)
        later(20_000, give_up)

    yield type_all
    for timer in timers:
        timer.stop()


def press(key):
    at = QApplication.focusWidget() or QApplication.activeModalWidget()
    if isinstance(key, str):
        QTest.keyClicks(at, key)
    else:
        QTest.keyClick(at, key)


def give_up():
    for box in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if box is not None:
            box.close()


KEYS_OF_KINDS = [
    (("Signs",), "signs"),
    (("Cam", Qt.Key.Key_Down), "baseline"),
    (("Walls",), "floor_walls"),
    (("Ter",), "terrain"),
]


@pytest.mark.parametrize(("keys", "kind"), KEYS_OF_KINDS)
def test_that_the_kind_of_an_import_is_chosen_by_typing_it(dialogs, type_into_the_box, monkeypatch, keys, kind):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["a.csv"], ""))
    type_into_the_box(*keys, Qt.Key.Key_Tab, Qt.Key.Key_Tab, "EPSG:3879", Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert dialogs.ask_import() == AskedImport((Path("a.csv"),), kind, "EPSG:3879", "")


def test_that_a_layer_of_a_file_is_chosen_by_its_name(dialogs, type_into_the_box, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["plan.dxf"], ""))
    dialogs.list_layers = lambda path, show: show(("A-WALL", "C-BLDG")) if path == Path("plan.dxf") else None
    type_into_the_box("Buil", Qt.Key.Key_Tab, "C-", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "EPSG:25832", Qt.Key.Key_Return)
    assert dialogs.ask_import() == AskedImport((Path("plan.dxf|layername=C-BLDG"),), "buildings", "EPSG:25832", "")


@pytest.mark.parametrize("names", [("plan.dxf",), ("a.gpkg", "b.gpkg")])
def test_that_there_is_no_layer_to_choose_where_a_file_has_one_or_files_are_several(
    dialogs, type_into_the_box, monkeypatch, names
):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (list(names), ""))
    dialogs.list_layers = lambda path, show: show(("C-BLDG",))
    type_into_the_box("Buil", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "EPSG:25832", Qt.Key.Key_Return)
    assert dialogs.ask_import() == AskedImport(tuple(map(Path, names)), "buildings", "EPSG:25832", "")


def test_that_box_and_command_line_offer_every_kind_that_is_read():
    assert (
        list(ASKED) == ["", *NAMED] == ["", *KINDS, "models", "answers", "decisions", "reasons"]
    )  # a catalogue brings no features; what was filled in changes records and the plan alone


def test_that_the_tab_key_leads_from_the_last_row_to_the_buttons(dialogs, type_into_the_box):
    type_into_the_box("why", Qt.Key.Key_Tab, "me", Qt.Key.Key_Tab, Qt.Key.Key_Space)
    decision = dialogs.ask_excuse(1)
    assert (decision.reason, decision.by) == ("why", "me")


def test_that_a_passphrase_can_be_given_by_keyboard_alone(dialogs, type_into_the_box):
    type_into_the_box("grey herons", Qt.Key.Key_Return)
    assert dialogs.ask_passphrase("closed") == "grey herons"


def test_that_a_new_passphrase_must_be_typed_twice_alike(dialogs, type_into_the_box):
    tab, enter = Qt.Key.Key_Tab, Qt.Key.Key_Return
    type_into_the_box("grey herons", tab, "grey geese", enter, Qt.Key.Key_Escape)
    assert dialogs.ask_new_passphrase() is None
    type_into_the_box("grey herons", tab, "grey herons", enter)
    assert dialogs.ask_new_passphrase() == "grey herons"


def test_that_no_decision_is_taken_without_reason_and_name(dialogs, type_into_the_box):
    # Return would accept the box if it could be; it stands, and Escape leaves it.
    type_into_the_box("why", Qt.Key.Key_Tab, "  ", Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert dialogs.ask_excuse(1) is None


def test_that_one_box_stands_at_a_time_and_the_same_is_told_once(monkeypatch, dialogs):
    shown = []

    def show(title, lines):
        shown.append((title, *lines))
        if len(shown) == 1:  # while the first box stands, jobs in the background tell more
            for text in ("second", "first", "second"):
                dialogs.tell("t", [text])
            assert len(shown) == 1

    monkeypatch.setattr(dialogs, "_show", show)
    dialogs.tell("t", ["first"])
    assert shown == [("t", "first"), ("t", "second")]


def choose_in_export(dialogs, type_into_the_box, monkeypatch, *keys):
    """Type into the box of an export, at the field of the Word template, and return what is wished."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "drafts")
    type_into_the_box(*[Qt.Key.Key_Tab] * (len(DRAFT_FORMATS) + 2), *keys)
    return dialogs.ask_export()


def test_that_the_drafts_of_a_plan_are_those_for_the_council_until_others_are_chosen(dialogs, type_into_the_box, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "drafts")

    def formats_of(*keys, is_plan):
        type_into_the_box(*keys, Qt.Key.Key_Return)
        return dialogs.ask_export(is_plan=is_plan).formats

    council = ("docx", "pptx", "summary", "minutes")
    assert set(formats_of(is_plan=False)) == {"docx", "html"}
    assert set(formats_of(is_plan=True)) == set(council)
    assert set(formats_of(Qt.Key.Key_Tab, Qt.Key.Key_Space, is_plan=True)) == set(council[1:])  # the first box unticked
    assert set(formats_of(is_plan=True)) == set(council[1:])
    assert set(formats_of(is_plan=False)) == {"docx", "html"}


class WithPictures(QProxyStyle):
    """Puts pictures on the buttons of boxes, as Qt does on Linux."""

    def styleHint(self, hint, *rest):  # noqa: N802 - Qt's name
        return 1 if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons else super().styleHint(hint, *rest)


def test_that_buttons_of_a_box_have_words_alone(qapp, dialogs, type_into_the_box):
    before, icons = qapp.style().name(), []
    qapp.setStyle(WithPictures(before))

    def look():
        icons.extend(each.icon().isNull() for each in QApplication.activeModalWidget().buttons.buttons())
        give_up()

    QTimer.singleShot(300, look)
    dialogs.ask_passphrase("words")
    qapp.setStyle(before)
    assert icons == [True, True]


def test_that_templates_are_named_in_the_box_of_an_export_and_kept(dialogs, type_into_the_box, monkeypatch):
    enter = Qt.Key.Key_Return
    wish = choose_in_export(
        dialogs, type_into_the_box, monkeypatch, "office.docx", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "our.pptx", enter
    )
    assert wish.templates == (Path("office.docx"), Path("our.pptx"))
    assert dialogs.preferences.get("export/templates") == {".docx": "office.docx", ".pptx": "our.pptx"}
    assert choose_in_export(dialogs, type_into_the_box, monkeypatch, enter).templates == wish.templates


def test_that_a_template_is_looked_for_with_the_button_beside_its_field(dialogs, type_into_the_box, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/there/office.docx", ""))
    wish = choose_in_export(dialogs, type_into_the_box, monkeypatch, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert wish.templates == (Path("/there/office.docx"),)


def test_that_what_is_wrong_with_a_template_is_told_in_the_box_which_stays(dialogs, type_into_the_box, monkeypatch):
    dialogs.template_faults = lambda paths: [Fault("{file} is none", params={"file": path.name}) for path in paths]
    seen = []

    def look():
        seen.append([label.text() for label in QApplication.activeModalWidget().findChildren(QLabel) if label.isVisible()])

    QTimer.singleShot(400, look)
    enter, escape = Qt.Key.Key_Return, Qt.Key.Key_Escape
    QTimer.singleShot(700, lambda: press(escape))
    assert (
        choose_in_export(dialogs, type_into_the_box, monkeypatch, "bad.docx", Qt.Key.Key_Tab, Qt.Key.Key_Tab, "bad.pptx", enter)
        is None
    )
    assert {"bad.docx is none", "bad.pptx is none"} <= set(seen[0])
    assert dialogs.preferences.get("export/templates") is None


def test_that_boxes_for_files_have_icons_that_are_seen_on_light_and_dark_where_the_desktop_has_none(qapp):
    before = QIcon.themeName(), QIcon.themeSearchPaths()
    QIcon.setThemeName("")
    use_own_icons()
    box = QFileDialog()
    box.setOption(QFileDialog.Option.DontUseNativeDialog)
    buttons = [each for each in box.findChildren(QToolButton) if not each.icon().isNull()]
    inks = set()
    for button in buttons:
        image = button.icon().pixmap(24, 24).toImage()
        inks |= {image.pixelColor(x, y).name() for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255}
    assert len(buttons) == 6
    assert inks
    for ground in (light_palette(), dark_palette()):
        window = ground.color(QPalette.ColorRole.Window)
        assert all(contrast(QColor(ink), window) > 2.9 for ink in inks)
    QIcon.setThemeName(before[0])
    QIcon.setThemeSearchPaths(before[1])
