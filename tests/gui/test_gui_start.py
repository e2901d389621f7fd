"""The first thing in the window: what it offers, what was open last, files that are dropped, and the toolbar."""

from pathlib import Path

import pytest
from amounts import some_by_day
from gui_town import TODAY, FakeContext, FakeDialogs, stand_in, town
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QIcon
from PySide6.QtWidgets import QApplication, QToolButton

from lhasaplan.app.look import FOLDER, Language, has_icon, use_own_font
from lhasaplan.app.map import decorations
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.shell.menus import GROUPS, NOT_USED, drawing_of
from lhasaplan.app.theme import use_scheme
from lhasaplan.errors import Fault, InputError


class FirstContext(FakeContext):
    """Knows that one file is no project, and imports it."""

    def __init__(self):
        super().__init__()
        self.imported = []

    def open_store(self, address):
        if Path(address).name == "houses.gpkg":
            raise InputError(Fault("this is not a project"))
        return super().open_store(address)

    def import_file(self, project, path, *_more, **_named):
        self.imported.append(path.name)
        return super().import_file(project, path, *_more, **_named)


@pytest.fixture
def bare(qtbot, monkeypatch):
    context = stand_in(FirstContext(), monkeypatch)
    made = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made, before_close_func=lambda window: window.session.history.setClean())
    with qtbot.waitExposed(made):
        made.show()
    yield made
    use_scheme("system")


def drop(window, *paths):
    data, at = QMimeData(), QPoint(400, 300)
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(at, *how)
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(at), *how))
    return entering.isAccepted()


def file(folder, name):
    path = folder / name
    path.write_bytes(b"x")
    return path


def test_that_a_project_that_is_dropped_is_opened(qtbot, bare, tmp_path):
    assert drop(bare, file(tmp_path, "town.gpkg"))
    qtbot.waitUntil(lambda: bare.session.project.name == "town")
    assert not bare.bench.context.imported


def test_that_city_data_that_are_dropped_are_imported_after_the_rules_were_chosen(qtbot, bare, tmp_path):
    bare.bench.dialogs.answer["ask_packs"] = ("eu-gdpr",)
    assert drop(bare, file(tmp_path, "houses.gpkg"))
    qtbot.waitUntil(lambda: bare.bench.context.imported == ["houses.gpkg"])
    qtbot.waitUntil(lambda: bool(bare.session.project.cameras))
    assert bare.session.project.packs == ("eu-gdpr",)


def test_that_several_files_are_imported_into_the_project_that_is_open_and_one_step_takes_them_out(qtbot, bare, tmp_path):
    bare.commands.opening.take(town(), None)
    assert drop(bare, file(tmp_path, "a.csv"), file(tmp_path, "b.geojson"))
    qtbot.waitUntil(lambda: len(bare.session.project.cameras) == 4)
    bare.menus["undo"].trigger()
    assert len(bare.session.project.cameras) == 2


def test_that_words_and_folders_that_are_dropped_are_let_pass(bare, tmp_path):
    assert not drop(bare, tmp_path)


def test_that_a_project_that_was_open_is_offered_and_opens_by_a_click(qtbot, bare):
    assert not bare.start.recent[0].isVisible()
    bare.session.recent.take(["/srv/plans/old & new.gpkg"])
    assert bare.start.recent[0].isVisible()
    assert bare.start.recent[0].text().strip() == "old && new.gpkg"
    qtbot.mouseClick(bare.start.recent[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bare.session.project.name == "town")
    assert bare.session.recent.addresses[0] == "/srv/plans/old & new.gpkg"


def test_that_the_keys_lead_through_the_first_card(qtbot, bare):
    bare.start.buttons["sample_helsinki"].setFocus()
    for key in ("sample_hilltown", "new", "open"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is bare.start.buttons[key]


def test_that_every_command_of_the_toolbar_is_in_a_menu_and_has_an_icon_and_a_tip(bare):
    left_out = NOT_USED[bare.workspaces.work]
    keys = [key for group in GROUPS for key in group if key in bare.menus.by_key and key not in left_out]
    shown = [action for action in bare.toolbar.actions() if not action.isSeparator()]
    assert [bare.menus[key] for key in keys] == shown[:-2]  # then the room before the workspaces, and these
    listed = [action for menu in bare.menus.menus.values() for action in menu.actions()]
    in_menus = {*listed, *(action for entry in listed if entry.menu() is not None for action in entry.menu().actions())}
    for key in keys:
        action = bare.menus[key]
        assert action in in_menus
        assert not action.icon().isNull(), key
        assert action.toolTip()
        assert isinstance(bare.toolbar.widgetForAction(action), QToolButton)


def test_that_a_click_on_the_toolbar_does_what_the_menu_does(qtbot, bare):
    bare.commands.opening.take(town(), None)
    qtbot.mouseClick(bare.toolbar.widgetForAction(bare.menus["measure"]), Qt.MouseButton.LeftButton)
    assert bare.menus["measure"].isChecked()
    assert bare.session.mode.tool == "measure"


def middle_ink(icon, mode):
    image = icon.pixmap(QSize(24, 24), mode).toImage()
    inked = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() == 255]
    return sum(colour.lightness() for colour in inked) / len(inked)


@pytest.mark.nightly  # by day the first card, a drop and the toolbar here
def test_that_icons_are_dark_on_light_and_light_on_dark_and_pale_when_they_cannot_be_used(bare):
    bare.menus["scheme_light"].trigger()
    light = bare.menus["save"].icon()
    assert middle_ink(light, QIcon.Mode.Normal) < 60
    assert middle_ink(light, QIcon.Mode.Disabled) > 120
    bare.menus["scheme_dark"].trigger()
    QApplication.processEvents()
    assert middle_ink(bare.menus["save"].icon(), QIcon.Mode.Normal) > 180


def test_that_all_icons_are_drawn_in_one_stroke():
    for path in FOLDER.glob("*.svg"):
        drawing = path.read_text("utf-8")
        assert drawing.startswith(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ), path
        assert 'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"' in drawing, path
        assert drawing.count("<path") == 1


def test_that_the_two_samples_share_a_drawing():
    assert {drawing_of("sample_helsinki"), drawing_of("sample_hilltown")} == {"sample"}
    assert has_icon("sample")


def test_that_file_ends_with_what_leaves_the_program_and_the_panels_have_a_menu_of_their_own(bare):
    assert [action for action in bare.menus.menus["&File"].actions() if not action.isSeparator()][-1] is bare.menus["quit"]
    titles = {dock.windowTitle() for dock in bare.docks.docks.values()}
    (panels,) = (action.menu() for action in bare.menus.menus["&View"].actions() if action.text() == "&Panels")
    assert titles <= {action.text() for action in panels.actions()}


def test_that_the_language_menu_names_every_language_in_itself(bare):
    (languages,) = (action.menu() for action in bare.menus.menus["&View"].actions() if action.text() == "&Language")
    assert [action.text() for action in languages.actions()] == ["English", "简体中文", "Français", "Deutsch"]


@pytest.mark.parametrize("width_px", [1480, 900, 500])
def test_that_the_strip_never_covers_the_arrow_to_the_north(bare, width_px):
    bare.resize(width_px, 700)
    bare.bench.notices.note("It is done, and what is told of it is long enough for the whole width of the strip over the map")
    right_px = bare.canvas.width() - decorations.EDGE_PX - decorations.NORTH_WIDE_PX
    assert bare.strip.geometry().left() >= 0
    assert bare.strip.geometry().right() < right_px


def test_that_a_long_remark_is_cut_in_the_strip_and_whole_among_its_lines(bare):
    told = "taken from the minutes: " + "; ".join(f"camera {number}: approved by the council" for number in range(40))
    bare.bench.notices.note("Imported: minutes.xlsx.", lambda: [told])
    assert len(bare.strip.text.text()) < 300
    assert bare.strip.more.isVisibleTo(bare.strip)
    assert bare.strip.lines.toPlainText() == told


def test_that_the_strip_never_covers_the_line_about_made_up_data(bare):
    bare.canvas.banner = "Fictitious data: a made-up town"
    bare.bench.notices.note("Nothing was imported.")
    assert bare.strip.geometry().top() >= bare.canvas.top_px > 0.0


@pytest.fixture
def as_shipped(qapp):
    """The style and the letters that the program starts with."""
    style, font = qapp.style().name(), QFont(qapp.font())
    qapp.setStyle("Fusion")
    use_own_font(qapp)
    yield
    qapp.setStyle(style)
    qapp.setFont(font)


@pytest.mark.parametrize("language", some_by_day(("en", "de", "fr", "zh_CN"), {"de"}))
def test_that_the_window_fits_a_low_screen_in_every_language(as_shipped, bare, language):
    bare.language.use(language)
    for key in ("arranging", "siting", "candidates", "picture"):
        bare.session.attention.bring(key)
    least = bare.minimumSizeHint()
    assert least.height() <= 660  # of 720, with room for the frame that the desktop draws, and for its bar
    assert least.width() <= 1240


@pytest.mark.nightly  # by day the first card, a drop and the toolbar here
def test_that_a_notice_does_not_lie_on_what_can_be_done_first(qtbot, bare):
    bare.docks.bring("findings")
    bare.resizeDocks([bare.docks.docks["findings"]], [900], Qt.Orientation.Vertical)  # as little map as there may be
    qtbot.waitUntil(lambda: bare.start.geometry().top() <= 20)
    bare.bench.notices.note("Unsaved work is here.", stays=True, actions=(("Recover it", lambda: None),))
    qtbot.waitUntil(lambda: bare.start.geometry().top() > bare.strip.geometry().bottom())
    bare.strip.dismiss()
    qtbot.waitUntil(lambda: bare.start.geometry().top() <= 20)


@pytest.mark.nightly  # by day the first card, a drop and the toolbar here
def test_that_a_notice_that_stays_makes_room_for_the_line_about_made_up_data_and_is_not_cut(qtbot, bare):
    text = "There is unsaved work on a town with a long name, of yesterday: the program ended before it was saved. " * 2
    bare.bench.notices.note(text, stays=True, actions=(("Recover it", lambda: None), ("Discard it", lambda: None)))
    bare.canvas.banner = "Fictitious data: a made-up town"
    bare.session.project_changed.emit()
    qtbot.waitUntil(lambda: bare.strip.geometry().top() >= bare.canvas.top_px > 0.0)
    label = bare.strip.text
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    bare.strip.buttons[0].setText("Recover it, once its size is known, which takes room from what is told beside it")
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) and label.width() < 400)
