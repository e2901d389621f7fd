"""Draw the confirmed parts by how many cameras show each, in the classes and colours that the window has for counts."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment, PartResult
from lhasaplan.report.maps.base_map import BaseMap, frame_of
from lhasaplan.report.maps.figures import MOST_NUMBERED, FigureRoom, draw_ground, draw_outline, fit, fonts, page_with_legend
from lhasaplan.report.maps.map_decorations import PRINT_DPI, furnish, imprint, png
from lhasaplan.report.text.style import load_style

ROOM = FigureRoom(17.4, 12.5)  # half a page: its caption and the table that it stands above have the other half
MARGIN_M = 40.0
LARGE_PT, SMALL_PT, NUMBER_PT = 10.0, 4.0, 6.0
DARK_FROM = 3  # cameras from which on the colour is so dark that the number on it is white


def demand_map(base: BaseMap, assessment: Assessment, translations: Translations) -> bytes | None:
    """Return the map as PNG, or ``None`` where no part has a place to be drawn."""
    parts = [each for each in assessment.parts or () if each.part.geometry is not None and not each.part.geometry.is_empty]
    frame = frame_of([], [each.part.geometry for each in parts], margin_m=MARGIN_M) if parts else None
    if frame is None:
        return None
    frame = fit(frame)
    with fonts():
        marks = [_mark(low, translations) for low in _lows()]
        figure, axes = page_with_legend(frame, marks, ROOM)
        draw_ground(axes, base, frame)
        draw_outline(axes, [each.part.geometry for each in parts] if len(parts) <= MOST_NUMBERED else ())
        _draw_counts(axes, parts)
        furnish(axes, frame, translations)
        imprint(figure, axes, assessment, translations, assessment.crs)
        return png(figure, dpi=PRINT_DPI)


def counts_text(parts: Sequence[PartResult], translations: Translations) -> str:
    """Return how many parts so many cameras show, class by class: what the map says, for people who cannot see it."""
    found, text = Counter(_low_of(len(each.cameras)) for each in parts), marked("{name}: {text}")
    reported = (translations(text, name=_name(low, translations), text=found[low]) for low in _lows() if found[low])
    return translations(marked("; ")).join(reported)


def _lows() -> list[int]:
    """Return from how many cameras on each class begins, none first."""
    return sorted(int(low) for low in load_style()["counts"])


def _low_of(count: int) -> int:
    lows = _lows()
    return lows[bisect_right(lows, count) - 1]


def _name(low: int, translations: Translations) -> str:
    """Return what a class is called."""
    if low == 0:
        return translations(marked("no camera in operation"))
    higher = [each for each in _lows() if each > low]
    if not higher:
        return translations(marked("{low} or more cameras"), low=low)
    if higher[0] - 1 > low:
        return translations(marked("{low} to {high} cameras"), low=low, high=higher[0] - 1)
    return translations(marked("{count} cameras"), count=low)


def _look(low: int, size_pt: float) -> dict[str, Any]:
    colour = str(load_style()["counts"][str(low)])
    return {
        "marker": "o",
        "color": "none",
        "linestyle": "none",
        "markerfacecolor": colour,
        "markeredgecolor": "black",
        "markersize": size_pt,
    }


def _mark(low: int, translations: Translations) -> Line2D:
    return Line2D([], [], label=_name(low, translations), markeredgewidth=0.7, **_look(low, 8.0))


def _draw_counts(axes: Axes, parts: Sequence[PartResult]) -> None:
    """Draw a disc at the middle of each part, with its number where there is room for numbers; the least seen on top."""
    has_numbers = len(parts) <= MOST_NUMBERED
    middles = [(each.part.geometry.representative_point(), len(each.cameras)) for each in parts]
    for low in reversed(_lows()):  # one drawing for a class: a city has thousands of parts
        at = [(point.x, point.y) for point, count in middles if _low_of(count) == low]
        look = _look(low, LARGE_PT if has_numbers else SMALL_PT)
        axes.plot(*zip(*at, strict=True) if at else ((), ()), markeredgewidth=0.7 if has_numbers else 0.3, zorder=8, **look)
    for point, count in middles if has_numbers else ():
        colour = "white" if count >= DARK_FROM or not count else "black"
        place: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": NUMBER_PT, "zorder": 9}
        axes.text(point.x, point.y, str(count), color=colour, clip_on=True, **place)
