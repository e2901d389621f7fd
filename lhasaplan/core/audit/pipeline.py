"""Audit and check, step by step, with progress between the steps."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from lhasaplan.core.audit.camera_results import SeenGround, camera_results, city_areas
from lhasaplan.core.audit.disclosed_answers import (
    disclosed_parts,
    disclosed_results,
    disclosed_world,
    note_on_blocks,
    with_mitigations,
)
from lhasaplan.core.audit.output_notes import notes_of, terrain_of, trees_of
from lhasaplan.core.audit.protected_in_view import protected_in_view, seen_grounds
from lhasaplan.core.audit.totals import (
    as_in_plan,
    assumed_counts,
    missing_of,
    protected_counts,
    scale_of,
    surveyed_on_maps,
    surveys_of,
    totals_of,
)
from lhasaplan.core.base.kept_shapes import ShapeSink, in_memory
from lhasaplan.core.base.progress import BackgroundJob, Progress, no_progress, part_of, paused
from lhasaplan.core.city.territory import whereabouts
from lhasaplan.core.context.audit_context import (
    AuditContext,
    ReferenceData,
    certain_views,
    set_up_cameras,
    stand_today,
    stand_with_plan,
    with_cameras,
    with_protected,
)
from lhasaplan.core.context.scenes import IN_PROCESS, Sight
from lhasaplan.core.demand.columns import behind_trees, by_camera, needs_of, overlaps, parts_served
from lhasaplan.core.demand.guard import FoundCandidates, Requested, find_candidates, request, with_counts
from lhasaplan.core.demand.necessity import losses_of, on_sharpness, removable, with_necessity
from lhasaplan.core.demand.part_verdicts import Coverage, judge_parts
from lhasaplan.core.exposure.ended_by_record import with_ended
from lhasaplan.core.exposure.grading import BehindGround, disclosed_behind
from lhasaplan.core.findings.all_findings import findings_of, on_overlaps, on_parts, on_removable
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.gate.planning_ground import plan_area
from lhasaplan.core.mitigation.part_options import limit_note, with_service
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.numbering import camera_labels, labels, numbered, part_numbers
from lhasaplan.core.project.plan import replacing, with_all_steps
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import disclosed_inputs
from lhasaplan.core.results.assessment import Assessment, CameraResult, Gate, Overlap, PackUse, PartResult
from lhasaplan.core.results.finding import Whereabouts
from lhasaplan.core.rules.audit_policy import terms_of


@paused()
def audit(
    project: Project,
    reference_data: ReferenceData,
    progress: Progress = no_progress,
    sight: Sight = IN_PROCESS,
    *,
    with_parts: bool = False,
    known: AuditContext | None = None,
    keep: ShapeSink = in_memory,
) -> Assessment:
    """Return what every operating camera can see of protected places and of ground, and what its record owes.

    Works with the gate closed, which is judged only to say what is missing; parts, overlaps and removable stay None then.
    ``with_parts`` is the check: with the gate open there are verdicts, gaps, overlaps and removable cameras besides.
    ``known`` is the city as it was set up before (:func:`lhasaplan.core.context.audit_context.set_up`). ``keep`` puts the
    geometry of the answers away as they come: of a region it is most of what they take.

    Raises
    ------
    Cancelled
        From ``progress``, when the user cancelled.
    """
    started = part_of(progress, 0.0, 0.05)
    town = set_up_cameras(project, reference_data, with_planned=False, sight=sight, progress=started, known=known)
    nothing = tuple(np.zeros(0, np.int64) for _ in town.placed)
    # What cameras see of the ground needs no places: it is worked out beside the search for them, unless parts may ask for it.
    with BackgroundJob(lambda share: () if with_parts else seen_grounds(town, nothing, (), share, keep=keep)) as beside:
        context = with_protected(town, part_of(progress, 0.05, 0.07), known=known)
        candidates = find_candidates(context, part_of(progress, 0.07, 0.08))
        gate = gate_of(context, candidates)
        if gate.open:  # only then what is not requested is counted
            candidates = with_counts(context, candidates, part_of(progress, 0.08, 0.1))
        grounds = None if with_parts else beside.answer(part_of(progress, 0.1, 0.5), "sight")
    requested = None
    if with_parts and gate.open:
        context = with_cameras(context, project, with_planned=True, progress=part_of(progress, 0.1, 0.1))
        requested = request(context, candidates)
    return assess_context(context, gate, candidates, requested, part_of(progress, 0.1, 1.0), keep=keep, grounds=grounds)


check = partial(audit, with_parts=True)


def gate_of(context: AuditContext, candidates: FoundCandidates) -> Gate:
    """Return whether what a project asks for may be planned."""
    reference_data = context.reference_data
    return judge_gate(
        context.project,
        reference_data.packs,
        reference_data.territory,
        context.buildings,
        candidates.confirmed,
        context.crs,
        today=reference_data.today,
        rules=reference_data.policy.mandate,
    )


def assess_context(
    context: AuditContext,
    gate: Gate,
    candidates: FoundCandidates,
    requested: Requested | None,
    progress: Progress,
    *,
    keep: ShapeSink = in_memory,
    grounds: Sequence[SeenGround] | None = None,
) -> Assessment:
    """Return the assessment of a project that is set up; ``requested`` is None outside the gate.

    ``grounds`` are what each camera shows of the ground, where that is known and no part asks for it.
    """
    coverage = _cover(context, requested, part_of(progress, 0.0, 0.05)) if requested else None
    served = parts_served(coverage.by_any, coverage.needs) if coverage else tuple(np.zeros(0, np.int64) for _ in context.placed)
    asked = coverage.demand.parts if coverage else ()
    statuses = [each.camera.status for each in context.placed]
    if grounds is None:
        grounds = seen_grounds(context, served, asked, part_of(progress, 0.05, 0.5), keep=keep)
    world = disclosed_world(context)
    seen = protected_in_view(context, grounds, coverage, world is not None, part_of(progress, 0.5, 0.9), keep=keep)
    # Areas are added up by compiled code, beside what follows: that is Python's alone and leaves processors idle.
    with BackgroundJob(lambda shares: _city_sums(context, grounds, shares)) as city:
        progress(0.9, "findings")
        ids = [tuple(asked[p].part_id for p in numbers.tolist()) for numbers in served]
        spare = removable(coverage.before, coverage.needs) if coverage else None
        losses = losses_of(coverage.before, coverage.after, coverage.needs, asked, statuses) if coverage else None
        results = with_necessity(camera_results(context, grounds, seen.sightings, ids, spare, keep=keep), losses)
        results = as_in_plan(results, context.project)
        results = with_ended(results, seen.ended)
        judging = part_of(progress, 0.9, 0.96)
        parts = (
            None  # outside the gate
            if requested is None or coverage is None
            else with_service(judge_parts(context, requested, coverage, judging), context, coverage, results, judging)
        )
        compose = partial(
            _compose,
            gate=gate,
            candidates=candidates,
            requested=requested,
            coverage=coverage,
            city=city,
            behind=seen.behind,
        )
        whole = compose(context, results=results, parts=parts, progress=part_of(progress, 0.96, 0.98))
        if world is None:
            return whole
        mitigated = with_mitigations(world, seen.disclosed, seen.sightings, seen.idle)
        shown = with_ended(with_necessity(disclosed_results(world, results, mitigated), losses), seen.disclosed_ended)
        disclosed = compose(
            world.context, results=shown, parts=disclosed_parts(world, parts), progress=part_of(progress, 0.98, 1.0)
        )
        return replace(whole, disclosed=replace(disclosed, notes=(*note_on_blocks(world), *disclosed.notes)))


def _city_sums(context: AuditContext, grounds: Sequence[SeenGround], progress: Progress) -> dict[str, object]:
    """Return what all cameras take in together of ground, streets and places, and the ground that is not mapped."""
    areas = city_areas(grounds, stand_today(context), stand_with_plan(context), progress)
    return {**areas, **scale_of(context, grounds, progress), "survey": surveys_of(context, grounds)}


def _cover(context: AuditContext, requested: Requested, progress: Progress) -> Coverage:
    """Return the demand and who sees it, before and after planned cameras."""
    view_table, demand = context.view_table, requested.demand
    density = context.sight.densities(view_table.views, demand.xyz_m, context.in_leaf, progress=progress)
    before, after = (
        by_camera(density, view_table.camera, certain_views(context, planned=planned), len(context.placed))
        for planned in (False, True)
    )
    hidden, bare = behind_trees(context, demand.xyz_m, progress)
    return Coverage(demand, needs_of(demand), before, after, hidden, bare)


def _compose(
    context: AuditContext,
    *,
    gate: Gate,
    candidates: FoundCandidates,
    requested: Requested | None,
    coverage: Coverage | None,
    results: tuple[CameraResult, ...],
    parts: tuple[PartResult, ...] | None,
    city: BackgroundJob[dict[str, object]],
    behind: BehindGround | None,
    progress: Progress,
) -> Assessment:
    project, packs = context.project, context.reference_data.packs
    pairs = _overlaps(results, coverage) if coverage else None
    others = [*on_parts(parts or ()), *on_overlaps(pairs or ()), *on_removable(results)]
    if coverage and any("sharper_than_needed" in article.findings for pack in packs for article in pack.articles):
        others += on_sharpness(coverage.by_any, coverage.needs, results, context.thresholds.sharper_times)
    findings = findings_of(context, results, knows_parts=parts is not None, others=others, progress=progress)
    areas = {**city.answer(progress, "findings"), "behind_terrain": disclosed_behind(behind)}
    refused = requested.refused if requested else ()
    precision = [pack.public_precision_deg for pack in packs if pack.public_precision_deg is not None]
    return Assessment(
        project=project.name,
        crs=project.crs,
        synthetic=project.synthetic,
        packs=tuple(PackUse(pack.name, pack.changed, pack.sha256) for pack in packs),
        gate=gate,
        inputs=disclosed_inputs(project),
        cameras=results,
        parts=parts,
        not_requested=candidates.not_requested,
        overlaps=pairs,
        findings=findings,
        totals=totals_of(project, results, parts, findings, refused=len(refused), areas=areas, missing=missing_of(project)),
        protected_counts=protected_counts(context.protected),
        assumed_counts=assumed_counts(results),
        notes=(
            *terrain_of(context, behind),
            *trees_of(context, coverage),
            *limit_note(parts or (), context),
            *notes_of(context, results, refused, candidates, gate.open),
        ),
        public_precision_deg=max(precision, default=None),
        closed_places=project.closed_count if project.is_closed else None,
        where=_where(context, candidates) if requested is not None else None,
        data=context.reference_data.data,
        terms=terms_of(packs, context.reference_data.policy.bands),
        plan=with_all_steps(project).plan,
        suspended=tuple(each.reported for each in project.suspended),
        surveyed=surveyed_on_maps(context),
        numbers={
            **_labels_of_steps(project),
            **labels([result.placed.camera for result in results], numbered(project).numbers, replacing(project)),
            **{part: str(number) for part, number in part_numbers(project).items()},
        },
    )


def _labels_of_steps(project: Project) -> dict[str, str]:
    """Return the numbers of cameras of the plan: one that was taken down is looked through no more, and keeps its own."""
    steps = {each.camera_id for each in project.plan}
    return {camera_id: label for camera_id, label in camera_labels(project).items() if camera_id in steps} if steps else {}


def _where(context: AuditContext, candidates: FoundCandidates) -> Whereabouts | None:
    """Return where on Earth the coordinates put the plan."""
    planned = [each.camera for each in context.placed if each.camera.status is Status.PLANNED]
    area = plan_area(context.project.mandate, candidates.confirmed, planned, context.crs)
    return None if area is None else whereabouts(area, context.crs, context.reference_data.territory)


def _overlaps(results: Sequence[CameraResult], coverage: Coverage) -> tuple[Overlap, ...]:
    """Return the overlaps of operating cameras, by their certain views."""
    fields = [each.certain if each.placed.camera.status is Status.OPERATING else None for each in results]
    ids = [each.placed.camera.camera_id for each in results]
    return overlaps(ids, fields, coverage.before, coverage.needs, [each.not_mapped for each in results])
