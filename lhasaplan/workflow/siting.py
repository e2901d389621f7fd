"""Propose: what can go, what existing cameras could do, and the least that serves the confirmed parts; behind the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.covering.bounds import SolverLimits
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.demand.guard import find_candidates
from lhasaplan.core.gate.decide import refuse_unless_open
from lhasaplan.core.live.live_answers import Live, with_plan_of
from lhasaplan.core.project.plan import planned_project, with_plan
from lhasaplan.core.project.plan_step import PlanVersion, free_name
from lhasaplan.core.project.project import Project
from lhasaplan.core.siting.choosing import allowances
from lhasaplan.core.siting.disclosed_proposals import (
    SCHEMA,
    DisclosedProposals,
    curve_json,
    disclosed_options,
    may_disclose_all,
    option_json,
    overlap_json,
    tells_doubled,
)
from lhasaplan.core.siting.options import Option, OptionSolver, Point, trade_off
from lhasaplan.core.siting.robustness import Doubts, Redundancy, doubts, redundancy
from lhasaplan.core.siting.states import table_of
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.plan_differences import live_answers

NO_PART = marked("No part is confirmed, so there is nothing to propose a camera for")
EFFORT = Effort(passes=600, steps=100_000, limits=SolverLimits(nodes=2000, seconds=60.0))


@dataclass(frozen=True, eq=False, slots=True)
class Proposals:
    """All that was worked out: the options in their order, the trade-off where it was asked for, what is seen twice."""

    council: OptionSolver
    options: tuple[Option, ...]
    curve: tuple[Point, ...]
    overlap: Redundancy


def propose(
    services: Services,
    project: Project,
    kinds: tuple[str, ...] = (),
    budget: int | None = None,
    progress: Progress = no_progress,
    *,
    live: Live | None = None,
    effort: Effort = EFFORT,
) -> Proposals:
    """Return the options of these kinds, all and the trade-off if none is named; that nothing changes is always one of them.

    Each is changes of the cameras with the plan.

    GateError with all that is missing outside the gate, InputError where no part is confirmed.
    """
    live = with_plan_of(live or live_answers(services, project, part_of(progress, 0.0, 0.3)), project)
    project = planned_project(project)
    if live.requested is None:
        refuse_unless_open(gate_of(live.city, find_candidates(live.city)))
    if not live.demand.parts:
        raise InputError(Fault(NO_PART))
    rules = services.content.load_siting_rules()
    table = table_of(live, rules, part_of(progress, 0.3, 0.6))
    council = OptionSolver(live, project, table, rules, effort)
    wanted = [each for each in allowances(budget, rules.options) if not kinds or each.name in (*kinds, "none")]
    reported = part_of(progress, 0.6, 0.8)
    options = tuple(
        council.option(each, part_of(reported, k / len(wanted), (k + 1) / len(wanted))) for k, each in enumerate(wanted)
    )
    curve = trade_off(council, rules.options, part_of(progress, 0.8, 0.95)) if not kinds else ()
    return Proposals(council, options, curve, redundancy(live, table, effort, part_of(progress, 0.95, 1.0)))


def keep_proposal(services: Services, project: Project, option: Option, name: str) -> Project:
    """Return the project with the plan after an option kept as a version under a name; what stands and its plan stay.

    The data files that were changed when it was worked out stand in its reason.
    """
    cameras = apply(option.proposal, with_plan(project))
    changed = services.content.load_data_state().changed
    reason = f"{option.allowance.name} ({', '.join(changed)})" if changed else option.allowance.name
    version = PlanVersion(free_name(name, project.versions), cameras, reason, services.today(), "propose")
    return replace(project, versions=(*project.versions, version))


def disclosed_proposals(found: Proposals, *, private: bool) -> DisclosedProposals:
    """Return proposals as drafts tell them; figures of protected places where these may be disclosed."""
    discloses_all = may_disclose_all(found.council, private=private)
    options = disclosed_options(found.council, found.options, discloses_all=discloses_all)
    return DisclosedProposals(found.council, options, found.curve, found.overlap, discloses_all)


def hanging_on(found: Proposals, option: Option, *, discloses_all: bool) -> tuple[Doubts, Mapping[str, Sequence[str]] | None]:
    """Return what of an option depends on assumed values, and by weight the cameras that would differ were it doubled.

    The latter is None where it is withheld: of other options than the whole one, and where weights of protected frontage
    would point to places that are not disclosed.
    """
    doubled = found.council.changed_by_weights(option) if discloses_all and tells_doubled(option) else None
    return doubts(found.council, option), doubled


def proposals_json(found: Proposals, *, private: bool) -> dict[str, object]:
    """Return all that was worked out as plain values (docs/json.md); figures of protected places where these may be disclosed."""
    council = found.council
    discloses_all = may_disclose_all(council, private=private)
    return {
        "schema": SCHEMA,
        "data": to_plain(council.live.city.reference_data.data),
        "options": [option_json(council, each, discloses_all=discloses_all) for each in found.options],
        "trade_off": curve_json(council, found.curve, discloses_all=discloses_all),
        "overlap": overlap_json(found.overlap),
        "tried": dict(council.table.tried),
        "weights": to_plain(council.rules.weights),
        "synthetic": council.project.synthetic,
    }
