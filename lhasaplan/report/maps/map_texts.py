"""Texts on a map: the numbers of cameras, each where it covers nothing, names of streets, house numbers, numbers of sheets."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import get_hinting_flag
from matplotlib.colors import to_rgba
from matplotlib.ft2font import FT2Font
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.report.maps.base_map import Frame, Spot, StreetName
from lhasaplan.report.text.text_width import CM_PER_PT, width_of

Style = dict[str, Any]
LATIN_FONT, FT_UNITS = "DejaVu Sans", 64.0  # of letters and figures; FreeType counts in 64ths of a pixel
MIDDLE_EM = 0.26  # so far the middle of a line stands above its foot, in that font
PT_PER_INCH = 72.0
HALO = (1.0, 1.0, 1.0, 0.8)


# The number of each camera beside it, where it covers neither another number nor another camera.
SIZE_PT = 7.0
HEAD_PT = 8.0  # letters of what stands at the head of a map
SIGN_EM, TALL_EM = 0.68, 1.25  # width of a digit and height of a line with its air, of the size of the letters
RINGS_EM = (1.0, 1.7, 2.6, 3.6, 5.0, 6.6)  # how far from the camera the middle of a number may stand
TURNS = 2.0 * np.pi * np.arange(16) / 16
MARK_EM = 0.7  # room of a camera's own mark
MOST_SIGNS = 4  # of a number: what is longer has the camera's name
STRAIGHT = 0.2  # cosine: so near to straight above or below its camera a name stands across it


@dataclass(frozen=True, slots=True)
class Label:
    """A number with the middle of its box and the camera that it is of, all in metres of the map."""

    text: str
    at: Spot
    camera: Spot


def place_numbers(
    cameras: Sequence[CameraResult],
    numbers: Mapping[str, str],
    metres_a_point: float,
    frame: Frame,
    furniture: Sequence[FloatArray] = (),
) -> tuple[Label, ...]:
    """Return where the numbers of the cameras stand; one that finds no free place is left out.

    Each takes the nearest free place round its camera, to the right first; earlier cameras choose first.

    Parameters
    ----------
    metres_a_point : how many metres of the ground one point of a printed letter covers.
    furniture : boxes in metres where no number may stand: west, south, east, north.
    """
    em_m = SIZE_PT * metres_a_point
    shown = [c for c in cameras if _inside(c, frame)]
    spots = np.array([(c.placed.camera.x_m, c.placed.camera.y_m) for c in shown], float).reshape(-1, 2)
    room = MARK_EM * em_m / 2.0
    taken = [*furniture, *(np.array([x - room, y - room, x + room, y + room]) for x, y in spots)]
    labels = []
    for result, (x, y) in zip(shown, spots, strict=True):
        text = numbers.get(result.placed.camera.camera_id, "")
        spot = _free(text, (float(x), float(y)), np.array(taken), em_m, frame) if text else None
        if spot is not None:
            taken.append(_box(text, spot, em_m))
            labels.append(Label(text, spot, (float(x), float(y))))
    return tuple(labels)


def _inside(result: CameraResult, frame: Frame) -> bool:
    camera = result.placed.camera
    return frame[0] <= camera.x_m <= frame[2] and frame[1] <= camera.y_m <= frame[3]


def _free(text: str, camera: Spot, taken: FloatArray, em_m: float, frame: Frame) -> Spot | None:
    """Return the nearest middle of a box that meets no other and stays inside the frame."""
    # A name stands beside its camera, not across it.
    aside = max(0.0, _half_width(text, em_m) - em_m) if len(text) > MOST_SIGNS else 0.0
    east, north = np.cos(TURNS), np.sin(TURNS)
    beside = np.where(np.abs(east) > STRAIGHT, np.copysign(aside, east), 0.0)
    half_m = np.array([_half_width(text, em_m), TALL_EM * em_m / 2.0])
    for ring in RINGS_EM:
        spots = np.column_stack([camera[0] + ring * em_m * east + beside, camera[1] + ring * em_m * north])
        low, high = spots - half_m, spots + half_m
        is_inside = (low >= frame[:2]).all(axis=1) & (high <= frame[2:]).all(axis=1)
        for step in np.flatnonzero(is_inside).tolist():
            if not _meets(low[step], high[step], taken):
                return float(spots[step, 0]), float(spots[step, 1])
    return None


def _half_width(text: str, em_m: float) -> float:
    """Return half of the width of a number's box; a name beside it is measured."""
    ems = SIGN_EM * len(text) if len(text) <= MOST_SIGNS else width_of(text, SIZE_PT) / CM_PER_PT / SIZE_PT
    return ems * em_m / 2.0 + 0.1 * em_m


def _box(text: str, middle: Spot, em_m: float) -> FloatArray:
    half_width, half_height = _half_width(text, em_m), TALL_EM * em_m / 2.0
    x, y = middle
    return np.array([x - half_width, y - half_height, x + half_width, y + half_height])


def _meets(low: FloatArray, high: FloatArray, taken: FloatArray) -> bool:
    near = taken[(taken[:, 2] > low[0]) & (taken[:, 0] < high[0])]
    return bool(((near[:, 3] > low[1]) & (near[:, 1] < high[1])).any())


def draw_street_names(axes: Axes, names: Sequence[StreetName], size_pt: float) -> None:
    """Write the names of streets along them."""
    halo: Style = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.6}
    for each in names:
        place: Style = {"ha": "center", "va": "center", "rotation": each.angle_deg, "rotation_mode": "anchor"}
        axes.text(*each.at, each.text, fontsize=size_pt, color="#3c4650", zorder=7.5, bbox=halo, clip_on=True, **place)


def draw_addresses(axes: Axes, doors: FloatArray, houses: Iterable[tuple[str, Spot]]) -> None:
    """Draw doors as small triangles, and house numbers."""
    axes.plot(
        *doors.T, "^", markersize=3.5, color="black", markeredgecolor="white", markeredgewidth=0.3, zorder=7.2, clip_on=True
    )
    _draw_short_texts(axes, houses, size_pt=5.5, color="#3c4650", zorder=7.4)


@dataclass(frozen=True, slots=True, eq=False)
class _Ink:
    """How a text covers pixels, the lowest row first; where its lower left corner lies from the start of its line; its width."""

    cover: NDArray[np.uint8]
    left_px: float
    below_px: float
    width_px: float


def _latin_font() -> FT2Font:
    return font_manager.get_font(font_manager.findfont(LATIN_FONT))


def _is_latin(text: str) -> bool:
    """Say whether the font has all letters of a text."""
    font = _latin_font()
    return all(font.get_char_index(ord(letter)) for letter in text)


@lru_cache(maxsize=4096)
def _ink(text: str, size_pt: float, dpi: float) -> _Ink:
    """Return the letters of a text as pixels."""
    font, rim_px = _latin_font(), 1.0  # empty pixels round the letters
    font.set_size(size_pt, dpi)
    font.set_text(text, 0.0, flags=get_hinting_flag())  # type: ignore[no-untyped-call]
    font.draw_glyphs_to_bitmap(antialiased=True)
    left, descent, width = font.get_bitmap_offset()[0], font.get_descent(), font.get_width_height()[0]
    cover = np.array(font.get_image())[::-1]
    return _Ink(cover, left / FT_UNITS - rim_px, descent / FT_UNITS + rim_px, width / FT_UNITS)


class _ShortTexts(Artist):
    """Upright texts of one line, each in the middle of its spot, on white where ``halo_pt`` is given.

    Letters are drawn once for all maps: matplotlib lays out and draws every text anew, a third of the time of a city's map.
    """

    def __init__(self, texts: Sequence[tuple[str, Spot]], size_pt: float, color: str, halo_pt: float | None) -> None:
        super().__init__()
        self._texts, self._size_pt, self._halo_pt = texts, size_pt, halo_pt
        self._rgb = np.round(255.0 * np.array(to_rgba(color)[:3]))

    def draw(self, renderer: RendererBase) -> None:
        """Draw all halos, then all texts."""
        assert self.axes is not None
        px_per_pt: Any = renderer.points_to_pixels(1.0)
        gc, em_px = renderer.new_gc(), px_per_pt * self._size_pt
        gc.set_clip_rectangle(self.get_clip_box())
        inks = [_ink(text, self._size_pt, px_per_pt * PT_PER_INCH) for text, _ in self._texts]
        spots, widths = self.axes.transData.transform([at for _, at in self._texts]), np.array([each.width_px for each in inks])
        if self._halo_pt is not None:
            half = np.column_stack([widths / 2.0, np.full(len(widths), em_px / 2.0)]) + px_per_pt * self._halo_pt
            gc.set_linewidth(0.0)
            renderer.draw_path(gc, _boxes(spots - half, spots + half), IdentityTransform(), HALO)
        starts = spots - np.column_stack([widths / 2.0, np.full(len(widths), MIDDLE_EM * em_px)])
        for ink, (x, y) in zip(inks, starts.tolist(), strict=True):
            picture = np.empty((*ink.cover.shape, 4), np.uint8)
            picture[..., :3], picture[..., 3] = self._rgb, ink.cover
            renderer.draw_image(gc, round(x + ink.left_px), round(y - ink.below_px), picture)
        gc.restore()


def _boxes(low: FloatArray, high: FloatArray) -> Path:
    """Return rectangles, shape (n, 2) each corner, as one path."""
    (west, south), (east, north) = low.T, high.T
    corners = np.stack([west, south, east, south, east, north, west, north, west, south], axis=1).reshape(-1, 2)
    codes = np.tile(np.array([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], Path.code_type), len(low))
    return Path(corners, codes)


def _draw_short_texts(
    axes: Axes, texts: Iterable[tuple[str, Spot]], *, size_pt: float, color: str, zorder: float, halo_pt: float | None = None
) -> None:
    plain, others = list[tuple[str, Spot]](), list[tuple[str, Spot]]()
    for each in texts:
        (plain if _is_latin(each[0]) else others).append(each)
    if plain:
        short = _ShortTexts(plain, size_pt, color, halo_pt)
        short.set_zorder(zorder)
        axes.add_artist(short)
    halo = None if halo_pt is None else {"facecolor": "white", "alpha": HALO[3], "edgecolor": "none", "pad": halo_pt}
    for text, at in others:
        axes.text(*at, text, fontsize=size_pt, color=color, ha="center", va="center", zorder=zorder, bbox=halo, clip_on=True)


def draw_sheets(axes: Axes, sheets: Iterable[Frame]) -> None:
    """Outline the frames of further maps, each with its number in its upper left corner."""
    for number, (west, south, east, north) in enumerate(sheets, 1):
        axes.plot([west, east, east, west, west], [south, south, north, north, south], color="#333333", linewidth=0.6, zorder=9)
        axes.annotate(str(number), (west, north), (2, -2), textcoords="offset points", va="top", fontsize=10, zorder=9)


def draw_numbers(axes: Axes, labels: Sequence[Label], em_m: float) -> None:
    """Draw the numbers on white, with a thin line to the camera where they stand off from it."""
    ends = [spot for each in labels if math.dist(each.at, each.camera) > 1.5 * em_m for spot in (each.camera, each.at)]
    if ends:
        leaders = Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))
        axes.add_artist(PathPatch(leaders, facecolor="none", edgecolor="#444444", linewidth=0.4, zorder=8.5))
    _draw_short_texts(axes, [(each.text, each.at) for each in labels], size_pt=SIZE_PT, color="black", zorder=9, halo_pt=0.4)
