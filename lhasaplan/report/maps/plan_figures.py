"""Draw what a plan compares: a place before and after, two plans, parts by their cameras, the trade-off; and one place alone."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, PlanSheet
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.facts.part_options import ACROSS, KNEE, SERVED, UNASKED
from lhasaplan.report.maps.base_map import BaseMap, Frame, Sourced, StreetName, frame_of
from lhasaplan.report.maps.figures import MOST_NUMBERED, FigureRoom, filled_page, fit, fonts, map_axes, page_with_legend
from lhasaplan.report.maps.map_decorations import (
    CM_PER_INCH,
    PRINT_DPI,
    furnish,
    furnished,
    imprint,
    png,
)
from lhasaplan.report.maps.map_drawing import draw_cameras, draw_ground, draw_outline, draw_place
from lhasaplan.report.maps.map_texts import SIZE_PT, draw_numbers, draw_street_names, place_numbers
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.text_width import width_of

if TYPE_CHECKING:
    from lhasaplan.core.siting.options import Point

# Draw two plans of one town side by side in one frame; what differs is ringed in both.

SHEET_WIDTH_CM, SHEET_GAP_CM, SHEET_HEAD_CM = 27.7, 0.5, 1.4  # of an A4 page on its side
FORMATS = (".pdf", ".png", ".svg")
RING, RING_PT = "#b00020", 13.0
RINGED = marked("Cameras that differ are ringed.")
NO_MAP = marked("{ending} is not a format of this map; the formats are: {known}")
NOTHING = marked("neither plan has a camera with a place that can be drawn")


def write_compared_map(sheet: PlanSheet, path: Path, translations: Translations) -> Path:
    """Write the map by the ending of the path (.pdf, .png or .svg) and return it.

    InputError for another ending, and where there is nothing to draw.
    """
    require_format(path)
    frame = frame_of([result for _, results in sheet.plans for result in results], margin_m=15.0)
    if frame is None:
        raise InputError(Fault(NOTHING, Where(path.name)))
    with fonts():
        figure = _figure(sheet, fit(frame), translations)
        with replacing(path) as aside:
            _save(figure, aside, path.suffix.casefold())
    return path


def require_format(path: Path) -> None:
    """Raise InputError for an ending that is no format of a map."""
    if path.suffix.casefold() not in FORMATS:
        params = {"ending": path.suffix or path.name, "known": ", ".join(FORMATS)}
        raise InputError(Fault(NO_MAP, Where(path.name), params))


def _figure(sheet: PlanSheet, frame: Frame, translations: Translations) -> Figure:
    each_cm = (SHEET_WIDTH_CM - SHEET_GAP_CM) / 2.0
    map_cm = each_cm * (frame[3] - frame[1]) / (frame[2] - frame[0])
    height_cm = map_cm + SHEET_HEAD_CM
    figure, base = Figure(figsize=(SHEET_WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH)), BaseMap(sheet)
    for number, (name, results) in enumerate(sheet.plans):
        left = number * (each_cm + SHEET_GAP_CM) / SHEET_WIDTH_CM
        axes = map_axes(figure, frame, (left, 0.0, each_cm / SHEET_WIDTH_CM, map_cm / height_cm))
        draw_ground(axes, base, frame)
        draw_cameras(axes, results, marker=5)
        _ring(axes, [result.placed.camera for result in results if result.placed.camera.camera_id in sheet.differing])
        furnish(axes, frame, translations)
        imprint(figure, axes, sheet, translations, sheet.crs, size=5.0)
        figure.text(left, 1.0 - 0.1 / height_cm, name, fontsize=10, va="top", ha="left")
    figure.text(0.0, 1.0 - 0.75 / height_cm, translations(RINGED), fontsize=8, va="top", ha="left", color=RING)
    return figure


def _ring(axes: Axes, cameras: Sequence[Camera]) -> None:
    look: dict[str, Any] = {
        **{"markersize": RING_PT, "markerfacecolor": "none", "markeredgecolor": RING, "markeredgewidth": 1.4},
        "zorder": 9,
    }
    axes.plot([camera.x_m for camera in cameras], [camera.y_m for camera in cameras], "o", **look)


def _save(figure: Figure, path: Path, ending: str) -> None:
    if ending == ".png":
        path.write_bytes(png(figure, dpi=PRINT_DPI))
    else:  # no day and no program stand in the file: the same plans give the same bytes
        metadata = {"Date": None} if ending == ".svg" else {"CreationDate": None, "Producer": None, "Creator": None}
        figure.savefig(path, format=ending[1:], metadata=metadata)


# Draw the confirmed parts by how many cameras show each, in the classes and colours that the window has for counts.

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
        marks = [Line2D([], [], label=_name(low, translations), markeredgewidth=0.7, **_look(low, 8.0)) for low in _lows()]
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


# Draw the trade-off of proposals: what each further camera serves, and the unasked ground that it shows.

GOOD, DUE = "#1b7837", "#b35806"  # told apart by mark and dash, too


@dataclass(frozen=True, slots=True)
class ChartLook:
    """How large a chart and its letters are, in the size in which it is shown."""

    width_cm: float
    height_cm: float
    letters_pt: float
    mark_pt: float


PRINTED = ChartLook(12.0, 6.4, 8.0, 4.0)
PROJECTED = ChartLook(14.5, 12.5, 14.0, 8.0)  # of a slide, to be read from the last row of a hall


def trade_off_chart(points: "Sequence[Point]", translations: Translations, look: ChartLook = PRINTED) -> bytes:
    """Return the picture: shares with discs on the left axis, ground with squares and dashes on the right one."""
    new = [each.new for each in points]
    with fonts():
        figure = Figure(figsize=(look.width_cm / CM_PER_INCH, look.height_cm / CM_PER_INCH), layout="constrained")
        left = figure.add_subplot()
        right = left.twinx()
        left.plot(new, [100.0 * each.figures["reached"] for each in points], "o-", color=GOOD, markersize=look.mark_pt)
        right.plot(new, [each.figures["unasked_m2"] for each in points], "s--", color=DUE, markersize=look.mark_pt)
        left.set_ylim(0.0, 102.0)
        right.set_ylim(0.0, 1.05 * max(1.0, *(each.figures["unasked_m2"] for each in points)))
        right.yaxis.set_major_formatter(lambda value, _: number_text(value, translations))
        left.xaxis.set_major_locator(MaxNLocator(integer=True))
        for axes, name, colour in ((left, SERVED, GOOD), (right, UNASKED, DUE)):
            axes.set_ylabel(translations(name), color=colour, fontsize=look.letters_pt)
            axes.tick_params(labelsize=look.letters_pt - 0.5)
        left.set_xlabel(translations(ACROSS), fontsize=look.letters_pt)
        for each in points:
            if each.is_knee:
                left.axvline(each.new, color="0.4", linewidth=0.8, linestyle=":")
                left.text(each.new, 4.0, f" {translations(KNEE)}", fontsize=look.letters_pt - 0.5, color="0.25")
        return png(figure, dpi=PRINT_DPI)


# The options of a plan in one chart, for a slide: what each serves to the left, what it shows unasked to the right.
@dataclass(frozen=True, slots=True)
class OptionBar:
    """One option: its name, parts met, ground that no part asks for and its words, a remark, and whether the rule marks it."""

    name: str
    met: float
    unasked_m2: float
    ground: str
    remark: str
    is_marked: bool


CHART_WIDTH_CM, ROW_CM, CHART_HEAD_CM = 30.5, 1.3, 1.3
LETTERS_PT, NAME_SHARE, MARKED = 15.0, 0.36, "#0b4f8a"
LEAST_BAR_CM = 1.0  # of the longest bar, however long its words are
WIDER = 1.08  # letters of a picture, beside those that slides are measured with


def options_chart(bars: Sequence[OptionBar], heads: tuple[str, str], parts: float) -> bytes:
    """Return the picture: names in the middle, bars of both kinds from there outwards, an arrow at the marked option."""
    height_cm = CHART_HEAD_CM + ROW_CM * len(bars)
    with fonts():
        figure = Figure(figsize=(CHART_WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH))
        side, low, high = (1.0 - NAME_SHARE) / 2.0, 0.0, 1.0 - CHART_HEAD_CM / height_cm
        left = figure.add_axes((0.0, low, side, high), xlim=(1.2 * max(parts, 1.0), 0.0), ylim=(len(bars) - 0.5, -0.5))
        right = figure.add_axes((1.0 - side, low, side, high), xlim=(0.0, _ground_across(bars)), ylim=(len(bars) - 0.5, -0.5))
        for axes in (left, right):
            axes.axis("off")
        for row, bar in enumerate(bars):
            ink = MARKED if bar.is_marked else "black"  # no bold letters: the face of Chinese has none here
            said: dict[str, Any] = {"va": "center", "fontsize": LETTERS_PT, "color": ink}
            left.barh(row, bar.met, height=0.55, color=GOOD)
            left.text(bar.met + 0.02 * parts, row, f"{bar.met:g} ", ha="right", **said)
            right.barh(row, bar.unasked_m2, height=0.55, color=DUE, hatch="//", edgecolor="white")
            right.text(bar.unasked_m2, row, _beside(bar), ha="left", **said)
            y = high * (1.0 - (row + 0.5) / len(bars))
            figure.text(0.5, y, f"▶ {bar.name}" if bar.is_marked else bar.name, ha="center", **said)
        figure.text(side, 1.0, heads[0], ha="right", va="top", fontsize=LETTERS_PT, color=GOOD)
        figure.text(1.0, 1.0, heads[1], ha="right", va="top", fontsize=LETTERS_PT, color=DUE)
        return png(figure, dpi=150)


def _beside(bar: OptionBar) -> str:
    return f" {bar.ground}\n {bar.remark}"


def _ground_across(bars: Sequence[OptionBar]) -> float:
    """Return the ground that the whole right side stands for, so that each bar ends where its words still fit beside it."""
    side_cm = CHART_WIDTH_CM * (1.0 - NAME_SHARE) / 2.0
    room_cm = (side_cm - WIDER * max(width_of(line, LETTERS_PT) for line in _beside(bar).split("\n")) for bar in bars)
    across = (bar.unasked_m2 * side_cm / max(left_cm, LEAST_BAR_CM) for bar, left_cm in zip(bars, room_cm, strict=True))
    return max(1.0, *across)


# Cut the ground of a site plan into sheets of one size.
SLIVER_M2, GRIDS = 2.0, 8  # ground too small for a sheet of its own; places of the grid that are tried along each side


def sheet_frames(ground: Sequence[BaseGeometry], width_m: float, height_m: float) -> tuple[Frame, ...]:
    """Return the frames of a grid that hold all ground, from north to south, at the place of the grid that needs the fewest."""
    whole = shapely.union_all(np.array(ground, object))
    low_x, low_y, _, _ = whole.bounds
    column, row, area_m2 = _ground_by_cell(whole, (width_m / GRIDS, height_m / GRIDS))
    found: list[tuple[Frame, ...]] = []
    for east in range(GRIDS):
        for north in range(GRIDS):
            sheets, which = np.unique(
                np.column_stack((-((row + north) // GRIDS), (column + east) // GRIDS)), axis=0, return_inverse=True
            )
            needed = sheets[np.bincount(which.ravel(), area_m2, len(sheets)) > SLIVER_M2]
            x = low_x + (needed[:, 1] - east / GRIDS) * width_m
            y = low_y + (-needed[:, 0] - north / GRIDS) * height_m
            corners = np.column_stack((x, y, x + width_m, y + height_m)).tolist()
            found.append(tuple((w, s, e, n) for w, s, e, n in corners))
    return min(found, key=len)


def _ground_by_cell(whole: BaseGeometry, cell_m: tuple[float, float]) -> tuple[IntArray, IntArray, FloatArray]:
    """Return column and row of the cells from the ground's corner that hold some of it, and how much each piece of it is.

    Every place of the grid of sheets is made of the same cells. Only those are tried that a part can touch.
    """
    low_x, low_y, _, _ = whole.bounds
    parts = shapely.get_parts(whole)
    part, column = _touched(parts, low_x, cell_m[0], 0)
    west = low_x + column * cell_m[0]
    strips = shapely.intersection(parts[part], shapely.box(west, low_y, west + cell_m[0], whole.bounds[3]))
    is_some = shapely.area(strips) > 0.0
    strips, column = strips[is_some], column[is_some]
    strip, row = _touched(strips, low_y, cell_m[1], 1)
    west, south = low_x + column[strip] * cell_m[0], low_y + row * cell_m[1]
    pieces = shapely.intersection(strips[strip], shapely.box(west, south, west + cell_m[0], south + cell_m[1]))
    return column[strip], row, shapely.area(pieces)


def _touched(shapes: ObjectArray, low_m: float, step_m: float, axis: int) -> tuple[IntArray, IntArray]:
    """Return which shapes lie over which steps from ``low_m``, as two arrays of one length; axis 0 runs east, 1 north."""
    ends = np.floor((shapely.bounds(shapes)[:, [axis, axis + 2]] - low_m) / step_m).astype(np.int64)
    counts = ends[:, 1] - ends[:, 0] + 1
    which = np.repeat(np.arange(len(shapes)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return which, np.repeat(ends[:, 0], counts) + np.arange(len(which)) - first


# Draw a place today and with the planned cameras, side by side in one frame, so that nothing but the cameras differs.

PLACE_WIDTH_CM, PLACE_GAP_CM, PLACE_HEAD_CM = 17.4, 0.4, 0.6
ROUND_M = 35.0  # of ground shown round the place
MOST_M = 160.0  # across, however far the cameras see

Sides = tuple[Sequence[CameraResult], Sequence[CameraResult]]


def before_and_after_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    result: PartResult,
    cameras: Sides,
    translations: Translations,
    numbers: Mapping[str, str],
) -> bytes | None:
    """Return the picture of a place with the cameras that show it today, left, and then, right; nothing without a place."""
    frame = _frame(result, cameras[1])
    if frame is None:
        return None
    each_cm = (PLACE_WIDTH_CM - PLACE_GAP_CM) / 2.0
    map_cm = each_cm * (frame[3] - frame[1]) / (frame[2] - frame[0])
    height_cm = map_cm + PLACE_HEAD_CM
    with fonts():
        figure = Figure(figsize=(PLACE_WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH))
        titles = translations(marked("Today")), translations(marked("With planned cameras"))
        for number, (some, title) in enumerate(zip(cameras, titles, strict=True)):
            left = number * (each_cm + PLACE_GAP_CM) / PLACE_WIDTH_CM
            axes = map_axes(figure, frame, (left, 0.0, each_cm / PLACE_WIDTH_CM, map_cm / height_cm))
            draw_ground(axes, base, frame)
            draw_cameras(axes, some, marker=6)
            draw_outline(axes, [result.part.geometry])
            metres_a_point = (frame[2] - frame[0]) / (72.0 * each_cm / CM_PER_INCH)
            labels = place_numbers(some, numbers, metres_a_point, frame, furnished(frame, metres_a_point))
            draw_numbers(axes, labels, SIZE_PT * metres_a_point)
            furnish(axes, frame, translations)
            imprint(figure, axes, assessment, translations, assessment.crs, size=4.5)
            figure.text(left, 1.0, title, fontsize=9, va="top", ha="left")
        return png(figure, dpi=PRINT_DPI)


def _frame(result: PartResult, cameras: Sequence[CameraResult]) -> Frame | None:
    """Return the ground round a place with the cameras that stand near it."""
    geometry = result.part.geometry
    if geometry is None or geometry.is_empty:
        return None
    points = [shapely.Point(one.placed.camera.x_m, one.placed.camera.y_m) for one in cameras]
    near = [point for point in points if point.distance(geometry) < MOST_M / 2.0]
    frame = frame_of([], [geometry, *near], margin_m=ROUND_M)
    return None if frame is None else fit(frame, flattest=0.7, tallest=1.0)


# Draw one place and its surroundings, small.


def place_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap, shape: BaseGeometry, frame: Frame, streets: Sequence[StreetName], of: Sourced, translations: Translations
) -> bytes:
    """Return the small map of one place and its surroundings as PNG: its outline, streets by name, scale, north."""
    with fonts():
        figure, axes = filled_page(frame, width_in=3.3)
        draw_ground(axes, base, frame)
        draw_place(axes, shape)
        draw_street_names(axes, streets, 5.5)
        furnish(axes, frame, translations)
        imprint(figure, axes, of, translations, size=4.5)
        return png(figure, dpi=150)
