"""Make the pictures of the user guide: the window, used on the two samples, without a screen.

python tools/make_pictures.py [FOLDER]
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image  # comes with matplotlib
from PySide6.QtWidgets import QApplication

from lhasaplan import workflow
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.look import Language, use_own_font
from lhasaplan.app.shell import Collector, MainWindow
from lhasaplan.app.tools.tour import help_folder
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.core.project.project import Project

TODAY = "2026-01-01"  # so that the same code makes the same pictures
SIZE_PX = 1440, 900
PATIENCE_S = 600.0
HELP = frozenset({"window", "street", "camera", "findings", "compare"})  # stand in the pages of help too, smaller
HELP_PX = 760


class Studio:
    """A window that is used by script and photographed."""

    def __init__(self, folder: Path) -> None:
        self.app = QApplication(["lhasaplan"])
        self.app.setStyle("Fusion")
        use_own_font(self.app)
        self.collector = Collector()
        self.context, self.folder = AppContext(), folder
        self.window = MainWindow(self.context, Language(self.context.services.content.load_translations), TODAY)
        self.window.menus["scheme_light"].trigger()
        self.window.resize(*SIZE_PX)
        self.window.show()
        folder.mkdir(parents=True, exist_ok=True)

    def wait(self, done: Callable[[], bool]) -> None:
        """Let the window work until something is done."""
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                raise SystemExit("the window did not get ready in time")
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self) -> None:
        """Wait until nothing is being computed or drawn any more."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.5:
            self.app.processEvents()
            lanes = (
                "file",
                "analysis",
                "ground",
                "sight",
                "overlays",
                "gate",
                "who",
                "picture",
                "picture-fine",
                "outlook",
                "outlook-fine",
                "neighbourhood",
                "names",
                "place",
                "versions",
                "siting",
                "why",
            )
            if any(self.window.bench.jobs.is_busy(lane) for lane in lanes) or self.window.canvas.is_pending:
                quiet_since = time.monotonic()
            time.sleep(0.005)

    def rest(self) -> None:
        """Wait until the finer pictures are there, which are made once nothing moves."""
        for _ in range(2):
            self.settle()

    def open(self, project: Project) -> None:
        """Show a project with its cones."""
        self.window.commands.opening.take(project, None)
        self.settle()

    def check(self) -> None:
        """Run the check."""
        self.window.menus["check"].trigger()
        self.wait(lambda: self.window.session.assessment is not None)
        self.settle()

    def show(self, camera: Camera, ground_m: float) -> None:
        """Take a camera in hand with so much ground around it."""
        self.window.session.select(camera.camera_id)
        self.window.canvas.show_box((camera.x_m, camera.y_m, camera.x_m, camera.y_m), ground_m)
        self.settle()

    def photograph(self, name: str) -> None:
        """Write a picture of the window."""
        self.settle()
        path = self.folder / f"{name}.png"
        self.window.grab().save(str(path))
        # A third of the bytes; by octree, so that rare colours such as a red line stay what they are.
        Image.open(path).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            path, optimize=True
        )
        print(path)

    def copy_for_help(self) -> None:
        """Write the pictures of the pages of help, smaller; last, since a change of what is shipped is told."""
        for name in sorted(HELP):
            small = Image.open(self.folder / f"{name}.png").convert("RGB")
            small.thumbnail((HELP_PX, HELP_PX))
            path = help_folder() / "pictures" / f"{name}.png"
            small.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


def sample(context: AppContext, city: str) -> Project:
    """Return a shipped city as a project."""
    project = workflow.open_sample(context.services, context.services.content.read_sample(city))
    return project[0] if isinstance(project, tuple) else project


def take_helsinki(studio: Studio) -> None:
    """An audit of a real city: the whole of it, a street, one camera, the findings."""
    studio.open(sample(studio.context, "helsinki"))
    studio.check()
    studio.photograph("window")
    camera = next(c for c in studio.window.session.project.cameras if c.camera_id == "node/311112541")
    studio.window.canvas.show_box((camera.x_m, camera.y_m + 30, camera.x_m, camera.y_m + 30), 170.0)
    studio.photograph("street")
    studio.window.tools["who_sees"].commands.ask(camera.x_m + 25.0, camera.y_m + 45.0)
    studio.photograph("who-sees")
    studio.window.docks.panels["findings"].search.setText("homes")
    studio.window.docks.panels["findings"].table.selectRow(0)
    studio.photograph("findings")
    studio.window.docks.panels["findings"].search.clear()


def take_hilltown(studio: Studio) -> None:
    """A plan of a fictitious town: parts, gaps and a camera whose numbers are known; then in Chinese and French."""
    studio.open(sample(studio.context, "hilltown"))
    studio.check()
    studio.window.menus["legend"].trigger()
    studio.photograph("plan")
    studio.window.menus["legend"].trigger()
    studio.show(next(c for c in studio.window.session.project.cameras if c.camera_id == "HT-11"), 110.0)
    studio.photograph("camera")
    studio.window.docks.bring("picture")
    studio.window.docks.panels["picture"].larger.click()
    studio.show(next(c for c in studio.window.session.project.cameras if c.camera_id == "HT-06"), 110.0)
    studio.rest()
    studio.photograph("lens")
    studio.window.docks.bring("outlook")
    studio.rest()
    studio.photograph("outside")
    studio.window.docks.panels["picture"].larger.click()
    studio.window.docks.bring("camera")
    take_comparison(studio)
    studio.window.menus["language_zh_CN"].trigger()
    studio.photograph("chinese")
    studio.window.menus["language_fr"].trigger()
    studio.photograph("french")


def take_comparison(studio: Studio) -> None:
    """Two plans under a line: now, and a version in which a camera is turned away from homes."""
    window = studio.window
    cameras = window.session.project.cameras
    turned = tuple(replace(each, azimuth_deg=90.0) if each.camera_id == "HT-11" else each for each in cameras)
    version = PlanVersion("Turned away", turned, "homes are no longer in view", TODAY, "A. Example")
    window.session.edit("Keep version", lambda project: replace(project, versions=(version,)))
    versioning, _ = window.tools["versions"].commands
    versioning.compare("", version.name)
    studio.wait(lambda: versioning.shown is not None)
    at = next(each for each in cameras if each.camera_id == "HT-11")
    window.canvas.show_box((at.x_m, at.y_m, at.x_m, at.y_m), 160.0)
    studio.photograph("compare")
    versioning.end()
    window.docks.docks["findings"].raise_()


def main() -> None:
    """Make all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs" / "pictures"
    studio = Studio(folder)
    take_helsinki(studio)
    take_hilltown(studio)
    studio.copy_for_help()
    studio.window.session.history.setClean()
    studio.window.close()


if __name__ == "__main__":
    main()
