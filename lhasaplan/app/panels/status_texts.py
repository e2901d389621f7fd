"""The texts below the map: what a change does, where the pointer is, and the scale of the map."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QLabel

from lhasaplan.app.look.language import Language, scale_text
from lhasaplan.app.look.widgets import plain_tip
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import area_text, number_text

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect

# The line below the map that says where the pointer is, and at which scale the map is shown.

PLACE = marked("{lat}°, {lon}°   x {x} m, y {y} m   {scale}")
READOUT_TIP = marked("Latitude and longitude (WGS 84), place in the project's grid {crs}, scale on this screen")
DECIMALS = 5  # of a degree: about a metre

Where = Callable[[float, float], tuple[float, float] | None]  # longitude and latitude of a place; None without a city


class Readout(QLabel):
    """Follows pointer and scale; empty while there is no city."""

    def __init__(self, canvas: MapCanvas, session: Session, language: Language, where: Where) -> None:
        super().__init__()
        self._canvas, self._session, self._say, self._where = canvas, session, language, where
        self._at: tuple[float, float] | None = None
        session.left.connect(self._forget)
        canvas.pointed.connect(self._point)
        canvas.viewport_changed.connect(self._write)
        language.changed.connect(self._write)

    def _forget(self) -> None:
        """Say nothing of a place in another project."""
        self._at = None
        self._write()

    def _point(self, x_m: float, y_m: float) -> None:
        # A place that was pointed at before there was a city is none of the city that is opened then.
        self._at = (x_m, y_m) if self._where(x_m, y_m) is not None else None
        self._write()

    def _write(self) -> None:
        lonlat = self._where(*self._at) if self._at is not None else None
        self.setText(self._line(*self._at, *lonlat) if self._at is not None and lonlat is not None else "")
        self.setToolTip(plain_tip(self._say(READOUT_TIP, crs=self._session.project.crs)))

    def _line(self, x_m: float, y_m: float, lon: float, lat: float) -> str:
        translations = self._say.translations
        lat_text, lon_text = (number_text(value, translations, DECIMALS) for value in (lat, lon))
        x, y = (number_text(value, translations) for value in (x_m, y_m))
        scale = scale_text(self._canvas.viewport.metres_per_px, self._canvas.logicalDpiX(), translations)
        return self._say(PLACE, lat=lat_text, lon=lon_text, x=x, y=y, scale=scale)


# The line that says, while a camera is drawn or dragged, what that does: parts, protected places by grade, unasked ground.

PLACES = marked("Protected places in view: note {note}, due {due}, error {error}, possible {possible}")
UNASKED = marked("unasked ground {area}")
GAINED, LOST = marked("parts gained: {count}"), marked("parts lost: {count}")
TIP = marked("What the change of this camera does, before and after it. Remedies and all other findings: run the analysis.")
BETWEEN = "  ·  "


class EffectLine(QLabel):
    """Follows what is done to the selected camera; empty while nothing is."""

    def __init__(self, effects: SignalInstance, language: Language) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._say = language
        self._effect: ChangeEffect | None = None
        effects.connect(self._take)
        language.changed.connect(self._write)

    def _take(self, effect: "ChangeEffect | None") -> None:
        self._effect = effect
        self._write()

    def _write(self) -> None:
        self.setText(BETWEEN.join(self._pieces(self._effect)) if self._effect is not None else "")
        self.setToolTip(plain_tip(self._say(TIP)) if self._effect is not None else "")

    def _pieces(self, effect: "ChangeEffect") -> list[str]:
        before, after = (area_text(area_m2, self._say.translations) for area_m2 in effect.unasked_m2)
        pieces = [self._say(PLACES, **{grade: _pair(*map(str, pair)) for grade, pair in effect.places_by_grade.items()})]
        pieces.append(self._say(UNASKED, area=_pair(before, after)))
        reported = ((GAINED, effect.gained), (LOST, effect.lost))
        return [*pieces, *(self._say(template, count=len(parts)) for template, parts in reported if parts)]


def _pair(before: str, after: str) -> str:
    """Return both values, or the one that stayed."""
    return after if before == after else f"{before} → {after}"
