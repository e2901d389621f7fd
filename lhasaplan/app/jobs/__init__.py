"""Work beside the window: numbered jobs in a thread pool, with progress and cancel; only the newest answer is shown."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from lhasaplan.core.base.progress import Progress
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Cancelled, Fault, UserError
from lhasaplan.files.replacing import named_fault_of

# How long a piece of work will still take, by how far it has come.

EARLY_S, EARLY_SHARE = 3.0, 0.05  # before that nobody can tell


class Pace:
    """Remembers when the work of each lane began; times are seconds of any steady clock."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}

    def begin(self, lane: str, now_s: float) -> None:
        """Note that work begins."""
        self._began[lane] = now_s

    def left_s(self, lane: str, share: float, now_s: float) -> float | None:
        """Return how many seconds are left if the rest goes as what is done went; None while that cannot be said.

        >>> pace = Pace(); pace.begin("analysis", 100.0)
        >>> pace.left_s("analysis", 0.25, 110.0), pace.left_s("analysis", 0.25, 102.0), pace.left_s("file", 0.5, 110.0)
        (30.0, None, None)
        """
        if lane not in self._began:
            return None
        took_s = now_s - self._began[lane]
        return took_s * (1.0 - share) / share if took_s >= EARLY_S and share >= EARLY_SHARE else None


# At a first start warming up, sight and analysis wait for the compiled kernels together; a file is read meanwhile.
WORKERS = 6
ANALYSIS = "analysis"  # the lane of audit and check, for which other work on all cameras waits
OVERLAYS = "overlays"  # the lane that makes the shapes of cones and results, which are what somebody waits for
ARENA_MAX = -8  # of mallopt(3)
REST_MS, MUCH_S = 1500, 1.0  # without work, after so many seconds of it, what it took of memory is handed back
TOLD_EACH_S = 0.05  # work on a city reports thousands of steps, and each that is told wakes the window
UNEXPECTED = marked("The program itself has an error: {what}. The project is unchanged; please save it.")
Report = Progress  # how a job says how far it is; raises Cancelled where nobody waits for it any more
Work = Callable[[Report], Any]


class ProgramError(UserError):
    """An error of the program itself, as a sentence."""


@dataclass(eq=False)
class Job:
    """One piece of work: a frozen request inside ``work``, a number, and who waits for it."""

    number: int
    lane: str
    work: Work
    done: Callable[[Any], object]
    failed: Callable[[UserError], object]
    cancelled: bool = False
    broken: Callable[[UserError], object] | None = None
    reported: tuple[str, float] = ("", 0.0)  # the step that was told last, and when by the clock
    took_s: float = 0.0


class Jobs(QObject):
    """Runs jobs in lanes: a new job in a lane cancels the one before; its late answer is dropped.

    A *following* lane (a cone behind a drag) lets the running job finish and show, and keeps only the newest in wait.
    """

    progressed = Signal(str, float, str)  # lane, share, step
    idle_changed = Signal(str, bool)  # lane, idle
    _reported = Signal(object, float, str)
    _ended = Signal(object, object, object)  # job, result, error

    def __init__(self) -> None:
        super().__init__()
        # Python's own threads: libraries such as pyproj keep a context for each Python thread, and Qt's pool makes and
        # drops a Python thread for every task.
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="job")
        _share_heaps()
        self._number = 0
        self.is_stopped = False  # the window is closed: nothing is taken any more
        self._newest: dict[str, Job] = {}
        self._waiting: dict[str, Job] = {}
        self._worked_s = 0.0  # since memory was handed back
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._give_back)
        self._reported.connect(self._tell)
        self._ended.connect(self._end)

    def start(  # noqa: PLR0917 - a lane, its work, and who hears how it ended
        self,
        lane: str,
        work: Work,
        done: Callable[[Any], object],
        failed: Callable[[UserError], object],
        follow: bool = False,
        broken: Callable[[UserError], object] | None = None,
    ) -> int:
        """Start work and return its number; ``broken`` hears of an error of the program itself, which is shown besides."""
        self._number += 1
        if self.is_stopped:
            return self._number
        job = Job(self._number, lane, work, done, failed, broken=broken)
        running = self._newest.get(lane)
        if running is not None and follow:
            self._waiting[lane] = job
            return job.number
        if running is not None:
            running.cancelled = True
        self._run(job)
        return job.number

    def cancel(self, lane: str) -> None:
        """Stop the job of a lane at its next step; nothing of it is shown."""
        self._waiting.pop(lane, None)
        job = self._newest.pop(lane, None)
        if job is not None:
            job.cancelled = True
            self.idle_changed.emit(lane, True)

    def is_busy(self, lane: str) -> bool:
        """Say whether an answer of the lane is still to come."""
        return lane in self._newest

    def stop(self) -> None:
        """Cancel everything, take nothing more, and wait for the threads."""
        self.is_stopped = True
        for lane in list(self._newest):
            self.cancel(lane)
        self._pool.shutdown(wait=True)

    def _run(self, job: Job) -> None:
        self._newest[job.lane] = job
        self._rest.stop()
        self.idle_changed.emit(job.lane, False)
        self._pool.submit(_run, job, self._reported.emit, self._ended.emit)

    def _tell(self, job: Job, share: float, step: str) -> None:
        if self._newest.get(job.lane) is job:
            self.progressed.emit(job.lane, share, step)

    def _give_back(self) -> None:
        """Hand back what much work left behind: once a large city is open, some hundred megabytes that nothing is in any more."""
        if not self._newest and not self.is_stopped:
            self._worked_s = 0.0
            from lhasaplan.compute import give_back  # the work before has loaded it

            self._pool.submit(give_back)

    def _end(self, job: Job, result: object, error: UserError | None) -> None:
        self._worked_s += job.took_s
        if self._worked_s >= MUCH_S:
            self._rest.start()  # begins anew with the end of each job
        if self._newest.get(job.lane) is not job:
            return
        del self._newest[job.lane]
        if job.lane not in self._waiting:  # first: what comes now may open a box and wait for its answer
            self.idle_changed.emit(job.lane, True)
        if isinstance(error, ProgramError):
            if job.broken is not None:
                job.broken(error)
        elif error is not None:
            job.failed(error)
        elif not job.cancelled:
            job.done(result)
        if job.lane in self._waiting:
            self._run(self._waiting.pop(job.lane))


def _share_heaps() -> None:
    """Give threads a heap for each processor: the C library of Linux makes eight, and each keeps what was freed in it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(ARENA_MAX, os.cpu_count() or 1)


def _run(job: Job, tell: Callable[..., None], end: Callable[..., None]) -> None:
    """Do the work in a thread; what it raises for the user comes back as a value, a cancel as nothing."""
    result: object = None
    error: UserError | None = None
    begun_s = perf_counter()
    try:
        result = job.work(partial(_report, job, tell))
    except Cancelled:
        job.cancelled = True
    except UserError as raised:
        error = raised
    except OSError as raised:
        error = unreadable(raised)
    except BaseException as raised:
        error = ProgramError(Fault(UNEXPECTED, params={"what": f"{type(raised).__name__}: {raised}"}))
        sys.excepthook(*sys.exc_info())  # the executor would keep it to itself; the window shows it
        raise
    finally:
        job.took_s = perf_counter() - begun_s
        end(job, result, error)


def _report(job: Job, tell: Callable[..., None], share: float, step: str) -> None:
    """End the job when it is cancelled; tell how far it is, but no more often than anyone can see."""
    if job.cancelled:
        raise Cancelled
    now_s = perf_counter()
    if step != job.reported[0] or now_s - job.reported[1] > TOLD_EACH_S:
        job.reported = (step, now_s)
        tell(job, share, step)


def unreadable(error: OSError) -> UserError:
    """Return the error of the system as one that a user can read."""
    return UserError(named_fault_of(error))


# Draw the picture of the selected camera while its panel is open: coarse at first, finer once edits pause.

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
        self._is_looked_at, self._columns, self._has_answer = False, manner.quick_columns, False
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
        if self._has_answer and self._recent.isActive():  # a drag asks at each step, and needs the interpreter itself
            self._is_due = True
            return
        self._recent.start()
        work = self._work_of(self._manner.quick_columns, 1)
        if work is None:
            self._tell(self._manner.none_chosen)
            return
        self._jobs.cancel(self._manner.fine_lane)
        if not self._has_answer:
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
        self._has_answer = True
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
        self._has_answer = False
        self._jobs.cancel(self._manner.fine_lane)
        self.failed.emit(error)

    def _tell(self, reason: str) -> None:
        self._has_answer = reason == self._manner.not_recorded  # an answer as a picture is: a drag asks at each step
        self._pause.stop()
        for lane in (self._manner.lane, self._manner.fine_lane):
            self._jobs.cancel(lane)
        self.missing.emit(reason)
