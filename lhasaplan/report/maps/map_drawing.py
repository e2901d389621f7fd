"""Draw what a map shows: ground, fields with density bands, certain solid and possible hatched, seen frontage, gaps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.demand.ground_in_view import DrawnField, Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.report.maps.base_map import RIBBON_M, BaseMap, Frame, Split, drawn, drawn_frontages, drawn_ribbons, ribbons_of_each
from lhasaplan.report.maps.map_decorations import (
    CASING_PT,
    DOTS,
    FAR_TINT,
    INSIDE,
    NO_BUILDING_HATCH,
    NOT_SURVEYED_HATCH,
    VEIL,
    inside_of,
    width_pt_of,
)
from lhasaplan.report.maps.map_texts import PT_PER_INCH, Style
from lhasaplan.report.text.style import band_colour, map_colour
from lhasaplan.report.text.words import CLASSES

# A planned camera is a ring: what is there and what is only wished for must not look alike.
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
LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)
AT_ONCE = 1_000  # shapes that are taken apart at a time: all overlaps of a city together are a quarter of a gigabyte
# Points of outlines that are drawn at a time: matplotlib keeps Python to itself while it draws a path, and a window waits.
EDGES_AT_ONCE = 4_000
SAME_M = 0.05  # pieces of walls whose ends are so near to each other are one
MOST_LINE_PT = 0.5  # two dots at 300 to the inch: of a narrower ribbon a line is drawn, so much wider


def draw_ground(axes: Axes, base: BaseMap, frame: Frame) -> None:
    """Draw buildings and streets."""
    _lines(axes, base.inside("roads", frame), color=map_colour("road"), linewidth=0.6, zorder=1)
    edge = map_colour("building_edge")
    draw_polygons(
        axes, base.inside("buildings", frame), facecolor=map_colour("building"), edgecolor=edge, linewidth=0.25, zorder=2
    )


def draw_cameras(
    axes: Axes, cameras: Sequence[CameraResult], marker: float, *, with_possible_bands: bool = True, by_grade: bool = False
) -> None:
    """Draw cameras with what they can see and the walls in view, by class or by what can be made out of people there."""
    _draw_fields(axes, [one for result in cameras for one in drawn(result).fields], with_possible_bands)
    _draw_not_mapped(axes, cameras)
    if by_grade:
        _draw_graded_walls(axes, cameras)
    else:
        _draw_frontage(axes, cameras, marker)
    for status, look in MARKS.items():
        at = [c.placed.camera for c in cameras if (c.placed.camera.status is Status.PLANNED) is (status is Status.PLANNED)]
        mark: Style = {name: map_colour("camera") if colour == "camera" else colour for name, colour in look.items()}
        axes.plot([c.x_m for c in at], [c.y_m for c in at], "o", markersize=marker, markeredgewidth=0.8, zorder=8, **mark)
    gone = [c.placed.camera for c in cameras if c.leaves and not c.as_planned]
    cross: Style = {"color": "none", "markeredgecolor": "black", "markeredgewidth": 0.9, "gid": GOING, "zorder": 9}
    if gone:
        axes.plot([c.x_m for c in gone], [c.y_m for c in gone], "x", markersize=marker + 2, **cross)


def _draw_fields(axes: Axes, drawn: Sequence[DrawnField], with_possible_bands: bool) -> None:
    """Draw far fields as outlines over a tint, near ones hatched over their bands, certain ones solid."""
    far, near, certain = ([one for one in drawn if one.reach is reach] for reach in (Reach.FAR, Reach.NEAR, Reach.CERTAIN))
    # All in one path: a tint that adds up where fields lie over each other would read as a density.
    tint = to_rgba(map_colour("far"), FAR_TINT)
    draw_polygons(
        axes,
        [one.ground for one in far],
        gid=FIELDS[Reach.FAR],
        facecolor=tint,
        edgecolor=map_colour("far"),
        linewidth=0.5,
        zorder=3,
    )
    if with_possible_bands:
        _bands(axes, near, alpha=0.45, zorder=3)
    look = {"facecolor": "none", "edgecolor": map_colour("possible"), "hatch": "////", "linewidth": 0.4}
    draw_polygons(axes, [one.ground for one in near], gid=FIELDS[Reach.NEAR], zorder=3, **look)
    _bands(axes, certain, alpha=0.75, zorder=4)
    look = {"facecolor": "none", "edgecolor": map_colour("certain"), "linewidth": 0.6}
    draw_polygons(axes, [one.ground for one in certain], gid=FIELDS[Reach.CERTAIN], zorder=4, **look)


def draw_not_surveyed(axes: Axes, assessment: Assessment, frame: Frame) -> None:
    """Hatch the ground where nobody looked for cameras, below all that cameras show; nothing where no survey is recorded."""
    if assessment.surveyed is not None:
        look: Style = {"facecolor": "none", "edgecolor": map_colour("not_surveyed"), "hatch": NOT_SURVEYED_HATCH, "linewidth": 0}
        draw_polygons(axes, [shapely.box(*frame) - assessment.surveyed], gid=NOT_SURVEYED_PATH, zorder=2.5, **look)


def _draw_not_mapped(axes: Axes, cameras: Sequence[CameraResult]) -> None:
    """Draw a veil with dots over the ground that is not mapped: it is in view as far as anybody knows, and not counted."""
    path = _path(result.not_mapped for result in cameras)
    veil: Style = {"facecolor": to_rgba("white", VEIL), "linewidth": 0, "zorder": 5}
    _draw_path(axes, path, **veil)
    dots: Style = {"facecolor": "none", "edgecolor": map_colour("not_mapped"), "hatch": NO_BUILDING_HATCH, "linewidth": 0}
    _draw_path(axes, path, gid=NOT_MAPPED_PATH, zorder=5, **dots)


def _bands(axes: Axes, several: Sequence[DrawnField], **look: Any) -> None:
    """Draw the bands of all fields, the finest on top; those of one density are one path, so that no tint adds up."""
    by_low: dict[float, list[BaseGeometry]] = {}
    for one in several:
        for low, band in one.field.bands:
            by_low.setdefault(low, []).append(band)
    for low in sorted(by_low):
        draw_polygons(axes, by_low[low], facecolor=band_colour(low), linewidth=0, **look)


def _draw_frontage(axes: Axes, cameras: Sequence[CameraResult], marker: float) -> None:
    """Draw walls at the ground that is drawn as ribbons, and those that only upper floors show beyond it as dotted lines.

    A white casing lifts them off the ground, and a white line inside tells classes and possible views apart without colour.
    """
    frontages = list(drawn_frontages(cameras))
    ribbon_pt = 2.0 * RIBBON_M / _metres_a_point(axes)
    is_coarse = ribbon_pt < MOST_LINE_PT  # the same to the eye, in half of the time
    paths = _line_paths(frontages) if is_coarse else _ribbon_paths(cameras)
    wider_pt = ribbon_pt if is_coarse else 0.0
    for cls in reversed(CLASSES):
        look: Style = {"facecolor": "none", "edgecolor": "white", "linewidth": width_pt_of(cls) + 2 * CASING_PT + wider_pt}
        _draw_path(axes, paths[cls], capstyle="projecting", zorder=6.9, **look)
    for cls in reversed(CLASSES):  # homes last, on top
        sightings = [(one, lines) for one, lines in frontages if one.cls == cls]
        face = "none" if is_coarse else map_colour(cls)
        look = {"facecolor": face, "edgecolor": map_colour(cls), "linewidth": width_pt_of(cls) + wider_pt}
        _draw_path(axes, paths[cls], gid=FRONTAGE, capstyle="projecting", zorder=7, **look)
        _lines(
            axes,
            [far for _, (_, far) in sightings],
            gid=BEYOND,
            color=map_colour(cls),
            linewidth=marker / 5,
            linestyle=DOTS,
            zorder=7,
        )
        for is_recorded in (False, True):
            dash = inside_of(cls, is_recorded=is_recorded)
            walls = [near for one, (near, _) in sightings if one.is_recorded is is_recorded and near is not None] if dash else []
            white: Style = {"color": "white", "linewidth": width_pt_of(cls) * INSIDE, "linestyle": (0.0, dash)}
            _lines(axes, walls, gid=WALL_INSIDE, capstyle="butt", zorder=7.1, **white)


def _metres_a_point(axes: Axes) -> float:
    """Return how many metres of ground lie under a typographic point (1/72 inch) of the printed map."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    low, high = axes.get_xlim()
    return float((high - low) / (PT_PER_INCH * figure.get_figwidth() * axes.get_position().width))


def _ribbon_paths(cameras: Sequence[CameraResult]) -> dict[str, Path | None]:
    """Return the walls at the ground that is drawn, by class: the outlines of their ribbons."""
    every: dict[str, list[BaseGeometry | None]] = {cls: [] for cls in CLASSES}
    for one, ribbons in drawn_ribbons(cameras):
        every[one.cls] += ribbons.tolist()
    return {cls: _path(shapes) for cls, shapes in every.items()}


def _line_paths(frontages: Sequence[tuple[Sighting, Split]]) -> dict[str, Path | None]:
    """Return the walls at the ground that is drawn, by class: their lines, for maps so coarse that a ribbon is no wider."""
    return {cls: _straight_path(near for one, (near, _) in frontages if one.cls == cls) for cls in CLASSES}


def _straight_path(shapes: Iterable[BaseGeometry | None]) -> Path | None:
    """Return each straight piece of all lines by itself: wide lines with ends of half their width meet without a spike.

    What several cameras show of a wall is drawn once.
    """
    points, line = _points_of_lines(shapes)
    begins = np.flatnonzero(line[:-1] == line[1:])
    pieces = np.hstack([points[begins], points[begins + 1]])
    is_turned = (pieces[:, 0] > pieces[:, 2]) | ((pieces[:, 0] == pieces[:, 2]) & (pieces[:, 1] > pieces[:, 3]))
    pieces[is_turned] = pieces[is_turned][:, [2, 3, 0, 1]]
    same = np.round(pieces / SAME_M)
    order = np.lexsort(same.T)
    is_new = np.any(np.diff(same[order], axis=0, prepend=np.nan) != 0.0, axis=1)
    ends = pieces[np.sort(order[is_new])].reshape(-1, 2)
    codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(ends) // 2)
    return Path(ends, codes) if len(ends) else None


def _draw_graded_walls(axes: Axes, cameras: Sequence[CameraResult]) -> None:
    """Draw walls and rims of open ground in the colour of their grade, the gravest on top; those possibly in view hollow."""
    sightings = [one for result in cameras for one in result.sightings]
    possible = [one.outline() for one in sightings if not one.is_recorded]
    by_grade: dict[Severity, list[BaseGeometry | None]] = {grade: [] for grade in Severity}
    for grade, outline in (pair for one in sightings if one.is_recorded for pair in _graded_outlines(one)):
        if grade is not None:
            by_grade[grade].append(outline)
    width = width_pt_of("home")
    looks = [(possible, map_colour("camera")), *((walls, map_colour(str(grade))) for grade, walls in by_grade.items())]
    for walls, colour in looks:
        ribbons = _path(np.concatenate(ribbons_of_each(walls)).tolist())
        casing: Style = {"facecolor": "none", "edgecolor": "white", "linewidth": width + 2 * CASING_PT}
        _draw_path(axes, ribbons, zorder=6.9, **casing)
        _draw_path(axes, ribbons, gid=FRONTAGE, facecolor=colour, edgecolor=colour, linewidth=width, zorder=7)
    hollow: Style = {"color": "white", "linewidth": width * INSIDE, "linestyle": "-"}
    _lines(axes, [wall for wall in possible if wall is not None], gid=WALL_INSIDE, capstyle="butt", zorder=7.05, **hollow)


def _graded_outlines(sighting: Sighting) -> tuple[tuple[Severity | None, BaseGeometry | None], ...]:
    """Return the outlines by grade; open ground that is less sharp than the frontage with the grade is a note: no graver one."""
    pairs, sharp = sighting.graded_outlines(), sighting.sharpest
    top_px_m = max((each.over_px_m for each in sharp), default=0.0)
    if any(each.surface == "ground" and each.over_px_m < top_px_m for each in sharp):
        return (*sighting.graded_frontage(), *((Severity.NOTE, rims) for _, rims in pairs[len(sighting.graded_frontage()) :]))
    return pairs


def draw_polygons(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    """Draw the polygons of all shapes as one path."""
    _draw_path(axes, _path(shapes), **style)


def _draw_path(axes: Axes, path: Path | None, **style: Any) -> None:
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


def _path(some: Iterable[BaseGeometry | None]) -> Path | None:
    """Return all rings of the shapes' polygons as one path; holes turn the other way, so that they stay empty."""
    shapes = [shape for shape in some if shape is not None]
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
    path = _line_path(shapes)
    if path is not None:
        axes.add_artist(PathPatch(path, facecolor="none", edgecolor=color, **style))


def _line_path(shapes: Iterable[BaseGeometry]) -> Path | None:
    """Return all lines as one path, None for none."""
    points, line = _points_of_lines(shapes)
    codes = np.full(len(points), Path.LINETO, Path.code_type)
    codes[np.flatnonzero(np.diff(line, prepend=-1))] = Path.MOVETO
    return Path(points, codes) if len(points) else None


def _points_of_lines(shapes: Iterable[BaseGeometry | None]) -> tuple[FloatArray, IntArray]:
    """Return the points of all lines, and of each the number of its line."""
    parts = shapely.get_parts(shapely.get_parts(np.array([*shapes, None], object)[:-1]))
    points, line = shapely.get_coordinates(parts[np.isin(shapely.get_type_id(parts), LINES)], return_index=True)
    return points, line


def _outline(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    shapes = [shape for shape in shapes if shape is not None and not shape.is_empty]
    flat = [part for shape in shapes for part in shapely.get_parts(shape)]
    _lines(axes, [part.boundary if part.geom_type == "Polygon" else part for part in flat], **style)


def draw_gaps(axes: Axes, results: Sequence[PartResult], *, with_plan: bool) -> None:
    """Draw what is not served, hatched: today, or where there is a plan what is left with it; today's is an outline then."""
    gap: Style = {"facecolor": "none", "edgecolor": map_colour("gap"), "hatch": "xxxx", "linewidth": 1, "zorder": 6}
    draw_polygons(axes, [r.gap_after if with_plan else r.gap for r in results], gid=GAPS, **gap)
    if with_plan:
        closed: Style = {"facecolor": "none", "edgecolor": map_colour("gap"), "linestyle": ":", "linewidth": 1, "zorder": 6}
        draw_polygons(axes, [r.gap for r in results], gid=GAPS_TODAY, **closed)


def draw_outline(axes: Axes, shapes: Iterable[BaseGeometry | None]) -> None:
    """Draw the outline of confirmed places."""
    _outline(axes, shapes, color="black", linewidth=0.7, linestyle="--", zorder=6)


def draw_place(axes: Axes, shape: BaseGeometry) -> None:
    """Draw an outline, and a ring where there is only a point."""
    tint = map_colour("candidate")
    draw_polygons(axes, [shape], facecolor=to_rgba(tint, 0.25), edgecolor="none", zorder=5)
    _outline(axes, [shape], color=tint, linewidth=1.6, zorder=6)
    if shapely.get_dimensions(shape) == 0:
        x, y = shapely.get_coordinates(shape).T
        axes.plot(x, y, "o", markersize=9, markerfacecolor="none", markeredgecolor=tint, markeredgewidth=1.6, zorder=6)
