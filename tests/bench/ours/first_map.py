"""Start the window on the sample as a user does, and say how long it took from the start of Python to the first painted map."""

import os
import sys
import time

BEGUN = time.perf_counter()  # Python itself and this line stand before; the caller's clock has them too


def main():
    """Print ``painted`` as soon as streets and houses of the sample are on the screen, then end."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from lhasaplan.app.jobs.engine import Engine
    from lhasaplan.app.look.fonts import use_own_font
    from lhasaplan.app.look.language import Language
    from lhasaplan.app.shell.window import MainWindow

    app, engine = QApplication(["bench"]), Engine()
    app.setStyle("Fusion")
    use_own_font(app)
    window = MainWindow(engine, Language(engine.wording, "en"), "2026-11-27")
    window.resize(1480, 920)
    window.show()
    window.commands.opening.open_sample("helsinki")

    def look():
        if window.bench.city.is_drawn and not window.canvas.is_pending:
            window.canvas.repaint()
            print(f"painted {time.perf_counter() - BEGUN:.3f}", flush=True)
            os._exit(0)  # nobody waits for the threads of a measurement

    timer = QTimer(interval=2)
    timer.timeout.connect(look)
    timer.start()
    sys.exit(app.exec())


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
