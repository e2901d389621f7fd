"""Draw two plans of one town side by side in one frame; what differs is ringed in both."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.live.plan_comparison import PlanComparison
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.shown_values import ShownProject
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.maps.base_map import BaseMap, Frame, frame_of
from lhasaplan.report.maps.figures import draw_cameras, draw_ground, fit, fonts, map_axes
from lhasaplan.report.maps.map_furniture import CM_PER_INCH, PRINT_DPI, furnish, imprint, png
from lhasaplan.report.text.whole_files import replacing

WIDTH_CM, GAP_CM, HEAD_CM = 27.7, 0.5, 1.4  # of an A4 page on its side
FORMATS = (".pdf", ".png", ".svg")
RING, RING_PT = "#b00020", 13.0
RINGED = marked("Cameras that differ are ringed.")
NO_MAP = marked("{ending} is no format of this map; there are: {known}")
NOTHING = marked("no camera of either plan has a place to be drawn")


def write_compared_map(  # noqa: PLR0917 - two plans, where they go, and how they are told
    project: ShownProject, comparison: PlanComparison, names: tuple[str, str], path: Path, wording: Wording, is_told: bool = True
) -> Path:
    """Write the map by the ending of the path (.pdf, .png or .svg) and return it.

    InputError for another ending, and where there is nothing to draw.
    """
    require_format(path)
    sides = [_results(comparison, side, is_told) for side in (0, 1)]
    frame = frame_of([*sides[0], *sides[1]], margin_m=15.0)
    if frame is None:
        raise InputError(Fault(NOTHING, Where(path.name)))
    with fonts():
        figure = _figure(project, comparison, sides, fit(frame), names, wording)
        with replacing(path) as aside:
            _save(figure, aside, path.suffix.casefold())
    return path


def require_format(path: Path) -> None:
    """Raise InputError for an ending that is no format of a map."""
    if path.suffix.casefold() not in FORMATS:
        params = {"ending": path.suffix or path.name, "known": ", ".join(FORMATS)}
        raise InputError(Fault(NO_MAP, Where(path.name), params))


def _results(comparison: PlanComparison, side: int, is_told: bool) -> list[CameraResult]:
    live = comparison.answers[side]
    known = (camera.camera_id for camera in comparison.cameras[side] if camera.camera_id in live.results)
    return [live.told_result(each) if is_told else live.results[each] for each in known]


def _figure(  # noqa: PLR0917 - what the picture is made of
    project: ShownProject,
    comparison: PlanComparison,
    sides: Sequence[Sequence[CameraResult]],
    frame: Frame,
    names: tuple[str, str],
    wording: Wording,
) -> Figure:
    each_cm = (WIDTH_CM - GAP_CM) / 2.0
    map_cm = each_cm * (frame[3] - frame[1]) / (frame[2] - frame[0])
    height_cm = map_cm + HEAD_CM
    figure = Figure(figsize=(WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH))
    base, differ = BaseMap(project), set(comparison.changes.camera_ids)
    for number, (results, name) in enumerate(zip(sides, names, strict=True)):
        left = number * (each_cm + GAP_CM) / WIDTH_CM
        axes = map_axes(figure, frame, (left, 0.0, each_cm / WIDTH_CM, map_cm / height_cm))
        draw_ground(axes, base, frame)
        draw_cameras(axes, results, marker=5)
        _ring(axes, {c.placed.camera.camera_id: c for c in results}, differ)
        furnish(axes, frame, wording)
        imprint(figure, axes, project, wording, project.crs, size=5.0)
        figure.text(left, 1.0 - 0.1 / height_cm, name, fontsize=10, va="top", ha="left")
    figure.text(0.0, 1.0 - 0.75 / height_cm, wording(RINGED), fontsize=8, va="top", ha="left", color=RING)
    return figure


def _ring(axes: Axes, results: Mapping[str, CameraResult], differ: set[str]) -> None:
    cameras = [result.placed.camera for camera_id, result in results.items() if camera_id in differ]
    look: dict[str, Any] = {
        "markersize": RING_PT,
        "markerfacecolor": "none",
        "markeredgecolor": RING,
        "markeredgewidth": 1.4,
        "zorder": 9,
    }
    axes.plot([camera.x_m for camera in cameras], [camera.y_m for camera in cameras], "o", **look)


def _save(figure: Figure, path: Path, ending: str) -> None:
    if ending == ".png":
        path.write_bytes(png(figure, dpi=PRINT_DPI))
    else:  # no day and no program stand in the file: the same plans give the same bytes
        metadata = {"Date": None} if ending == ".svg" else {"CreationDate": None, "Producer": None, "Creator": None}
        figure.savefig(path, format=ending[1:], metadata=metadata)
