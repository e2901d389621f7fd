"""Make scenes of the window in each language, light and dark, on three screens, to be looked at before a release.

python tools/make_scenes.py [FOLDER [SCENE ...]]

Each screen is a process of its own; its contact.png shows every scene once, languages and colours in turn.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from make_pictures import Studio, sample
from PIL import Image
from PySide6.QtWidgets import QWidget

from lhasaplan.app.dialogs.previews import PrintForm
from lhasaplan.app.look import NAMES
from lhasaplan.core.project.plan_step import PlanVersion

SCHEMES = ("light", "dark")
SCREENS = {"1280x700": (1280, 700, 1), "1600x1000": (1600, 1000, 1), "2560x1440": (1280, 720, 2)}  # width, height, dots a pixel
SCREEN = "LHASAPLAN_SCENES_SCREEN"  # in the environment: the screen of this process
COLUMNS, THUMB_PX = 4, 800
CAMERA, STREET_CAMERA = "HT-11", "node/311112541"


def bring(studio: Studio, panel: str) -> None:
    """Bring a panel forward."""
    studio.window.session.attention.bring(panel)


def empty(_studio: Studio) -> None:
    """The window as it opens."""


def findings(studio: Studio) -> None:
    """An audit of a real city, the gravest finding chosen."""
    studio.open(sample(studio.context, "helsinki"))
    studio.check()
    bring(studio, "findings")
    studio.window.docks.panels["findings"].table.selectRow(0)


def why(studio: Studio) -> None:
    """A street, and why a spot in it is not seen."""
    camera = next(c for c in studio.window.session.project.cameras if c.camera_id == STREET_CAMERA)
    studio.window.canvas.show_box((camera.x_m, camera.y_m, camera.x_m, camera.y_m), 170.0)
    studio.window.tools["why_not_seen"].commands.ask(camera.x_m + 40.0, camera.y_m + 30.0)


def counts(studio: Studio) -> None:
    """How many cameras see each place of the city, and its cameras as a table in groups."""
    window = studio.window
    window.session.select("")
    window.canvas.show_all()
    window.menus["count_map"].trigger()
    if window.canvas.is_legend_folded:
        window.canvas.fold_legend()
    bring(studio, "cameras")
    window.docks.panels["cameras"].sheet.group_by("kind")


def plan(studio: Studio) -> None:
    """The plan of a made-up town: its parts, one of them chosen."""
    window = studio.window
    window.menus["count_map"].trigger()
    window.canvas.fold_legend()
    studio.open(sample(studio.context, "hilltown"))
    studio.check()
    bring(studio, "parts")
    window.docks.panels["parts"].table.selectRow(1)


def candidates(studio: Studio) -> None:
    """What could be asked for, in groups, one chosen."""
    window = studio.window
    bring(studio, "candidates")
    panel = window.docks.panels["candidates"]
    if panel.sheet.rowCount() == 0:
        panel.list.click()
        studio.wait(lambda: panel.sheet.rowCount() > 0)
    panel.sheet.group_by("state")
    panel.choose([window.session.project.confirmations[0].part_id])
    panel.pick(panel.chosen_rows[-1])  # as a click does, so that its small map is drawn


def lens(studio: Studio) -> None:
    """One camera with its handles, and what stands in its picture."""
    studio.show(next(c for c in studio.window.session.project.cameras if c.camera_id == CAMERA), 110.0)
    bring(studio, "picture")
    bring(studio, "arranging")


def compare(studio: Studio) -> None:
    """Two plans under a line."""
    window = studio.window
    cameras = window.session.project.cameras
    turned = tuple(replace(each, azimuth_deg=90.0) if each.camera_id == CAMERA else each for each in cameras)
    version = PlanVersion("B", turned, "", "2026-01-01", "A. Example")
    window.session.edit("Keep version", lambda project: replace(project, versions=(version,)))
    window.tools["versions"].commands[0].compare("", version.name)
    studio.wait(lambda: window.tools["versions"].commands[0].shown is not None)


def proposals(studio: Studio) -> None:
    """Options of new cameras beside each other."""
    window = studio.window
    window.tools["versions"].commands[0].end()
    window.session.history.undo()  # the version, so that the results hold again
    bring(studio, "siting")
    panel = window.docks.panels["siting"]
    panel.propose.click()
    studio.settle()


def space(studio: Studio) -> None:
    """The neighbourhood of a camera in 3D."""
    studio.show(next(c for c in studio.window.session.project.cameras if c.camera_id == CAMERA), 110.0)
    studio.window.menus["neighbourhood"].trigger()
    view = studio.window.tools["neighbourhood"].commands.view
    studio.wait(lambda: view.town is not None)
    view._look_from(view.standpoint.turned(60.0, 10.0).nearer(1.5))


def meeting(studio: Studio) -> None:
    """Large letters for a meeting."""
    studio.window.menus["neighbourhood"].trigger()
    studio.window.menus["meeting"].trigger()


SCENES = (empty, findings, why, counts, plan, candidates, lens, compare, proposals, space, meeting)


@contextmanager
def looks(studio: Studio) -> Iterator[Callable[[str], None]]:
    """Photograph what is shown in every language and scheme."""

    def photograph(name: str) -> None:
        for scheme in SCHEMES:
            studio.window.menus[f"scheme_{scheme}"].trigger()
            for language in NAMES:
                studio.window.menus[f"language_{language}"].trigger()
                studio.photograph(f"{name}-{language}-{scheme}")
        studio.window.menus["scheme_light"].trigger()
        studio.window.menus["language_en"].trigger()

    yield photograph


def page(studio: Studio, name: str) -> None:
    """Photograph the box that prints the map."""
    paints: list[object] = []
    studio.window.bench.dialogs.ask_print = lambda _title, _name, paint: paints.append(paint)  # type: ignore[method-assign,assign,func-returns-value]
    studio.window.menus["print_layout"].trigger()
    form = PrintForm(studio.window, studio.window.bench.language, "Hilltown", paints[0])  # type: ignore[arg-type]
    form.show()
    studio.wait(lambda: not form.preview.image.isNull())
    widget: QWidget = form
    widget.grab().save(str(studio.folder / f"{name}.png"))
    form.close()


def contact_sheet(folder: Path) -> None:
    """Put every scene beside the others, one picture of each: a language and colours in turn."""
    names = sorted({path.name.split("-")[0] for path in folder.glob("[0-9]*-*.png")})
    shots = []
    for number, name in enumerate(names):
        language, scheme = list(NAMES)[number % len(NAMES)], SCHEMES[number // len(NAMES) % 2]
        shots.append(Image.open(next(folder.glob(f"{name}-*-{language}-{scheme}.png"))).convert("RGB"))
    if not shots:
        return
    high = round(THUMB_PX * shots[0].height / shots[0].width)
    sheet = Image.new("RGB", (COLUMNS * THUMB_PX, -(-len(shots) // COLUMNS) * high))
    for number, shot in enumerate(shots):
        sheet.paste(shot.resize((THUMB_PX, high)), (number % COLUMNS * THUMB_PX, number // COLUMNS * high))
    sheet.save(folder / "contact.png")


def on_screen(folder: Path, screen: str, wanted: frozenset[str]) -> None:
    """Make the scenes on the screen of this process; each goes on from the one before."""
    studio = Studio(folder)
    studio.window.resize(*SCREENS[screen][:2])
    with looks(studio) as photograph:
        for number, scene in enumerate(SCENES, 1):
            scene(studio)
            studio.settle()
            if not wanted or scene.__name__ in wanted:
                photograph(f"{number:02}-{scene.__name__}")
            if scene is plan:  # while the results are those of the project
                page(studio, "print")
    studio.window.session.history.setClean()
    studio.window.close()
    contact_sheet(folder)


def main() -> None:
    """Make the scenes that are named, or all, on every screen."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="scenes"))
    own = os.environ.get(SCREEN)
    if own is not None:
        on_screen(folder / own, own, frozenset(sys.argv[2:]))
        return
    for screen, (_, _, dots) in SCREENS.items():
        environment = {
            **os.environ,
            SCREEN: screen,
            "QT_SCALE_FACTOR": str(dots),
            "QT_QPA_PLATFORM": f"offscreen:configfile={screen_file(folder, screen)}",
        }
        subprocess.run([sys.executable, __file__, str(folder), *sys.argv[2:]], check=True, env=environment)


def screen_file(folder: Path, screen: str) -> Path:
    """Write how large a screen is, and return the file: Qt's own offscreen screen is 800 square, which cuts boxes."""
    width, height, dots = SCREENS[screen]
    size = {"x": 0, "y": 0, "width": width * dots, "height": height * dots, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{screen}.json"
    path.write_text(json.dumps({"screens": [{"name": screen, **size}]}), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
