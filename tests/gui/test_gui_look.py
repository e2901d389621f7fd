"""One scale of letters, one scale of distances, and lines of the map that stand out on light and on dark paper."""

import ast

import pytest
from colour_vision import difference, seen
from gui_colours import contrast
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QTreeWidget, QTreeWidgetItem, QWidget

from lhasaplan.app.look import STEPS_PX, Letters, space, write_as
from lhasaplan.app.map.style import DARK, LIGHT
from lhasaplan.app.theme import use_scheme
from lhasaplan.content import content_folder

APP = content_folder("data").parent / "lhasaplan" / "app"
OWN_LETTERS = {"look.py", "tools/meeting.py"}  # the size of running text, and all of it larger


def calls(name):
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield path.relative_to(APP).as_posix(), node


@pytest.mark.parametrize("name", ["setContentsMargins", "setSpacing"])
def test_that_distances_are_steps_of_one_scale(name):
    odd = [
        (path, node.lineno, each.value)
        for path, node in calls(name)
        for each in node.args
        if isinstance(each, ast.Constant) and each.value not in STEPS_PX
    ]
    assert not odd


def test_that_no_part_of_the_window_chooses_a_size_of_letters_of_its_own():
    found = {path for path, _ in calls("setPointSizeF")} | {path for path, _ in calls("setPointSize")}
    assert found <= OWN_LETTERS


def test_that_the_steps_rise_from_running_text(qapp):
    label, text_pt = QLabel(), QApplication.font().pointSizeF()
    sizes = []
    for step in Letters:
        write_as(label, step)
        sizes.append(label.font().pointSizeF())
    assert sizes == sorted(sizes)
    assert sizes[1] == pytest.approx(text_pt)
    write_as(label, Letters.HEADING)
    write_as(label, Letters.HEADING)
    assert label.font().pointSizeF() == pytest.approx(text_pt * Letters.HEADING.value)


def test_that_a_layout_has_one_margin_and_one_distance(qtbot):
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    column = QVBoxLayout(widget)
    space(column, 8, 4)
    margins = column.contentsMargins()
    assert {margins.left(), margins.top(), margins.right(), margins.bottom()} == {8}
    assert column.spacing() == 4


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("vision", ["usual", "protanopia", "deuteranopia", "tritanopia"])
def test_that_lines_of_protected_views_and_parts_stand_out_on_the_paper(palette, vision):
    import numpy as np

    paper = np.array(palette.paper.getRgbF()[:3])
    for colour in (palette.note, palette.due, palette.severe, palette.part):
        line = np.array(colour.getRgbF()[:3])
        assert difference(seen(line, vision), seen(paper, vision)) > 20, colour.name()


def test_that_another_language_switches_no_layer(window):
    before = window.session.shown.keys
    for code in ("zh_CN", "fr", "en"):
        window.menus[f"language_{code}"].trigger()
        assert window.session.shown.keys == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_a_box_without_a_tick_can_be_seen_on_its_ground(qtbot, scheme):
    use_scheme(scheme)
    tick, tree = QWidget(), QTreeWidget()
    QCheckBox(tick).move(10, 10)
    tree.setHeaderHidden(True)
    item = QTreeWidgetItem(tree, [""])
    item.setCheckState(0, Qt.CheckState.Unchecked)
    try:
        for widget in (tick, tree):
            qtbot.addWidget(widget)
            widget.resize(80, 60)
            widget.show()
            image = widget.grab().toImage()
            ground = image.pixelColor(image.width() - 8, image.height() - 8)
            seen = [image.pixelColor(x, y) for x in range(2, 60) for y in range(2, 50)]
            frames = [colour for colour in seen if contrast(colour, ground) >= 3.0]  # the least of WCAG 2.1 for what is no word
            assert len(frames) > 20
    finally:
        use_scheme("system")
