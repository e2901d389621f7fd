"""All drafts of a large plan beside the same words, rows and pictures written plainly, and the web map of many cones."""

import json
import subprocess
import sys
from collections.abc import Iterator

from ..duel import ROOT
from ..row import Row, measured
from ..setting import Setting
from ..where_time_goes import watched
from .start import LEAST_DRAFTS, least_of_files

OURS, RIVAL = "tests.bench.ours.large_plan", "tests.bench.rivals.plain_office"
PLAINLY = "python-docx and openpyxl, the same rows plainly"
PLAIN_MAP = "the same shapes as GeoJSON"


def drafts(setting: Setting) -> Iterator[Row]:
    """Each side once in a process of its own: the figures are of many seconds."""
    cameras, cones = setting.count(2_000, 200), setting.count(10_000, 1_000)
    parts = cameras * 5 // 2
    ours = _said(OURS, str(setting.folder), str(cameras), str(cones))
    written = [each for each in sorted(setting.folder.rglob("*")) if each.is_file() and each.name != "cones.html"]
    rival = _said(RIVAL, str(setting.folder), str(cameras), str(cones))
    size = f"{cameras:,} cameras, {parts:,} parts, 8 areas (synthetic)"
    note = (
        f"Word, PDF, web pages and map, Excel, slides, GeoPackage; clock {ours['clock_s']:.3g} s; "
        "the rival writes Word and Excel alone"
    )
    row = measured("all drafts of a plan", size, ours["cpu_s"], rival["cpu_s"], "s CPU", note, PLAINLY, "10 s clock")
    yield row.over(least_of_files(setting.folder, [], written, setting.rounds), LEAST_DRAFTS)
    yield _alone("peak of memory", size, ours["peak_mb"], "MB", "with the answers of the plan", "800 MB")
    yield _alone("plan", size, ours["plan_pages"], "pages", "PDF", "60")
    yield _alone("audit", size, ours["audit_pages"], "pages", "PDF", "40")
    reported = f"{cones:,} cameras, {parts:,} parts (synthetic)"
    time = f"made in {ours['map_cpu_s']:.3g} s CPU, the rival in {rival['map_cpu_s']:.3g}"
    yield measured("web map, one file", reported, ours["map_mb"], rival["map_mb"], "MB", time, PLAIN_MAP, "4 MB")


def _alone(job: str, size: str, value: float, unit: str, note: str, target: str) -> Row:
    return Row(job, size, value, None, None, unit, note, "", target)


def _said(module: str, *words: str) -> dict:
    done = subprocess.run(watched([sys.executable, "-m", module, *words]), capture_output=True, text=True, cwd=ROOT, check=True)
    return json.loads(done.stdout.splitlines()[-1])
