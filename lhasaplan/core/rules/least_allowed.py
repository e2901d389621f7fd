"""The least that data may set: thresholds of packs, and optics of unrecorded cameras."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import CameraClass, Kind, Span
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.errors import Fault, Where

# The least optics that data must assume of unrecorded cameras, so that no finding vanishes with an assumption.

MILDER = marked("{value} assumes less than the program's {least}; assumptions can be wider, never narrower")


# (narrow, wide) of hfov_deg; most and fewest pixels across; tilt_deg; mount_height_m; the limit of a range nobody recorded.
_Ends = tuple[float, float]
LEAST: Mapping[Kind, tuple[_Ends, _Ends, _Ends, _Ends, float]] = {
    Kind.FIXED: ((12.0, 110.0), (640.0, 3840.0), (0.0, 45.0), (2.5, 8.0), 2500.0),
    Kind.DOME: ((4.7, 115.0), (640.0, 3840.0), (0.0, 75.0), (2.2, 8.0), 750.0),
    Kind.FISHEYE: ((180.0, 180.0), (1000.0, 3000.0), (90.0, 90.0), (2.2, 6.0), 2500.0),
    Kind.PANORAMA: ((360.0, 360.0), (4096.0, 8192.0), (0.0, 45.0), (2.5, 8.0), 2500.0),
    Kind.PAN_TILT: ((4.0, 68.0), (640.0, 3840.0), (0.0, 45.0), (2.5, 12.0), 750.0),
    Kind.PLATE_READER: ((5.5, 95.0), (640.0, 3840.0), (0.0, 45.0), (1.0, 8.0), 750.0),
}


def milder(found: CameraClass, file: str) -> Iterator[Fault]:
    """Yield a fault for everything in which a class assumes less than the core's: narrower limits, a shorter range."""
    hfov_deg, width_px, tilt_deg, height_m, limit_m = LEAST[found.kind]
    spans = (("hfov_deg", hfov_deg), ("image_width_px", width_px), ("tilt_deg", tilt_deg), ("mount_height_m", height_m))
    for name, ends in spans:
        yield from _gap(getattr(found, name), ends, Where(file, item=f"{found.kind.value}.{name}"))
    yield from _below(found.range_limit_m, limit_m, Where(file, item=f"{found.kind.value}.range_limit_m"))


def _gap(span: Span, ends: tuple[float, float], where: Where) -> Iterator[Fault]:
    low, high = min(span.narrow, span.wide), max(span.narrow, span.wide)
    if low > ends[0] or high < ends[1]:
        yield Fault(MILDER, where, {"value": f"{low:g}–{high:g}", "least": f"{ends[0]:g}–{ends[1]:g}"})


def _below(value: float, least: float, where: Where) -> Iterator[Fault]:
    if value < least:
        yield Fault(MILDER, where, {"value": f"{value:g}", "least": f"{least:g}"})


# Keep the core's thresholds the loosest that any pack may set: data may tighten, never loosen.

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
