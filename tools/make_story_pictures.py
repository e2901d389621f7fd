"""Make the pictures of docs/council-story.md: the story is told by its verbs, and pages of what is printed on the way are taken.

python tools/make_story_pictures.py [FOLDER]; pages are read by poppler's pdftotext and pdftoppm (Debian: poppler-utils).
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from council_story import ran, tell  # noqa: E402 - the folder of the tests is named above
from PIL import Image, ImageChops  # noqa: E402 - comes with matplotlib

DPI, EDGE_PX = 88, 8
HEAD, FOOT = 0.115, 0.945  # of the height of a page: what stands on each page is not shown again and again


@dataclass(frozen=True)
class Shot:
    """A picture: after which step which draft is printed, a text by which its page is known, and which height of it is shown."""

    name: str
    step: str
    draft: str
    text: str
    bottom: float = FOOT
    top: float = HEAD
    dpi: int = DPI


SHOTS = (
    Shot("story-today", "inventory", "audit.pdf", "Figure 1 · Overview", 0.78, 0.121),
    Shot("story-plan", "decided", "plan.pdf", "Figure 4 · All cameras", 0.87, 0.11, 60),  # on A3: all of it in a page's width
    Shot("story-gaps", "decided", "plan.pdf", "Figure 3 · Hilltown", 0.38),
    Shot("story-meeting", "decided", "plan.pdf", "Table 10 · Work by year", 0.27),
    Shot("story-district", "dropped", "plan.pdf", "Conformity with the city's plan\nThis plan"),
    Shot("story-audit", "done", "audit.pdf", "What to do first", FOOT, 0.095),
)
PLANS = {"decided": "city", "dropped": "South Bank"}  # what is printed after a step; of the others the audit


def page_of(file: Path, text: str) -> int:
    """Return the page on which a text stands; pages of before may name it in their contents."""
    reported = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
    pages = [" ".join(page.split()) for page in reported.split("\f")]
    found = [number for number, page in enumerate(pages, 1) if " ".join(text.split()) in page]
    if not found:
        raise SystemExit(f"{file.name} has no page with {text!r}: name in SHOTS what the page says now")
    return found[0]


def taken(file: Path, shot: Shot) -> Image.Image:
    """Return what a page shows, without its margins and what stands on each page."""
    number, out = str(page_of(file, shot.text)), file.with_name(shot.name)
    subprocess.run(["pdftoppm", "-r", str(shot.dpi), "-f", number, "-l", number, "-singlefile", "-png", file, out], check=True)
    with Image.open(out.with_suffix(".png")) as page:
        whole = page.convert("RGB").crop((0, int(shot.top * page.height), page.width, int(shot.bottom * page.height)))
    left, top, right, bottom = ImageChops.difference(whole, Image.new("RGB", whole.size, "white")).getbbox() or (
        0,
        0,
        *whole.size,
    )
    box = max(left - EDGE_PX, 0), max(top - EDGE_PX, 0), min(right + EDGE_PX, whole.width), min(bottom + EDGE_PX, whole.height)
    return whole.crop(box)


def main(pictures: Path) -> None:
    """Tell the story in a folder that is gone afterwards, and keep its pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def printed(step: str, of: Path) -> None:
            shots = [shot for shot in SHOTS if shot.step == step]
            if not shots:
                return
            plan = ["--plan", PLANS[step]] if step in PLANS else []
            ran("export", of, "--format", "pdf", "--out", folder / step, *plan)
            for shot in shots:
                taken(folder / step / shot.draft, shot).save(pictures / f"{shot.name}.png", optimize=True)

        tell(folder, printed)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
