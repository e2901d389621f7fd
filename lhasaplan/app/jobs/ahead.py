"""The map of the project that is named at a start, drawn while the window round it is not made yet."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan.app.jobs.city import DrawnPlace, EarlyPlace, prepare_early
from lhasaplan.app.jobs.engine import Engine, Named
from lhasaplan.app.jobs.jobs import Jobs, Report
from lhasaplan.app.jobs.map_follower import name_data
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.core.project.project import Project

QUICK_BYTES = 16 << 20  # some 50,000 buildings: a window without menus must not be waited in
LOOK_MS, LONGEST_MS = 2, 1000  # how often it is asked whether all is drawn; a window that nobody sees paints nothing


def is_quick(named: Named) -> bool:
    """Tell whether what a start names is read and drawn in a moment: a sample, or a file here that is not large."""
    file = Path(named.address)
    return bool(named.sample) or (file.is_file() and file.stat().st_size <= QUICK_BYTES)


class Ahead(QObject):
    """Reads the project and draws its map once; what goes wrong is told by who opens the project afterwards."""

    ended = Signal()  # the map is on the screen, or there is none to show so early

    def __init__(self, canvas: MapCanvas, engine: Engine, named: Named) -> None:
        super().__init__()
        self._canvas, self._engine, self._named, self._jobs = canvas, engine, named, Jobs()
        self.early: EarlyPlace | None = None
        self._drawn = QTimer(self, interval=LOOK_MS)
        self._drawn.timeout.connect(self._look)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._longest.timeout.connect(self._end)

    def begin(self) -> None:
        """Read and draw beside the window's thread."""

        def work(_report: Report) -> tuple[Project, DrawnPlace]:
            project = self._engine.read_ahead(self._named)
            return project, prepare_early(project, self._engine)

        self._jobs.start("file", work, self._show, self._end, broken=self._end)

    def _show(self, found: tuple[Project, DrawnPlace]) -> None:
        project, place = found
        self.early = EarlyPlace(project.layers, place)
        self._canvas.convergence_deg = place.convergence_deg
        name_data(self._canvas, project)
        self._canvas.set_ground(place.ground)
        self._canvas.show_all()
        self._drawn.start()
        self._longest.start()

    def _look(self) -> None:
        if self._canvas.is_whole:
            self._canvas.repaint()
            self._end()

    def _end(self, _error: object = None) -> None:
        self._drawn.stop()
        self._longest.stop()
        self._jobs.stop()
        self.ended.emit()
