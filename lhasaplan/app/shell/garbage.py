"""Collect garbage in the window's thread only."""

import gc
from time import perf_counter

from PySide6.QtCore import QObject, QTimer

MANY, LONG_S = 50_000, 0.03  # new objects at once, and seconds of looking, that only the values of a city are good for


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
        """Collect the generations that are due, and look no more through what is there to stay.

        A city is millions of objects that hang on no cycle; looking through them would hold the window up for a second.
        """
        if gc.get_count()[0] > MANY:
            gc.freeze()
            return
        begun = perf_counter()
        due = [age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit]
        if due:
            gc.collect(max(due))
        if perf_counter() - begun > LONG_S:
            gc.freeze()

    def stop(self) -> None:
        """Give the collector back to Python, when no worker runs any more."""
        self._timer.stop()
        gc.enable()
