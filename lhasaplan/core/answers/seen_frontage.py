"""The frontage and ground that groups of views show: how long, in which sectors, and drawn; all groups at once."""

from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.answers.azimuths import Sectors, azimuth_deg, half_angle_deg, merge_by_group, turned
from lhasaplan.core.answers.knowledge import Progress
from lhasaplan.core.answers.looks import CASES, Stretches
from lhasaplan.core.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.protected import ProtectedSamples

STEP = "protected"
GROUND_WIDTH_M = 2.0  # a ground sample is drawn and masked as this width, square to the line of sight
_GROUPS_AT_ONCE = 2_000  # between two words of progress


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

    def sectors(
        self, samples: ProtectedSamples, lens_xy_m: FloatArray, convergence_deg: FloatArray, progress: Progress
    ) -> list[Sectors]:
        """Return the true azimuths, clockwise pairs, in which each group's stretches lie as the lens meets them.

        Parameters
        ----------
        lens_xy_m, convergence_deg : shape (count, 2), (count,); of each group's camera.
        """
        progress(0.0, STEP)
        offset = samples.xyz_m[self.seen.sample, :2] - lens_xy_m[self.group]
        length = np.where(self.seen.length_m > 0.0, self.seen.length_m, GROUND_WIDTH_M)
        half = half_angle_deg(length, np.hypot(offset[:, 0], offset[:, 1]))
        merged = merge_by_group(self.group, azimuth_deg(offset[:, 0], offset[:, 1]), half, self.count)
        return [turned(each, by) for each, by in zip(merged, convergence_deg.tolist(), strict=True)]

    def lines(self, samples: ProtectedSamples, directions: FloatArray, lens_xy_m: FloatArray, progress: Progress) -> ObjectArray:
        """Return each group's stretches as one MultiLineString, each as long as its sample stands for; ground as short bars."""
        group, sample = self._once(samples)
        bars = _bars(samples, directions, sample, lens_xy_m[group])
        found = np.full(self.count, shapely.MultiLineString(), object)
        for low in range(0, self.count, _GROUPS_AT_ONCE):
            progress(0.0, STEP)
            here = slice(*np.searchsorted(group, (low, low + _GROUPS_AT_ONCE)))
            drawn, which = np.unique(group[here], return_inverse=True)
            lines = shapely.multilinestrings(shapely.linestrings(bars[here]), indices=which)
            found[drawn] = shapely.line_merge(lines)
        return found

    def _once(self, samples: ProtectedSamples) -> tuple[IntArray, IntArray]:
        """Return group and sample of each stretch once, whichever cases show it."""
        column = samples.column[self.seen.sample]
        _, first = np.unique(self.group * (int(column.max(initial=0)) + 1) + column, return_index=True)
        return self.group[first], self.seen.sample[first]


def _bars(samples: ProtectedSamples, directions: FloatArray, sample: IntArray, lens_xy_m: FloatArray) -> FloatArray:
    """Return both ends of the bar that each sample stands for, shape (N, 2, 2): along its wall, on ground square to the view."""
    at, wall = samples.xyz_m[sample, :2], directions[sample]
    sideways = np.stack([at[:, 1] - lens_xy_m[:, 1], lens_xy_m[:, 0] - at[:, 0]], axis=1)
    sideways /= np.maximum(np.hypot(sideways[:, 0], sideways[:, 1]), 1e-9)[:, None]
    has_wall = (wall != 0).any(axis=1)
    half = np.where(has_wall, samples.length_m[sample], GROUND_WIDTH_M)[:, None] / 2.0
    along = np.where(has_wall[:, None], wall, sideways) * half
    return np.stack([at - along, at + along], axis=1)
