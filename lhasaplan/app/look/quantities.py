"""Lengths, areas, places and scales as a person reads them on the map."""

from math import floor, log10

from lhasaplan.core.base.wording import Wording
from lhasaplan.report.text.numerals import area_text, grouped_text, number_text

__all__ = ["area_text", "length_text", "scale_text"]
METRES_PER_INCH = 0.0254


def length_text(length_m: float, wording: Wording) -> str:
    """Return a length, with decimals only where they can be told apart on a map.

    >>> [length_text(length_m, Wording()) for length_m in (7.26, 140.4, 2_310.0)]
    ['7.3 m', '140 m', '2.31 km']
    """
    if length_m >= 1e3:
        return f"{number_text(length_m / 1e3, wording, 2)} km"
    return f"{number_text(length_m, wording, 0 if length_m >= 100 else 1)} m"


def scale_text(metres_per_px: float, dots_per_inch: float, wording: Wording) -> str:
    """Return the scale on this screen to two figures, as 1:2 500.

    >>> scale_text(0.5, 96.0, Wording())
    '1:1 900'
    """
    exact = metres_per_px * dots_per_inch / METRES_PER_INCH
    step = 10.0 ** (floor(log10(exact)) - 1)
    return f"1:{grouped_text(round(exact / step) * step, wording)}"
