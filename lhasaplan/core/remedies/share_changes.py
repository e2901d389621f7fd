"""What one changed camera does to the shares of all parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.coverage.columns import UNSEEN, Column, columns_of
from lhasaplan.core.coverage.part_shares import count_views, seen, served, shares
from lhasaplan.core.coverage.part_verdicts import Coverage
from lhasaplan.core.remedies.part_option_changes import Attempt
from lhasaplan.core.remedies.tried_changes import TriedChanges

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class ShareChange:
    """Shares of every part with one camera changed, shapes (P,), and what this camera shows then."""

    share_served: FloatArray
    share_seen: FloatArray
    shown: Column


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
        self.columns = columns_of(density_px_m)

    def effects(self, attempts: Sequence[Attempt], tried: TriedChanges, progress: Progress) -> list[ShareChange]:
        """Return the effect of each attempt, all looked through in one batch."""
        city = tried.with_cameras([each.camera for each in attempts], progress)
        columns = tried.columns(city.placed, progress)
        return [self._effect(column, each.placed) for each, column in zip(attempts, columns, strict=True)]

    def _effect(self, after: Column, placed: int) -> ShareChange:
        needs, now = self.needs, self.columns[placed] if placed >= 0 else UNSEEN
        ones = np.ones_like(needs.min_views)
        return ShareChange(
            self.share_served + self._change(now.served(needs), after.served(needs), self.serving, needs.min_views),
            self.share_seen + self._change(now.seen(needs), after.seen(needs), self.showing, ones),
            after,
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
