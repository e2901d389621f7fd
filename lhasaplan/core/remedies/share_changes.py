"""What one changed camera does to the shares of all parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.coverage.part_shares import count_views, seen, served, shares
from lhasaplan.core.coverage.part_verdicts import Coverage
from lhasaplan.core.coverage.shown_by_cameras import shown_demand
from lhasaplan.core.remedies.part_option_changes import Attempt

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class ShareChange:
    """Shares of every part with one camera changed, shapes (P,), and the parts that this camera serves then."""

    share_served: FloatArray
    share_seen: FloatArray
    parts: IntArray


class Demanded:
    """What cameras serve today, or with all that are planned, and what becomes of it when one is changed or added."""

    def __init__(self, coverage: Coverage, with_planned: bool = False) -> None:
        self.coverage, needs = coverage, coverage.needs
        density_px_m = coverage.after if with_planned else coverage.before
        self.needs = needs
        self.is_served = served(density_px_m, needs)
        self.share_served = shares(self.is_served, needs)
        self.share_seen = shares(seen(density_px_m, needs), needs)
        self.serving = count_views(density_px_m, needs.needed_px_m)
        self.showing = count_views(density_px_m, needs.seen_px_m)
        self.columns = density_px_m.tocsc()

    def effects(self, attempts: Sequence[Attempt], context: AuditContext, progress: Progress) -> list[ShareChange]:
        """Return the effect of each attempt, all looked through in one batch."""
        tried = set_in(context, [each.camera for each in attempts], progress)
        changed = shown_demand(tried, self.coverage.demand.xyz_m, progress)
        return [self._effect(changed, number, each.placed) for number, each in enumerate(attempts)]

    def _effect(self, changed: sparse.csc_array, column: int, placed: int) -> ShareChange:
        needs = self.needs
        after, now = _rows(changed, column), _rows(self.columns, placed) if placed >= 0 else _NOTHING
        sharp = _at_least(after, needs.needed_px_m)
        was = _at_least(now, needs.needed_px_m)
        ones = np.ones_like(needs.min_views)
        return ShareChange(
            self.share_served + self._change(was, sharp, self.serving, needs.min_views),
            self.share_seen
            + self._change(_at_least(now, needs.seen_px_m), _at_least(after, needs.seen_px_m), self.showing, ones),
            np.unique(needs.part[sharp]),
        )

    def _change(self, was: IntArray, after: IntArray, views: IntArray, least: IntArray) -> FloatArray:
        """Return what the share of each part gains or loses when points change hands."""
        gained, lost = np.setdiff1d(after, was), np.setdiff1d(was, after)
        gained, lost = gained[views[gained] == least[gained] - 1], lost[views[lost] == least[lost]]
        needs, points = self.needs, np.concatenate([gained, lost])
        weight = np.concatenate([needs.weight[gained], -needs.weight[lost]]) / needs.total[needs.part[points]]
        return np.bincount(needs.part[points], weight, minlength=len(needs.total)).astype(float)

    def keeps_all(self, effect: ShareChange) -> bool:
        """Tell whether no part is served or seen less than today."""
        served_less = effect.share_served < self.share_served - _ROUNDING
        return not bool((served_less | (effect.share_seen < self.share_seen - _ROUNDING)).any())


Rows = tuple[IntArray, FloatArray]
_NOTHING: Rows = (np.zeros(0, np.int64), np.zeros(0))


def _rows(matrix: sparse.csc_array, column: int) -> Rows:
    """Return the points of one column and their densities."""
    inside = slice(int(matrix.indptr[column]), int(matrix.indptr[column + 1]))
    return np.asarray(matrix.indices[inside], np.int64), np.asarray(matrix.data[inside], float)


def _at_least(rows: Rows, least_px_m: FloatArray) -> IntArray:
    return rows[0][rows[1] >= least_px_m[rows[0]]]
