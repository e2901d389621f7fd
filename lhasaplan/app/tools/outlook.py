"""The tool that shows the selected camera, its cone and the ground that it shows from any spot around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Tool, Workbench
from lhasaplan.app.jobs import Jobs, Manner, Report, UpdatedPicture
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.look import NEAR_PX, Language, in_column, plain_label
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Sighting

if TYPE_CHECKING:
    from lhasaplan.core.picture.outlook import Band, Outlook, ViewerSpot

# Makes the look at the selected camera from outside, from where somebody walked to.

NONE_CHOSEN = marked("Choose a camera on the map to look at it from outside.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its cone cannot be drawn.")
MANNER = Manner("outlook", 560, NONE_CHOSEN, NOT_RECORDED)


@dataclass(frozen=True, eq=False, slots=True)
class OutlookSight:
    """A look from outside as it is shown, and from where."""

    image: QImage
    outlook: "Outlook"
    spot: "ViewerSpot"
    camera_id: str


class Outlooks:
    """Makes a look whenever the camera, what it shows or the spot changes."""

    def __init__(self, session: Session, context: AppContext, sight: LiveSight, jobs: Jobs) -> None:
        self._session, self._context, self._sight = session, context, sight
        self.spot: ViewerSpot | None = None  # None for the usual one, until the first look is there
        news = (session.project_changed, session.assessment_changed, sight.sight_changed)
        self.following = UpdatedPicture(jobs, MANNER, self._work_of, news)
        self.following.drawn.connect(self._keep_spot)
        session.selection_changed.connect(self.start_anew)

    def start_anew(self) -> None:
        """Look from the usual spot again."""
        self.spot = None
        self.following.follow()

    def walk(self, bearing_deg: float, down_deg: float) -> None:
        """Walk around the camera, and up or down."""
        if self.spot is not None:
            self.spot = self.spot.turned(bearing_deg, down_deg)
            self.following.follow()

    def go_nearer(self, times: float) -> None:
        """Go so many times nearer."""
        if self.spot is not None:
            self.spot = self.spot.nearer(times)
            self.following.follow()

    def _work_of(self, columns: int, fineness: int) -> Callable[[Report], OutlookSight | None] | None:
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, context, spot = self._context.picture_town(live.city), self._context, self.spot
        bands, sightings = self._shown(camera)

        def work(_report: Report) -> OutlookSight | None:
            from lhasaplan.app.map.decorations import image_of
            from lhasaplan.core.picture.camera_picture import Look, drawable_view
            from lhasaplan.core.picture.outlook import outlook, usual_spot

            context.make_pictures_ready()
            placed = town.placed(camera)
            view = drawable_view(placed.views) if placed is not None else None
            if view is None:
                return None
            stand = spot or usual_spot(view)
            found = outlook(view, town, stand, Look(columns, (), fineness=fineness), bands, sightings)
            return OutlookSight(image_of(found.rgb), found, stand, camera.camera_id)

        return work

    def _shown(self, camera: Camera) -> "tuple[tuple[Band, ...], tuple[Sighting, ...]]":
        """Return the ground that a camera shows now by density, and what it shows of protected places as outputs tell it."""
        seen, reported = (
            self._sight.seen_now(camera),
            self._sight.answers_now(camera, discloses_all=self._session.project.has_opened),
        )
        if seen is None or reported is None:
            return (), ()
        field = next((one.field for one in reversed(seen.drawn)), None)  # certain before near before far
        return tuple(field.bands) if field is not None else (), reported.sightings

    def _keep_spot(self, found: OutlookSight) -> None:
        """Walk on from where the usual look is taken."""
        if self.spot is None and found.camera_id == self._session.selected_id:
            self.spot = found.spot


# The camera from outside on the screen: pull to walk around it, turn the wheel to go nearer.

LEAST_HEIGHT_PX = 120
DEG_PER_PX, KEY_DEG, STEP = 0.4, 10.0, 1.2
RIM, LENS = QColor(24, 84, 190, 200), QColor("#e8590c")
_WALKS = {
    Qt.Key.Key_Left: (KEY_DEG, 0.0),
    Qt.Key.Key_Right: (-KEY_DEG, 0.0),
    Qt.Key.Key_Up: (0.0, KEY_DEG / 2.0),
    Qt.Key.Key_Down: (0.0, -KEY_DEG / 2.0),
}
_NEARER = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1.0 / STEP}


class OutlookView(QWidget):
    """A look from outside as large as there is room."""

    walked = Signal(float, float)  # around, downwards; degrees
    neared = Signal(float)
    reset_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sight: OutlookSight | None = None
        self._at: QPointF | None = None
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @property
    def image(self) -> QImage:
        """Return what is shown, an empty image without anything."""
        return self.sight.image if self.sight is not None else QImage()

    def show_sight(self, sight: OutlookSight | None) -> None:
        """Show another look, or none."""
        self.sight = sight
        self.update()

    def box(self) -> QRectF:
        """Return where the image lies."""
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2.0, 0.0, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the look with the rim of the cone and the lens."""
        if self.sight is None or self.image.isNull():
            return
        painter, box = QPainter(self), self.box()
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.drawImage(box, self.image)
        painter.setClipRect(box)
        lens = self.sight.outlook.lens_px
        corners = self.sight.outlook.corners_px
        if lens is not None:
            at, rim = self._point(box, lens), [self._point(box, corner) for corner in corners if corner is not None]
            painter.setPen(QPen(RIM, 1.2))
            for corner in rim:
                painter.drawLine(at, corner)
            if len(rim) == len(corners):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolygon(QPolygonF(rim))
            painter.setPen(QPen(QColor("white"), 1.5))
            painter.setBrush(LENS)
            painter.drawEllipse(at, 5.0, 5.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().highlight().color(), 2.0))
            painter.drawRect(box.adjusted(1.0, 1.0, -1.0, -1.0))
        painter.end()

    def _point(self, box: QRectF, at: tuple[float, float]) -> QPointF:
        scale = box.width() / self.image.width()
        return QPointF(box.x() + at[0] * scale, box.y() + at[1] * scale)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the look takes the keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that it does not any more."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton and self.sight is not None:
            self._at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Walk around as far as was pulled."""
        if self._at is not None:
            way, self._at = event.position() - self._at, event.position()
            self.walked.emit(way.x() * DEG_PER_PX, way.y() * DEG_PER_PX)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Go back to the usual spot."""
        self.reset_wished.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Go nearer or farther away."""
        self.neared.emit(STEP ** (event.angleDelta().y() / 120.0))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that walk from the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._means(event):
            event.accept()
            return True
        return super().event(event)

    def _means(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and Qt.Key(event.key()) in {*_WALKS, *_NEARER, Qt.Key.Key_Home}

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows, go nearer with plus and minus, back with Home."""
        key = Qt.Key(event.key())
        if key in _WALKS:
            self.walked.emit(*_WALKS[key])
        elif key in _NEARER:
            self.neared.emit(_NEARER[key])
        elif key == Qt.Key.Key_Home:
            self.reset_wished.emit()
        else:
            super().keyPressEvent(event)


# The panel that shows the selected camera from outside.

CAPTION = marked(
    "Drag to walk around the camera, turn the wheel to go nearer, double-click to go back. The arrows, + and - "
    "and Home do the same. Made from map data. Blue: the cone, and the ground that it shows by density. Hatched: "
    "protected places."
)
SILENT = marked("Near this camera all buildings are veiled alike: nothing more may be said about this ground.")


class OutlookPanel(QWidget):
    """A look from outside with its caption, or the reason why there is none."""

    resized = Signal(int)  # columns that the screen has for it

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self._reason = language, ""
        self.view, self.caption = OutlookView(), plain_label(wordWrap=True)
        in_column((self.view, 1), self.caption, 0, of=self, margin_px=NEAR_PX, gap_px=NEAR_PX)
        language.changed.connect(self._write)
        self._write()

    def show_view(self, sight: OutlookSight) -> None:
        """Show a look."""
        self._reason = ""
        self.view.show_sight(sight)
        self._write()

    def tell(self, reason: str) -> None:
        """Say why there is none."""
        self._reason = reason
        self.view.show_sight(None)
        self._write()

    def _write(self) -> None:
        sight = self.view.sight
        self.view.setVisible(sight is not None)
        lines = [CAPTION, *([SILENT] if sight.outlook.is_silent else [])] if sight is not None else [self._reason]
        self.caption.setText(" ".join(self._say(line) for line in lines if line))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Tell how wide the look may be."""
        super().resizeEvent(event)
        self.resized.emit(round(self.view.width() * self.devicePixelRatioF()))


KEY = "outlook"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    panel, outlooks = OutlookPanel(bench.language), Outlooks(session, bench.context, bench.sight, bench.jobs)
    outlooks.following.drawn.connect(panel.show_view)
    outlooks.following.missing.connect(panel.tell)
    outlooks.following.failed.connect(lambda error: panel.tell(bench.language.fault(error.faults[0])))
    panel.view.walked.connect(outlooks.walk)
    panel.view.neared.connect(outlooks.go_nearer)
    panel.view.reset_wished.connect(outlooks.start_anew)
    panel.resized.connect(outlooks.following.fit)
    session.attention.panel_seen.connect(lambda key, is_seen: outlooks.following.look(is_seen) if key == KEY else None)
    show = Entry(KEY, marked("From out&side"), lambda: session.attention.panel_wished.emit(KEY), "Ctrl+Shift+O")
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("From outside"), panel, behind="selected", stays=True),),
        entries=((marked("&View"), show),),
        commands=outlooks,
    )
