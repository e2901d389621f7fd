"""The tool that shows what stands in the picture of the selected camera, and takes masks that are drawn in it."""

import re
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QLineEdit, QMainWindow, QToolButton, QWidget

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Tool, Workbench
from lhasaplan.app.look import HAIR_PX, NEAR_PX, NONE_PX, Language, in_column, in_row, plain_label, plain_tip
from lhasaplan.app.state import Session, edits
from lhasaplan.app.tools.picture.lens_view import NONE, POLYGON, RECTANGLE, LensView, Ring
from lhasaplan.app.tools.picture.pictures import PEOPLE_M, Pictures, PictureWish, SavingPictures, Shot, ask_file
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import number_text

# The panel through the lens: the picture of the selected camera, tools to mask in it, what lies under the pointer.

CAPTION = marked(
    "Made from map data and the record: this is no camera picture, and nobody in it is real. Blue: ground by "
    "density. Hatched: protected places, from yellow to red by sharpness. Dark: masked."
)
SHORT_CAPTION = marked("Made from map data and the record: this is no camera picture, and nobody in it is real.")
SILENT = marked("Near this camera all buildings are veiled alike: nothing more may be said about this ground.")
ASSUMED = marked("Values that are not recorded for this camera were assumed; its record lists them.")
FIXED = marked("You can draw masks if direction, lens and tilt are recorded.")
SPOT = marked("{away} m away, {density} px/m")
VEILED = marked("Veiled: no figures on protected places are given here.")
HOW_RECTANGLE = marked(
    "Drag a rectangle over what must not be seen: it becomes a mask of the camera. You can undo it in one step. "
    "By keys: the arrows move a cross (Shift: one pixel), Space sets a corner, Enter ends."
)
HOW_POLYGON = marked(
    "Click the corners of a mask. A double-click closes it, Backspace removes a corner, Esc discards it. By "
    "keys: the arrows move a cross (Shift: one pixel), Space sets a corner, Enter closes."
)
LARGE_PX, SMALL_PX = 760, 380
PROPORTION, MOST_SHARE = 9 / 16, 0.28  # height by width; of the window's height, so that fields stay in view
MOST_SHARE_LARGE = 0.6
MOST_PEOPLE, NEAREST_M, FARTHEST_M = 8, 0.5, 500.0


class PicturePanel(QWidget):
    """A picture with its tools and caption, or the reason why there is none."""

    wished = Signal(object)  # Wish
    save_wished = Signal()
    resized = Signal(int)  # columns that the screen has for the picture

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._reason = ""
        self._shot: Shot | None = None
        self.view, self.caption, self.readout = LensView(language), plain_label(wordWrap=True), plain_label()
        self.rectangle, self.polygon, self.unmask = self._button(), self._button(), self._button(False)
        self.more = self._button()
        self.night, self.trees, self.larger, self.save = (self._button(), self._button(), self._button(), self._button(False))
        self.people = QLineEdit(", ".join(f"{each:g}" for each in PEOPLE_M))
        self._name()
        self._lay_out()
        self._listen()
        self.tell("")

    @staticmethod
    def _button(can_stay: bool = True) -> QToolButton:
        button = QToolButton()
        button.setCheckable(can_stay)
        button.setAutoRaise(True)
        return button

    def _name(self) -> None:
        say = self._say
        for button, text, tip in (
            (self.rectangle, marked("Mask a rectangle"), HOW_RECTANGLE),
            (self.polygon, marked("Mask a polygon"), HOW_POLYGON),
            (self.unmask, marked("Remove the mask"), marked("Remove the mask clicked in the picture (Delete)")),
            (self.night, marked("Night"), marked("Night view: grey up to the range at night, dark beyond")),
            (
                self.trees,
                marked("Trees"),
                marked("Draw trees in leaf. A tree is no mask: places behind it are hatched all the same."),
            ),
            (self.more, marked("Tools"), marked("Draw masks, show people, night and trees, save the picture")),
            (self.larger, marked("Larger"), marked("Give the picture half of the window, or back")),
            (self.save, marked("Save picture…"), marked("Save the picture as a PNG file, with a line that says what it is")),
        ):
            say.bind(button.setText, text)
            say.bind(partial(_tip, button), tip)
        say.bind(self.people.setToolTip, marked("Distances of a person 1.70 m tall, in metres, with commas between"))
        self.trees.setChecked(True)
        self.people.setMaximumWidth(130)

    def _lay_out(self) -> None:
        label = plain_label()
        self._say.bind(label.setText, marked("People at (m)"))
        first = in_row(self.rectangle, self.polygon, self.unmask, self.save, 1, gap_px=HAIR_PX)
        second = in_row(label, self.people, self.night, self.trees, self.larger, 1, gap_px=HAIR_PX)
        self.tools = QWidget()
        in_column(first, second, of=self.tools, margin_px=NONE_PX, gap_px=HAIR_PX)
        self.tools.hide()
        self.readout.setParent(self.view)  # over the picture: it comes and goes with the pointer and moves nothing
        self.readout.setAutoFillBackground(True)
        foot = in_row((self.caption, 1), self.more)
        foot.setAlignment(self.more, Qt.AlignmentFlag.AlignTop)
        in_column(self.tools, self.view, foot, of=self, margin_px=NEAR_PX, gap_px=HAIR_PX)

    def _listen(self) -> None:
        self.more.toggled.connect(self.tools.setVisible)
        self.rectangle.toggled.connect(lambda on: self._use(RECTANGLE, self.polygon, on))
        self.polygon.toggled.connect(lambda on: self._use(POLYGON, self.rectangle, on))
        self.unmask.clicked.connect(self.view.removal_wished.emit)
        self.view.mask_picked.connect(lambda number: self.unmask.setEnabled(number != NONE))
        self.view.mask_drawn.connect(lambda _ring: self._put_tools_down())
        self.view.pointed.connect(self._point)
        for button in (self.night, self.trees):
            button.toggled.connect(lambda _on: self._wish())
        self.people.editingFinished.connect(self._wish)
        self.larger.toggled.connect(self._resize_dock)
        self.save.clicked.connect(self.save_wished.emit)
        self._say.changed.connect(self._write)

    def show_shot(self, shot: Shot) -> None:
        """Show a picture."""
        self._shot, self._reason = shot, ""
        self.view.show_picture(shot.image, shot.picture, shot.camera.mask_px)
        self._allow()
        self._write()

    def tell(self, reason: str) -> None:
        """Say why there is no picture."""
        if self._shot is None and self._reason == reason:  # a drag asks at each step, and panels would be laid out anew
            return
        self._shot, self._reason = None, reason
        self.view.show_picture(QImage(), None)
        self._put_tools_down()
        self._allow()
        self._write()

    def _allow(self) -> None:
        """Let buttons be used where they do something, and say why not."""
        shot = self._shot
        may_mask = shot is not None and shot.is_fixed
        for button, how in ((self.rectangle, HOW_RECTANGLE), (self.polygon, HOW_POLYGON)):
            button.setEnabled(may_mask)
            button.setToolTip(self._say(how if may_mask or shot is None else FIXED))
        self.unmask.setEnabled(self.view.picked != NONE)
        self.night.setEnabled(shot is not None and shot.camera.night_range_m is not None)
        self.save.setEnabled(shot is not None)

    def _write(self) -> None:
        self.view.setVisible(self._shot is not None)
        self.more.setVisible(self._shot is not None)
        self.tools.setVisible(self._shot is not None and self.more.isChecked())
        self.caption.setText(" ".join(self._caption()))
        self.caption.setToolTip(plain_tip(self._say(CAPTION)))
        self._point(None)

    def _caption(self) -> list[str]:
        if self._shot is None:
            return [self._say(self._reason)] if self._reason else []
        lines = [self._say(SHORT_CAPTION)]
        if self._shot.picture.is_silent:
            lines.append(self._say(SILENT))
        if self._shot.assumed:
            lines.append(self._say(ASSUMED))
        return lines

    def _point(self, at: tuple[float, float] | None) -> None:
        spot = self._shot.picture.at(*at) if self._shot is not None and at is not None else None
        text = ""
        if spot is not None and spot.is_veiled:
            text = self._say(VEILED)
        elif spot is not None and spot.away_m is not None and spot.density_px_m is not None:
            away, density = (number_text(each, self._say.translations, 0) for each in (spot.away_m, spot.density_px_m))
            text = self._say(SPOT, away=away, density=density)
        self.readout.setText(text)
        self.readout.setVisible(bool(text))
        self.readout.adjustSize()
        self.readout.move(HAIR_PX, self.view.height() - self.readout.height() - HAIR_PX)

    def _use(self, tool: str, other: QToolButton, is_on: bool) -> None:
        if is_on:
            other.setChecked(False)
        tools = ((self.polygon, POLYGON), (self.rectangle, RECTANGLE))
        self.view.use(tool if is_on else next((name for button, name in tools if button.isChecked()), ""))

    def _put_tools_down(self) -> None:
        for button in (self.rectangle, self.polygon):
            button.setChecked(False)

    def _wish(self) -> None:
        self.wished.emit(PictureWish(distances_in(self.people.text()), self.night.isChecked(), self.trees.isChecked()))

    def _resize_dock(self, is_large: bool) -> None:
        """Give the dock that holds the panel more of the window, or less."""
        dock = self.parentWidget()
        while dock is not None and not isinstance(dock, QDockWidget):
            dock = dock.parentWidget()
        window = dock.parentWidget() if isinstance(dock, QDockWidget) else None
        if isinstance(dock, QDockWidget) and isinstance(window, QMainWindow) and not dock.isFloating():
            window.resizeDocks([dock], [LARGE_PX if is_large else SMALL_PX], Qt.Orientation.Horizontal)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell how wide the picture may be."""
        super().resizeEvent(event)
        most = self.window().height() * (MOST_SHARE_LARGE if self.larger.isChecked() else MOST_SHARE)
        self.view.setFixedHeight(max(min(round(self.width() * PROPORTION), round(most)), 1))
        self.resized.emit(round(self.view.width() * self.devicePixelRatioF()))


def _tip(button: QToolButton, words: str) -> None:
    button.setToolTip(plain_tip(words))


def distances_in(text: str) -> tuple[float, ...]:
    """Return the distances that a person wrote, the first few that make sense.

    >>> distances_in("5, 10; 20,5 x 9000")
    (5.0, 10.0, 20.0)
    """
    found = (float(each) for each in re.findall(r"\d+(?:\.\d+)?", text))
    return tuple(each for each in found if NEAREST_M <= each <= FARTHEST_M)[:MOST_PEOPLE]


# Masks drawn in the picture become masks of the camera: each is one step that can be undone.
ADD, DROP = marked("Mask in the picture"), marked("Remove a mask from the picture")


class PictureMasks:
    """Adds and takes away masks of the selected camera."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, ring: Ring) -> None:
        """Give the selected camera one mask more."""
        camera = self._session.selected
        if camera is not None:
            self._put((*camera.mask_px, ring), ADD)

    def drop(self, number: int) -> None:
        """Take a mask of the selected camera away."""
        camera = self._session.selected
        if camera is not None and 0 <= number < len(camera.mask_px):
            self._put(camera.mask_px[:number] + camera.mask_px[number + 1 :], DROP)

    def _put(self, rings: tuple[Ring, ...], template: str) -> None:
        edit = edits.changed(self._session.selected_id, {"mask_px": rings}, self._session.author)
        self._session.edit(template, edit)


KEY = "picture"


@dataclass(frozen=True, eq=False, slots=True)
class PictureCommands:
    """What the tool can do: draw pictures, mask in them, save them."""

    pictures: Pictures
    masks: PictureMasks
    saving: SavingPictures


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    panel, masks = PicturePanel(bench.language), PictureMasks(session)
    pictures = Pictures(session, bench.context, bench.sight, bench.jobs)
    saving = SavingPictures(bench, pictures, ask_file(panel, bench.language))
    pictures.following.drawn.connect(panel.show_shot)
    pictures.following.missing.connect(panel.tell)
    pictures.following.failed.connect(lambda error: panel.tell(bench.language.fault(error.faults[0])))
    panel.wished.connect(pictures.want)
    panel.resized.connect(pictures.following.fit)
    panel.save_wished.connect(saving.save)
    panel.view.mask_drawn.connect(masks.add)
    panel.view.removal_wished.connect(lambda: masks.drop(panel.view.picked))
    session.attention.panel_seen.connect(lambda key, is_seen: pictures.following.look(is_seen) if key == KEY else None)
    show = Entry(KEY, marked("Through the &lens"), lambda: session.attention.panel_wished.emit(KEY), "Ctrl+L")
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Through the lens"), panel, within="selected"),),
        entries=((marked("&View"), show),),
        commands=PictureCommands(pictures, masks, saving),
    )
