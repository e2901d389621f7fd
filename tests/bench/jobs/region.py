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
AT_ONCE = "lhasaplan, all cameras at once"
FULL, QUICK = Order(cities=6), Order(2, 4_000, 400, 500)


def region(setting: Setting) -> Iterator[Row]:
    """Audit all cities in stretches of neighbouring cameras, and one of them in stretches and at once."""
    order = QUICK if setting.quick else FULL
    whole = _audited(setting.folder, order)
    ours, rival = (_audited(setting.folder, replace(order, cities=1, at_once=each)) for each in (False, True))
    of_one = f"the rival audited one of {order.cities} cities and is scaled"
    spent = f"{whole.median('cpu_s'):.3g} s CPU; {whole.median('findings'):,.0f} findings; {of_one}"
    scaled_s = order.cities * rival.median("wall_s")
    yield measured("audit of a region", _reported(order), whole.median("wall_s"), scaled_s, "s", spent, AT_ONCE, "30 s")
    before, held = whole.median("before_mb"), whole.median("held_mb")
    note = f"{before:,.0f} MB with the region read, {held:,.0f} MB with its answers; {of_one}"
    at_once = before + order.cities * _grown_mb(rival)
    job = "audit of a region, peak of memory"
    yield measured(job, _reported(order), whole.median("peak_mb"), at_once, "MB", note, AT_ONCE, "1,500 MB")
    note = f"beyond the city as read; the region in stretches {_grown_mb(whole):,.0f} MB"
    job, one = "audit of one of its cities, peak of memory", replace(order, cities=1)
    yield measured(job, _reported(one), _grown_mb(ours), _grown_mb(rival), "MB", note, AT_ONCE)


def _grown_mb(side: Outcome) -> float:
    """Return how much more than the region itself the audit held at its peak."""
    return side.median("peak_mb") - side.median("before_mb")


def _audited(folder: Path, order: Order) -> Outcome:
    place = folder / f"{order.cities}-{order.at_once}"
    place.mkdir()
    (place / ORDER_FILE).write_text(json.dumps(order.as_json()), "utf-8")
    return fight(place, [OURS], 1)[0]


def _reported(order: Order) -> str:
    many = f"{order.cities} made-up cities" if order.cities > 1 else "a made-up city"
    return f"{many} (synthetic), {order.cities * order.cameras:,} cameras, {order.cities * order.buildings:,} buildings"
