"""Keep the core's thresholds the loosest that any pack may set: data may tighten, never loosen."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from lhasaplan.core.rules import Pack, Thresholds

CORE_THRESHOLDS = Thresholds()
#: A default density class at which known people are recognised; never a pack's default (STANDARDS.md section 6).
RECOGNITION_PX_M = 125.0


def loosened(thresholds: Thresholds, core: Thresholds = CORE_THRESHOLDS) -> tuple[str, ...]:
    """Return the keys that are looser than the core's.

    Every figure is an upper limit of what stays without a finding: a higher grade limit, a longer frontage, a longer
    distance from a served part or a longer retention is looser. A limit that the core does not set is free.
    """
    return tuple(f.name for f in fields(Thresholds) if _is_above(getattr(thresholds, f.name), getattr(core, f.name)))


def strictest(packs: Iterable[Pack], core: Thresholds = CORE_THRESHOLDS) -> Thresholds:
    """Return the strictest of the core's figures and those of all packs.

    >>> strictest([]) == Thresholds()
    True
    """
    offered = (core, *(pack.thresholds for pack in packs))
    least: dict[str, Any] = {f.name: _least(getattr(one, f.name) for one in offered) for f in fields(Thresholds)}
    return replace(core, **least)


def _is_above(value: float | None, limit: float | None) -> bool:
    if limit is None:
        return False
    return value is None or not value <= limit  # NaN is refused as well


def _least(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return min(known) if known else None
