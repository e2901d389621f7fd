"""Draw two plans of one town side by side in one frame; what differs is ringed in both."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.sheets import PlanSheet
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.maps.base_map import BaseMap, Frame, frame_of
from lhasaplan.report.maps.figures import draw_cameras, draw_ground, fit, fonts, map_axes
from lhasaplan.report.maps.map_decorations import CM_PER_INCH, PRINT_DPI, furnish, imprint, png
from lhasaplan.report.text.output_files import replacing

WIDTH_CM, GAP_CM, HEAD_CM = 27.7, 0.5, 1.4  # of an A4 page on its side
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
    each_cm = (WIDTH_CM - GAP_CM) / 2.0
    map_cm = each_cm * (frame[3] - frame[1]) / (frame[2] - frame[0])
    height_cm = map_cm + HEAD_CM
    figure, base = Figure(figsize=(WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH)), BaseMap(sheet)
    for number, (name, results) in enumerate(sheet.plans):
        left = number * (each_cm + GAP_CM) / WIDTH_CM
        axes = map_axes(figure, frame, (left, 0.0, each_cm / WIDTH_CM, map_cm / height_cm))
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
