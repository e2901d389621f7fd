"""One step of a drag, with everything that the window is told: level and on terrain, beside making the town anew."""

import json
from collections.abc import Iterator
from pathlib import Path

from ..audit_city import Size, save_size
from ..duel import Outcome, Side, fight
from ..row import Row, measured
from ..setting import Setting

OURS = Side("lhasaplan", "tests.bench.ours.live")
CITY = Size(buildings=200_000, places=20_000, cameras=10_000, recorded=1.0)
TOWN = Size(buildings=20_000, places=2_000, cameras=500, recorded=1.0)
TARGETS = {False: {50: "5 ms", 95: "10 ms"}, True: {50: "8 ms", 95: "16 ms"}}
ANEW = "the town made anew, and the cone alone"
LEAST = "our own cones of the one camera, and its points looked at and counted once"
TOLD = "field, column, coverage, overlap, protected views, unasked ground, findings on what is seen, effect"


def level(setting: Setting) -> Iterator[Row]:
    """A drag in a city on level ground."""
    yield from _dragged(setting, hilly=False)


def hills(setting: Setting) -> Iterator[Row]:
    """A drag in a city on hills of 10 m cells."""
    yield from _dragged(setting, hilly=True)


def _dragged(setting: Setting, *, hilly: bool) -> Iterator[Row]:
    size = TOWN if setting.quick else CITY
    (ours,) = fight(_saved(setting.folder, size, hilly), [OURS], setting.turns or 3)
    job = f"one step of a drag{', on 10 m terrain' if hilly else ''}"
    reported = f"{size.cameras:,} cameras, {size.buildings:,} buildings, {size.places:,} places"
    for percent, name in ((50, "median"), (95, "p95")):
        mine, anew = ours.median(f"ours_cpu_p{percent}"), ours.median(f"anew_cpu_p{percent}")
        row = measured(f"{job}, {name}", reported, mine, anew, "ms CPU", _note(ours, percent), ANEW, TARGETS[hilly][percent])
        yield row.over(ours.median(f"least_cpu_p{percent}"), LEAST)


def _note(ours: Outcome, percent: int) -> str:
    clock, anew = ours.median(f"ours_p{percent}"), ours.median(f"anew_p{percent}")
    spent = f"clock {clock:.3g} ms, rival {anew:.3g}"
    before = f"before: city set up in {ours.median('set_up_s'):.3g} s, with all answers {ours.median('made_s'):.3g} s"
    return f"{TOLD}; {spent}; {before}; peak {ours.median('peak_mb'):,.0f} MB"


def _saved(folder: Path, size: Size, hilly: bool) -> Path:
    save_size(folder, size)
    (folder / "ground.json").write_text(json.dumps({"hilly": hilly}), "utf-8")
    return folder
