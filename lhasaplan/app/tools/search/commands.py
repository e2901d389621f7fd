"""Find what a text means in the project, and show it on the map."""

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.commands.looking import CAMERA_M, Looking
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.search import Hit, HitKind, SearchIndex, find

LANE = "search"


class Searching(QObject):
    """Looks through the city once in a job, and answers from then on at once."""

    ready = Signal()  # streets and addresses are found from now on

    def __init__(self, bench: Workbench, looking: Looking) -> None:
        super().__init__()
        self._bench, self._looking = bench, looking
        self._index, self._of = SearchIndex(), object()
        bench.session.left.connect(self._forget)

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self._index, self._of = SearchIndex(), object()

    def prepare(self) -> None:
        """Look through the streets and houses of the city, unless that was done."""
        layers = self._bench.session.project.layers
        if layers is self._of:
            return

        def take(index: SearchIndex) -> None:
            self._index, self._of = index, layers
            self.ready.emit()

        self._bench.jobs.start(LANE, lambda _report: SearchIndex.of(layers), take, self._bench.notices.tell_once)

    def find(self, text: str) -> list[Hit]:
        """Return what a text may mean."""
        project, engine = self._bench.session.project, self._bench.engine
        return find(text, self._index, project.cameras, project.bookmarks, lambda lon, lat: engine.xy(project, lon, lat))

    def go(self, hit: Hit) -> None:
        """Show what was found."""
        if hit.kind is HitKind.CAMERA:
            self._looking.show_camera(hit.key)
        elif hit.kind is HitKind.BOOKMARK:
            self._bench.bookmarks.visit(int(hit.key))
        else:
            self._bench.canvas.set_highlight(hit.geometry)
            self._bench.canvas.show_box(hit.geometry.bounds, CAMERA_M)
