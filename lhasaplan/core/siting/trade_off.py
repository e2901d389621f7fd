"""The trade-off: what each further camera serves and shows unasked, from none up, and where more is hardly worth it."""

from dataclasses import replace

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.siting.choosing import Leave
from lhasaplan.core.siting.curve import LESS, Point, knees
from lhasaplan.core.siting.options import Council


def trade_off(council: Council, most: int, progress: Progress = no_progress) -> tuple[Point, ...]:
    """Return the points from no new camera up to where no more is served; the cameras that are there stay as they are."""
    points: list[Point] = []
    for new in range(most + 1):
        option = council.option(Leave("budget", most_new=new), part_of(progress, new / (most + 1), (new + 1) / (most + 1)))
        figures = council.figures(option)
        if points and figures["reached"] <= points[-1].figures["reached"] + LESS:
            break
        points.append(Point(new, option, figures))
        if figures["reached"] >= 1.0 - LESS:
            break
    return tuple(replace(each, is_knee=k in knees(points)) for k, each in enumerate(points))
