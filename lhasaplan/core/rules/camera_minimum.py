"""The least optics that data must assume of unrecorded cameras, so that no finding vanishes with an assumption."""

from collections.abc import Iterator, Mapping

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import CameraClass, Kind, Span
from lhasaplan.errors import Fault, Where

MILDER = marked("{value} assumes less than the program's {least}; assumptions may take in more, never less")

# (narrow, wide) of hfov_deg; pixels across at the narrow end; tilt_deg; mount_height_m; range_m at its three ends.
_Least = tuple[tuple[float, float], float, tuple[float, float], tuple[float, float], tuple[float, float, float]]
LEAST: Mapping[Kind, _Least] = {
    Kind.FIXED: ((30.0, 90.0), 3840.0, (5.0, 30.0), (3.5, 6.0), (287.0, 57.0, 38.0)),
    Kind.DOME: ((30.0, 110.0), 3840.0, (5.0, 45.0), (2.5, 4.0), (287.0, 46.0, 27.0)),
    Kind.FISHEYE: ((180.0, 180.0), 3000.0, (90.0, 90.0), (2.5, 4.0), (38.0, 25.0, 19.0)),
    Kind.PANORAMA: ((360.0, 360.0), 8192.0, (15.0, 25.0), (3.5, 6.0), (52.0, 48.0, 32.0)),
    Kind.PAN_TILT: ((4.0, 60.0), 3840.0, (0.0, 45.0), (6.0, 12.0), (287.0, 143.0, 66.0)),
}


def milder(found: CameraClass, file: str) -> Iterator[Fault]:
    """Yield a fault for everything in which a class assumes less than the core's: a shorter range, fewer pixels, a gap."""
    hfov_deg, width_px, tilt_deg, height_m, range_m = LEAST[found.kind]
    for name, ends in (("hfov_deg", hfov_deg), ("tilt_deg", tilt_deg), ("mount_height_m", height_m)):
        yield from _gap(getattr(found, name), ends, Where(file, item=f"{found.kind.value}.{name}"))
    yield from _below(found.image_width_px.narrow, width_px, Where(file, item=f"{found.kind.value}.image_width_px"))
    for value, least in zip((found.range_m.narrow, found.range_m.typical, found.range_m.wide), range_m, strict=True):
        yield from _below(value, least, Where(file, item=f"{found.kind.value}.range_m"))


def _gap(span: Span, ends: tuple[float, float], where: Where) -> Iterator[Fault]:
    low, high = min(span.narrow, span.wide), max(span.narrow, span.wide)
    if low > ends[0] or high < ends[1]:
        yield Fault(MILDER, where, {"value": f"{low:g}–{high:g}", "least": f"{ends[0]:g}–{ends[1]:g}"})


def _below(value: float, least: float, where: Where) -> Iterator[Fault]:
    if value < least:
        yield Fault(MILDER, where, {"value": f"{value:g}", "least": f"{least:g}"})
