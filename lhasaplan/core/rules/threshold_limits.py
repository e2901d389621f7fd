"""Keep the core's thresholds the loosest that any pack may set: data may tighten, never loosen."""

from dataclasses import fields

from lhasaplan.core.rules.pack import Thresholds

CORE_THRESHOLDS = Thresholds()
#: A default density class at which known people are recognised; never a pack's default (IEC 62676-4:2014).
RECOGNITION_PX_M = 125.0


def loosened(thresholds: Thresholds, core: Thresholds = CORE_THRESHOLDS) -> tuple[str, ...]:
    """Return the keys that are looser than the core's.

    Every figure is an upper limit of what stays without a finding: a higher grade limit, a longer frontage, a longer
    distance from a served part or a longer retention is looser. A limit that the core does not set is free.
    """
    return tuple(f.name for f in fields(Thresholds) if _is_above(getattr(thresholds, f.name), getattr(core, f.name)))


def _is_above(value: float | None, limit: float | None) -> bool:
    if limit is None:
        return False
    return value is None or not value <= limit  # NaN is refused as well
