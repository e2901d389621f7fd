"""What a person feels at the window: start, open, frames, zoom until sharp, drag, stalls and memory, beside plain Qt."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import median

from lhasaplan.store.geopackage import GeoPackageStore

from ..audit_city import Size, city
from ..duel import ROOT
from ..row import Row, absent, measured
from ..setting import Setting
from ..where_time_goes import watched

OURS, RIVAL, FIRST = (f"tests.bench.{name}" for name in ("ours.window", "rivals.plain_scene", "ours.first_map"))
PLAIN = "QGraphicsView, the same shapes as items"
IMPORTS = "its libraries imported, no window"
LIBRARIES = "import PySide6.QtWidgets, numpy, shapely, scipy.sparse, pyproj, pydantic, osmium"
CITY, TOWN = Size(200_000, 20_000, 10_000, 0.5), Size(20_000, 2_000, 1_000, 0.5)
STALLS = "pauses of the event loop over 50 ms"


def sample(setting: Setting) -> Iterator[Row]:
    """The sample: the start, and all that is felt in it."""
    rounds = setting.turns or (2 if setting.quick else 5)
    _start(setting)
    turns = [(_start(setting), _clock(["-c", LIBRARIES])) for _ in range(rounds)]
    rival = median(libraries for _, libraries in turns)
    for what, name, target in (
        ("painted", "start to first painted map, warm", "0.6 s"),
        ("furnished", "start to all panels, warm", ""),
    ):
        ours, cpu = (median(start[key] for start, _ in turns) for key in (f"{what}_s", f"{what}_cpu_s"))
        note = f"from the start of the process; {cpu:.2f} s CPU; names of squares come with the panels"
        yield measured(name, "Helsinki", ours, rival, "s", note, IMPORTS, target)
    yield from _felt("Helsinki", "helsinki", setting, ("frames", "drag", "audit", "export"))


def large(setting: Setting) -> Iterator[Row]:
    """A made-up city, told to be synthetic; export is measured on the sample."""
    size = TOWN if setting.quick else CITY
    address = setting.folder / "city.gpkg"
    GeoPackageStore(address).save(replace(city(size), synthetic=True))
    reported = f"made-up city (synthetic), {size.buildings:,} buildings, {size.cameras:,} cameras"
    yield from _felt(reported, str(address), setting, ("frames", "drag", "audit"))


def _felt(reported: str, address: str, setting: Setting, jobs: tuple[str, ...]) -> Iterator[Row]:
    ours = _figures(OURS, address, ",".join(jobs), str(setting.folder))
    rival = _figures(RIVAL, address)
    spent = f"{ours['usable_cpu_s']:.2g} s CPU; the rival paints ground alone"
    yield _beside("open: usable", reported, ours, rival, "usable_s", "s", spent, "2.5 s")
    spent = f"{ours['cones_cpu_s']:.2g} s CPU; both compute the same cones; ours nearest to the middle first"
    spent += f"; with its protected places found the town stands after {ours['whole_s']:.2g} s, {ours['whole_cpu_s']:.2g} s CPU"
    yield measured("open: all cones drawn", reported, ours["cones_s"], rival["whole_s"], "s", spent, PLAIN, "3 s")
    for percent, name, target in ((50, "median", "4 ms"), (95, "p95", "10 ms")):
        note = f"{ours[f'frame_cpu_p{percent}']:.2g} ms CPU; pan and zoom, antialiased, labels"
        note += "; the rival has no labels, relief or legend"
        yield _beside(f"frame, {name}", reported, ours, rival, f"frame_p{percent}", "ms", note, target)
    note = f"median {ours['sharp_p50']:.3g} ms; the rival is sharp with its frame"
    yield measured("zoom until sharp, p95", reported, ours["sharp_p95"], rival["frame_p95"], "ms", note, PLAIN, "150 ms")
    note = f"median {ours['drag_p50']:.3g} ms, {ours['drag_cpu_ms']:.3g} ms CPU; the cone at each step"
    note += f"; views and effect three times a second, and {ours['drag_answers_ms']:.0f} ms after the last"
    note += "; the rival moves the old cone alone"
    yield _beside("drag a camera, step p95", reported, ours, rival, "drag_p95", "ms", note, "16 ms")
    for what in ("open", *(job for job in jobs if job != "frames")):
        note = f"longest {ours[f'{what}_longest_ms']:.0f} ms; own thread {ours[f'{what}_worked_ms']:.0f} ms at most"
        yield absent(f"stalls in {what}", reported, ours[f"{what}_stalls"], STALLS, f"{note}", "", "0")
    note = f"at the end, with audit and live answers about {ours['answered']:,} of {ours['cameras']:,} cameras"
    note += f"; peak of the audit {ours['peak_mb']:,.0f} MB; the rival's peak, without results"
    yield measured("memory with results", reported, ours["held_mb"], rival["peak_mb"], "MB", note, PLAIN, "900 MB")


def _beside(job: str, reported: str, ours: dict, rival: dict, figure: str, unit: str, note: str, target: str) -> Row:
    return measured(job, reported, ours[figure], rival[figure], unit, note, PLAIN, target)


def _figures(module: str, *words: str) -> dict:
    return json.loads(_run(["-m", module, *words]).strip().splitlines()[-1])


def _start(setting: Setting) -> dict:
    """Start the window as on a computer where nothing of it was remembered but what a start keeps for the next."""
    begun = time.time()
    nowhere = {"XDG_CONFIG_HOME": str(setting.folder), "XDG_DATA_HOME": str(setting.folder)}
    found = json.loads(_run(["-m", FIRST], nowhere).strip().splitlines()[-1])
    return found | {f"{what}_s": found[what] - begun for what in ("painted", "furnished")}


def _clock(words: list[str]) -> float:
    begun = time.perf_counter()
    _run(words)
    return time.perf_counter() - begun


def _run(words: list[str], more: Mapping[str, str] | None = None) -> str:
    surroundings = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": str(ROOT), **(more or {})}
    done = subprocess.run(
        watched([sys.executable, *words]), capture_output=True, text=True, env=surroundings, cwd=ROOT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-800:]}")
    return done.stdout
