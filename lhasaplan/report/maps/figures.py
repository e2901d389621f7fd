"""Maps as pictures: fields with density bands, certain solid and possible hatched, gaps, overlaps, seen frontage."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import matplotlib
import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.content import font_files
from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.demand.ground_in_view import DrawnField, Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult
from lhasaplan.report.facts.summary import has_plan
from lhasaplan.report.maps.base_map import APART, MOST_NAMES, BaseMap, Frame, Sourced, StreetName, drawn, frame_of, overview_frame
from lhasaplan.report.maps.map_decorations import (
    CASING_PT,
    CM_PER_INCH,
    DOTS,
    FAR_TINT,
    INSIDE,
    NO_BUILDING_HATCH,
    NOT_SURVEYED_HATCH,
    PRINT_DPI,
    SIZE_PT,
    VEIL,
    add_legend,
    draw_numbers,
    draw_street_names,
    furnish,
    imprint,
    inside_of,
    legend_marks,
    legend_size,
    legend_width_cm,
    place_numbers,
    plain_legend_marks,
    png,
    width_pt_of,
)
from lhasaplan.report.text.columns import Remembered
from lhasaplan.report.text.style import band_colour, load_style
from lhasaplan.report.text.words import CLASSES

CHINESE_FONT = "Noto Sans SC"
# A planned camera is a ring: what is there and what is only wished for must not look alike.
Style = dict[str, Any]
MARKS = {
    Status.OPERATING: {"markerfacecolor": "camera", "markeredgecolor": "white"},
    Status.PLANNED: {"markerfacecolor": "white", "markeredgecolor": "camera"},
}
# What a drawn path is, so that a test can ask the figure for it.
FIELDS = {reach: f"fields_{reach}" for reach in Reach}
FRONTAGE, BEYOND, WALL_INSIDE = "frontage", "frontage_beyond", "wall_inside"
NOT_MAPPED_PATH, NOT_SURVEYED_PATH = "not_mapped", "not_surveyed"
GOING = "going"
GAPS, GAPS_TODAY = "gaps", "gaps_today"
# Of the answers that `totals` sum up: those of today and with the plan are the same, and share the maps of single cameras.
_pictures: Remembered[bytes | None] = Remembered()
LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)
NO_NUMBERS: Mapping[str, str] = {}
OVERVIEW_MARGIN_M = 15.0
MOST_NUMBERED = 250  # cameras of one map: more have no room for their numbers, which stand on the maps of the areas
AT_ONCE = 1_000  # shapes that are taken apart at a time: all overlaps of a city together are a quarter of a gigabyte
CAMERA_CM = 8.7  # width of the map of one camera
# Points of outlines that are drawn at a time: matplotlib keeps Python to itself while it draws a path, and a window waits.
EDGES_AT_ONCE = 4_000


@dataclass(frozen=True, slots=True)
class FigureRoom:
    """What a page leaves for a picture, in centimetres: a map is drawn in the size in which it is printed.

    ``is_filled``: the map is of what is decided, and shows so much around that it fills the room. ``scales`` are the only ones in
    which it may be drawn, as the denominators of 1:N, the largest first; the map takes the first in which all has room, fills the
    room and says it.
    """

    width_cm: float = 17.4
    height_cm: float = 19.5
    is_filled: bool = False
    scales: tuple[int, ...] = ()


PAGE = FigureRoom()


def overview_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    translations: Translations,
    with_parts: bool = True,
    with_legend: bool = True,
    numbers: Mapping[str, str] = NO_NUMBERS,
    room: FigureRoom = PAGE,
) -> bytes | None:
    """Return the map of the whole assessment as PNG, or ``None`` when nothing has a place to be drawn.

    A map that is printed small goes without the legend, whose letters nobody could read, and has a key in its caption.
    """
    values = (
        "overview",
        assessment.cameras,
        assessment.parts,
        assessment.inputs,
        assessment.synthetic,
        assessment.surveyed is None,
        with_parts,
        with_legend,
        tuple(numbers.items()),
        room,
        translations,
    )
    drawing = _FigureDrawing(
        base, assessment, translations, numbers if len(assessment.cameras) <= MOST_NUMBERED else NO_NUMBERS, room
    )
    return _pictures(
        assessment.totals,
        values,
        lambda: drawing.overview(with_parts=with_parts, with_legend=with_legend),
    )


def page_with_legend(frame: Frame, marks: Sequence[Artist], room: FigureRoom, *, is_beside: bool = False) -> tuple[Figure, Axes]:
    """Return a figure in the size in which it is printed, with a strip below or beside the map for its legend."""
    columns, strip_cm = (1, 0.0) if is_beside else legend_size(marks, room.width_cm)
    most_cm = map_size(marks, room, is_beside=is_beside)
    shape = (frame[3] - frame[1]) / (frame[2] - frame[0])
    map_cm = min(most_cm[0], most_cm[1] / shape)
    width_cm = room.width_cm if marks else map_cm
    height_cm = map_cm * shape + strip_cm
    figure = Figure(figsize=(width_cm / CM_PER_INCH, height_cm / CM_PER_INCH))
    left_cm = 0.0 if is_beside else (width_cm - map_cm) / 2.0
    box = (left_cm / width_cm, strip_cm / height_cm, map_cm / width_cm, 1.0 - strip_cm / height_cm)
    if marks:
        add_legend(figure, marks, columns, is_beside=is_beside)
    return figure, map_axes(figure, frame, box)


def map_size(marks: Sequence[Artist], room: FigureRoom, *, is_beside: bool) -> tuple[float, float]:
    """Return width and height in cm that a legend beside or below the map leaves of the room."""
    if is_beside:
        return room.width_cm - legend_width_cm(marks), room.height_cm
    return room.width_cm, room.height_cm - legend_size(marks, room.width_cm)[1]


def is_larger_beside(frame: Frame, marks: Sequence[Artist], room: FigureRoom) -> bool:
    """Say whether a map that fills the room has a larger scale with its legend beside it than below it."""
    sizes = (map_size(marks, room, is_beside=is_beside) for is_beside in (False, True))
    below, beside = (max((frame[2] - frame[0]) / max(w, 1.0), (frame[3] - frame[1]) / h) for w, h in sizes)
    return beside < below


@dataclass(frozen=True, slots=True)
class _FigureDrawing:
    base: BaseMap
    assessment: Assessment
    translations: Translations
    numbers: Mapping[str, str]
    room: FigureRoom

    def overview(self, *, with_parts: bool, with_legend: bool) -> bytes | None:
        """Return the picture of all cameras with the parts, or nothing."""
        assessment = self.assessment
        results = assessment.parts or () if with_parts else ()
        overlaps = assessment.overlaps or () if with_parts else ()
        shapes = [result.part.geometry for result in results]
        frame, _ = overview_frame(assessment.cameras, shapes, OVERVIEW_MARGIN_M, decided_only=self.room.is_filled)
        if frame is None or not any(camera.placed.views for camera in assessment.cameras):
            return None
        with fonts():
            marks = legend_marks(assessment, self.translations, with_parts=bool(results)) if with_legend else []
            is_filling = self.room.is_filled or bool(self.room.scales)
            is_beside = is_filling and is_larger_beside(frame, marks, self.room)
            frame = self._filling(frame, marks, is_beside=is_beside) if is_filling else fit(frame)
            figure, axes = page_with_legend(frame, marks, self.room, is_beside=is_beside)
            draw_ground(axes, self.base, frame)
            _draw_not_surveyed(axes, assessment, frame)
            draw_cameras(axes, assessment.cameras, marker=4)
            look: Style = {"facecolor": "none", "edgecolor": _colour("overlap"), "linewidth": 0.8, "zorder": 5}
            _polygons(axes, [o.geometry for o in overlaps], **look)
            _draw_gaps(axes, results, with_plan=has_plan(assessment))
            draw_outline(axes, [r.part.geometry for r in results])
            self._streets(axes, frame, STREETS_SHOWN, STREETS_APART)
            self._numbers(axes, figure, frame)
            furnish(
                axes,
                frame,
                self.translations,
                self._scale(frame, axes.get_position().width * figure.get_figwidth() * CM_PER_INCH),
            )
            imprint(figure, axes, assessment, self.translations, assessment.crs)
            return png(figure, dpi=PRINT_DPI)

    def council(self, grave: frozenset[str]) -> bytes | None:
        """Return the picture for a council, or nothing where no camera has a place."""
        assessment, room = self.assessment, self.room
        parts = [result.part.geometry for result in assessment.parts or ()]
        frame, _ = overview_frame(assessment.cameras, parts, OVERVIEW_MARGIN_M, decided_only=True)
        if frame is None or not any(camera.placed.views for camera in assessment.cameras):
            return None
        with fonts():
            marks = plain_legend_marks(assessment, self.translations, grave=bool(grave))
            is_beside = is_larger_beside(frame, marks, room)
            frame = self._filling(frame, marks, is_beside=is_beside)
            figure, axes = page_with_legend(frame, marks, room, is_beside=is_beside)
            draw_ground(axes, self.base, frame)
            _draw_not_surveyed(axes, assessment, frame)
            draw_cameras(axes, assessment.cameras, marker=5, with_possible_bands=False)
            draw_outline(axes, parts)
            cameras = [each.placed.camera for each in assessment.cameras]
            rung = [each for each in cameras if each.camera_id in grave]
            ring: Style = {"color": "none", "markeredgecolor": _colour("error"), "markeredgewidth": 1.6, "zorder": 8}
            axes.plot([c.x_m for c in rung], [c.y_m for c in rung], "o", markersize=RING_PT, **ring)
            self._streets(axes, frame, STREETS_SHOWN, STREETS_APART)
            self._numbers(axes, figure, frame)
            furnish(axes, frame, self.translations)
            imprint(figure, axes, assessment, self.translations)
            return png(figure, dpi=PRINT_DPI)

    def _filling(self, frame: Frame, marks: Sequence[Artist], *, is_beside: bool) -> Frame:
        """Return the frame widened to the shape of what the legend leaves of the room."""
        width_cm, height_cm = map_size(marks, self.room, is_beside=is_beside)
        return self._scaled(fit(frame, flattest=height_cm / width_cm, tallest=height_cm / width_cm), width_cm)

    def _scaled(self, frame: Frame, width_cm: float) -> Frame:
        """Return a frame that is printed so wide, widened to the first scale that has room for it, if any is asked for."""
        width_m = frame[2] - frame[0]
        wider = (scale * width_cm / 100.0 for scale in self.room.scales)
        wanted_m = next((each for each in wider if each >= width_m), width_m)
        middle, factor = ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2), wanted_m / width_m
        half_m = wanted_m / 2, (frame[3] - frame[1]) / 2 * factor
        return middle[0] - half_m[0], middle[1] - half_m[1], middle[0] + half_m[0], middle[1] + half_m[1]

    def _scale(self, frame: Frame, width_cm: float) -> int:
        """Return the N of 1:N in which a frame is printed so wide; 0 where no scale is asked for."""
        scale = round(100.0 * (frame[2] - frame[0]) / width_cm)
        return scale if scale in self.room.scales else 0

    def _streets(self, axes: Axes, frame: Frame, most: int, apart: float) -> None:
        """Write the names of streets, away from the cameras that bear a number or a name."""
        cameras = [each.placed.camera for each in self.assessment.cameras]
        spots = [(each.x_m, each.y_m) for each in cameras if each.camera_id in self.numbers]
        draw_street_names(axes, self.base.streets.names(frame, spots, most, apart), STREET_PT)

    def _numbers(self, axes: Axes, figure: Figure, frame: Frame) -> None:
        metres_a_point = (frame[2] - frame[0]) / (72.0 * figure.get_figwidth() * axes.get_position().width)
        labels = place_numbers(self.assessment.cameras, self.numbers, metres_a_point, frame)
        draw_numbers(axes, labels, SIZE_PT * metres_a_point)


def camera_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    result: CameraResult,
    translations: Translations,
    numbers: Mapping[str, str] = NO_NUMBERS,
    width_cm: float = CAMERA_CM,
    scales: tuple[int, ...] = (),
) -> bytes | None:
    """Return the map of one camera as PNG, in the size in which it is printed, in one of these scales if some are asked for."""
    values = (
        result,
        assessment.inputs,
        assessment.synthetic,
        numbers.get(result.placed.camera.camera_id, ""),
        width_cm,
        scales,
        translations,
    )
    room = FigureRoom(width_cm, width_cm, scales=scales)
    drawing = _FigureDrawing(base, replace(assessment, cameras=(result,)), translations, numbers, room)
    return _pictures(assessment.totals, values, lambda: _camera(drawing, result))


def _camera(drawing: _FigureDrawing, result: CameraResult) -> bytes | None:
    frame = frame_of([result], margin_m=10.0)
    if frame is None or not result.placed.views:
        return None
    frame = drawing._scaled(fit(frame, flattest=0.6, tallest=1.0), drawing.room.width_cm)
    with fonts():
        figure, axes = _page(frame, width_in=drawing.room.width_cm / CM_PER_INCH)
        draw_ground(axes, drawing.base, frame)
        draw_cameras(axes, [result], marker=7)
        drawing._streets(axes, frame, MOST_NAMES, APART)
        drawing._numbers(axes, figure, frame)
        furnish(axes, frame, drawing.translations, drawing._scale(frame, drawing.room.width_cm))
        imprint(figure, axes, drawing.assessment, drawing.translations, drawing.assessment.crs, size=4.5)
        return png(figure, dpi=PRINT_DPI)


def place_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap, shape: BaseGeometry, frame: Frame, streets: Sequence[StreetName], of: Sourced, translations: Translations
) -> bytes:
    """Return the small map of one place and its surroundings as PNG: its outline, streets by name, scale, north."""
    with fonts():
        figure, axes = _page(frame, width_in=3.3)
        draw_ground(axes, base, frame)
        _draw_place(axes, shape)
        draw_street_names(axes, streets, 5.5)
        furnish(axes, frame, translations)
        imprint(figure, axes, of, translations, size=4.5)
        return png(figure, dpi=150)


COUNCIL_ROOM = FigureRoom(16.0, 14.0)
STREETS_SHOWN, STREETS_APART, STREET_PT = 14, 0.1, 6.5
RING_PT = 11.0  # round a camera with a view that must end


def council_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    translations: Translations,
    named: Mapping[str, str],
    grave: frozenset[str],
    room: FigureRoom = COUNCIL_ROOM,
) -> bytes | None:
    """Return the map that a council reads, exactly as large as the room: streets and cameras by name, and which views must end.

    Parameters
    ----------
    named : what stands beside each camera, by id; others are a dot.   grave : ids of the cameras with a view that must end.
    """
    drawing = _FigureDrawing(base, assessment, translations, named, room)
    values = (
        "council",
        assessment.cameras,
        assessment.parts,
        assessment.inputs,
        assessment.surveyed is None,
        tuple(named.items()),
        tuple(sorted(grave)),
        room,
        translations,
    )
    return _pictures(assessment.totals, values, lambda: drawing.council(grave))


def _draw_gaps(axes: Axes, results: Sequence[PartResult], *, with_plan: bool) -> None:
    """Draw what is not served, hatched: today, or where there is a plan what is left with it; today's is an outline then."""
    gap: Style = {"facecolor": "none", "edgecolor": _colour("gap"), "hatch": "xxxx", "linewidth": 1, "zorder": 6}
    _polygons(axes, [r.gap_after if with_plan else r.gap for r in results], gid=GAPS, **gap)
    if with_plan:
        closed: Style = {"facecolor": "none", "edgecolor": _colour("gap"), "linestyle": ":", "linewidth": 1, "zorder": 6}
        _polygons(axes, [r.gap for r in results], gid=GAPS_TODAY, **closed)


def draw_outline(axes: Axes, shapes: Iterable[BaseGeometry | None]) -> None:
    """Draw the outline of confirmed places."""
    _outline(axes, shapes, color="black", linewidth=0.7, linestyle="--", zorder=6)


def _draw_place(axes: Axes, shape: BaseGeometry) -> None:
    """Draw an outline, and a ring where there is only a point."""
    colour = _colour("candidate")
    _polygons(axes, [shape], facecolor=to_rgba(colour, 0.25), edgecolor="none", zorder=5)
    _outline(axes, [shape], color=colour, linewidth=1.6, zorder=6)
    if shapely.get_dimensions(shape) == 0:
        x, y = shapely.get_coordinates(shape).T
        axes.plot(x, y, "o", markersize=9, markerfacecolor="none", markeredgecolor=colour, markeredgewidth=1.6, zorder=6)


def fonts() -> AbstractContextManager[None]:
    """Return a context in which Chinese characters are found after the Latin ones."""
    if CHINESE_FONT not in {font.name for font in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(font_files()[0]))
    return matplotlib.rc_context(
        {"font.family": ["DejaVu Sans", CHINESE_FONT], "text.parse_math": False, "hatch.linewidth": 0.4, "path.simplify": True}
    )


def _page(frame: Frame, width_in: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width_in, width_in * (frame[3] - frame[1]) / (frame[2] - frame[0])))
    return figure, map_axes(figure, frame, (0.0, 0.0, 1.0, 1.0))


def map_axes(figure: Figure, frame: Frame, box: tuple[float, float, float, float]) -> Axes:
    """Return empty axes of a map in a box of the figure."""
    axes = figure.add_axes(box, xlim=(frame[0], frame[2]), ylim=(frame[1], frame[3]), xticks=[], yticks=[])
    axes.set_aspect("equal", adjustable="box")
    axes.set_facecolor("white")
    return axes


def fit(frame: Frame, flattest: float = 0.45, tallest: float = 1.25) -> Frame:
    """Widen a frame until its height is between these shares of its width, so that it fits a page."""
    x, y = (frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    half_width, half_height = max(width, height / tallest) / 2, max(height, width * flattest) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _colour(name: str) -> str:
    return str(load_style()["colours"][name])


def draw_ground(axes: Axes, base: BaseMap, frame: Frame) -> None:
    """Draw buildings and streets."""
    _lines(axes, base.inside("roads", frame), color=_colour("road"), linewidth=0.6, zorder=1)
    edge = _colour("building_edge")
    _polygons(axes, base.inside("buildings", frame), facecolor=_colour("building"), edgecolor=edge, linewidth=0.25, zorder=2)


def draw_cameras(axes: Axes, cameras: Sequence[CameraResult], marker: float, *, with_possible_bands: bool = True) -> None:
    """Draw cameras with what they can see and the walls in view."""
    _draw_fields(axes, [one for result in cameras for one in drawn(result).fields], with_possible_bands)
    _draw_not_mapped(axes, cameras)
    _draw_frontage(axes, cameras, marker)
    for status, look in MARKS.items():
        at = [c.placed.camera for c in cameras if (c.placed.camera.status is Status.PLANNED) is (status is Status.PLANNED)]
        mark: Style = {name: _colour("camera") if colour == "camera" else colour for name, colour in look.items()}
        axes.plot([c.x_m for c in at], [c.y_m for c in at], "o", markersize=marker, markeredgewidth=0.8, zorder=8, **mark)
    gone = [c.placed.camera for c in cameras if c.leaves and not c.as_planned]
    cross: Style = {"color": "none", "markeredgecolor": "black", "markeredgewidth": 0.9, "gid": GOING, "zorder": 9}
    if gone:
        axes.plot([c.x_m for c in gone], [c.y_m for c in gone], "x", markersize=marker + 2, **cross)


def _draw_fields(axes: Axes, drawn: Sequence[DrawnField], with_possible_bands: bool) -> None:
    """Draw far fields as outlines over a tint, near ones hatched over their bands, certain ones solid."""
    far, near, certain = ([one for one in drawn if one.reach is reach] for reach in (Reach.FAR, Reach.NEAR, Reach.CERTAIN))
    # All in one path: a tint that adds up where fields lie over each other would read as a density.
    tint = to_rgba(_colour("far"), FAR_TINT)
    _polygons(
        axes,
        [one.ground for one in far],
        gid=FIELDS[Reach.FAR],
        facecolor=tint,
        edgecolor=_colour("far"),
        linewidth=0.5,
        zorder=3,
    )
    if with_possible_bands:
        _bands(axes, near, alpha=0.45, zorder=3)
    look = {"facecolor": "none", "edgecolor": _colour("possible"), "hatch": "////", "linewidth": 0.4}
    _polygons(axes, [one.ground for one in near], gid=FIELDS[Reach.NEAR], zorder=3, **look)
    _bands(axes, certain, alpha=0.75, zorder=4)
    look = {"facecolor": "none", "edgecolor": _colour("certain"), "linewidth": 0.6}
    _polygons(axes, [one.ground for one in certain], gid=FIELDS[Reach.CERTAIN], zorder=4, **look)


def _draw_not_surveyed(axes: Axes, assessment: Assessment, frame: Frame) -> None:
    """Hatch the ground where nobody looked for cameras, below all that cameras show; nothing where no survey is recorded."""
    if assessment.surveyed is not None:
        look: Style = {"facecolor": "none", "edgecolor": _colour("not_surveyed"), "hatch": NOT_SURVEYED_HATCH, "linewidth": 0}
        _polygons(axes, [shapely.box(*frame) - assessment.surveyed], gid=NOT_SURVEYED_PATH, zorder=2.5, **look)


def _draw_not_mapped(axes: Axes, cameras: Sequence[CameraResult]) -> None:
    """Draw a veil with dots over the ground that is not mapped: it is in view as far as anybody knows, and not counted."""
    shapes = [result.not_mapped for result in cameras]
    veil: Style = {"facecolor": to_rgba("white", VEIL), "linewidth": 0, "zorder": 5}
    _polygons(axes, shapes, **veil)
    dots: Style = {"facecolor": "none", "edgecolor": _colour("not_mapped"), "hatch": NO_BUILDING_HATCH, "linewidth": 0}
    _polygons(axes, shapes, gid=NOT_MAPPED_PATH, zorder=5, **dots)


def _bands(axes: Axes, several: Sequence[DrawnField], **look: Any) -> None:
    """Draw the bands of all fields, the finest on top; those of one density are one path, so that no tint adds up."""
    by_low: dict[float, list[BaseGeometry]] = {}
    for one in several:
        for low, band in one.field.bands:
            by_low.setdefault(low, []).append(band)
    for low in sorted(by_low):
        _polygons(axes, by_low[low], facecolor=band_colour(low), linewidth=0, **look)


def _draw_frontage(axes: Axes, cameras: Sequence[CameraResult], marker: float) -> None:
    """Draw walls at the ground that is drawn as ribbons, and those that only upper floors show beyond it as dotted lines.

    A white casing lifts them off the ground, and a white line inside tells classes and possible views apart without colour.
    """
    every: dict[str, list[BaseGeometry | None]] = {cls: [] for cls in CLASSES}
    for one, ribbons in (pair for result in cameras for pair in drawn(result).ribbons):
        every[one.cls] += ribbons.tolist()
    for cls in reversed(CLASSES):
        look: Style = {"facecolor": "none", "edgecolor": "white", "linewidth": width_pt_of(cls) + 2 * CASING_PT}
        _polygons(axes, every[cls], zorder=6.9, **look)
    for cls in reversed(CLASSES):  # homes last, on top
        sightings = [(one, lines) for result in cameras for one, lines in drawn(result).frontages if one.cls == cls]
        look = {"facecolor": _colour(cls), "edgecolor": _colour(cls), "linewidth": width_pt_of(cls)}
        _polygons(axes, every[cls], gid=FRONTAGE, zorder=7, **look)
        _lines(
            axes,
            [far for _, (_, far) in sightings],
            gid=BEYOND,
            color=_colour(cls),
            linewidth=marker / 5,
            linestyle=DOTS,
            zorder=7,
        )
        for is_recorded in (False, True):
            dash = inside_of(cls, is_recorded=is_recorded)
            walls = [near for one, (near, _) in sightings if one.is_recorded is is_recorded and near is not None] if dash else []
            white: Style = {"color": "white", "linewidth": width_pt_of(cls) * INSIDE, "linestyle": (0.0, dash)}
            _lines(axes, walls, gid=WALL_INSIDE, capstyle="butt", zorder=7.1, **white)


def _polygons(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    path = _path([shape for shape in shapes if shape is not None])
    if path is None:
        return
    # Not add_patch: it walks every vertex for limits that the frame has set already.
    if len(np.asarray(path.vertices)) <= EDGES_AT_ONCE or not style.get("linewidth"):
        axes.add_artist(PathPatch(path, **style))
        return
    # Tint and hatching in one path, since they would add up; the outline, which covers what is below it, in pieces.
    axes.add_artist(PathPatch(path, **{**style, "linewidth": 0.0}))
    edge = {**style, "facecolor": "none", "hatch": None, "gid": None}
    for piece in _in_pieces(path):
        axes.add_artist(PathPatch(piece, **edge))


def _in_pieces(path: Path) -> Iterator[Path]:
    """Yield a path's rings, so many points together as are drawn at once; a longer ring alone."""
    vertices, codes = np.asarray(path.vertices), np.asarray(path.codes)
    begins = np.flatnonzero(codes == Path.MOVETO)
    cuts = begins[np.unique(begins // EDGES_AT_ONCE, return_index=True)[1]].tolist()
    for begin, end in zip(cuts, [*cuts[1:], len(codes)], strict=True):
        yield Path(vertices[begin:end], codes[begin:end])


def _path(shapes: Sequence[BaseGeometry]) -> Path | None:
    """Return all rings of the shapes' polygons as one path; holes turn the other way, so that they stay empty."""
    pieces = [_rings(shapes[start : start + AT_ONCE]) for start in range(0, len(shapes), AT_ONCE)]
    if not sum(len(codes) for _, codes in pieces):
        return None
    return Path(np.concatenate([vertices for vertices, _ in pieces]), np.concatenate([codes for _, codes in pieces]))


def _rings(shapes: Sequence[BaseGeometry]) -> tuple[FloatArray, NDArray[np.uint8]]:
    """Return the points of all rings and what the pen does at each."""
    parts = shapely.get_parts(shapely.get_parts(np.array([*shapes, None], object)[:-1]))
    polygons = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(ring), Path.LINETO, Path.code_type)
    codes[np.flatnonzero(np.diff(ring, prepend=-1))] = Path.MOVETO
    codes[np.flatnonzero(np.diff(ring, append=len(rings)))] = Path.CLOSEPOLY
    return vertices, codes


def _lines(axes: Axes, shapes: Iterable[BaseGeometry], *, color: str, **style: Any) -> None:
    """Draw all lines as one path: tens of thousands of paths take longer to make than to draw."""
    parts = shapely.get_parts(shapely.get_parts(np.array([*shapes, None], object)[:-1]))
    points, line = shapely.get_coordinates(parts[np.isin(shapely.get_type_id(parts), LINES)], return_index=True)
    if len(points):
        codes = np.full(len(points), Path.LINETO, Path.code_type)
        codes[np.flatnonzero(np.diff(line, prepend=-1))] = Path.MOVETO
        axes.add_artist(PathPatch(Path(points, codes), facecolor="none", edgecolor=color, **style))


def _outline(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    shapes = [shape for shape in shapes if shape is not None and not shape.is_empty]
    flat = [part for shape in shapes for part in shapely.get_parts(shape)]
    _lines(axes, [part.boundary if part.geom_type == "Polygon" else part for part in flat], **style)
