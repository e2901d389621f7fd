"""Maps as pictures: fields with density bands, certain solid and possible hatched, gaps, overlaps, seen frontage."""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
import pylopdf_fonts_zh_cn
import shapely
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from PIL import Image
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.coverage.drawn_fields import DrawnField, Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.report.maps.base_map import BaseMap, Frame, Sourced, attribution, frame_of, reaches
from lhasaplan.report.maps.drawn_cameras import drawn
from lhasaplan.report.text.cached_drafts import Remembered
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import band_colour, load_style
from lhasaplan.report.text.text_width import lines_of
from lhasaplan.report.text.words import BEYOND_GROUND, CLASSES, FICTITIOUS, REACHES

CM_PER_INCH = 2.54
CHINESE_FONT = "Noto Sans SC"
# A planned camera is a ring: what is there and what is only wished for must not look alike.
Style = dict[str, Any]
MARKS = {
    Status.OPERATING: {"markerfacecolor": "camera", "markeredgecolor": "white"},
    Status.PLANNED: {"markerfacecolor": "white", "markeredgecolor": "camera"},
}
# What a drawn path is, so that a test can ask the figure for it.
FIELDS = {reach: f"fields_{reach}" for reach in Reach}
FRONTAGE, BEYOND = "frontage", "frontage_beyond"
DOTS = (0.0, (1.0, 1.2))
FAR_TINT = 0.12
_pictures: Remembered[bytes | None] = Remembered()


def overview_map(
    base: BaseMap, assessment: Assessment, wording: Wording, with_parts: bool = True, with_legend: bool = True
) -> bytes | None:
    """Return the map of the whole assessment as PNG, or ``None`` when nothing has a place to be drawn.

    A map that is printed small goes without the legend, whose letters nobody could read, and has a key in its caption.
    """
    values = ("overview", assessment.inputs, assessment.synthetic, with_parts, with_legend, wording)
    return _pictures(assessment.cameras, values, lambda: _overview(base, assessment, wording, with_parts, with_legend))


def _overview(base: BaseMap, assessment: Assessment, wording: Wording, with_parts: bool, with_legend: bool) -> bytes | None:
    results = assessment.parts or () if with_parts else ()
    overlaps = assessment.overlaps or () if with_parts else ()
    frame = frame_of(assessment.cameras, [result.part.geometry for result in results])
    if frame is None or not any(camera.placed.views for camera in assessment.cameras):
        return None
    frame = _fit(frame)
    with _fonts():
        figure, axes = _page(frame, width_in=7.2)
        _draw_ground(axes, base, frame)
        _draw_cameras(axes, assessment.cameras, marker=4)
        _polygons(axes, [o.geometry for o in overlaps], facecolor="none", edgecolor=_colour("overlap"), linewidth=0.8, zorder=5)
        _polygons(axes, [r.gap for r in results], facecolor="none", edgecolor=_colour("gap"), hatch="xxxx", linewidth=1, zorder=6)
        _outline(axes, [r.part.geometry for r in results], color="black", linewidth=0.7, linestyle="--", zorder=6)
        _furniture(axes, frame, wording)
        if with_legend:
            _legend(figure, assessment, wording, bool(results))
        _imprint(figure, assessment, wording)
        return _png(figure, dpi=170, grown=with_legend)


def camera_map(base: BaseMap, assessment: Assessment, result: CameraResult, wording: Wording) -> bytes | None:
    """Return the small map of one camera as PNG."""
    values = (result, assessment.inputs, assessment.synthetic, wording)
    return _pictures(assessment.cameras, values, lambda: _camera(base, assessment, result, wording))


def _camera(base: BaseMap, assessment: Assessment, result: CameraResult, wording: Wording) -> bytes | None:
    frame = frame_of([result], margin_m=10.0)
    if frame is None or not result.placed.views:
        return None
    frame = _fit(frame, flattest=1.0, tallest=1.0)
    with _fonts():
        figure, axes = _page(frame, width_in=3.3)
        _draw_ground(axes, base, frame)
        _draw_cameras(axes, [result], marker=7)
        _furniture(axes, frame, wording)
        _imprint(figure, assessment, wording, size=4.5)
        return _png(figure, dpi=150)


@dataclass(frozen=True, slots=True)
class StreetName:
    """The name of a street where it is written, turned as the street runs."""

    text: str
    at: tuple[float, float]
    angle_deg: float


def place_map(  # noqa: PLR0917 - what every map takes
    base: BaseMap, shape: BaseGeometry, frame: Frame, streets: Sequence[StreetName], of: Sourced, wording: Wording
) -> bytes:
    """Return the small map of one place and its surroundings as PNG: its outline, streets by name, scale, north."""
    with _fonts():
        figure, axes = _page(frame, width_in=3.3)
        _draw_ground(axes, base, frame)
        _draw_place(axes, shape)
        halo: Style = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.6}
        for each in streets:
            place: Style = {"ha": "center", "va": "center", "rotation": each.angle_deg, "rotation_mode": "anchor"}
            axes.text(*each.at, each.text, fontsize=5.5, zorder=9, bbox=halo, clip_on=True, **place)
        _furniture(axes, frame, wording)
        _imprint(figure, of, wording, size=4.5)
        return _png(figure, dpi=150)


def _draw_place(axes: Axes, shape: BaseGeometry) -> None:
    """Draw an outline, and a ring where there is only a point."""
    colour = _colour("candidate")
    _polygons(axes, [shape], facecolor=to_rgba(colour, 0.25), edgecolor="none", zorder=5)
    _outline(axes, [shape], color=colour, linewidth=1.6, zorder=6)
    if shapely.get_dimensions(shape) == 0:
        x, y = shapely.get_coordinates(shape).T
        axes.plot(x, y, "o", markersize=9, markerfacecolor="none", markeredgecolor=colour, markeredgewidth=1.6, zorder=6)


def _fonts() -> Any:
    """Return a context in which Chinese characters are found after the Latin ones."""
    if CHINESE_FONT not in {font.name for font in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(str(pylopdf_fonts_zh_cn.sans_path()))
    return matplotlib.rc_context(
        {"font.family": ["DejaVu Sans", CHINESE_FONT], "text.parse_math": False, "hatch.linewidth": 0.4, "path.simplify": True}
    )


def _page(frame: Frame, width_in: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width_in, width_in * (frame[3] - frame[1]) / (frame[2] - frame[0])))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(frame[0], frame[2]), ylim=(frame[1], frame[3]), xticks=[], yticks=[])
    axes.set_aspect("equal", adjustable="box")
    axes.set_facecolor("white")
    return figure, axes


def _fit(frame: Frame, flattest: float = 0.45, tallest: float = 1.25) -> Frame:
    """Widen a frame until its height is between these shares of its width, so that it fits a page."""
    x, y = (frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    half_width, half_height = max(width, height / tallest) / 2, max(height, width * flattest) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _colour(name: str) -> str:
    return str(load_style()["colours"][name])


def _draw_ground(axes: Axes, base: BaseMap, frame: Frame) -> None:
    _lines(axes, base.inside("roads", frame), color=_colour("road"), linewidth=0.6, zorder=1)
    edge = _colour("building_edge")
    _polygons(axes, base.inside("buildings", frame), facecolor=_colour("building"), edgecolor=edge, linewidth=0.25, zorder=2)


def _draw_cameras(axes: Axes, cameras: Sequence[CameraResult], marker: float) -> None:
    _draw_fields(axes, [one for result in cameras for one in drawn(result).fields])
    _draw_frontage(axes, cameras, marker)
    for status, look in MARKS.items():
        at = [c.placed.camera for c in cameras if (c.placed.camera.status is Status.PLANNED) is (status is Status.PLANNED)]
        mark: Style = {name: _colour("camera") if colour == "camera" else colour for name, colour in look.items()}
        axes.plot([c.x_m for c in at], [c.y_m for c in at], "o", markersize=marker, markeredgewidth=0.8, zorder=8, **mark)


def _draw_fields(axes: Axes, drawn: Sequence[DrawnField]) -> None:
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
    for one in near:
        _bands(axes, one, alpha=0.45, zorder=3)
    look = {"facecolor": "none", "edgecolor": _colour("possible"), "hatch": "////", "linewidth": 0.4}
    _polygons(axes, [one.ground for one in near], gid=FIELDS[Reach.NEAR], zorder=3, **look)
    for one in certain:
        _bands(axes, one, alpha=0.75, zorder=4)
    look = {"facecolor": "none", "edgecolor": _colour("certain"), "linewidth": 0.6}
    _polygons(axes, [one.ground for one in certain], gid=FIELDS[Reach.CERTAIN], zorder=4, **look)


def _bands(axes: Axes, one: DrawnField, **look: Any) -> None:
    for low, band in one.field.bands:
        _polygons(axes, [band], facecolor=band_colour(low), linewidth=0, **look)


def _draw_frontage(axes: Axes, cameras: Sequence[CameraResult], marker: float) -> None:
    """Draw walls at the ground that is drawn as ribbons, and those that only upper floors show beyond it as dotted lines."""
    for cls in reversed(CLASSES):  # homes last, on top
        beyond = [lines for result in cameras for sighting, (_, lines) in drawn(result).frontages if sighting.cls == cls]
        ribbons = [ribbon for result in cameras for sighting, ribbon in drawn(result).ribbons if sighting.cls == cls]
        look = {"facecolor": _colour(cls), "edgecolor": _colour(cls), "linewidth": marker / 8}
        _polygons(axes, ribbons, gid=FRONTAGE, zorder=7, **look)
        _lines(axes, beyond, gid=BEYOND, color=_colour(cls), linewidth=marker / 5, linestyle=DOTS, zorder=7)


def _polygons(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    path = _path([shape for shape in shapes if shape is not None])
    if path is not None:
        # Not add_patch: it walks every vertex for limits that the frame has set already.
        axes.add_artist(PathPatch(path, **style))


def _path(shapes: Sequence[BaseGeometry]) -> Path | None:
    """Return all rings of the shapes' polygons as one path; holes turn the other way, so that they stay empty."""
    parts = shapely.get_parts(shapely.get_parts(np.array([*shapes, None], object)[:-1]))
    polygons = parts[(shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)]
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    if not len(rings):
        return None
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(ring), Path.LINETO, Path.code_type)
    codes[np.flatnonzero(np.diff(ring, prepend=-1))] = Path.MOVETO
    codes[np.flatnonzero(np.diff(ring, append=len(rings)))] = Path.CLOSEPOLY
    return Path(vertices, codes)


def _lines(axes: Axes, shapes: Iterable[BaseGeometry], **style: Any) -> None:
    segments = [
        shapely.get_coordinates(line) for shape in shapes for line in shapely.get_parts(shape) if "Line" in line.geom_type
    ]
    if segments:
        axes.add_collection(LineCollection(segments, **style), autolim=False)


def _outline(axes: Axes, shapes: Iterable[BaseGeometry | None], **style: Any) -> None:
    shapes = [shape for shape in shapes if shape is not None and not shape.is_empty]
    flat = [part for shape in shapes for part in shapely.get_parts(shape)]
    _lines(axes, [part.boundary if part.geom_type == "Polygon" else part for part in flat], **style)


def _furniture(axes: Axes, frame: Frame, wording: Wording) -> None:
    """Draw scale bar and north arrow inside the frame."""
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    length = _round_length(width / 4)
    x, y = frame[0] + 0.03 * width, frame[1] + 0.05 * height
    halo = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5}
    axes.plot([x, x + length], [y, y], color="black", linewidth=2.5, solid_capstyle="butt", zorder=10)
    axes.text(x, y + 0.015 * height, f"{length:g} m", fontsize=7, va="bottom", zorder=10, bbox=halo)
    x, y = frame[0] + 0.05 * width, frame[3] - 0.03 * height
    arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.2}
    axes.annotate("", (x, y), (x, y - 0.08 * height), arrowprops=arrow, zorder=10)
    axes.text(x, y - 0.085 * height, wording(marked("N")), ha="center", va="top", fontsize=8, zorder=10, bbox=halo)


def _round_length(metres: float) -> float:
    power = 10.0 ** math.floor(math.log10(max(metres, 1.0)))
    return float(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))


def _legend(figure: Figure, assessment: Assessment, wording: Wording, with_parts: bool) -> None:
    handles: list[Any] = [
        Line2D([], [], marker="o", color="none", markerfacecolor=_colour("camera"), label=wording(marked("Camera"))),
        *_planned_mark(assessment, wording),
        Patch(facecolor=band_colour(62.5), edgecolor=_colour("certain"), label=wording(marked("can see, certain"))),
        *_possible_marks(assessment, wording),
    ]
    lows = sorted(float(low) for low in load_style()["bands"])
    handles += [
        Patch(facecolor=band_colour(low), label=wording(marked("from {low} px/m"), low=short_number(low, wording)))
        for low in lows
    ]
    present = {str(s.cls) for c in assessment.cameras for s in c.sightings if s.geometry is not None}
    for cls in (cls for cls in CLASSES if cls in present):
        label = wording(marked("frontage in view: {what}"), what=wording(CLASSES[cls]))
        handles.append(Line2D([], [], color=_colour(cls), linewidth=2, label=label))
    if present:
        handles.append(Line2D([], [], color=_colour("camera"), linewidth=2, linestyle=DOTS, label=wording(BEYOND_GROUND)))
    if with_parts:
        handles.append(Line2D([], [], color="black", linestyle="--", linewidth=1, label=wording(marked("confirmed part"))))
        handles.append(Patch(facecolor="white", edgecolor=_colour("gap"), hatch="xxxx", label=wording(marked("gap"))))
        handles.append(Patch(facecolor="none", edgecolor=_colour("overlap"), label=wording(marked("overlap"))))
    place: Style = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.01), "ncols": 3}
    figure.legend(handles=handles, fontsize=6.5, frameon=False, **place)


def _possible_marks(assessment: Assessment, wording: Wording) -> list[Patch]:
    """Return the legend of fields that rest on an assumption or a sweep, where there are some."""
    looks: dict[Reach, Style] = {
        Reach.NEAR: {"facecolor": "white", "edgecolor": _colour("possible"), "hatch": "////"},
        Reach.FAR: {"facecolor": to_rgba(_colour("far"), FAR_TINT), "edgecolor": _colour("far")},
    }
    return [Patch(label=wording(REACHES[reach]), **look) for reach, look in looks.items() if reach in reaches(assessment.cameras)]


def _planned_mark(assessment: Assessment, wording: Wording) -> list[Line2D]:
    """Return the legend of planned cameras where there are some."""
    if not any(c.placed.camera.status is Status.PLANNED for c in assessment.cameras):
        return []
    look: Style = {"marker": "o", "color": "none", "markerfacecolor": "white", "markeredgecolor": _colour("camera")}
    return [Line2D([], [], label=wording(marked("Planned camera")), **look)]


def _imprint(figure: Figure, assessment: Sourced, wording: Wording, size: float = 6.0) -> None:
    """Print licence and data date, and that the data are made up where they are."""
    halo = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5}
    room_cm = CM_PER_INCH * figure.get_figwidth() * 0.95
    text = "\n".join(line for each in attribution(assessment) for line in lines_of(each, room_cm, size))
    figure.text(0.995, 0.006, text, ha="right", va="bottom", fontsize=size, bbox=halo, zorder=20)
    if assessment.synthetic:
        place: Style = {"ha": "center", "va": "top"}
        said = wording.untouched(FICTITIOUS)
        figure.text(0.5, 0.985, said, fontsize=size + 2, color="#b00000", bbox=halo, zorder=20, **place)


def _png(figure: Figure, dpi: int, grown: bool = False) -> bytes:
    """Return the figure as PNG; a figure that grew beyond its frame, by a legend, is drawn twice to find its edges."""
    stream = io.BytesIO()
    edges: Style = {"bbox_inches": "tight", "pad_inches": 0.04} if grown else {}
    # Not packed: it is read again at once.
    figure.savefig(stream, format="png", dpi=dpi, pil_kwargs={"compress_level": 0}, **edges)
    return small_png(stream.getvalue())


def small_png(png: bytes, colours: int = 250) -> bytes:
    """Return the picture with a palette: a map has few colours, and a report many maps."""
    stream = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        # The octree errs less on average than the other ways and takes a fifth of their time; 6 % larger files at level 6.
        flat = picture.convert("RGB").quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        flat.save(stream, "PNG", compress_level=6)
    return stream.getvalue()
