"""Draw the picture of the selected camera while its panel is open: coarse at first, finer once edits pause."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from lhasaplan.app.jobs.jobs import Jobs, Work
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import UserError

BEING_DRAWN = marked("The picture is being drawn; the first start takes longer.")
MOST_COLUMNS = 1600
PAUSE_MS = 200  # after the last quick picture, before a finer one is made
BETWEEN_MS = 120  # at the least from one quick picture to the next
WorkOf = Callable[[int, int], Work | None]  # columns and fineness; None where there is nothing to draw


@dataclass(frozen=True, slots=True)
class Manner:
    """In which lane pictures are made, how wide quick ones are, and what is said where there is none."""

    lane: str
    quick_columns: int
    none_chosen: str
    not_recorded: str  # where the work gives no picture

    @property
    def fine_lane(self) -> str:
        """Return the lane of finer pictures, which give way to quick ones."""
        return f"{self.lane}-fine"


class UpdatedPicture(QObject):
    """Orders pictures beside the window; what is in them is up to the work that it is given."""

    drawn = Signal(object)  # what the work made
    missing = Signal(str)  # why there is no picture
    failed = Signal(object)  # UserError

    def __init__(self, jobs: Jobs, manner: Manner, work_of: WorkOf, news: Iterable[SignalInstance]) -> None:
        super().__init__()
        self._jobs, self._manner, self._work_of = jobs, manner, work_of
        self._is_looked_at, self._columns, self._has_drawn = False, manner.quick_columns, False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._refine)
        self._recent, self._is_due = QTimer(self, singleShot=True, interval=BETWEEN_MS), False
        self._recent.timeout.connect(self._follow_late)
        for signal in news:
            signal.connect(self.follow)

    def look(self, is_looked_at: bool) -> None:
        """Draw from now on, or no more: no picture is made while its panel lies behind another."""
        self._is_looked_at = is_looked_at
        self.follow()

    def fit(self, columns: int) -> None:
        """Make finer pictures so many pixels wide."""
        columns = min(max(columns, self._manner.quick_columns // 2), MOST_COLUMNS)
        if columns != self._columns:
            self._columns = columns
            self._rest()

    def follow(self) -> None:
        """Draw the picture, or say why there is none."""
        self._pause.stop()
        if not self._is_looked_at:
            return
        if self._has_drawn and self._recent.isActive():  # a drag asks at each step, and needs the interpreter itself
            self._is_due = True
            return
        self._recent.start()
        work = self._work_of(self._manner.quick_columns, 1)
        if work is None:
            self._tell(self._manner.none_chosen)
            return
        self._jobs.cancel(self._manner.fine_lane)
        if not self._has_drawn:
            self.missing.emit(BEING_DRAWN)
        self._jobs.start(self._manner.lane, work, self._take, self._fail, follow=True)

    def _follow_late(self) -> None:
        """Draw what changed since the last picture was ordered."""
        if self._is_due:
            self._is_due = False
            self.follow()

    def _take(self, found: object) -> None:
        if found is None:
            self._tell(self._manner.not_recorded)
            return
        self._has_drawn = True
        self.drawn.emit(found)
        self._rest()

    def _rest(self) -> None:
        """Make a finer picture unless something changes soon."""
        if self._is_looked_at:
            self._pause.start()

    def _refine(self) -> None:
        """Make a finer picture of what stands still."""
        if not self._is_looked_at or self._jobs.is_busy(self._manner.lane):
            return
        work = self._work_of(self._columns, 2)
        if work is not None:
            self._jobs.start(self._manner.fine_lane, work, self._take_fine, self._fail)

    def _take_fine(self, found: object) -> None:
        if found is not None:
            self.drawn.emit(found)

    def _fail(self, error: UserError) -> None:
        self._has_drawn = False
        self._jobs.cancel(self._manner.fine_lane)
        self.failed.emit(error)

    def _tell(self, reason: str) -> None:
        self._has_drawn = False
        self._pause.stop()
        for lane in (self._manner.lane, self._manner.fine_lane):
            self._jobs.cancel(lane)
        self.missing.emit(reason)
