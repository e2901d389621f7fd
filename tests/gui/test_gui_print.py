"""The map on paper: to scale on every size, with what must stand beside it, and nothing that may not be shown."""

import re
from dataclasses import replace

import pytest
from gui_town import FakeContext, result_of
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QDialogButtonBox

from lhasaplan.app.dialogs.previews import WHOLE_CITY, PrintForm, PrintWish
from lhasaplan.app.map.paper import PNG_DPI, SIZES_MM, PrintedPaper, fitting, fitting_scale, ground_of, units
from lhasaplan.app.map.style import PRINT
from lhasaplan.app.tools.print_layout import page_words
from lhasaplan.core.base.translations import Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.redaction import public_values


class PrintContext(FakeContext):
    """Shows what outputs show."""

    def shown(self, project, results):
        return public_values(project, results)


@pytest.fixture
def context():
    return PrintContext()


@pytest.fixture
def audited(qtbot, window):
    window.menus["check"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    return window


def printed(qtbot, window, tmp_path, paper=PrintedPaper("A4"), scale=250, ending="png"):  # noqa: B008 - a frozen value
    path = tmp_path / f"map.{ending}"
    window.bench.dialogs.answer["ask_print"] = PrintWish(paper, scale, "Square and bridge", path)
    window.menus["print_layout"].trigger()
    qtbot.waitUntil(lambda: window.strip.notice is not None and str(path) in window.strip.notice.lines, timeout=20_000)
    assert window.bench.dialogs.reported == []
    assert [text for text, _ in window.strip.notice.actions] == ["Open the file", "Open the folder"]
    window.strip.dismiss()
    return path


@pytest.mark.parametrize("size", SIZES_MM)
@pytest.mark.parametrize("lying", [True, False])
def test_that_map_and_title_block_fill_the_sheet_inside_its_margins(size, lying):
    paper = PrintedPaper(size, lying)
    left, top, width, height = paper.map_box
    below_left, below_top, below_width, below_height = paper.block_box
    assert (left, top) == (units(10.0), units(10.0))
    assert (below_left, below_top, below_width) == (left, top + height, width)
    assert below_top + below_height == pytest.approx(units(paper.size_mm[1] - 10.0))
    assert (paper.size_mm[0] > paper.size_mm[1]) is lying
    assert height > below_height


def test_that_ten_centimetres_at_one_to_ten_thousand_are_a_kilometre():
    assert ground_of((0, 0, units(100.0), units(50.0)), 500.0, 500.0, 10_000) == pytest.approx((0.0, 250.0, 1000.0, 750.0))


def test_that_the_next_round_scale_is_taken_that_shows_all_of_it():
    box = (0, 0, units(200.0), units(100.0))
    assert fitting_scale(box, 200.0, 10.0) == 1000
    assert fitting_scale(box, 200.1, 10.0) == 2000
    assert fitting_scale(box, 10.0, 100.0) == 1000


def is_camera(colour):
    return colour.red() < 60 and colour.green() < 70 and colour.blue() < 90


def test_that_a_picture_is_to_scale_and_says_how_many_dots_an_inch_it_has(qtbot, audited, tmp_path):
    results, (_, bare) = audited.session.assessment, audited.session.project.cameras
    audited.session.set_assessment(replace(results, cameras=(*results.cameras, result_of(bare))), audited.session.project)
    audited.canvas.show_box((40, 30, 60, 50))
    audited.canvas._look(replace(audited.canvas.viewport, x_m=50.0, y_m=40.0))  # the known camera in the middle
    image = QImage(str(printed(qtbot, audited, tmp_path)))
    dpi = PNG_DPI["A4"]
    assert (image.width(), image.height()) == (round(297 / 25.4 * dpi), round(210 / 25.4 * dpi))
    assert image.dotsPerMeterX() == pytest.approx(dpi / 0.0254, abs=1)
    left, top, width, height = (each * dpi / 96 for each in PrintedPaper("A4").map_box)
    # The other camera stands 30 m east: 120 mm at 1:250.
    for east_mm in (0.0, 120.0):
        x, y = left + width / 2 + east_mm / 25.4 * dpi, top + height / 2
        near = [image.pixelColor(round(x + dx), round(y + dy)) for dx in range(-12, 13, 4) for dy in range(-12, 13, 4)]
        assert any(map(is_camera, near)), east_mm


LARGEST = pytest.param(PrintedPaper("A0", False), marks=pytest.mark.nightly)


@pytest.mark.parametrize("paper", [PrintedPaper("A4", False), PrintedPaper("A2", True), LARGEST])
def test_that_a_pdf_has_one_page_of_the_paper_that_was_wished(qtbot, audited, tmp_path, paper):
    page = printed(qtbot, audited, tmp_path, paper, WHOLE_CITY, "pdf").read_bytes()
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    assert tuple(float(side) / 72 * 25.4 for side in box) == pytest.approx(paper.size_mm, abs=0.6)


def red_at_the_top(path):
    image = QImage(str(path))
    left, top, width, _ = (round(each * PNG_DPI["A4"] / 96) for each in PrintedPaper("A4").map_box)
    return any(image.pixelColor(x, y).name() == "#b00000" for x in range(left, left + width) for y in range(top, top + 56, 2))


def test_that_made_up_data_are_marked_on_the_sheet_and_others_are_not(qtbot, audited, tmp_path):
    assert not red_at_the_top(printed(qtbot, audited, tmp_path))
    audited.session.set_assessment(replace(audited.session.assessment, synthetic=True), audited.session.project)
    assert red_at_the_top(printed(qtbot, audited, tmp_path))


@pytest.fixture
def form(qtbot, audited):
    """The box, with the pages that the tool paints into it."""
    paints = []
    audited.bench.dialogs.ask_print = lambda _title, _name, paint: paints.append(paint)
    audited.menus["print_layout"].trigger()
    made = PrintForm(audited, audited.bench.language, "Square", paints[0])
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: not made.preview.image.isNull(), timeout=20_000)
    del audited.bench.dialogs.ask_print
    return made


def choose(qtbot, combo, text):
    """Choose by keys, as a person without a mouse does."""
    combo.setFocus()
    for _ in range(combo.count()):
        if combo.currentText() == text:
            return
        qtbot.keyClick(combo, Qt.Key.Key_Down if combo.findText(text) > combo.currentIndex() else Qt.Key.Key_Up)
    raise AssertionError(text)


@pytest.mark.nightly  # by day a sheet to scale with its marks here
def test_that_the_preview_follows_paper_and_sheet(qtbot, form):
    def ratio():
        return form.preview.image.width() / form.preview.image.height()

    assert ratio() == pytest.approx(420 / 297, abs=0.01)
    choose(qtbot, form.way, "portrait")
    qtbot.waitUntil(lambda: ratio() == pytest.approx(297 / 420, abs=0.01), timeout=20_000)
    choose(qtbot, form.paper, "A0")
    qtbot.waitUntil(lambda: ratio() == pytest.approx(841 / 1189, abs=0.01), timeout=20_000)


def grey(image, size):
    small = image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return [small.pixelColor(x, y).lightness() for x in range(size[0]) for y in range(size[1])]


def colour_at(image, across, down):
    return image.pixelColor(round(across * image.width()), round(down * image.height())).name()


def apart(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def test_that_a_long_fact_of_the_title_block_is_written_smaller_and_not_cut(qapp):
    few, many = "eu-gdpr", "hilltown-fiction, municipal-safety"
    font, text = fitting(few, 100.0, qapp.font().family())
    small, whole = fitting(many, QFontMetricsF(font).horizontalAdvance(many) * 0.75, qapp.font().family())
    assert (text, whole) == (few, many)
    assert QFontMetricsF(small).height() < QFontMetricsF(font).height()
    assert fitting(many, 20.0, qapp.font().family())[1].endswith("…")


@pytest.mark.nightly  # by day a sheet to scale with its marks here
def test_that_the_button_says_what_it_writes(qtbot, form):
    accept = form.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert accept.text() == "Print to PDF"
    form.ending.setCurrentText("PNG")
    assert accept.text() == "Print to PNG"


@pytest.mark.nightly  # by day a sheet to scale with its marks here
def test_that_the_page_is_printed_as_the_preview_showed_it(qtbot, audited, form, tmp_path):
    choose(qtbot, form.paper, "A4")
    choose(qtbot, form.scale, "1:250")
    form.heading.setText("Square and bridge")
    qtbot.waitUntil(lambda: not audited.bench.jobs.is_busy("print-preview"), timeout=20_000)
    shown, sheet = grey(form.preview.image, (99, 70)), QImage(str(printed(qtbot, audited, tmp_path)))
    assert apart(shown, grey(sheet, (99, 70))) < 3
    for image in (form.preview.image, sheet):  # the house in the west, and the gap of 20 m beside it
        assert colour_at(image, 0.2, 0.25) == PRINT.building_fills[0].name()
        assert colour_at(image, 0.5, 0.25) == PRINT.paper.name()
    other = printed(qtbot, audited, tmp_path, scale=1000)
    assert apart(shown, grey(QImage(str(other)), (99, 70))) > 6


def test_that_scale_system_dates_and_sources_stand_in_the_block_in_the_language(audited):
    project, shown = public_values(audited.session.project, audited.session.assessment)
    inputs = (replace(shown.inputs[0], date="2026-01-02"),)
    shown = replace(shown, inputs=inputs)
    words = page_words("Square", 2500, project, shown, Translations(), "2026-11-25")
    facts = dict(words.facts)
    assert facts["Scale"] == "1:2 500"
    assert facts["Coordinate system"] == "EPSG:32632"
    assert facts["Data as of"] == "2 January 2026"
    assert facts["Printed on"] == "25 November 2026"
    assert words.sources == "© somebody"
    assert "protected places" in words.disclosure
    french = page_words("Square", 2500, project, shown, load_translations("fr"), "2026-11-25")
    assert "Échelle" in dict(french.facts)


def test_that_without_results_or_with_old_ones_nothing_is_printed(qtbot, window, tmp_path):
    window.bench.dialogs.answer["ask_print"] = PrintWish(PrintedPaper(), 0, "", tmp_path / "map.pdf")
    window.menus["print_layout"].trigger()
    assert "There are no results yet" in window.strip.text.text()
    window.menus["check"].trigger()
    qtbot.waitUntil(lambda: window.session.assessment is not None)
    window.session.edit("Import", lambda project: replace(project, name="other"))
    window.menus["print_layout"].trigger()
    assert "was changed since" in window.strip.text.text()
    assert not list(tmp_path.iterdir())


def test_that_no_map_is_printed_where_a_pack_asks_for_coarse_positions(audited, tmp_path):
    results = replace(audited.session.assessment, public_precision_deg=0.01)
    audited.session.set_assessment(results, audited.session.project)
    audited.bench.dialogs.answer["ask_print"] = PrintWish(PrintedPaper(), 0, "", tmp_path / "map.pdf")
    audited.menus["print_layout"].trigger()
    assert audited.bench.dialogs.reported[-1][1][0] == "The map is left out: positions are coarse or missing."
    assert not list(tmp_path.iterdir())


@pytest.mark.nightly  # by day a sheet to scale with its marks here
def test_that_a_wish_that_was_thought_better_of_prints_nothing(audited, tmp_path):
    audited.menus["print_layout"].trigger()
    assert not audited.bench.dialogs.reported
