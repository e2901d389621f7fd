"""Find the single cameras that could go without any part's verdict or share falling."""

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.coverage.part_shares import Needs, count_views


def removable(density_px_m: sparse.csr_array, needs: Needs) -> BoolArray:
    """Tell, for each camera alone, whether no part's share served or seen falls without it; shape (C,).

    A verdict is read from the two shares, so it falls only where one of them does. Two cameras that are both
    removable may need each other: after one has gone, ask again.
    """
    served = _needed_by_some_point(density_px_m, needs.needed_px_m, needs.min_views)
    seen = _needed_by_some_point(density_px_m, needs.seen_px_m, np.ones_like(needs.min_views))
    return np.asarray(~(served | seen), bool)


def _needed_by_some_point(density_px_m: sparse.csr_array, least_px_m: np.ndarray, min_views: np.ndarray) -> BoolArray:
    """Tell which cameras show a point that has exactly as many views as it needs."""
    barely = count_views(density_px_m, least_px_m) == min_views
    entries = sparse.coo_array(density_px_m)
    critical = (entries.data >= least_px_m[entries.row]) & barely[entries.row]
    return np.asarray(np.bincount(entries.col[critical], minlength=entries.shape[1]) > 0, bool)
