"""Keep the answers about every camera up to date while cameras are drawn, moved, turned, masked, added or taken away.

Only the cameras that changed are evaluated again, by the functions that an audit has for all of them, so that the result
equals the audit (or the check, where parts are confirmed) of the changed project.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TypeVar

import numpy as np

from lhasaplan.core.audit.camera_results import SeenGround, camera_results, grounds_of
from lhasaplan.core.audit.disclosed_answers import disclosed_walls, sees_undisclosed
from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.arrays import slices
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, ReferenceData, active_statuses, set_in, set_up
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, Needs, needs_of
from lhasaplan.core.demand.guard import Requested, find_candidates, request
from lhasaplan.core.exposure.grading import Key, in_order
from lhasaplan.core.exposure.seen_walls import SeenWalls, look_at_walls
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.findings.all_findings import cite, in_view
from lhasaplan.core.live.near_camera import NOTHING, Leaves, NearProtected, near_protected
from lhasaplan.core.live.state import (
    CountedViews,
    LiveLook,
    PointCounts,
    State,
    counted_again,
    make_spots,
    no_counts,
    state_of_scene,
    with_seen,
)
from lhasaplan.core.model.camera import Basis, Camera, Placed, Status
from lhasaplan.core.model.place import Demand
from lhasaplan.core.project.plan import leaving, replacing, with_plan
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Finding
from lhasaplan.core.rules.audit_policy import Articles, articles_by_kind
from lhasaplan.core.sight.lines.sight_lines import seen_columns

DisclosedViews = Mapping[int, tuple[Sighting, ...]]  # by the number of a camera
CAMERAS_A_STEP = 16  # looked through together: enough to share the cost of a call, few enough to stop soon
COLUMNS_A_STEP = 64  # the same where only demand is asked
NO_DEMAND = Demand((), np.empty(0, np.int64), np.empty((0, 3)), np.empty(0))


# Answers by camera in two layers: a step of a drag replaces one of ten thousand.
MOST_REPLACED = 64  # answers from which one layer is cheaper than two
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False, slots=True)
class SharedAnswers(Mapping[str, Answer]):
    """Answers by camera that states share: those of ``replaced`` stand for those of ``known``."""

    known: Mapping[str, Answer]
    replaced: Mapping[str, Answer]

    def __getitem__(self, key: str) -> Answer:
        found = self.replaced.get(key)
        return self.known[key] if found is None else found

    def __contains__(self, key: object) -> bool:
        return key in self.known or key in self.replaced

    def __iter__(self) -> Iterator[str]:
        return chain(self.known, (key for key in self.replaced if key not in self.known))

    def __len__(self) -> int:
        return len(self.known) + sum(key not in self.known for key in self.replaced)


def with_answers(known: Mapping[str, Answer], new: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """Return answers by camera of which some are new; neither mapping may change any more."""
    layers = (known.known, known.replaced) if isinstance(known, SharedAnswers) else (known, {})
    replaced = {**layers[1], **new}
    return SharedAnswers(layers[0], replaced) if len(replaced) <= MOST_REPLACED else {**layers[0], **replaced}


@dataclass(frozen=True, eq=False, slots=True)
class Live:
    """The answers about every camera as it is drawn now; frozen, an edit gives another that shares what did not change.

    Parameters
    ----------
    city : the project set up without its cameras.
    requested : confirmed parts and their demand; None outside the gate, where no planned camera may be given either.
    counts : how many cameras show each point; see :mod:`lhasaplan.core.live.state`.
    results : by camera id; sightings have no mitigation and no surfaces, which take an audit.
    disclosed : sightings as outputs tell them, of the cameras that can see places of which outputs tell no figure.
    leaving : cameras that stand today and do not with the plan.
    """

    city: AuditContext
    articles: Articles
    near: NearProtected
    leaves: Leaves
    requested: Requested | None
    needs: Needs
    state: State
    counts: PointCounts
    results: Mapping[str, CameraResult]
    disclosed: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)
    leaving: frozenset[str] = frozenset()

    def disclosed_result(self, camera_id: str) -> CameraResult:
        """Return the answers about a camera as outputs disclose them (``core/audit/disclosed_answers.py``)."""
        result = self.results[camera_id]
        return replace(result, sightings=self.disclosed[camera_id]) if camera_id in self.disclosed else result

    def column_of(self, camera_id: str) -> DemandColumn:
        """Return what a camera shows of the demand with certainty."""
        row = self.recorded_row(camera_id)
        return UNSEEN if row is None else self.state.columns[row]

    def recorded_row(self, camera_id: str) -> int | None:
        """Return the row of a camera's recorded view, None where it has none."""
        views = ((row, self.state.views[row]) for row in self.state.rows.get(camera_id, ()))
        return next((row for row, view in views if view is not None and view.basis is Basis.RECORDED), None)

    @property
    def demand(self) -> Demand:
        """Return the demand of the confirmed parts; none outside the gate."""
        return self.requested.demand if self.requested is not None else NO_DEMAND

    def findings(self, camera_id: str) -> tuple[Finding, ...]:
        """Return the findings on what a camera can see, as the audit has them but for their mitigations."""
        packs, result = self.city.reference_data.packs, self.results.get(camera_id)
        drafts = in_view(result, self.city.thresholds, knows_parts=self.requested is not None) if result is not None else ()
        return tuple(cite(draft, packs, self.articles) for draft in drafts)


def make_live(city: AuditContext, requested: Requested | None = None) -> Live:
    """Return a city in which no camera stands yet."""
    leaves = Leaves.of(city)
    demand = requested.demand if requested is not None else NO_DEMAND
    needs = needs_of(demand)
    state = state_of_scene(leaves.scene, make_spots(demand.xyz_m))
    return Live(
        city,
        articles_by_kind(city.reference_data.packs),
        near_protected(city),
        leaves,
        requested,
        needs,
        state,
        no_counts(len(demand.part)),
        {},
    )


def with_cameras(live: Live, cameras: Sequence[Camera], gone: Collection[str] = (), progress: Progress = no_progress) -> Live:
    """Return the answers after some cameras came or changed, and others are gone; removed ones see nothing."""
    leaving = [*gone, *(each.camera_id for each in cameras if each.status is Status.REMOVED)]
    standing = [each for each in cameras if each.status is not Status.REMOVED]
    camera_ids = [camera_id for camera_id in leaving if camera_id in live.results]
    live = without_looking(_in_scene_for(live, (), camera_ids, part_of(progress, 0.0, 0.0)), camera_ids) if camera_ids else live
    for some in slices(len(standing), CAMERAS_A_STEP):
        progress(some.start / len(standing), "sight")
        live = _with_some(live, standing[some], part_of(progress, some.start / len(standing), some.stop / len(standing)))
    return live


def with_decisions(live: Live, project: Project, is_planning: bool = True, progress: Progress = no_progress) -> Live:
    """Return the answers for other confirmed or excused parts: their demand is asked of every camera anew.

    Outside the gate, where nobody is planning, there is none.
    """
    city = replace(live.city, project=project)
    requested = request(city, find_candidates(city, part_of(progress, 0.0, 0.3))) if is_planning else None
    cameras = [each.placed.camera for each in live.results.values()]
    bare = replace(make_live(city, requested), leaving=live.leaving)
    return with_cameras(bare, cameras, progress=part_of(progress, 0.3, 1.0))


def with_leaving(live: Live, camera_ids: frozenset[str]) -> Live:
    """Return the answers for a plan that removes exactly these cameras; only how parts are served depends on it."""
    if camera_ids == live.leaving:
        return live
    changed = [key for key in live.results if (key in camera_ids) is not (key in live.leaving)]
    other = replace(live, leaving=camera_ids)
    counts = counted_again(live.counts, live.needs, _counted(live, changed), _counted(other, changed))
    return replace(other, counts=counts)


def with_plan_of(live: Live, project: Project) -> Live:
    """Return the answers about the cameras of a project as its plan leaves them, each under its own id."""
    gone = leaving(project)
    if not gone:
        return live
    of = replacing(project)
    to_be = {camera.camera_id: camera for camera in with_plan(project)}
    changed = [to_be[mine] for mine in of.values()]
    left = with_cameras(live, (), [*of, *(gone - to_be.keys())])
    return with_leaving(with_cameras(left, changed), frozenset())


def is_decided(live: Live, project: Project, is_planning: bool) -> bool:
    """Tell whether the answers know what the project holds confirmed, excused and drawn as parts, and which cameras go."""
    return live.leaving == leaving(project) and _same_decisions(live, project, is_planning)


def _same_decisions(live: Live, project: Project, is_planning: bool) -> bool:
    return _decisions(live.city.project, live.requested is not None) == _decisions(project, is_planning)


def _decisions(project: Project, is_planning: bool) -> tuple[object, ...]:
    return (project.confirmations, project.excuses, project.hand_made_parts, project.mandate) if is_planning else ()


def followed(  # noqa: PLR0917 - what changed, and who watches
    live: Live, project: Project, cameras: Sequence[Camera], gone: Collection[str], is_planning: bool, progress: Progress
) -> Live:
    """Return the answers after what is decided in the project, and some of its cameras, came, changed or are gone."""
    left = with_cameras(live, (), gone)
    if not _same_decisions(left, project, is_planning):
        left = with_decisions(left, project, is_planning, part_of(progress, 0.0, 0.5))
    left = with_leaving(left, leaving(project))
    return with_cameras(left, cameras, progress=progress)


def without_looking(live: Live, camera_ids: Sequence[str]) -> Live:
    """Return the answers without some cameras, the trees as their lenses had them."""
    if not camera_ids:
        return live
    state = with_seen(live.state, dict.fromkeys(camera_ids, LiveLook((), (), ())))
    counts = counted_again(live.counts, live.needs, _counted(live, camera_ids), ())
    gone = set(camera_ids)
    results = {key: each for key, each in live.results.items() if key not in gone}
    disclosed = {key: each for key, each in live.disclosed.items() if key not in gone}
    return replace(live, state=state, counts=counts, results=results, disclosed=disclosed)


def _with_some(live: Live, cameras: Sequence[Camera], progress: Progress) -> Live:
    """Return the answers after a few cameras came or changed; all that an audit asks of a camera is asked of them alone."""
    city, ids = live.city, [each.camera_id for each in cameras]
    context = set_in(city, cameras)
    placed = context.placed
    live = _in_scene_for(live, placed, ids, part_of(progress, 0.0, 0.0))
    columns = _recorded_columns(live, placed)
    served = [column.parts_served(live.needs) for column in columns]
    fields = city.sight.visibility_fields(context.view_table.views, city.rooms, progress=part_of(progress, 0.0, 0.2))
    parts = live.demand.parts
    grounds = grounds_of(context, fields, served, parts, part_of(progress, 0.2, 0.4))
    names = [tuple(parts[p].part_id for p in numbers.tolist()) for numbers in served]
    sightings, disclosed_views = _sightings(live, context, part_of(progress, 0.4, 1.0))
    results = camera_results(context, grounds, sightings, names, None)
    disclosed = {key: each for key, each in live.disclosed.items() if key not in set(ids)}
    looked = map(_looked, placed, grounds, columns)
    cameras = [each.camera for each in placed]
    come = [
        CountedViews(column, each.status, each.camera_id in live.leaving) for column, each in zip(columns, cameras, strict=True)
    ]
    counts = counted_again(live.counts, live.needs, _counted(live, ids), come)
    return replace_kept(
        live,
        state=with_seen(live.state, dict(zip(ids, looked, strict=True))),
        counts=counts,
        results=with_answers(live.results, dict(zip(ids, results, strict=True))),
        disclosed={**disclosed, **{ids[c]: some for c, some in disclosed_views.items()}},
    )


def _in_scene_for(live: Live, placed: Sequence[Placed], camera_ids: Sequence[str], progress: Progress) -> Live:
    """Return the answers in the town whose trees blind none of the lenses; only a lens that hangs in a tree changes it."""
    leaves = live.leaves.moved(set(camera_ids), placed)
    if leaves is live.leaves:
        return live
    if leaves.scene is live.leaves.scene:
        return replace(live, leaves=leaves)
    others = [key for key in live.results if key not in set(camera_ids)]
    return recounted(replace(live, leaves=leaves, state=replace(live.state, scene=leaves.scene)), others, progress)


def recounted(live: Live, camera_ids: Sequence[str], progress: Progress) -> Live:
    """Return the answers after the cameras that see other demand now that a tree is gone or back were evaluated again."""
    for some in slices(len(camera_ids), COLUMNS_A_STEP):
        progress(0.0, "sight")
        live = _some_counted_anew(live, camera_ids[some], progress)
    return live


def _some_counted_anew(live: Live, camera_ids: Sequence[str], progress: Progress) -> Live:
    placed = [live.results[key].placed for key in camera_ids]
    now = zip(camera_ids, _recorded_columns(live, placed), strict=True)
    changed = [key for key, column in now if not _is_same(column, live.column_of(key))]
    return _with_some(live, [live.results[key].placed.camera for key in changed], progress) if changed else live


def _recorded_columns(live: Live, placed: Sequence[Placed]) -> list[DemandColumn]:
    """Return what each camera shows of the demand with certainty: by its recorded view, of which it has one or none."""
    recorded = [next((view for view in each.views if view.basis is Basis.RECORDED), None) for each in placed]
    targets, views = live.state.spots.targets, [view for view in recorded if view is not None]
    if targets is None:
        return [UNSEEN] * len(placed)
    found = iter(seen_columns(views, live.state.spots.xyz_m, targets, live.leaves.scene))
    return [UNSEEN if view is None else DemandColumn(*next(found)) for view in recorded]


def columns_now(live: Live, camera_ids: Sequence[str]) -> dict[int, DemandColumn]:
    """Return what some cameras show of the demand as it is now, by the row of their recorded view."""
    rows = [(live.recorded_row(key), live.results[key].placed) for key in camera_ids]
    recorded = [(row, placed) for row, placed in rows if row is not None]
    columns = _recorded_columns(live, [placed for _, placed in recorded])
    return {row: column for (row, _), column in zip(recorded, columns, strict=True)}


def _is_same(a: DemandColumn, b: DemandColumn) -> bool:
    """Say whether a camera shows the same demand at the same densities."""
    return np.array_equal(a.points, b.points) and np.array_equal(a.density_px_m, b.density_px_m)


def _counted(live: Live, camera_ids: Sequence[str]) -> list[CountedViews]:
    """Return what some cameras have in the counts."""
    known = [key for key in camera_ids if key in live.results]
    return [CountedViews(live.column_of(key), live.results[key].placed.camera.status, key in live.leaving) for key in known]


def _sightings(live: Live, context: AuditContext, progress: Progress) -> tuple[Mapping[Key, Sighting], DisclosedViews]:
    """Return what the cameras of a context can see of protected places, and what is disclosed of it."""
    view_table = context.view_table
    walls = live.near.walls((*view_table.views, *view_table.level_views))
    progress(0.2, "sight")
    seen = look_at_walls(context, walls, part_of(progress, 0.2, 0.5))
    limits, step = context.thresholds, part_of(progress, 0.6, 1.0)
    found = sightings_of(seen, view_table, placed=context.placed, thresholds=limits, progress=step)
    return found, _disclosed_views(seen, context)


def _disclosed_views(seen: SeenWalls, context: AuditContext) -> DisclosedViews:
    """Return what outputs tell of the cameras that can see an undisclosed place, by their number."""
    changed = sees_undisclosed(seen, len(context.placed))
    if not changed.any():
        return {}
    near = replace(context, protected=seen.walls.places)
    some = disclosed_walls(near, seen.of_cameras(changed))
    found = sightings_of(some, context.view_table, placed=context.placed, thresholds=context.thresholds)
    return {c: tuple(found[key] for key in sorted(found, key=in_order) if key[0] == c) for c in np.flatnonzero(changed).tolist()}


def _looked(placed: Placed, ground: SeenGround, column: DemandColumn) -> LiveLook:
    """Return the rows of one camera: only an operating camera of which the direction is known has a part in overlap."""
    counts = ground.certain is not None and placed.camera.status is Status.OPERATING
    fields = iter(ground.fields)
    views = [(view, next(fields), view.basis is Basis.RECORDED) for view in placed.views]
    return LiveLook(
        placed.views,
        [(field.geometry, ground.seen if counts and is_recorded else NOTHING) for _, field, is_recorded in views],
        [column if is_recorded else UNSEEN for _, _, is_recorded in views],
    )


# Make the live answers of a whole project: every camera that stands, and behind the gate parts and planned cameras too.


def live_project(project: Project, reference_data: ReferenceData, progress: Progress = no_progress) -> Live:
    """Return what a check of the project says, or an audit where the gate is closed, ready to follow changes."""
    city = set_up(project, reference_data, progress=part_of(progress, 0.0, 0.2))
    candidates = find_candidates(city, part_of(progress, 0.2, 0.3))
    is_open = gate_of(city, candidates).open
    standing = [camera for camera in project.cameras if camera.status in active_statuses(is_open)]
    bare = replace(make_live(city, request(city, candidates) if is_open else None), leaving=leaving(project))
    return with_cameras(bare, standing, progress=part_of(progress, 0.3, 1.0))
