"""The line below the map that says where the pointer is, and at which scale the map is shown."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.app.look.quantities import scale_text
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.report.text.numerals import grouped_text, number_text

PLACE = marked("{lat}°, {lon}°   x {x} m, y {y} m   {scale}")
TIP = marked("Latitude and longitude (WGS 84), place in the project's grid {crs}, scale on this screen")
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
        self.setToolTip(plain_tip(self._say(TIP, crs=self._session.project.crs)))

    def _line(self, x_m: float, y_m: float, lon: float, lat: float) -> str:
        wording = self._say.wording
        lat_text, lon_text = (number_text(value, wording, DECIMALS) for value in (lat, lon))
        x, y = (grouped_text(value, wording) for value in (x_m, y_m))
        scale = scale_text(self._canvas.viewport.metres_per_px, self._canvas.logicalDpiX(), wording)
        return self._say(PLACE, lat=lat_text, lon=lon_text, x=x, y=y, scale=scale)
