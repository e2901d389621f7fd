"""The frontage and ground that groups of views show: how long, in which sectors, and drawn; all groups at once."""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.exposure.azimuth_sectors import Sectors, azimuth_deg, half_angle_deg, merge_by_group, turned
from lhasaplan.core.exposure.sample_hits import CASES, Stretches
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.protection.samples import GROUND_STEP_M

STEP = "protected"
GROUND_WIDTH_M = 2.0  # a ground sample is drawn as this width, square to the line of sight
GROUND_CELL_M = GROUND_STEP_M * math.sqrt(2.0)  # and hidden with all of the cell that it stands for, however that is turned
_MEETS_M, _STRAIGHT = 1e-6, 1e-6
_WKB_LINE, _WKB_LINES = 2, 5  # well-known binary, as OGC 06-103r4 section 8.2 has it; order 1 is little-endian
_HEAD = np.dtype([("order", "u1"), ("type", "<u4"), ("lines", "<u4")])
_LINE = np.dtype([("order", "u1"), ("type", "<u4"), ("points", "<u4"), ("xy", "<f8", 4)])


@dataclass(frozen=True, eq=False, slots=True)
class SeenFrontage:
    """Seen stretches of ``count`` groups; ``group`` says which each belongs to, shape (N,)."""

    count: int
    group: IntArray
    seen: Stretches

    def at_least(self, density_px_m: FloatArray) -> "SeenFrontage":
        """Return what is seen at the density of its group or better; shape (count,)."""
        keep = self.seen.density_px_m >= density_px_m[self.group]
        return SeenFrontage(self.count, self.group[keep], self.seen.where(keep))

    def longest_m(self) -> FloatArray:
        """Return the metres of frontage that each group shows, in the case that shows most; shape (count,)."""
        number = self.group * len(CASES) + self.seen.case
        metres = np.bincount(number, self.seen.length_m, minlength=self.count * len(CASES))
        return np.asarray(metres.reshape(self.count, len(CASES)).max(axis=1), float)

    def sectors(self, samples: ProtectedSamples, lens_xy_m: FloatArray, convergence_deg: FloatArray) -> list[Sectors]:
        """Return the true azimuths, clockwise pairs, in which each group's stretches lie as the lens meets them.

        Parameters
        ----------
        lens_xy_m, convergence_deg : shape (count, 2), (count,); of each group's camera.
        """
        offset = samples.xyz_m[self.seen.sample, :2] - lens_xy_m[self.group]
        length = np.where(self.seen.length_m > 0.0, self.seen.length_m, GROUND_CELL_M)
        half = half_angle_deg(length, np.hypot(offset[:, 0], offset[:, 1]))
        merged = merge_by_group(self.group, azimuth_deg(offset[:, 0], offset[:, 1]), half, self.count)
        return [turned(each, by) for each, by in zip(merged, convergence_deg.tolist(), strict=True)]

    def lines(self, samples: ProtectedSamples, directions: FloatArray, lens_xy_m: FloatArray) -> ObjectArray:
        """Return what each group shows as one MultiLineString: a line for each run along a wall, a short bar for ground.

        Discreet places are left out: a line before a refuge would lead to it (docs/protected-places.md, untold).
        """
        group, sample = self._once(samples)
        open_to_all = ~np.array([place.discreet for place in samples.places], bool)[samples.place[sample]]
        group, sample = group[open_to_all], sample[open_to_all]
        bars = _bars(samples, directions, sample, lens_xy_m[group])
        first, last = _runs(group, bars)
        ends, group = np.stack([bars[first, 0], bars[last, 1]], axis=1), group[first]
        found = np.full(self.count, shapely.MultiLineString(), object)
        start = np.flatnonzero(np.diff(group, prepend=-1))
        found[group[start]] = _drawn(ends, start)
        return found

    def _once(self, samples: ProtectedSamples) -> tuple[IntArray, IntArray]:
        """Return group and sample of each stretch once, whichever cases show it, along the outlines."""
        column = samples.column[self.seen.sample]
        _, first = np.unique(self.group * (int(column.max(initial=0)) + 1) + column, return_index=True)
        return self.group[first], self.seen.sample[first]


def _runs(group: IntArray, bars: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and last bar of each run: bars of a group that go on where the one before ends, straight ahead."""
    along = bars[:, 1] - bars[:, 0]
    unit = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    goes_on = (group[1:] == group[:-1]) & (np.abs(bars[1:, 0] - bars[:-1, 1]) < _MEETS_M).all(axis=1)
    goes_on &= (np.abs(unit[1:] - unit[:-1]) < _STRAIGHT).all(axis=1)
    breaks = np.flatnonzero(~goes_on)
    return np.r_[0, breaks + 1][: len(group)], np.r_[breaks, len(group) - 1][: len(group)]


def _drawn(ends_m: FloatArray, start: IntArray) -> ObjectArray:
    """Return MultiLineStrings of lines from end to end, shape (N, 2, 2), a new one at each start; read from bytes.

    One line alone costs as much to make as three that are read.
    """
    lines = np.empty(len(ends_m), _LINE)
    lines["order"], lines["type"], lines["points"], lines["xy"] = 1, _WKB_LINE, 2, ends_m.reshape(-1, 4)
    heads = np.empty(len(start), _HEAD)
    heads["order"], heads["type"], heads["lines"] = 1, _WKB_LINES, np.diff(start, append=len(lines))
    written, cuts = lines.tobytes(), [*(start * _LINE.itemsize).tolist(), None]
    pieces = (head.tobytes() + written[low:high] for head, low, high in zip(heads, cuts, cuts[1:], strict=False))
    return np.asarray(shapely.from_wkb(np.array([*pieces, None], object)[:-1]), object)


def _bars(samples: ProtectedSamples, directions: FloatArray, sample: IntArray, lens_xy_m: FloatArray) -> FloatArray:
    """Return both ends of the bar that each sample stands for, shape (N, 2, 2): along its wall, on ground square to the view."""
    at, wall = samples.xyz_m[sample, :2], directions[sample]
    sideways = np.stack([at[:, 1] - lens_xy_m[:, 1], lens_xy_m[:, 0] - at[:, 0]], axis=1)
    sideways /= np.maximum(np.hypot(sideways[:, 0], sideways[:, 1]), 1e-9)[:, None]
    has_wall = (wall != 0).any(axis=1)
    half = np.where(has_wall, samples.length_m[sample], GROUND_WIDTH_M)[:, None] / 2.0
    along = np.where(has_wall[:, None], wall, sideways) * half
    return np.stack([at - along, at + along], axis=1)
