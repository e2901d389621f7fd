"""Collect garbage in the window's thread only."""

import gc

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Takes the cyclic collector over from Python.

    Python collects in whichever thread makes the next object. A widget or timer that is part of a cycle would then be
    destroyed by a worker, and Qt ends the process.
    """

    def __init__(self, parent: QObject | None = None, every_ms: int = 1000) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the generations that are due."""
        due = [age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Give the collector back to Python, when no worker runs any more."""
        self._timer.stop()
        gc.enable()
