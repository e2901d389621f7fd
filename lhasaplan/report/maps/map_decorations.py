"""What stands round every map: scale, north, legend, licence, date of the data and coordinate system; and the picture's file."""

import gc
import io
import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, Stroke
from PIL import Image

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.maps.base_map import Frame, LegendEntry, Sign, Sourced, Spot, attribution, legend_entries
from lhasaplan.report.maps.map_texts import HEAD_PT, Style
from lhasaplan.report.text import document
from lhasaplan.report.text.document import PageFormat
from lhasaplan.report.text.style import band_colour, load_style, map_colour, text_width_cm
from lhasaplan.report.text.text_width import CM_PER_PT, lines_of, width_of
from lhasaplan.report.text.words import CLASSES, FICTITIOUS

CM_PER_INCH = 2.54
PRINT_DPI = 300
PNG_LEVEL = 5  # 6 takes half as long again for files that are 2 % smaller
IMPRINT_PT = 6.0  # letters of licence and date at the foot of a map
BAR_TEXT_PT = 70.0  # room of length and scale
BAR_PT, BAR_TO_TEXT, ARROW_TO_TEXT, LINE_EM = 7.0, 0.015, 0.085, 1.4  # letters by the bar; shares of the map's height; a line
LEGEND_PT, LINE_CM, HANDLE_CM = 8.0, 0.46, 1.35  # letters, height of a line, and room of a sign before its words
DOTS = (0.0, (1.0, 1.2))
FAR_TINT = 0.12
VEIL, NO_BUILDING_HATCH = 0.75, "..."  # over ground that nobody mapped
NOT_SURVEYED_HATCH = "\\\\"


CASING_PT, INSIDE = 0.8, 0.45  # white round a line on each side, and the share of its width that the white line inside has


def inside_of(cls: str, *, is_recorded: bool) -> tuple[float, ...]:
    """Return dash and gap of the white line inside the line of a wall in view; nothing for none."""
    return tuple(load_style()["lines"][cls]["certain" if is_recorded else "possible"])


def width_pt_of(cls: str) -> float:
    """Return how wide the line of a wall in view is."""
    return float(load_style()["lines"][cls]["width_pt"])


def _wall_mark(label: str, colour: str, cls: str, *, is_recorded: bool) -> Line2D:
    """Return a line of the legend as the map draws it, with the white line inside."""
    width, dash = width_pt_of(cls), inside_of(cls, is_recorded=is_recorded)
    inside = [Stroke(linewidth=width * INSIDE, foreground="white", dashes={"dash_offset": 0, "dash_list": dash})] if dash else []
    return Line2D([], [], color=colour, linewidth=width, label=label, path_effects=[Normal(), *inside], solid_capstyle="butt")


def furnish(axes: Axes, frame: Frame, translations: Translations, scale: int = 0) -> None:
    """Draw scale bar and north arrow inside the frame, and by the bar the scale 1:N where there is a round one."""
    height = frame[3] - frame[1]
    x, y, length = _scale_bar(frame)
    halo = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5}
    axes.plot([x, x + length], [y, y], color="black", linewidth=2.5, solid_capstyle="butt", zorder=10)
    text = f"{length:g} m" + (f" · {scale_text(scale, translations)}" if scale else "")
    axes.text(x, y + BAR_TO_TEXT * height, text, fontsize=BAR_PT, va="bottom", zorder=10, bbox=halo)
    x, y = _arrow_head(frame)
    arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.2}
    axes.annotate("", (x, y), (x, y - 0.08 * height), arrowprops=arrow, zorder=10)
    north: Style = {"ha": "center", "va": "top", "fontsize": HEAD_PT, "zorder": 10, "bbox": halo}
    axes.text(x, y - ARROW_TO_TEXT * height, translations(marked("N")), **north)


def _scale_bar(frame: Frame) -> tuple[float, float, float]:
    """Return where the scale bar begins, and how long it is, in metres of the map."""
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    return frame[0] + 0.03 * width, frame[1] + 0.05 * height, round_length(width / 4)


def _arrow_head(frame: Frame) -> Spot:
    return frame[0] + 0.05 * (frame[2] - frame[0]), frame[3] - 0.03 * (frame[3] - frame[1])


def furnished(frame: Frame, metres_a_point: float, head: str = "") -> list[FloatArray]:
    """Return the boxes of scale bar, north arrow and of what :func:`imprint` prints at the head: no number may stand there.

    Parameters
    ----------
    metres_a_point : how many metres of the ground one point of a printed letter covers.
    """
    height, point = frame[3] - frame[1], metres_a_point
    (x, y, length), (east, top) = _scale_bar(frame), _arrow_head(frame)
    bar = x, y - 2.0 * point, x + max(length, BAR_TEXT_PT * point), y + BAR_TO_TEXT * height + LINE_EM * BAR_PT * point
    arrow = east - HEAD_PT * point, top - ARROW_TO_TEXT * height - LINE_EM * HEAD_PT * point, east + HEAD_PT * point, top
    half, middle = width_of(head, HEAD_PT) / CM_PER_PT / 2.0 * point, (frame[0] + frame[2]) / 2.0
    said = [(middle - half, frame[3] - 2.0 * HEAD_PT * point, middle + half, frame[3])] if head else []
    return [np.array(box) for box in (bar, arrow, *said)]


def scale_text(scale: int, translations: Translations) -> str:
    """Return a scale as maps of a language write it: 1:500, in French 1/500."""
    return translations(marked("1:{scale}"), scale=scale)


def round_length(metres: float) -> float:
    """Return the longest length of one digit 1, 2 or 5 that is no longer than this, at least 1 m."""
    power = 10.0 ** math.floor(math.log10(max(metres, 1.0)))
    return float(max(step * power for step in (1, 2, 5) if step * power <= max(metres, 1.0)))


def legend_size(marks: Sequence[Artist], width_cm: float) -> tuple[int, float]:
    """Return in how many columns a legend fits a width, and how many centimetres it is high; nothing for no legend."""
    if not marks:
        return 1, 0.0
    columns = max(1, min(3, int(width_cm / legend_width_cm(marks))))
    return columns, LINE_CM * math.ceil(len(marks) / columns) + 0.35


def legend_width_cm(marks: Sequence[Artist]) -> float:
    """Return how wide a legend of one column is; nothing for no legend."""
    return max((width_of(str(mark.get_label()), LEGEND_PT) for mark in marks), default=-HANDLE_CM) + HANDLE_CM


def add_legend(figure: Figure, marks: Sequence[Artist], columns: int, *, is_beside: bool = False) -> None:
    """Put the legend at the foot of the figure, or at its right edge."""
    place: Style = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.0), "ncols": columns, "borderaxespad": 0.1}
    if is_beside:
        place |= {"loc": "upper right", "bbox_to_anchor": (1.0, 1.0)}
    figure.legend(handles=marks, fontsize=LEGEND_PT, frameon=False, labelspacing=0.35, columnspacing=1.2, **place)


def legend_marks(assessment: Assessment, translations: Translations, *, with_parts: bool) -> list[Artist]:
    """Return the signs of a map with their words: those alone that it shows."""
    return _drawn_signs(legend_entries(assessment, translations, with_parts=with_parts))


def _drawn_signs(entries: Iterable[LegendEntry]) -> list[Artist]:
    looks = _looks()
    return [looks[each.sign](each) for each in entries if each.sign in looks]


def _looks() -> Mapping[Sign, Callable[[LegendEntry], Artist]]:
    """Return how each sign is drawn in a legend; what no picture draws is not among them."""

    def area(**look: Any) -> Callable[[LegendEntry], Artist]:
        return lambda each: Patch(label=each.text, **look)

    def dot(**look: Any) -> Callable[[LegendEntry], Artist]:
        return lambda each: Line2D([], [], color="none", label=each.text, **look)

    return {
        Sign.CAMERA: dot(marker="o", markerfacecolor=map_colour("camera")),
        Sign.PLANNED: dot(marker="o", markerfacecolor="white", markeredgecolor=map_colour("camera")),
        Sign.TAKEN_DOWN: dot(marker="x", markeredgecolor="black"),
        Sign.CERTAIN: area(facecolor=band_colour(62.5), edgecolor=map_colour("certain")),
        Sign.NEAR: area(facecolor="white", edgecolor=map_colour("possible"), hatch="////"),
        Sign.FAR: area(facecolor=to_rgba(map_colour("far"), FAR_TINT), edgecolor=map_colour("far")),
        Sign.NOT_MAPPED: area(facecolor="white", edgecolor=map_colour("not_mapped"), hatch=NO_BUILDING_HATCH),
        Sign.NOT_SURVEYED: area(facecolor="white", edgecolor=map_colour("not_surveyed"), hatch=NOT_SURVEYED_HATCH),
        Sign.BAND: lambda each: Patch(facecolor=band_colour(each.low_px_m), label=each.text),
        Sign.FRONTAGE: lambda each: _wall_mark(each.text, map_colour(each.cls), each.cls, is_recorded=True),
        Sign.HOLLOW: lambda each: _wall_mark(each.text, map_colour("camera"), "home", is_recorded=False),
        Sign.BEYOND_GROUND: lambda each: Line2D([], [], color=map_colour("camera"), linewidth=2, linestyle=DOTS, label=each.text),
        Sign.PART: lambda each: Line2D([], [], color="black", linestyle="--", linewidth=1, label=each.text),
        Sign.GAP: area(facecolor="white", edgecolor=map_colour("gap"), hatch="xxxx"),
        Sign.GAP_TODAY: area(facecolor="none", edgecolor=map_colour("gap"), linestyle=":"),
        Sign.OVERLAP: area(facecolor="none", edgecolor=map_colour("overlap")),
    }


MUST_END, UNMAPPED = marked("a view must end"), marked("not mapped")
NOT_FOR_COUNCILS = frozenset((Sign.BAND, Sign.BEYOND_GROUND, Sign.GAP, Sign.GAP_TODAY, Sign.OVERLAP))


def plain_legend_marks(assessment: Assessment, translations: Translations, *, grave: bool) -> list[Artist]:
    """Return the signs of the map for a council in few words: no bands of density, no gaps, no overlaps."""
    shorter = {Sign.NEAR: translations(marked("possible")), Sign.NOT_MAPPED: translations(UNMAPPED)}
    kept = [
        replace(each, text=translations(CLASSES[each.cls]) if each.cls else shorter.get(each.sign, each.text))
        for each in legend_entries(assessment, translations, with_parts=bool(assessment.parts))
        if each.sign not in NOT_FOR_COUNCILS
    ]
    ring: Style = {
        "marker": "o",
        "markersize": 10,
        "color": "none",
        "markeredgecolor": map_colour("error"),
        "markeredgewidth": 1.6,
    }
    camera, *others = _drawn_signs(kept)
    return [camera, *([Line2D([], [], label=translations(MUST_END), **ring)] if grave else []), *others]


def imprint(  # noqa: PLR0917 - what every map takes
    figure: Figure, axes: Axes, of: Sourced, translations: Translations, crs: str = "", size: float = IMPRINT_PT
) -> None:
    """Print licence, date of the data and coordinate system, and that the data are made up where they are."""
    halo: Style = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5}
    box = axes.get_position()
    room_cm = CM_PER_INCH * figure.get_figwidth() * box.width * 0.95
    reported = [*attribution(of), *([crs] if crs else [])]
    text = "\n".join(line for each in reported for line in lines_of(each, room_cm, size))
    place: Style = {"transform": axes.transAxes, "bbox": halo, "zorder": 20}
    axes.text(0.995, 0.006, text, ha="right", va="bottom", fontsize=size, **place)
    if of.synthetic:
        said = translations.untouched(FICTITIOUS)
        axes.text(0.5, 0.985, said, fontsize=size + HEAD_PT - IMPRINT_PT, color="#b00000", ha="center", va="top", **place)


def png(figure: Figure, dpi: int) -> bytes:
    """Return the figure as PNG, and let it go: at 300 dpi a page is 70 MB, and a figure and its canvas hold each other."""
    canvas: Any = FigureCanvasAgg(figure)  # whose methods have no types
    figure.set_dpi(dpi)
    canvas.draw()
    drawn = canvas.buffer_rgba()
    picture = Image.frombuffer("RGBA", drawn.shape[1::-1], drawn, "raw", "RGBA", 0, 1).convert("RGB")
    for axes in figure.axes:
        figure.delaxes(axes)  # not clear(), which makes new axes ready for ticks that nobody draws
    FigureCanvasBase(figure)
    del drawn, canvas
    return _small(picture, dpi=dpi)


def free_figures() -> None:
    """Free the figures before this one where nothing else does: a figure holds itself, and the collector may be paused.

    Not beside the main thread: what else is freed with them may be of the window, which lets no other thread do that.
    """
    if not gc.isenabled() and threading.current_thread() is threading.main_thread():
        gc.collect(0)


def small_png(content: bytes, colours: int = 250, dpi: int = PRINT_DPI) -> bytes:
    """Return the picture with a palette, and the size in which it is printed: a map has few colours, a report many maps."""
    with Image.open(io.BytesIO(content)) as picture:
        return _small(picture.convert("RGB"), colours, dpi)


def _small(picture: Image.Image, colours: int = 250, dpi: int = PRINT_DPI) -> bytes:
    # The octree errs less on average than the other ways and takes a fifth of their time; 6 % larger files.
    return _as_png(picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE), dpi)


def _as_png(picture: Image.Image, dpi: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=PNG_LEVEL, dpi=(dpi, dpi))
    return stream.getvalue()


def blank_png(width_cm: float, height_cm: float) -> bytes:
    """Return an empty picture that is printed so large."""
    size = round(width_cm / CM_PER_INCH * PRINT_DPI), round(height_cm / CM_PER_INCH * PRINT_DPI)
    return _as_png(Image.new("1", size, 1), PRINT_DPI)


def cut_out(content: bytes, box: tuple[float, float, float, float]) -> bytes:
    """Return the part of a picture in a box of left, bottom, width and height, as shares of the picture."""
    left, bottom, width, height = box
    with Image.open(io.BytesIO(content)) as picture:
        across, down = picture.size
        corners = left * across, (1.0 - bottom - height) * down, (left + width) * across, (1.0 - bottom) * down
        first_x, first_y, last_x, last_y = map(round, corners)
        stream = io.BytesIO()
        picture.crop((first_x, first_y, last_x, last_y)).save(stream, "PNG", compress_level=PNG_LEVEL, dpi=picture.info["dpi"])
    return stream.getvalue()


def printed_width_cm(content: bytes) -> float:
    """Return the width in which a picture is to be printed."""
    with Image.open(io.BytesIO(content)) as picture:
        return CM_PER_INCH * picture.width / float(picture.info["dpi"][0])


# Put a picture into a draft in the size for which it was drawn, so that its letters come out as large as they were set.


def printed_figure(picture: bytes, caption: str, alt: str, anchor: str = "", page: PageFormat | None = None) -> document.Figure:
    """Return the figure, as wide as the picture is to be printed, at most as the text of its page."""
    width = printed_width_cm(picture) / text_width_cm(page or PageFormat())
    return document.Figure(picture, caption, min(1.0, width), alt, anchor)
