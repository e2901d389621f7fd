"""Collect garbage in the window's thread only."""

import gc

from PySide6.QtCore import QObject, QTimer

MANY = 100_000  # objects that are looked through at once: some 20 ms; only the values of a city are more


class Collector(QObject):
    """Takes the cyclic collector over from Python.

    Python collects in whichever thread makes the next object. A widget or timer that is part of a cycle would then be
    destroyed by a worker, and Qt ends the process.
    """

    def __init__(self, parent: QObject | None = None, every_ms: int = 1000) -> None:
        super().__init__(parent)
        self._kept = 0  # objects that are looked through with the oldest, at the most
        gc.disable()
        gc.freeze()  # what is loaded at a start stays
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the generations that are due, and look no more through what is there to stay.

        A city is millions of objects that hang on no cycle; looking through them would hold the window up for a second. Where an
        older generation has grown that large, the youngest alone is looked through, and all are left alone from then on.
        """
        made, limits = gc.get_count(), gc.get_threshold()
        due = max((age for age, (count, limit) in enumerate(zip(made, limits, strict=True)) if count > limit), default=None)
        self._kept += made[0] if due is not None else 0
        if made[0] <= MANY and due is not None:
            gc.collect(due if self._kept <= MANY else 0)
        if made[0] > MANY or (due and self._kept > MANY):
            gc.freeze()
            self._kept = 0

    def stop(self) -> None:
        """Give the collector back to Python, when no worker runs any more."""
        self._timer.stop()
        gc.enable()
