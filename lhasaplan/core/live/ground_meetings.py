"""Find seen grounds that may intersect one, by a spatial index and the boxes of those that changed since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.live.row_blocks import Rows

MOST_CHANGED = 256  # changed boxes from which a new tree costs less than asking them all
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False, slots=True)
class GroundMeeting:
    """The tree of grounds, and the boxes (west, south, east, north) of rows that are not what they are in it; NaN if empty."""

    tree: shapely.STRtree
    changed: Mapping[int, Box]

    def near(self, ground: BaseGeometry) -> list[int]:
        """Return the rows whose box meets that of a ground."""
        west, south, east, north = ground.bounds
        kept = [row for row in self.tree.query(ground).tolist() if row not in self.changed]
        return kept + [row for row, (w, s, e, n) in self.changed.items() if w <= east and e >= west and s <= north and n >= south]


def meeting_of(grounds: Rows) -> GroundMeeting:
    """Return a new tree of all grounds."""
    return GroundMeeting(shapely.STRtree(grounds.whole()), {})


def with_changed(meeting: GroundMeeting, rows: Iterable[int], grounds: Rows) -> GroundMeeting:
    """Return which grounds may meet after those of some rows changed."""
    changed = {**meeting.changed, **{row: grounds[row].bounds for row in rows}}
    return GroundMeeting(meeting.tree, changed) if len(changed) < MOST_CHANGED else meeting_of(grounds)
