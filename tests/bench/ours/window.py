"""The real window at work on one project, told what to measure: frames, zoom until sharp, drag, open, stalls, memory."""

import gc
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from lhasaplan import workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language, use_own_font
from lhasaplan.app.shell import TURN_S, Collector, MainWindow

STALL_MS, TICK_MS = 50.0, 5
LONGEST_S = 600.0
PANS, ZOOMS, DRAGS = 40, (1, 1, 1, -1, -1, -1, 2, -2), 40


class Watchdog:
    """Notes every pause of the event loop: a timer that ought to ring each few milliseconds, and how late it did.

    Beside it stands what the window's own thread worked meanwhile: other work on the machine makes pauses longer, not that.
    """

    def __init__(self):
        self.begin()
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self):
        now, worked = time.perf_counter(), time.thread_time()
        self.pauses_ms.append(1e3 * (now - self._last))
        self.worked_ms.append(1e3 * (worked - self._worked))
        self._last, self._worked = now, worked

    def begin(self):
        self.pauses_ms, self.worked_ms = [], []
        self._last, self._worked = time.perf_counter(), time.thread_time()

    def stalls(self):
        """Return how many pauses were over 50 ms, the longest, and the most that the window's own thread worked in one."""
        self._tick()
        return sum(pause > STALL_MS for pause in self.pauses_ms), max(self.pauses_ms), max(self.worked_ms)


class FramesSince(QObject):
    """Notes whether a widget was painted since something was told."""

    def __init__(self, widget, told):
        super().__init__()
        self.is_painted = True
        widget.installEventFilter(self)
        told.connect(self._hear)

    def _hear(self):
        self.is_painted = False

    def eventFilter(self, watched, event):  # noqa: N802
        self.is_painted |= event.type() is QEvent.Type.Paint
        return False


class Bench:
    """A window on a project, and clocks beside it."""

    def __init__(self, address):
        self.app = QApplication.instance() or QApplication(["bench"])
        self.app.setStyle("Fusion")
        use_own_font(self.app)
        self.collector, self.context = Collector(), AppContext()
        sys.setswitchinterval(TURN_S)
        self.context.warm_up()  # a start before did that
        self.window = MainWindow(self.context, Language(self.context.services.content.load_translations, "en"), "2026-11-27")
        self.window.resize(1480, 920)
        self.window.show()
        self.canvas, self.session, self.sight = self.window.canvas, self.window.session, self.window.bench.sight
        self.address, self.dog, self.figures = address, Watchdog(), {}

    def wait(self, holds, longest_s=LONGEST_S):
        """Let the window live until something holds; return seconds by the clock."""
        begun = time.perf_counter()
        while not holds():
            self.app.processEvents()
            time.sleep(0.001)
            if time.perf_counter() - begun > longest_s:
                raise TimeoutError(holds)
        return time.perf_counter() - begun

    def is_answered(self, camera_id):
        return self.sight.live is not None and camera_id in self.sight.live.results

    def is_busy_drawing(self):
        """Say whether cones are still to come or to be drawn; the answers about cameras that follow are not waited for."""
        jobs = self.window.bench.jobs
        is_drawing = (
            not self.canvas.is_whole
            or self.window.bench.map.is_behind
            or len(self.sight.sight.seen) < len(self.session.project.cameras)
        )
        return is_drawing or any(jobs.is_busy(lane) for lane in ("overlays", "ground", "hillshade"))

    def open(self):
        """Usable: the city is drawn and hears the mouse; cones: every cone is drawn; whole: protected places are found, too."""
        begun, cpu = time.perf_counter(), time.process_time()
        self.dog.begin()
        if self.address in ("helsinki", "hilltown"):
            self.window.commands.opening.open_sample(self.address)
        else:
            self.window.commands.opening.open_address(Path(self.address))
        self.wait(lambda: self.window.bench.city.is_drawn and not self.canvas.is_pending and bool(self.canvas.overlays.symbols))
        self.figures["usable_s"], self.figures["usable_cpu_s"] = time.perf_counter() - begun, time.process_time() - cpu
        self.wait(lambda: not self.is_busy_drawing())
        self.figures["cones_s"], self.figures["cones_cpu_s"] = time.perf_counter() - begun, time.process_time() - cpu
        self.wait(lambda: not self.is_busy_drawing() and self.sight.is_complete)
        self.figures["whole_s"], self.figures["whole_cpu_s"] = time.perf_counter() - begun, time.process_time() - cpu
        self.note_stalls("open")

    def frames(self):
        """Pan and zoom, each frame painted at once, the events of the window in between; then zoom and wait until it is sharp."""
        canvas, took, sharp, self.frames_cpu_ms = self.canvas, [], [], []
        self.show_middle(600.0)
        for number in range(PANS):
            canvas._look(canvas.viewport.panned(-23 if number < PANS // 2 else 17, 11))
            took.append(self.frame())
        for steps in ZOOMS:
            canvas.zoom(steps)
            took.append(self.frame())
            begun = time.perf_counter()
            self.wait(lambda: not canvas.is_pending)
            self.frame()
            sharp.append(1e3 * (time.perf_counter() - begun))
        self.tell("frame", took)
        self.tell("frame_cpu", self.frames_cpu_ms)
        self.tell("sharp", sharp)

    def frame(self):
        begun, cpu = time.perf_counter(), time.thread_time()
        self.canvas.repaint()
        took = 1e3 * (time.perf_counter() - begun)
        self.frames_cpu_ms.append(1e3 * (time.thread_time() - cpu))
        self.app.processEvents()
        return took

    def show_middle(self, width_m):
        cameras = self.session.project.cameras
        self.camera = cameras[len(cameras) // 2]
        self.canvas.show_view(self.camera.x_m, self.camera.y_m, width_m)
        self.wait(lambda: not self.is_busy_drawing())

    def drag(self):
        """Drag the selected camera by the mouse; a step ends when its own cone is painted. At last its answers are waited for."""
        self.show_middle(300.0)
        self.window.session.select(self.camera.camera_id)
        self.wait(lambda: not self.is_busy_drawing() and self.is_answered(self.camera.camera_id))
        self.dog.begin()
        at = QPointF(*self.canvas.viewport.to_screen(self.camera.x_m, self.camera.y_m)).toPoint()
        took, cpu, frames = [], time.process_time(), FramesSince(self.canvas, self.sight.sight_changed)
        self.mouse(QEvent.Type.MouseButtonPress, at)
        for step in range(DRAGS):
            at += QPoint(5 if step == 0 else 2, 1)
            begun = time.perf_counter()
            self.mouse(QEvent.Type.MouseMove, at)
            self.wait(lambda: self.session.selected is not None and self.sight.seen_now(self.session.selected) is not None)
            if not frames.is_painted:
                self.canvas.repaint()
            took.append(1e3 * (time.perf_counter() - begun))
        rest = self.wait(lambda: self.sight.answers_now(self.session.selected, discloses_all=True) is not None)
        self.figures["drag_answers_ms"] = 1e3 * rest
        self.mouse(QEvent.Type.MouseButtonRelease, at)
        self.figures["drag_cpu_ms"] = 1e3 * (time.process_time() - cpu) / DRAGS
        self.wait(lambda: not self.is_busy_drawing())
        self.tell("drag", took)
        self.note_stalls("drag")

    def mouse(self, kind, at):
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button, held = (none, left) if kind is QEvent.Type.MouseMove else (left, left)
        where = QPointF(at), QPointF(self.canvas.mapToGlobal(at))
        self.app.sendEvent(self.canvas, QMouseEvent(kind, *where, button, held, Qt.KeyboardModifier.NoModifier))

    def audit(self):
        """Run the audit in the window, which stays alive meanwhile."""
        self.dog.begin()
        begun = time.perf_counter()
        before = self.session.assessment
        self.window.commands.analysing.audit()
        self.wait(lambda: self.session.assessment is not before and not self.is_busy_drawing())
        self.figures["audit_s"] = time.perf_counter() - begun
        self.note_stalls("audit")

    def export(self):
        """Write drafts beside the window."""
        folder = Path(sys.argv[3])
        project, results, services = self.session.project, self.session.assessment, self.context.services
        done = []
        self.dog.begin()

        def write(report):
            return workflow.export(services, project, results, ("html", "xlsx"), folder, language="en", progress=report)

        self.window.bench.jobs.start("export", write, done.append, done.append)
        self.wait(lambda: bool(done))
        self.note_stalls("export")

    def note_stalls(self, what):
        names = (f"{what}_{name}" for name in ("stalls", "longest_ms", "worked_ms"))
        self.figures.update(zip(names, self.dog.stalls(), strict=True))

    def tell(self, what, took):
        for percent in (50, 95):
            self.figures[f"{what}_p{percent}"] = float(np.percentile(took, percent))

    def close(self):
        self.figures["held_mb"] = held_mb()
        self.figures["answered"] = len(self.sight.live.results)
        self.figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        self.figures["cameras"] = len(self.session.project.cameras)
        self.session.history.setClean()
        self.window.close()
        self.collector.stop()


def held_mb():
    """Return what the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main():
    """``window.py ADDRESS JOB,JOB FOLDER``: print the figures of the jobs as JSON."""
    bench = Bench(sys.argv[1])
    bench.open()
    for job in sys.argv[2].split(","):
        if job:
            print(job, time.strftime("%T"), file=sys.stderr, flush=True)
            getattr(bench, job)()
    bench.close()
    print(json.dumps(bench.figures), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    gc.disable()
    main()
