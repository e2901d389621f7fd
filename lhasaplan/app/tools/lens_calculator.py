"""The tool that works out lenses: sensor, focal length, angle, density at a distance, blind zone; with a side view."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Tool, Workbench
from lhasaplan.app.look import Language, add_row, fill_choices, in_column, ink, is_dark, length_text, plain_label, push_button
from lhasaplan.app.map.style import palette_for
from lhasaplan.app.panels.fields import Amount, ChoiceField, Number, ask_in, number_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, CameraClass, Status
from lhasaplan.core.model.camera_fields import FIELD
from lhasaplan.core.model.optics import (
    CLASSES_PX_M,
    RECTILINEAR_LIMIT_DEG,
    LensClass,
    LensSetup,
    angle_for_density_deg,
    blind_zone_m,
    density_at_px_m,
    far_edge_m,
    farthest_with_m,
    focal_length_mm,
    horizontal_angle_deg,
    width_at_m,
)
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.words import LENSES

# The numbers that are asked for: those of a camera by their keys in the table of camera fields, and what is looked at.
PX = ("image_width_px", "image_height_px")
OF_LENSES = ("hfov_deg", *PX, "mount_height_m", "tilt_deg")  # as the form of a camera asks for them
OF_STRAIGHT = ("sensor_width_mm", "focal_length_mm")
FIELDS = (
    Number("sensor_width_mm", marked("Sensor width"), 1.0, 60.0, 0.1, "mm", 2),
    Number("focal_length_mm", marked("Focal length"), 0.5, 500.0, 0.5, "mm", 2),
    *(number_of(FIELD[key]) for key in OF_LENSES),
    Number("target_m", marked("Height of the object"), 0.0, 10.0, 0.1, "m", 1),
    Number("away_m", marked("Distance"), 0.1, 2000.0, 1.0, "m", 1),
)
OF_CAMERAS = {each.name: each for each in FIELDS if each.name in FIELD}
AT_FIRST = {
    **{key: cast("float", FIELD[key].drawn) for key in OF_LENSES},
    **{"sensor_width_mm": 4.8, "focal_length_mm": 4.0, "hfov_deg": 61.9, "target_m": 0.0, "away_m": 20.0},
}


@dataclass(frozen=True, slots=True)
class Question:
    """A lens as it hangs, and what is looked at.

    Parameters
    ----------
    numbers : by name. The angle of a straight lens follows from sensor and focal length, and they from it. ``target_m`` is how
        high above the ground what is looked at is (0 for the ground, 1.7 for a face), ``away_m`` how far away on the ground.
    wanted_px_m : the density that is wanted there.
    """

    numbers: Mapping[str, float]
    lens_class: LensClass = LensClass.RECTILINEAR
    wanted_px_m: float = 62.5

    def __getitem__(self, name: str) -> float:
        return self.numbers[name]

    @property
    def is_straight(self) -> bool:
        """Say whether sensor and focal length say something of the angle."""
        return self.lens_class is LensClass.RECTILINEAR

    @property
    def lens(self) -> LensSetup:
        """Return the lens as its figures are worked out for."""
        width_px, height_px = (int(self[name]) for name in PX)
        height_m = self["mount_height_m"] - self["target_m"]
        return LensSetup(self["hfov_deg"], self.lens_class, width_px, height_px, height_m, self["tilt_deg"])

    def with_number(self, name: str, value: float) -> "Question":
        """Return the question with another number, and with what follows from it."""
        after = replace(self, numbers={**self.numbers, name: value})
        if not after.is_straight or name not in OF_STRAIGHT:
            return after.settled()
        angle = horizontal_angle_deg(after["sensor_width_mm"], after["focal_length_mm"])
        return replace(after, numbers={**after.numbers, "hfov_deg": angle}) if angle <= RECTILINEAR_LIMIT_DEG else self

    def settled(self) -> "Question":
        """Return the question with the angle that a straight lens can have, and the focal length that goes with it."""
        if not self.is_straight:
            return self
        hfov = min(self["hfov_deg"], RECTILINEAR_LIMIT_DEG)
        follows = {"hfov_deg": hfov, "focal_length_mm": focal_length_mm(self["sensor_width_mm"], hfov)}
        return replace(self, numbers={**self.numbers, **follows})


def taken_from(camera: Camera, usual: CameraClass, before: Question) -> Question:
    """Return the question about a camera: what is not recorded is as cameras of its kind usually have it."""
    recorded = {name: getattr(camera, name) for name in OF_CAMERAS} | {"hfov_deg": camera.recorded_hfov_deg}
    usually = {name: getattr(usual, name).typical for name in OF_CAMERAS if hasattr(usual, name)}
    taken = {name: value for name, value in recorded.items() if value is not None and name != "focal_length_mm"}
    numbers, lens_class = {**before.numbers, **usually, **taken}, camera.lens_class or usual.lens_class
    return replace(before, numbers=numbers, lens_class=lens_class).settled()


def values_for(camera: Camera, question: Question) -> dict[str, object]:
    """Return the values that the calculator gives to a camera, of those that differ as they are shown."""
    asked = [name for name in OF_CAMERAS if question.is_straight or name not in OF_STRAIGHT]
    wished: dict[str, object] = {name: round(question[name], OF_CAMERAS[name].decimals or None) for name in asked}
    wished["lens_class"] = question.lens_class
    if camera.vfov_deg is not None:
        wished["vfov_deg"] = round(question.lens.vfov_deg, 1)
    return {name: value for name, value in wished.items() if getattr(camera, name) != value}


# A side view of a lens as it hangs: its edges, the blind zone, and what is looked at.
HEIGHT_PX, MARGIN_PX, BEYOND = 110, 12.0, 1.3
PERSON_M = 1.7
SEEN, BLIND_ZONE_COLOUR = QColor(90, 160, 220, 70), QColor(201, 42, 42, 150)


class Sketch(QWidget):
    """Drawn to scale along the ground; heights have a scale of their own, so that a mount is seen beside a long street."""

    def __init__(self) -> None:
        super().__init__()
        self._question = Question(AT_FIRST)
        self.setMinimumHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_question(self, question: Question) -> None:
        """Draw another lens."""
        self._question = question
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw ground, pole, the seen wedge, the blind zone and a person at the distance."""
        asked = self._question
        long_m = max(asked["away_m"], 1.0) * BEYOND
        high_m = max(asked["mount_height_m"], PERSON_M) * 1.15
        room = QRectF(self.rect()).adjusted(MARGIN_PX, MARGIN_PX / 2, -MARGIN_PX, -MARGIN_PX)

        def at(x_m: float, z_m: float) -> QPointF:
            return QPointF(room.left() + x_m / long_m * room.width(), room.bottom() - z_m / high_m * room.height())

        painter = QPainter(self)
        painter.setClipRect(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(SEEN)
        painter.drawPolygon(QPolygonF([at(x, z) for x, z in _seen(asked, long_m)]))
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(at(0.0, 0.0), at(long_m, 0.0))
        painter.drawLine(at(0.0, 0.0), at(0.0, asked["mount_height_m"]))
        blind = min(blind_zone_m(asked.lens), long_m)
        painter.setPen(QPen(BLIND_ZONE_COLOUR, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(at(0.0, asked["target_m"]), at(blind, asked["target_m"]))
        painter.setPen(QPen(palette_for(is_dark(), is_clear=False).accent, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at(asked["away_m"], 0.0), at(asked["away_m"], PERSON_M))
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(at(0.0, asked["mount_height_m"]), 4.0, 4.0)
        painter.end()


def _seen(asked: Question, long_m: float) -> list[tuple[float, float]]:
    """Return the wedge between the edges of the picture, down to what is looked at and as far as is drawn."""
    lens, low = asked.lens, asked["target_m"]
    near, far = min(blind_zone_m(lens), long_m), min(far_edge_m(lens), long_m)
    corners = [(0.0, asked["mount_height_m"]), (near, low)]
    if math.isinf(blind_zone_m(lens)):
        corners[1] = (long_m, asked["mount_height_m"] - long_m * math.tan(math.radians(asked["tilt_deg"] + lens.vfov_deg / 2.0)))
    corners.append((far, low))
    upper = asked["tilt_deg"] - lens.vfov_deg / 2.0
    if math.isinf(far_edge_m(lens)) or far >= long_m:
        corners.append((long_m, asked["mount_height_m"] - long_m * math.tan(math.radians(max(upper, -80.0)))))
    return corners


DENSITY, WIDTH = marked("Density there"), marked("Width of the picture there")
BLIND, ENDS = marked("Blind zone"), marked("The picture ends at")
REACHES, WANTED = marked("{density} px/m up to"), marked("For {density} px/m there")
NEVER, HORIZON, NOWHERE = marked("all of the ground"), marked("at the horizon"), marked("nowhere")
ANGLE_AND_FOCAL = marked("{angle}°, focal length {focal} mm")
HINT = marked(
    "Computed along the middle of the picture, on level ground with nothing in the way. The map shows what a "
    "camera sees past walls."
)
FIELD_PX = 70  # at least: Qt would keep room for the largest number


class CalculatorPanel(QWidget):
    """Answers while it is asked; it changes a camera only by its button."""

    give_wished = Signal(object)  # Question

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.question = Question(AT_FIRST)
        self.fields = {each.name: Amount() for each in FIELDS}
        self.lens, self.wanted = ChoiceField(), ChoiceField()
        self.sketch, self.hint, self.refusal = Sketch(), plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.take = push_button(language, marked("Take from the camera"))
        self.give = push_button(language, marked("Give to the camera"))
        self.figures: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        self._lay_out()
        self._connect()
        self._reword()

    def _lay_out(self) -> None:
        body, self._rows = QWidget(), QFormLayout()
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # a dock is narrow, and French is long
        answers = QFormLayout()
        buttons = in_column(self.take, self.give)
        in_column(buttons, self.refusal, self._rows, self.sketch, answers, self.hint, 1, of=body)
        self._lay_rows(answers)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(body)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        in_column(area, of=self, margin_px=0)

    def _lay_rows(self, answers: QFormLayout) -> None:
        for each in FIELDS:
            field = self.fields[each.name]
            ask_in(field, each)
            field.setMinimumWidth(FIELD_PX)
            add_row(self._rows, self._say, each.title, field)
        add_row(self._rows, self._say, marked("Lens"), self.lens)
        add_row(self._rows, self._say, marked("Wanted density"), self.wanted)
        keys = (DENSITY, WIDTH, WANTED, *(f"reach_{density:g}" for density in CLASSES_PX_M), BLIND, ENDS)
        for key in keys:
            self._titles[key], self.figures[key] = plain_label(), plain_label()
            answers.addRow(self._titles[key], self.figures[key])

    def _connect(self) -> None:
        for name, field in self.fields.items():
            field.valueChanged.connect(partial(self._ask, name))
        self.lens.activated.connect(self._ask_lens)
        self.wanted.activated.connect(self._ask_density)
        self.give.clicked.connect(lambda: self.give_wished.emit(self.question))
        self._say.bind(self.hint.setText, HINT)
        self._say.changed.connect(self._reword)

    def _ask(self, name: str, value: float) -> None:
        self.show_question(self.question.with_number(name, value))

    def _ask_lens(self) -> None:
        self.show_question(replace(self.question, lens_class=LensClass(self.lens.currentData())).settled())

    def _ask_density(self) -> None:
        self.show_question(replace(self.question, wanted_px_m=self.wanted.currentData()))

    def enable_for(self, has_camera: bool) -> None:
        """Enable what needs a selected camera."""
        self.take.setEnabled(has_camera)
        self.give.setEnabled(has_camera)

    def refuse(self, sentence: str) -> None:
        """Say why a camera cannot have this lens; an empty sentence takes it away."""
        self.refusal.setText(sentence)
        self.refusal.setStyleSheet(f"color: {ink('error').name()};")

    # Showing

    def _reword(self) -> None:
        fill_choices(self.lens, self._say.words(LENSES))
        fill_choices(self.wanted, {density: f"{density:g} px/m" for density in CLASSES_PX_M})
        self.show_question(self.question)

    def show_question(self, question: Question) -> None:
        """Show what is asked, and the figures that answer it."""
        self.question = question
        most = RECTILINEAR_LIMIT_DEG if question.is_straight else 360.0
        for name, field in self.fields.items():
            blocker = QSignalBlocker(field)
            if name == "hfov_deg":
                field.setMaximum(most)
            field.setValue(question[name])
            blocker.unblock()
        for name in OF_STRAIGHT:
            self.fields[name].setEnabled(question.is_straight)
        self.lens.setCurrentIndex(self.lens.findData(str(question.lens_class)))
        self.wanted.setCurrentIndex(self.wanted.findData(question.wanted_px_m))
        self.refuse("")
        self.sketch.show_question(question)
        self._write()

    def _write(self) -> None:
        asked, lens, say = self.question, self.question.lens, self._say
        away_m = asked["away_m"]
        self._tell(DENSITY, say(DENSITY), f"{self._number(density_at_px_m(lens, away_m))} px/m")
        self._tell(WIDTH, say(WIDTH), length_text(width_at_m(lens, away_m), say.translations))
        self._tell(WANTED, say(WANTED, density=f"{asked.wanted_px_m:g}"), self._needed(asked))
        for density in CLASSES_PX_M:
            away = farthest_with_m(lens, density)
            text = say(NOWHERE) if away is None else length_text(away, say.translations)
            self._tell(f"reach_{density:g}", say(REACHES, density=f"{density:g}"), text)
        self._tell(BLIND, say(BLIND), self._length(blind_zone_m(lens), say(NEVER)))
        self._tell(ENDS, say(ENDS), self._length(far_edge_m(lens), say(HORIZON)))

    def _needed(self, asked: Question) -> str:
        """Return the lens that gives the wanted density at the distance."""
        angle = angle_for_density_deg(asked.lens, asked.wanted_px_m, asked["away_m"])
        if not asked.is_straight:
            return f"{self._number(angle)}°"
        focal = focal_length_mm(asked["sensor_width_mm"], angle)
        return self._say(ANGLE_AND_FOCAL, angle=self._number(angle), focal=self._number(focal))

    def _tell(self, key: str, title: str, text: str) -> None:
        self._titles[key].setText(title)
        self.figures[key].setText(text)

    def _number(self, value: float) -> str:
        return number_text(value, self._say.translations, 1)

    def _length(self, length_m: float, endless: str) -> str:
        return endless if math.isinf(length_m) else length_text(length_m, self._say.translations)


# The tool that works out lenses: sensor, focal length, angle, density at a distance, blind zone.

KEY = "lens_calculator"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, panel = bench.session, CalculatorPanel(bench.language)

    def follow() -> None:
        """Enable the buttons while a camera that stands is selected."""
        camera = session.selected
        panel.enable_for(camera is not None and camera.status is not Status.REMOVED)

    def take() -> None:
        """Ask about the selected camera."""
        camera = session.selected
        if camera is not None:
            panel.show_question(taken_from(camera, bench.context.usual_of(camera), panel.question))

    def give(question: Question) -> None:
        """Give the lens to the selected camera, in one step."""
        camera = session.selected
        fault = commands.editing.correct(values_for(camera, question)) if camera is not None else None
        panel.refuse(bench.language.fault(fault) if fault is not None else "")

    for signal in (session.selection_changed, session.project_changed):
        signal.connect(follow)
    panel.take.clicked.connect(take)
    panel.give_wished.connect(give)
    follow()
    entry = Entry(KEY, marked("&Lens calculator"), lambda: session.attention.bring(KEY))
    dock = Panel(KEY, marked("Lens calculator"), panel, behind="selected", stays=True)
    return Tool(KEY, panels=(dock,), entries=((marked("&Edit"), entry),))
