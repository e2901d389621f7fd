"""The whole audit of a city: all findings and mitigations, stage by stage, beside sight and beside the plain way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..audit_city import Size, save_size
from ..duel import Outcome, Side, fight
from ..ours.stages import OTHER, SIGHT, STEPS
from ..row import MEASURED, Row, measured
from ..setting import Setting

OURS = Side("lhasaplan", "tests.bench.ours.audit")
FLOOR = Side("floor", "tests.bench.floors.audit")
SHAPELY = Side("shapely, camera by camera", "tests.bench.rivals.shapely_audit")
CITY, TOWN = Size(), Size(10_000, 2_000, 500)
TARGET, WHOLE_TARGET = "10 s", "6 s"
LEAST = "our own cones and bands of all views, and the geometry of all answers written once"
LEAST_BESIDE = "that geometry written once"
PLAIN = (
    "the rival, with sight given to it, joins bands and ground and grades homes by their nearest frontage; it tries no "
    "mitigations and finds no sectors, heights, doors and articles; scaled from {sample:,} of the cameras"
)


def audit(setting: Setting) -> Iterator[Row]:
    """One audit of the made-up city, from the project to the assessment; reading and writing files is not part of it."""
    size = TOWN if setting.quick else CITY
    sides = [OURS, SHAPELY, FLOOR]
    ours, rival, floor = fight(_saved(setting.folder, size), sides, setting.turns or (3 if setting.quick else 1))
    reported, names = _reported(size), (SIGHT, OTHER, *STEPS)
    spent, cpu = {name: ours.median(name) for name in names}, {name: ours.median(f"{name} CPU") for name in names}
    beside = sum(spent.values()) - spent[SIGHT]
    whole, peak = (ours.median("whole_s"), ours.median("whole_cpu_s")), f"peak of memory {ours.median('peak_mb'):,.0f} MB"
    row = _stage("all of it, sight included", reported, *whole, f"{peak}; the steps below were timed in a run by one thread")
    yield replace(row, target=WHOLE_TARGET).over(floor.median("wall_s"), LEAST)
    row = _beside(ours, rival, size, beside, sum(cpu.values()) - cpu[SIGHT])
    yield row.over(floor.median("written_s"), LEAST_BESIDE)
    yield _stage("sight itself", reported, spent[SIGHT], cpu[SIGHT], f"{spent[SIGHT] / (beside + spent[SIGHT]):.0%} of the audit")
    for name, text in (*STEPS.items(), (OTHER, OTHER)):
        yield _stage(f"{text}", reported, spent[name], cpu[name], f"{spent[name] / beside:.0%} beside sight")


def _beside(ours: Outcome, rival: Outcome, size: Size, beside_s: float, cpu_s: float) -> Row:
    note = f"{ours.median('findings'):,.0f} findings; {cpu_s:.3g} s CPU"
    if rival.absent:
        return Row("all findings beside sight", _reported(size), beside_s, None, None, "s", rival.absent, rival.name, TARGET)
    sample = rival.median("answers")
    scaled = (rival.median("loop_s") + rival.median("union_s")) * size.cameras / sample
    text = f"{note}; {PLAIN.format(sample=int(sample))}"
    return measured("all findings beside sight", _reported(size), beside_s, scaled, "s", text, rival.name, TARGET)


def _stage(job: str, size: str, spent_s: float, cpu_s: float, note: str) -> Row:
    return Row(job, size, spent_s, None, None, "s", f"{cpu_s:.3g} s CPU; {note}", status=MEASURED)


def _saved(folder: Path, size: Size) -> Path:
    save_size(folder, size)
    return folder


def _reported(size: Size) -> str:
    return f"{size.cameras:,} cameras, {size.buildings:,} buildings, {size.places:,} places"
