"""Put the number of each camera beside it on a map, where it covers neither another number nor another camera."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.results.assessment import CameraResult

SIZE_PT = 7.0
SIGN_EM, TALL_EM = 0.68, 1.25  # width of a digit and height of a line with its air, of the size of the letters
RINGS_EM = (1.0, 1.7, 2.6, 3.6, 5.0, 6.6)  # how far from the camera the middle of a number may stand
BEARINGS = 16
MARK_EM = 0.7  # room of a camera's own mark


@dataclass(frozen=True, slots=True)
class Label:
    """A number with the middle of its box and the camera that it is of, all in metres of the map."""

    text: str
    at: tuple[float, float]
    camera: tuple[float, float]


def place_numbers(
    cameras: Sequence[CameraResult], numbers: Mapping[str, str], metres_a_point: float, frame: tuple[float, float, float, float]
) -> tuple[Label, ...]:
    """Return where the numbers of the cameras stand; one that finds no free place is left out.

    Each takes the nearest free place round its camera, to the right first; earlier cameras choose first.

    Parameters
    ----------
    metres_a_point : how many metres of the ground one point of a printed letter covers.
    """
    em_m = SIZE_PT * metres_a_point
    shown = [c for c in cameras if _inside(c, frame)]
    spots = np.array([(c.placed.camera.x_m, c.placed.camera.y_m) for c in shown], float).reshape(-1, 2)
    room = MARK_EM * em_m / 2.0
    taken: list[FloatArray] = [np.array([x - room, y - room, x + room, y + room]) for x, y in spots]
    labels = []
    for result, (x, y) in zip(shown, spots, strict=True):
        text = numbers.get(result.placed.camera.camera_id, "")
        spot = _free(text, (float(x), float(y)), np.array(taken), em_m, frame) if text else None
        if spot is not None:
            taken.append(_box(text, spot, em_m))
            labels.append(Label(text, spot, (float(x), float(y))))
    return tuple(labels)


def _inside(result: CameraResult, frame: tuple[float, float, float, float]) -> bool:
    camera = result.placed.camera
    return frame[0] <= camera.x_m <= frame[2] and frame[1] <= camera.y_m <= frame[3]


def _free(
    text: str, camera: tuple[float, float], taken: FloatArray, em_m: float, frame: tuple[float, float, float, float]
) -> tuple[float, float] | None:
    """Return the nearest middle of a box that meets no other and stays inside the frame."""
    for ring in RINGS_EM:
        for step in range(BEARINGS):
            turn = 2.0 * math.pi * step / BEARINGS
            spot = camera[0] + ring * em_m * math.cos(turn), camera[1] + ring * em_m * math.sin(turn)
            box = _box(text, spot, em_m)
            is_inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
            if is_inside and not _meets(box, taken):
                return spot
    return None


def _box(text: str, middle: tuple[float, float], em_m: float) -> FloatArray:
    half_width, half_height = SIGN_EM * em_m * len(text) / 2.0 + 0.1 * em_m, TALL_EM * em_m / 2.0
    x, y = middle
    return np.array([x - half_width, y - half_height, x + half_width, y + half_height])


def _meets(box: FloatArray, taken: FloatArray) -> bool:
    apart = (taken[:, 2] <= box[0]) | (taken[:, 0] >= box[2]) | (taken[:, 3] <= box[1]) | (taken[:, 1] >= box[3])
    return not bool(apart.all())


def draw_numbers(axes: Axes, labels: Sequence[Label], em_m: float) -> None:
    """Draw the numbers on white, with a thin line to the camera where they stand off from it."""
    halo = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.4}
    for each in labels:
        if math.dist(each.at, each.camera) > 1.5 * em_m:
            axes.plot(*zip(each.camera, each.at, strict=True), color="#444444", linewidth=0.4, zorder=8.5)
        axes.text(*each.at, each.text, fontsize=SIZE_PT, ha="center", va="center", zorder=9, bbox=halo, clip_on=True)
