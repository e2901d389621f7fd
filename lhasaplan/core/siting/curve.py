"""The curve of a trade-off: its points, its knee, and what its last per cent costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.siting.choosing import Allowance
from lhasaplan.core.siting.options import OptionSolver

if TYPE_CHECKING:
    from lhasaplan.core.siting.options import Option

LESS = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Point:
    """So many new cameras, the proposal for it, its figures; ``is_knee`` where more is hardly worth it."""

    new: int
    option: "Option"
    figures: Mapping[str, float]
    is_knee: bool = False


def knees(points: Sequence[Point]) -> frozenset[int]:
    """Return the point that lies farthest above the straight line from the first to the last, if one lies above it.

    Satopaa et al. (2011), Finding a "kneedle" in a haystack.
    """
    reached = [each.figures["reached"] for each in points]
    if len(points) < 3:
        return frozenset()
    rise = (reached[-1] - reached[0]) / (len(points) - 1)
    above = [value - reached[0] - rise * k for k, value in enumerate(reached)]
    best = max(range(len(above)), key=lambda k: (above[k], -k))
    return frozenset({best} if above[best] > LESS else ())


def last_step(points: Sequence[Point]) -> tuple[int, float, float] | None:
    """Return what the last per cent costs: cameras and unasked m2 from the first point near the end, and what they serve."""
    if len(points) < 2:
        return None
    end = points[-1]
    near = next(each for each in points if each.figures["reached"] >= end.figures["reached"] - 0.01)
    if near is end:
        near = points[-2]
    more = end.figures["unasked_m2"] - near.figures["unasked_m2"]
    return end.new - near.new, more, end.figures["reached"] - near.figures["reached"]


# The trade-off: what each further camera serves and shows unasked, from none up, and where more is hardly worth it.


def trade_off(council: OptionSolver, most: int, progress: Progress = no_progress) -> tuple[Point, ...]:
    """Return the points from no new camera up to where no more is served; the cameras that are there stay as they are."""
    points: list[Point] = []
    for new in range(most + 1):
        option = council.option(Allowance("budget", most_new=new), part_of(progress, new / (most + 1), (new + 1) / (most + 1)))
        figures = council.figures(option)
        if points and figures["reached"] <= points[-1].figures["reached"] + LESS:
            break
        points.append(Point(new, option, figures))
        if figures["reached"] >= 1.0 - LESS:
            break
    return tuple(replace(each, is_knee=k in knees(points)) for k, each in enumerate(points))
