"""Every command is reached without a mouse: by the menus, by its own keys, or by the Tab key in its panel."""

from collections import Counter

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMenu,
    QToolBar,
    QWidget,
)

REACHED = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)


def walked(qtbot, menu):
    """Return the entries that the arrow keys lead to in a menu, and in the menus that open from it."""
    menu.popup(QPoint(0, 0))
    found = []
    for _ in menu.actions():
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        action = menu.activeAction()
        if action is not None and action not in found:
            found.append(action)
    menu.hide()
    return found + [each for action in found if action.menu() is not None for each in walked(qtbot, action.menu())]


def entries(menu):
    own = [action for action in menu.actions() if not action.isSeparator() and action.isEnabled() and action.isVisible()]
    return own + [each for action in own if action.menu() is not None for each in entries(action.menu())]


@pytest.mark.qt_log_ignore("This plugin does not support")  # what an offscreen screen says of every menu
def test_that_the_arrow_keys_lead_to_every_entry_of_every_menu(qtbot, window):
    for action in window.menuBar().actions():
        menu = action.menu()
        assert isinstance(menu, QMenu)
        assert "&" in action.text(), action.text()  # Alt and a letter opens it
        missed = [each.text() for each in entries(menu) if each not in walked(qtbot, menu)]
        assert not missed


def test_that_no_two_commands_share_their_keys_in_any_language(window):
    for code in ("en", "zh_CN", "fr", "de"):
        window.menus[f"language_{code}"].trigger()
        keys = Counter(action.shortcut().toString() for action in window.menus.by_key.values())
        del keys[""]
        assert not {key for key, times in keys.items() if times > 1}


def test_that_no_two_menus_are_opened_by_one_letter_in_any_language(window):
    for code in ("en", "zh_CN", "fr", "de"):
        window.menus[f"language_{code}"].trigger()
        titles = [action.text() for action in window.menuBar().actions()]
        letters = Counter(title[title.index("&") + 1].lower() for title in titles)
        assert max(letters.values()) == 1, titles


def test_that_the_tab_key_leads_to_everything_in_the_panels_that_can_be_used(window):
    window.session.select("known")
    for dock in window.docks.docks.values():
        dock.raise_()
        missed = [each for each in _used(dock) if not each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert not missed, dock.objectName()


def _used(dock):
    """Return what is used in a panel; a part of another field and the corners of a table are reached with it."""
    for each in (child for child in dock.widget().findChildren(QWidget) if isinstance(child, REACHED)):
        is_part = isinstance(each.parent(), (*REACHED, QToolBar)) or each.objectName().startswith("qt_")
        if each.isVisibleTo(dock) and not is_part and not isinstance(each.parent(), QDockWidget):
            yield each
