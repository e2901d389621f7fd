"""Draw a place today and with the planned cameras, side by side in one frame, so that nothing but the cameras differs."""

from collections.abc import Mapping, Sequence

import shapely
from matplotlib.figure import Figure

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult
from lhasaplan.report.maps.base_map import BaseMap, Frame, frame_of
from lhasaplan.report.maps.figures import draw_cameras, draw_ground, draw_outline, fit, fonts, map_axes
from lhasaplan.report.maps.map_decorations import (
    CM_PER_INCH,
    PRINT_DPI,
    SIZE_PT,
    draw_numbers,
    furnish,
    imprint,
    place_numbers,
    png,
)

WIDTH_CM, GAP_CM, HEAD_CM = 17.4, 0.4, 0.6
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
    each_cm = (WIDTH_CM - GAP_CM) / 2.0
    map_cm = each_cm * (frame[3] - frame[1]) / (frame[2] - frame[0])
    height_cm = map_cm + HEAD_CM
    with fonts():
        figure = Figure(figsize=(WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH))
        titles = translations(marked("Today")), translations(marked("With planned cameras"))
        for number, (some, title) in enumerate(zip(cameras, titles, strict=True)):
            left = number * (each_cm + GAP_CM) / WIDTH_CM
            axes = map_axes(figure, frame, (left, 0.0, each_cm / WIDTH_CM, map_cm / height_cm))
            draw_ground(axes, base, frame)
            draw_cameras(axes, some, marker=6)
            draw_outline(axes, [result.part.geometry])
            metres_a_point = (frame[2] - frame[0]) / (72.0 * each_cm / CM_PER_INCH)
            draw_numbers(axes, place_numbers(some, numbers, metres_a_point, frame), SIZE_PT * metres_a_point)
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
