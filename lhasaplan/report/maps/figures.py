"""Maps as pictures: of the whole assessment, of one camera and for a council; the page that each is drawn on."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import matplotlib
import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

from lhasaplan.content import font_files
from lhasaplan.core.base.progress import Progress, paused
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.demand.ground_in_view import ground_seen
from lhasaplan.core.results.assessment import Assessment, CameraResult, ShownAssessment
from lhasaplan.report.facts.summary import has_plan
from lhasaplan.report.maps.base_map import APART, MOST_NAMES, BaseMap, Frame, drawn_frontages, frame_of, overview_frame
from lhasaplan.report.maps.map_decorations import (
    CM_PER_INCH,
    PRINT_DPI,
    add_legend,
    cut_out,
    free_figures,
    furnish,
    furnished,
    imprint,
    legend_marks,
    legend_size,
    legend_width_cm,
    plain_legend_marks,
    png,
)
from lhasaplan.report.maps.map_drawing import (
    draw_cameras,
    draw_gaps,
    draw_ground,
    draw_not_surveyed,
    draw_outline,
    draw_polygons,
)
from lhasaplan.report.maps.map_texts import (
    LATIN_FONT,
    SIZE_PT,
    Style,
    draw_addresses,
    draw_numbers,
    draw_sheets,
    draw_street_names,
    place_numbers,
)
from lhasaplan.report.text.document import Remembered
from lhasaplan.report.text.style import map_colour
from lhasaplan.report.text.words import FICTITIOUS

CHINESE_FONT = "Noto Sans SC"
# Of the answers that `totals` sum up: those of today and with the plan are the same, and share the maps of single cameras.
_pictures: Remembered[bytes | None] = Remembered()
_overviews: "Remembered[_Overview | None]" = Remembered()
NO_NUMBERS: Mapping[str, str] = {}
OVERVIEW_MARGIN_M = 15.0
MOST_NUMBERED = 250  # cameras of one map: more have no room for their numbers, which stand on the maps of the areas
CAMERA_CM = 8.7  # width of the map of one camera


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

    def scaled(self, frame: Frame, width_cm: float) -> Frame:
        """Return a frame that is printed so wide, widened to the first scale that has room for it, if any is asked for."""
        width_m = frame[2] - frame[0]
        wider = (scale * width_cm / 100.0 for scale in self.scales)
        wanted_m = next((each for each in wider if each >= width_m), width_m)
        middle, factor = ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2), wanted_m / width_m
        half_m = wanted_m / 2, (frame[3] - frame[1]) / 2 * factor
        return middle[0] - half_m[0], middle[1] - half_m[1], middle[0] + half_m[0], middle[1] + half_m[1]

    def scale_of(self, frame: Frame, width_cm: float) -> int:
        """Return the N of 1:N in which a frame is printed so wide; 0 where no scale is asked for."""
        scale = round(100.0 * (frame[2] - frame[0]) / width_cm)
        return scale if scale in self.scales else 0


PAGE = FigureRoom()


def overview_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    translations: Translations,
    with_parts: bool = True,
    with_legend: bool = True,
    numbers: Mapping[str, str] = NO_NUMBERS,
    room: FigureRoom = PAGE,
    sheets: tuple[Frame, ...] = (),
) -> bytes | None:
    """Return the map of the whole assessment as PNG, or ``None`` when nothing has a place to be drawn.

    ``sheets`` are the frames of further maps, which are outlined and numbered from 1.

    A map that is shown small goes without the legend, whose letters nobody could read, and has a key beside it. It is cut from
    the one with the legend, so that report and slides show one map that is drawn once.
    """
    values = (
        "overview",
        assessment.cameras,
        assessment.parts if with_parts else None,
        assessment.inputs,
        assessment.synthetic,
        assessment.surveyed is None,
        with_parts,
        tuple(numbers.items()),
        room,
        sheets,
        translations,
    )
    drawing = _FigureDrawing(
        base, assessment, translations, numbers if len(assessment.cameras) <= MOST_NUMBERED else NO_NUMBERS, room
    )
    found = _overviews(assessment.totals, values, lambda: drawing.overview(with_parts=with_parts, sheets=sheets))
    if found is None:
        return None
    if with_legend:
        return found.png
    return _pictures(assessment.totals, ("bare", *values), lambda: cut_out(found.png, found.map_box))


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
class _Overview:
    """A map with its legend, and the box of the map alone: left, bottom, width, height as shares of the picture."""

    png: bytes
    map_box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _FigureDrawing:
    base: BaseMap
    assessment: Assessment
    translations: Translations
    numbers: Mapping[str, str]
    room: FigureRoom

    def overview(self, *, with_parts: bool, sheets: Sequence[Frame] = ()) -> _Overview | None:
        """Return the picture of all cameras with the parts and the outlines of sheets, or nothing."""
        assessment = self.assessment
        results = assessment.parts or () if with_parts else ()
        overlaps = assessment.overlaps or () if with_parts else ()
        shapes = [result.part.geometry for result in results]
        frame, _ = overview_frame(assessment.cameras, shapes, OVERVIEW_MARGIN_M, decided_only=self.room.is_filled)
        if frame is None or not any(camera.placed.views for camera in assessment.cameras):
            return None
        with fonts():
            marks = legend_marks(assessment, self.translations, with_parts=bool(results))
            is_filling = self.room.is_filled or bool(self.room.scales)
            is_beside = is_filling and is_larger_beside(frame, marks, self.room)
            frame = self._filling(frame, marks, is_beside=is_beside) if is_filling else fit(frame)
            figure, axes = page_with_legend(frame, marks, self.room, is_beside=is_beside)
            draw_ground(axes, self.base, frame)
            draw_not_surveyed(axes, assessment, frame)
            draw_cameras(axes, assessment.cameras, marker=4)
            look: Style = {"facecolor": "none", "edgecolor": map_colour("overlap"), "linewidth": 0.8, "zorder": 5}
            draw_polygons(axes, [o.geometry for o in overlaps], **look)
            draw_gaps(axes, results, with_plan=has_plan(assessment))
            draw_outline(axes, [r.part.geometry for r in results])
            self._streets(axes, frame, STREETS_SHOWN, STREETS_APART)
            draw_sheets(axes, sheets)
            self._numbers(axes, figure, frame)
            width_cm = axes.get_position().width * figure.get_figwidth() * CM_PER_INCH
            furnish(axes, frame, self.translations, self.room.scale_of(frame, width_cm))
            imprint(figure, axes, assessment, self.translations, assessment.crs)
            left, bottom, width, height = axes.get_position().bounds
            return _Overview(png(figure, dpi=PRINT_DPI), (left, bottom, width, height))

    def sheet(self, frame: Frame, owners: Collection[str]) -> bytes:
        """Return the picture of one sheet of a site plan: own buildings apart, doors, house numbers, streets, what is in view."""
        assessment, room = self.assessment, self.room
        metres_a_cm = (frame[2] - frame[0]) / room.width_cm
        with fonts():
            figure, axes = filled_page(frame, width_in=room.width_cm / CM_PER_INCH)
            draw_ground(axes, self.base, frame)
            own: Style = {"facecolor": map_colour("own_building"), "edgecolor": map_colour("building_edge"), "linewidth": 0.25}
            draw_polygons(axes, self.base.owned_by(owners, frame), zorder=2.1, **own)
            draw_cameras(axes, assessment.cameras, marker=6, with_possible_bands=False)
            draw_addresses(axes, self.base.doors, self.base.house_numbers(frame, HOUSES_APART_CM * metres_a_cm))
            self._streets(axes, frame, STREETS_SHOWN, STREETS_APART)
            self._numbers(axes, figure, frame)
            furnish(axes, frame, self.translations, self.room.scale_of(frame, room.width_cm))
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
            draw_not_surveyed(axes, assessment, frame)
            draw_cameras(axes, assessment.cameras, marker=5, with_possible_bands=False)
            draw_outline(axes, parts)
            cameras = [each.placed.camera for each in assessment.cameras]
            rung = [each for each in cameras if each.camera_id in grave]
            ring: Style = {"color": "none", "markeredgecolor": map_colour("error"), "markeredgewidth": 1.6, "zorder": 8}
            axes.plot([c.x_m for c in rung], [c.y_m for c in rung], "o", markersize=RING_PT, **ring)
            self._streets(axes, frame, STREETS_SHOWN, STREETS_APART)
            self._numbers(axes, figure, frame)
            furnish(axes, frame, self.translations)
            imprint(figure, axes, assessment, self.translations)
            return png(figure, dpi=PRINT_DPI)

    def _filling(self, frame: Frame, marks: Sequence[Artist], *, is_beside: bool) -> Frame:
        """Return the frame widened to the shape of what the legend leaves of the room."""
        width_cm, height_cm = map_size(marks, self.room, is_beside=is_beside)
        return self.room.scaled(fit(frame, flattest=height_cm / width_cm, tallest=height_cm / width_cm), width_cm)

    def _streets(self, axes: Axes, frame: Frame, most: int, apart: float) -> None:
        """Write the names of streets, away from the cameras that bear a number or a name."""
        cameras = [each.placed.camera for each in self.assessment.cameras]
        spots = [(each.x_m, each.y_m) for each in cameras if each.camera_id in self.numbers]
        draw_street_names(axes, self.base.streets.names(frame, spots, most, apart), STREET_PT)

    def _numbers(self, axes: Axes, figure: Figure, frame: Frame) -> None:
        metres_a_point = (frame[2] - frame[0]) / (72.0 * figure.get_figwidth() * axes.get_position().width)
        head = self.translations.untouched(FICTITIOUS) if self.assessment.synthetic else ""
        furniture = furnished(frame, metres_a_point, head)
        labels = place_numbers(self.assessment.cameras, self.numbers, metres_a_point, frame, furniture)
        draw_numbers(axes, labels, SIZE_PT * metres_a_point)


def sheet_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    frame: Frame,
    translations: Translations,
    numbers: Mapping[str, str],
    owners: Collection[str],
    room: FigureRoom,
) -> bytes:
    """Return one sheet of a site plan as PNG; ``owners`` are names of whoever asks, whose buildings have a tint of their own."""
    drawing = _FigureDrawing(base, assessment, translations, numbers, room)
    values = ("sheet", assessment.cameras, assessment.inputs, frame, tuple(numbers.items()), tuple(owners), room, translations)
    return _pictures(assessment.totals, values, lambda: drawing.sheet(frame, owners)) or b""


def camera_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap,
    assessment: Assessment,
    result: CameraResult,
    translations: Translations,
    numbers: Mapping[str, str] = NO_NUMBERS,
    width_cm: float = CAMERA_CM,
    scales: tuple[int, ...] = (),
    height_cm: float = 0.0,
    *,
    by_grade: bool = False,
) -> bytes | None:
    """Return the map of one camera as PNG, in the size in which it is printed, in one of these scales if some are asked for.

    It fills a height that is given, and is as tall as its ground without one. In the smallest scale it ends with its room.
    ``by_grade``: for people who look for their own house, walls have the colour of what can be made out of people there, and
    houses their numbers.
    """
    values = (
        result,
        assessment.inputs,
        assessment.synthetic,
        numbers.get(result.placed.camera.camera_id, ""),
        width_cm,
        scales,
        height_cm,
        by_grade,
        translations,
    )
    room = FigureRoom(width_cm, height_cm or width_cm, is_filled=height_cm > 0.0, scales=scales)
    drawing = _FigureDrawing(base, replace(assessment, cameras=(result,)), translations, numbers, room)
    return _pictures(assessment.totals, values, lambda: _camera(drawing, result, by_grade=by_grade))


def camera_frame(result: CameraResult, room: FigureRoom) -> tuple[Frame | None, bool]:
    """Return the frame of the map of one camera, None where it has no place, and whether what may be seen reaches beyond it.

    Ground too long for the smallest scale is cut; the frame holds the camera and as much of what lies before it as it can.
    """
    ground = _certain_ground(result)
    whole, seen = (frame_of([result], ground, margin_m=margin_m) for margin_m in (10.0, 0.0))
    if whole is None or seen is None or not result.placed.views:
        return None, False
    flattest, tallest = [room.height_cm / room.width_cm] * 2 if room.is_filled else (0.6, 1.0)
    frame = room.scaled(fit(whole, flattest=flattest, tallest=tallest), room.width_cm)
    if room.scales and not room.scale_of(frame, room.width_cm):
        across_m = np.array([1.0, room.height_cm / room.width_cm]) * room.scales[-1] * room.width_cm / 100.0
        low, high = np.array(whole[:2]), np.array(whole[2:]) - across_m
        at = np.array([result.placed.camera.x_m, result.placed.camera.y_m]) - across_m / 2.0
        west, south = np.clip(at, np.minimum(low, high), np.maximum(low, high)).tolist()
        frame = west, south, west + float(across_m[0]), south + float(across_m[1])
    return frame, not shapely.box(*frame).covers(shapely.box(*seen))


def _certain_ground(result: CameraResult) -> list[BaseGeometry]:
    """Return the ground in view for certain, with what of it is not mapped."""
    return [] if result.certain is None else [ground_seen(result.certain)]


def _camera(drawing: _FigureDrawing, result: CameraResult, *, by_grade: bool) -> bytes | None:
    room, whole = drawing.room, _certain_ground(result)
    frame, _ = camera_frame(result, room)
    if frame is None:
        return None
    with fonts():
        figure, axes = filled_page(frame, width_in=drawing.room.width_cm / CM_PER_INCH)
        draw_ground(axes, drawing.base, frame)
        draw_cameras(axes, [result], marker=7, by_grade=by_grade)
        if by_grade:
            metres_a_cm = (frame[2] - frame[0]) / room.width_cm
            draw_addresses(axes, NO_DOORS, drawing.base.house_numbers(frame, HOUSES_APART_CM * metres_a_cm))
        draw_polygons(axes, whole, facecolor="none", edgecolor=map_colour("certain"), linewidth=0.6, zorder=5.5)
        drawing._streets(axes, frame, MOST_NAMES, APART)
        drawing._numbers(axes, figure, frame)
        furnish(axes, frame, drawing.translations, drawing.room.scale_of(frame, drawing.room.width_cm))
        imprint(figure, axes, drawing.assessment, drawing.translations, drawing.assessment.crs, size=4.5)
        return png(figure, dpi=PRINT_DPI)


COUNCIL_ROOM = FigureRoom(16.0, 14.0)
STREETS_SHOWN, STREETS_APART, STREET_PT = 14, 0.1, 6.5
HOUSES_APART_CM, NO_DOORS = 0.5, np.empty((0, 2))  # house numbers on one map
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


def prepare_maps(assessment: ShownAssessment, progress: Progress) -> None:
    """Work out how maps split the walls in view, which drafts of all formats then find done; ribbons of close maps come later."""
    with paused():
        drawn_frontages(assessment.cameras, progress)


def fonts() -> AbstractContextManager[None]:
    """Return a context in which Chinese characters are found after the Latin ones, and the picture before is let go."""
    free_figures()
    if CHINESE_FONT not in {font.name for font in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(font_files()[0]))
    return matplotlib.rc_context(
        {"font.family": [LATIN_FONT, CHINESE_FONT], "text.parse_math": False, "hatch.linewidth": 0.4, "path.simplify": True}
    )


def filled_page(frame: Frame, width_in: float) -> tuple[Figure, Axes]:
    """Return a page that a map of a frame fills, and the axes of the map."""
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
