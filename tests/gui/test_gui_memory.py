"""What the window remembers, and its colours."""

from dataclasses import replace

import pytest
from gui_colours import contrast
from PySide6.QtCore import QSettings
from PySide6.QtGui import QPalette

from lhasaplan.app.shell import recall, remember, remembered_language
from lhasaplan.app.theme import dark_palette, use_scheme

PANELS = ("panels/audit", "panels/audit_closed", "panels/audit_called")


@pytest.fixture
def kept(tmp_path):
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def _colours_of_the_system(qapp):
    yield
    use_scheme("system")


def test_that_language_colours_and_closed_panels_are_remembered(window, kept):
    window.docks.docks["layers"].hide()
    window.menus["language_fr"].trigger()
    window.menus["scheme_dark"].trigger()
    remember(window, kept)
    window.docks.docks["layers"].show()
    window.menus["scheme_light"].trigger()
    recall(window, kept)
    assert window.docks.docks["layers"].isHidden()
    assert window.scheme.key == "dark"
    assert remembered_language(kept, "en") == "fr"
    assert remembered_language(kept, "en", "de") == "de"  # asked for at this start
    assert remembered_language(kept, "en", "xx") == "fr"  # spoken by nobody here


def test_that_nothing_of_the_project_is_remembered_but_where_it_lies(window, kept):
    remember(window, kept)
    assert set(kept.allKeys()) == {"geometry", "language", "colours", "clear_colours", "recent", "layers", *PANELS}
    assert kept.value("recent") in (["town.gpkg"], "town.gpkg")


def test_that_projects_whose_files_are_gone_are_not_offered_again(window, kept, tmp_path):
    there = tmp_path / "old town.gpkg"
    there.write_bytes(b"")
    window.session.recent.take([there.as_uri(), (tmp_path / "gone.gpkg").as_uri()])
    remember(window, kept)
    window.session.recent.take(())
    recall(window, kept)
    assert window.session.recent.addresses == (there.as_uri(),)


@pytest.mark.nightly  # by day what is remembered here
def test_that_a_first_start_fits_the_screen(window, kept):
    recall(window, kept)
    free = window.screen().availableSize()
    assert window.width() <= max(free.width(), window.minimumSizeHint().width())


def test_that_a_language_that_is_none_is_not_taken(kept):
    kept.setValue("language", "xx")
    assert remembered_language(kept, "zh_CN") == "zh_CN"


@pytest.mark.nightly  # by day what is remembered here
def test_that_coloured_words_are_written_anew_when_the_window_turns_dark(qtbot, window):
    window.commands.analysing.check()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    window.session.edit("Import", lambda project: replace(project, name="other"))
    light = window.docks.panels["findings"].bar.text.styleSheet()
    window.menus["scheme_dark"].trigger()
    qtbot.waitUntil(lambda: window.docks.panels["findings"].bar.text.styleSheet() != light)
    window.menus["scheme_light"].trigger()
    qtbot.waitUntil(lambda: window.docks.panels["findings"].bar.text.styleSheet() == light)


def test_that_words_of_the_dark_window_can_be_read_on_every_ground():
    palette, role = dark_palette(), QPalette.ColorRole
    pairs = (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
    )
    for words, ground in (*pairs, (role.HighlightedText, role.Highlight), (role.PlaceholderText, role.Base)):
        assert contrast(palette.color(words), palette.color(ground)) >= 4.5
