"""The audit of a region of many cities: how long it takes and what memory, beside all of its cameras at once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..duel import Outcome, Side, fight
from ..region import ORDER_FILE, Order
from ..row import Row, measured
from ..setting import Setting

OURS = Side("lhasaplan", "tests.bench.ours.region")
FLOOR = Side("floor", "tests.bench.floors.audit")
LEAST = "our own cones and bands of all views, and the tables of the answers written by sqlite in one go"
AT_ONCE = "lhasaplan, all cameras at once"
FULL, QUICK = Order(cities=6), Order(2, 4_000, 400, 500)
OF_COUNTRY = Order(cities=2, buildings=50_000, places=4_000, cameras=5_000, workers=2)  # a hundredth of it


def region(setting: Setting) -> Iterator[Row]:
    """Audit all cities in stretches of neighbouring cameras, and one of them in stretches and at once."""
    order = QUICK if setting.quick else FULL
    whole, floor = _measured(setting.folder, order, [OURS, FLOOR])
    ours, rival = (_audited(setting.folder, replace(order, cities=1, at_once=each)) for each in (False, True))
    of_one = f"the rival audited one of {order.cities} cities and is scaled"
    spent = f"{whole.median('cpu_s'):.3g} s CPU; {whole.median('findings'):,.0f} findings; {of_one}"
    scaled_s = order.cities * rival.median("wall_s")
    row = measured("audit of a region", _reported(order), whole.median("wall_s"), scaled_s, "s", spent, AT_ONCE, "30 s")
    yield row.over(floor.median("wall_s"), LEAST)
    before, held = whole.median("before_mb"), whole.median("held_mb")
    note = f"{before:,.0f} MB with the region read, {held:,.0f} MB with its answers; {of_one}"
    at_once = before + order.cities * _grown_mb(rival)
    job = "audit of a region, peak of memory"
    yield measured(job, _reported(order), whole.median("peak_mb"), at_once, "MB", note, AT_ONCE, "1,500 MB")
    note = f"beyond the city as read; the region in stretches {_grown_mb(whole):,.0f} MB"
    job, one = "audit of one of its cities, peak of memory", replace(order, cities=1)
    yield measured(job, _reported(one), _grown_mb(ours), _grown_mb(rival), "MB", note, AT_ONCE)


def country(setting: Setting) -> Iterator[Row]:
    """Audit a hundredth of a country with the workers of a dask scheduler as processes, and in threads."""
    order = replace(QUICK, workers=2) if setting.quick else OF_COUNTRY
    workers, threads = (_audited(setting.folder, each) for each in (order, replace(order, workers=0)))
    own, theirs = workers.median("cpu_s"), workers.median("workers_cpu_s")
    note = f"{own:.3g} s of it here, {theirs:.3g} s of the workers; clock {workers.median('wall_s'):.3g} s, in threads "
    note += f"{threads.median('wall_s'):.3g} s; findings {workers.median('findings'):,.0f} and {threads.median('findings'):,.0f}"
    job, against = "audit by dask's workers", "lhasaplan, threads"
    yield measured(job, _reported(order), own + theirs, threads.median("cpu_s"), "s CPU", note, against)
    job, note = "the same, memory of a worker", f"here {workers.median('peak_mb'):,.0f} MB, in threads beside it"
    yield measured(job, _reported(order), workers.median("worker_peak_mb"), threads.median("peak_mb"), "MB", note, against)


def _grown_mb(side: Outcome) -> float:
    """Return how much more than the region itself the audit held at its peak."""
    return side.median("peak_mb") - side.median("before_mb")


def _audited(folder: Path, order: Order) -> Outcome:
    return _measured(folder, order, [OURS])[0]


def _measured(folder: Path, order: Order, sides: list[Side]) -> list[Outcome]:
    place = folder / f"{order.cities}-{order.at_once}-{order.workers}"
    place.mkdir()
    (place / ORDER_FILE).write_text(json.dumps(order.as_json()), "utf-8")
    return fight(place, sides, 1)


def _reported(order: Order) -> str:
    many = f"{order.cities} made-up cities" if order.cities > 1 else "a made-up city"
    return f"{many} (synthetic), {order.cities * order.cameras:,} cameras, {order.cities * order.buildings:,} buildings"
