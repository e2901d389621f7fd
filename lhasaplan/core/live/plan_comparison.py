"""Compare two lists of cameras in the town as it is: the answers about both, what changes between them, and the changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.difference import difference
from lhasaplan.core.changes.proposal import Proposal, by_id
from lhasaplan.core.changes.work import Work
from lhasaplan.core.live.effect import Effect
from lhasaplan.core.live.evaluate import brought_to, tried_out
from lhasaplan.core.live.live_answers import Live, with_leaving
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project


@dataclass(frozen=True, eq=False, slots=True)
class PlanComparison:
    """Two plans of one town: the cameras and the answers of each, the changes that lead from one to the other, their effect."""

    cameras: tuple[tuple[Camera, ...], tuple[Camera, ...]]
    answers: tuple[Live, Live]
    changes: Proposal
    effect: Effect


def compare(  # noqa: PLR0917 - the town, the two plans, and how it is told
    live: Live,
    project: Project,
    one: Sequence[Camera],
    other: Sequence[Camera],
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> PlanComparison:
    """Return the comparison of two plans; nothing of the project is changed.

    Raises GateError where the other plans outside the gate what the one does not, GuardError where it puts a camera on
    protected ground.

    Parameters
    ----------
    live : the answers for the project; cameras that it knows otherwise than the first plan are looked through.
    is_disclosed : count protected places as outputs do (:func:`lhasaplan.core.live.evaluate.evaluate`).
    """
    first = by_id(one)
    start = brought_to(
        with_leaving(live, frozenset()), list({**dict.fromkeys(live.results), **first}), first, part_of(progress, 0.0, 0.5)
    )
    changes = difference(one, other)
    asked = replace(project, cameras=tuple(one), plan=())
    trial = tried_out(start, asked, changes, unit_prices, part_of(progress, 0.5, 1.0), is_disclosed=is_disclosed)
    return PlanComparison((tuple(one), tuple(other)), (trial.before, trial.after), changes, trial.effect)
