"""Names in the window are shown letter by letter: labels have plain text, tips escape what looks like markup."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look import plain_label, plain_tip
from lhasaplan.app.panels.selected import NecessityBlock
from lhasaplan.app.shell.status_line import Readout

EVIL = "<img src='file:///etc/passwd'><b>north</b> & {0}"
# These write their own markup around escaped words, or numbers alone.
OWN_MARKUP = (NecessityBlock, Readout)


def test_that_every_label_of_the_window_shows_plain_text_or_fixed_words(window):
    rows = {
        form.labelForField(form.itemAt(row, QFormLayout.ItemRole.FieldRole).widget())
        for form in forms(window)
        for row in range(form.rowCount())
        if form.itemAt(row, QFormLayout.ItemRole.FieldRole)
    }
    labels = [label for label in window.findChildren(QLabel) if not isinstance(label, OWN_MARKUP) and label not in rows]
    guessing = [label for label in labels if label.textFormat() != Qt.TextFormat.PlainText and label.objectName()[:3] != "qt_"]
    assert len(labels) > 10
    assert guessing == []


def forms(window):
    return window.findChildren(QFormLayout)


def test_that_a_box_shows_the_name_of_a_file_as_it_is(qtbot):
    box = Form(None, str, "Import", EVIL)
    qtbot.addWidget(box)
    (label,) = [each for each in box.findChildren(QLabel) if each.text() == EVIL]
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_that_a_tip_escapes_what_looks_like_markup_and_leaves_the_rest():
    assert plain_tip("Gate north") == "Gate north"
    assert "<img" not in plain_tip(EVIL)
    assert "&lt;img" in plain_tip(EVIL)


def test_that_a_plain_label_never_guesses(qtbot):
    label = plain_label(EVIL)
    qtbot.addWidget(label)
    assert (label.text(), label.textFormat()) == (EVIL, Qt.TextFormat.PlainText)
