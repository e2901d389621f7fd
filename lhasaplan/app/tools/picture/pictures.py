"""Makes the picture of the selected camera, and saves it as a file that says what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from lhasaplan import workflow
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Jobs, Manner, Report, UpdatedPicture
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.look import Language
from lhasaplan.app.state import Session
from lhasaplan.app.tools.picture.lens_view import PictureFrame, draw_horizon, draw_people
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Basis, Camera
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError
from lhasaplan.files.replacing import replacing
from lhasaplan.report.text.words import FICTITIOUS

if TYPE_CHECKING:
    from lhasaplan.core.picture.camera_picture import CameraPicture

# Makes the picture of the selected camera, as a person wants it.

PEOPLE_M = (5.0, 10.0, 20.0, 40.0)
NONE_CHOSEN = marked("Choose a camera on the map to see its picture.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its picture cannot be drawn.")
MANNER = Manner("picture", 640, NONE_CHOSEN, NOT_RECORDED)


@dataclass(frozen=True, slots=True)
class PictureWish:
    """What a person wants to see in pictures."""

    people_m: tuple[float, ...] = PEOPLE_M
    is_night: bool = False
    has_trees: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """A picture as it is shown: the image, and what is known of it; of which camera, and what was assumed of its lens."""

    image: QImage
    picture: "CameraPicture"
    camera: Camera
    assumed: tuple[str, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Say whether masks can be placed in it: direction, lens and tilt are recorded."""
        view = self.picture.view
        return view.basis is Basis.RECORDED and view.tilt_swing_deg == 0.0


class Pictures:
    """Makes the picture of the selected camera whenever the camera, what it shows or the wish changes."""

    def __init__(self, session: Session, context: AppContext, sight: LiveSight, jobs: Jobs) -> None:
        self._session, self._context, self._sight = session, context, sight
        self.wish = PictureWish()
        news = (session.selection_changed, session.project_changed, session.assessment_changed, sight.sight_changed)
        self.following = UpdatedPicture(jobs, MANNER, self.work_of, news)

    def want(self, wish: PictureWish) -> None:
        """Draw as a person wants it from now on."""
        if wish != self.wish:
            self.wish = wish
            self.following.follow()

    def work_of(self, columns: int, fineness: int, *, is_disclosed: bool = False) -> Callable[[Report], Shot | None] | None:
        """Return the work of one picture of the selected camera, None where there is nothing to draw.

        It gives None where the direction of the camera is not known. ``is_disclosed`` leaves out what outputs do not tell.
        """
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, context = self._context.picture_town(live.city), self._context
        wish = self.wish
        # What is known to be seen of protected places now, as outputs tell it unless the places were opened.
        known = self._sight.answers_now(camera, discloses_all=self._session.project.has_opened and not is_disclosed)
        seen = self._sight.sight.seen.get(camera.camera_id)
        sightings, assumed = known.sightings if known is not None else (), seen.placed.assumed if seen is not None else ()

        def work(_report: Report) -> Shot | None:
            from lhasaplan.app.map.decorations import image_of
            from lhasaplan.core.city.trees_and_hoardings import Season
            from lhasaplan.core.picture.camera_picture import Look, picture_of

            context.make_pictures_ready()
            season, placed = Season.IN_LEAF if wish.has_trees else None, town.placed(camera)
            look = Look(columns, wish.people_m, wish.is_night, fineness, season)
            picture = picture_of(placed, town, look, sightings) if placed is not None else None
            return Shot(image_of(picture.rgb), picture, camera, assumed) if picture is not None else None

        return work


# Save the picture of a camera as a file that says what it is: made from map data, of which camera, veiled as outputs are.

LANE = "picture-file"
COLUMNS, FINENESS = 1600, 2
MADE = marked("Made from map data and the record: this is no camera picture, and nobody in it is real.")
OF = marked("Camera {camera}, as recorded on {date}")
CLOSED = marked("Closed protected places, not taken into account: {count}")
COARSE = marked(
    "A rule pack of this project asks for coarse positions, so a picture from the exact place of a camera cannot be saved"
)
SAVED = marked("The picture was saved as {file}.")
PICTURES = marked("Pictures (*.png)")
PAPER, INK = QColor("#ffffff"), QColor("#22242a")
LINE_PX = 30

Ask = Callable[[str], Path | None]  # a file, given the name that is proposed


def ask_file(parent: QWidget, language: Language) -> Ask:
    """Return what asks where to save."""

    def ask(name: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(parent, language(marked("Save picture")), name, language(PICTURES))
        return Path(chosen).with_suffix(".png") if chosen else None

    return ask


class SavingPictures:
    """Writes the picture of the selected camera; refused where a pack asks for coarse positions."""

    def __init__(self, bench: Workbench, pictures: Pictures, ask: Ask) -> None:
        self._bench, self._pictures, self.ask = bench, pictures, ask

    def save(self) -> None:
        """Ask where, and write the picture there."""
        bench = self._bench
        if workflow.asks_for_coarse(bench.services, bench.session.project):
            bench.notices.tell_error(InputError(Fault(COARSE)))
            return
        work = self._pictures.work_of(COLUMNS, FINENESS, is_disclosed=True)
        plain = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in bench.session.selected_id)
        path = self.ask(f"{plain or 'camera'}.png") if work is not None else None
        if work is None or path is None:
            return
        project, say, date = bench.session.project, bench.language, bench.session.author.date

        def write(report: Callable[[float, str], None]) -> Path | None:
            shot = work(report)
            if shot is not None:
                with replacing(path) as draft:
                    draft.write_bytes(_png(sheet_of(shot, project, say, date)))
            return path if shot is not None else None

        bench.jobs.start(LANE, write, self._tell, bench.notices.tell_error)

    def _tell(self, path: Path | None) -> None:
        if path is not None:
            self._bench.session.attention.say(self._bench.language(SAVED, file=path.name))


def sheet_of(shot: Shot, project: Project, say: Language, date: str) -> QImage:
    """Return a picture with its lines below it: what it is, of which camera, from whose data."""
    lines = [*_lines(shot, project, say, date)]
    image = QImage(shot.image.width(), shot.image.height() + LINE_PX * len(lines) + LINE_PX // 2, QImage.Format.Format_RGB888)
    image.fill(PAPER)
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(LINE_PX * 2 // 3)
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(0.0, 0.0, shot.image.width(), shot.image.height())
    painter.drawImage(QPointF(0.0, 0.0), shot.image)
    view = shot.picture.view
    frame = PictureFrame(box, float(view.width_px), float(view.height_px))
    draw_horizon(painter, frame, shot.picture)
    draw_people(painter, frame, shot.picture.people, say)
    painter.setPen(INK)
    for number, line in enumerate(lines):
        row = QRectF(LINE_PX / 2.0, box.height() + LINE_PX * (number + 0.25), box.width() - LINE_PX, LINE_PX)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
    painter.end()
    return image


def _lines(shot: Shot, project: Project, say: Language, date: str) -> list[str]:
    licences = " · ".join(dict.fromkeys(each.licence for each in project.inputs if each.licence))
    closed = project.closed.count if project.is_closed and project.closed is not None else 0
    return [
        *([say(FICTITIOUS)] if project.synthetic else []),
        say(MADE),
        say(OF, camera=shot.camera.name or shot.camera.camera_id, date=date),
        *([say(CLOSED, count=closed)] if closed else []),
        *([licences] if licences else []),
    ]


def _png(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())
