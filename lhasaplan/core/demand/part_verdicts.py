"""Every confirmed part with its verdict, its measured shares before and after, its cameras, blockers and gap."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.context.audit_context import AuditContext, certain_views
from lhasaplan.core.demand.columns import Needs, measure, served
from lhasaplan.core.demand.guard import Requested, declared_parts, excused_parts
from lhasaplan.core.demand.outdoor_parts import SPACING_M, ground_of
from lhasaplan.core.model.camera import Status, View
from lhasaplan.core.model.place import Demand, Part, Verdict
from lhasaplan.core.results.assessment import Measured, PartResult, PartView
from lhasaplan.core.sight import explain

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

# Give a part its verdict by its measured shares, as docs/glossary.md defines verdicts.

_ROUNDING = 1e-9  # a share that is the required one but for rounding is met


def judge(part: Part, measured: Measured, excused: bool, declared: bool) -> Verdict:
    """Return the verdict of one part.

    ``excused`` with reason and name goes before all; an indoor part is ``declared`` when a person says so and ``asked``
    until then, as is a part that the data lack.
    """
    if excused:
        return Verdict.EXCUSED
    if declared:
        return Verdict.DECLARED
    if part.indoor or part.question:
        return Verdict.ASKED
    return judge_shares(measured, part.required.min_share)


def judge_shares(measured: Measured, min_share: float) -> Verdict:
    """Return met, weak, gap or partial.

    >>> [str(judge_shares(Measured(served, seen, 0.0), 0.9)) for served, seen in ((0.9, 1.0), (0.5, 0.9), (0.5, 0.8), (0.0, 0.0))]
    ['met', 'weak', 'partial', 'gap']
    """
    if measured.share_served >= min_share - _ROUNDING:
        return Verdict.MET
    if measured.share_seen >= min_share - _ROUNDING:
        return Verdict.WEAK
    return Verdict.GAP if measured.share_seen <= 0.0 else Verdict.PARTIAL


# The ground of a part that is not served, as a polygon: the cells of its unserved points.

LINE_HALF_WIDTH_M = 1.0  # a line part is drawn as a strip


def gap_polygon(part: Part, xy_m: FloatArray, is_served: BoolArray) -> shapely.Geometry | None:
    """Return the area around the unserved points, None when every point is served.

    Parameters
    ----------
    xy_m : shape (N, 2); the part's demand points.
    """
    if not len(xy_m) or is_served.all():
        return None
    whole = _whole(part) if not is_served.any() else shapely.union_all(sample_cells(part, xy_m[~is_served]))
    return None if whole.is_empty else whole


def sample_cells(part: Part, xy_m: FloatArray) -> ObjectArray:
    """Return the cell that each point stands for, clipped to the part."""
    half = (part.spacing_m or SPACING_M[part.shape]) / 2.0
    shape = ground_of(part)
    if int(shapely.get_dimensions(shape)) == 1:
        stretch = shapely.intersection(shape, shapely.buffer(shapely.points(xy_m), half))
        return np.asarray(shapely.buffer(stretch, LINE_HALF_WIDTH_M, cap_style="flat"), object)
    cells = shapely.box(xy_m[:, 0] - half, xy_m[:, 1] - half, xy_m[:, 0] + half, xy_m[:, 1] + half)
    return np.asarray(shapely.intersection(cells, shape), object)


def _whole(part: Part) -> shapely.Geometry:
    """Return all of the part: the cells leave slivers at its edge."""
    shape = ground_of(part)
    is_line = int(shapely.get_dimensions(shape)) == 1
    return shapely.buffer(shape, LINE_HALF_WIDTH_M, cap_style="flat") if is_line else shape


MOST_EXPLAINED = 40  # unserved points of a part that are explained one by one; the rest are scaled up
NOTHING = Measured(0.0, 0.0, 0.0)
TOO_COARSE = "too_few_px_m"


@dataclass(frozen=True, eq=False, slots=True)
class Coverage:
    """Demand points and the cameras that see them: operating ones, and those that stand with the plan; shape (D, C).

    ``behind_trees`` points are hidden from operating cameras by trees and hoardings alone, ``free_leafless`` of them only in
    leaf.
    """

    demand: Demand
    needs: Needs
    before: sparse.csr_array
    after: sparse.csr_array
    behind_trees: int = 0
    free_leafless: int = 0

    @property
    def by_any(self) -> sparse.csr_array:
        """What each camera shows, whether it stands today, with the plan or both."""
        return self.after if self.before is self.after else self.before.maximum(self.after)


def judge_parts(
    context: AuditContext, requested: Requested, coverage: Coverage, progress: Progress = no_progress
) -> tuple[PartResult, ...]:
    """Return all confirmed parts that the guard let through, in their order."""
    shapes = [part.geometry for part in requested.parts]
    names = context.areas.names(shapes)
    judging = _Judging(context, coverage)
    each = watched(list(zip(requested.parts, names, strict=True)), progress, "findings", every=1)
    return tuple(judging.result(part, areas) for part, areas in each)


class _Judging:
    """What is measured once for all parts, and each part's result from it."""

    def __init__(self, context: AuditContext, coverage: Coverage) -> None:
        self.context, self.coverage = context, coverage
        demand = coverage.demand
        order = np.argsort(demand.part, kind="stable")
        edges = pairwise(np.searchsorted(demand.part[order], np.arange(len(demand.parts) + 1)))
        self.rows = {part.part_id: order[low:high] for part, (low, high) in zip(demand.parts, edges, strict=True)}
        pairs = zip(measure(coverage.before, coverage.needs), measure(coverage.after, coverage.needs), strict=True)
        self.measured = dict(zip(self.rows, pairs, strict=True))
        self.is_served = served(coverage.before, coverage.needs)
        self.is_served_after = served(coverage.after, coverage.needs)
        self.by_any = coverage.by_any
        self.excused, self.declared = excused_parts(context.project), declared_parts(context.project)
        self.explainer = _Explainer(context, coverage)

    def result(self, part: Part, areas: tuple[str, ...]) -> PartResult:
        rows = self.rows.get(part.part_id, np.zeros(0, np.int64))
        before, after = self.measured.get(part.part_id, (NOTHING, NOTHING))
        excused, declared = part.part_id in self.excused, part.indoor and part.part_id in self.declared
        demand, is_served = self.coverage.demand, self.is_served[rows]
        blockers = self.explainer.blockers(rows[~is_served], demand.xyz_m)
        block = sparse.coo_array(self.coverage.before[rows])
        columns = np.unique(block.col[block.data >= part.required.density_px_m])
        return PartResult(
            part=part,
            verdict=judge(part, before, excused, declared),
            verdict_after=judge(part, after, excused, declared),
            measured=before,
            measured_after=after,
            cameras=tuple(self.context.placed[c].camera.camera_id for c in columns.tolist()),
            blockers=blockers,
            gap=gap_polygon(part, demand.xyz_m[rows, :2], is_served),
            gap_after=gap_polygon(part, demand.xyz_m[rows, :2], self.is_served_after[rows]),
            area_names=areas,
            views=_views(self.context, self.by_any, self.coverage.needs, rows),
            blocker_kinds={by: kind for by, kind in self.explainer.kinds.items() if by in dict(blockers)},
        )


def _views(context: AuditContext, by_any: sparse.csr_array, needs: Needs, rows: IntArray) -> tuple[PartView, ...]:
    """Return what each recorded camera shows of a part, the one that serves most first; planned ones beside operating ones."""
    if not len(rows):
        return ()
    block = sparse.coo_array(by_any[rows])
    point, weight = rows[block.row], needs.weight[rows[block.row]] / max(float(needs.weight[rows].sum()), 1e-12)
    size = len(context.placed)
    served_share = np.bincount(block.col, weight * (block.data >= needs.needed_px_m[point]), minlength=size)
    seen_share = np.bincount(block.col, weight * (block.data >= needs.seen_px_m[point]), minlength=size)
    best = np.zeros(size)
    np.maximum.at(best, block.col, block.data)
    order = sorted(np.flatnonzero(seen_share > 0).tolist(), key=lambda c: (-served_share[c], -seen_share[c], c))
    cameras = [each.camera for each in context.placed]
    return tuple(
        PartView(
            cameras[c].camera_id,
            float(served_share[c]),
            float(seen_share[c]),
            float(best[c]),
            cameras[c].status is Status.PLANNED,
        )
        for c in order
    )


class _Explainer:
    """Asks the nearest recorded views of an operating camera why it does not serve a point."""

    def __init__(self, context: AuditContext, coverage: Coverage) -> None:
        used = certain_views(context, planned=False)
        self.context, self.coverage = context, coverage
        self.views: list[View] = [view for view, use in zip(context.view_table.views, used, strict=True) if use]
        self.kinds: dict[str, str] = {}  # of blockers that have an id
        self.tree = self._tree() if self.views else None

    def _tree(self) -> "cKDTree":
        from scipy.spatial import cKDTree  # noqa: PLC0415 - behind the gate alone: an audit starts without it

        return cKDTree([(view.x_m, view.y_m) for view in self.views])

    def blockers(self, rows: IntArray, xyz_m: FloatArray) -> tuple[tuple[str, int], ...]:
        """Return what blocks the unserved points: a building's id or a reason, with points, most first."""
        if self.tree is None or not len(rows):
            return (("no_camera", len(rows)),) if len(rows) else ()
        asked = rows[:: max(1, len(rows) // MOST_EXPLAINED)]
        found = Counter(self._why(xyz_m[row]) for row in asked.tolist())
        scale = len(rows) / len(asked)
        return tuple(
            (why, max(1, round(count * scale))) for why, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
        )

    def _why(self, xyz_m: FloatArray) -> str:
        assert self.tree is not None
        _, nearest = self.tree.query(xyz_m[:2], k=min(3, len(self.views)))
        reasons = [explain(self.views[int(v)], xyz_m, self.context.in_leaf) for v in np.atleast_1d(nearest)]
        best = min(reasons, key=lambda each: _ORDER.index(each.reason) if each.reason in _ORDER else len(_ORDER))
        if best.blocker_id:
            self.kinds[best.blocker_id] = best.reason
        return best.blocker_id or (TOO_COARSE if best.reason == "seen" else best.reason)


# The reason that is nearest to seeing says most about what would help.
_ORDER = ("seen", "tree", "hoarding", "building", "terrain", "masked", "blind_zone", "out_of_angle", "out_of_range")
