"""``python -m tests.bench.yardstick make | score [ANSWERS_FOLDER]``: write the scenes, or score tools against their truth.

Without a folder this program is scored and, where Debian's Python has it, GDAL's viewshed. A folder has ``SCENE.csv`` for each
scene, with ``camera_id, point_id, seen`` and, where the tool knows it, ``density_px_m``.
"""

import sys
from pathlib import Path

from .files import FOLDER, read_rows, write_all
from .scenes import SCENES
from .scoring import score
from .tools import ask_gdal, ask_ours


def main(words):
    """Run one of the two commands."""
    if words[:1] == ["make"]:
        write_all()
        return 0
    if words[:1] != ["score"]:
        print(__doc__)
        return 2
    if words[1:]:
        folder = Path(words[1])
        tell(words[1], lambda name: (read_rows(folder / f"{name}.csv"), 0.0))
        return 0
    tell("lhasaplan", ask_ours)
    rival = ask_gdal()
    if rival is None:
        print("\nGDAL: not asked, Debian's Python has none (apt-get install python3-gdal)")
    else:
        tell("GDAL ViewshedGenerate, surface of 0.5 m, cut to the true picture", rival.__getitem__)
    return 0


def tell(title, ask):
    """Print the scores of a tool, a row a scene."""
    print(f"\n{title}\n| scene | points seen | precision | recall | density off by at most | CPU, s |\n|---|---|---|---|---|---|")
    for name in SCENES:
        answers, spent = ask(name)
        each = score(read_rows(FOLDER / name / "truth.csv"), answers)
        off = "-" if each.density_off_percent is None else f"{each.density_off_percent:.3f} %"
        print(f"| {name} | {each.seen} | {each.precision:.4f} | {each.recall:.4f} | {off} | {spent:.2f} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
