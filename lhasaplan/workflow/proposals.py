"""Try changes of cameras in a project: what they would do to parts, protected places and unasked ground."""

from collections.abc import Mapping
from pathlib import Path

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes import Proposal, Work
from lhasaplan.core.live.effect import Effect
from lhasaplan.core.live.evaluate import evaluate as evaluated
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.live.whole_project import live_project
from lhasaplan.core.project.project import Project
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import reference_data, require_city


def live_answers(services: Services, project: Project, progress: Progress = no_progress) -> Live:
    """Return the answers of a project, ready to try one proposal after the other."""
    require_city(project)
    return live_project(project, reference_data(services, project), progress)


def evaluate(
    services: Services,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
    live: Live | None = None,
) -> Effect:
    """Return what a proposal would do to a project; nothing is changed.

    Without ``private`` protected places are counted as outputs count them. InputError where the proposal does not fit the
    cameras, GateError where it would plan outside the gate, GuardError where it would put a camera on protected ground.
    InputError names file and key of a price that is none, too. ``unit_prices`` are stated or a file of them is named; else those
    of ``data/prices.toml`` count, as far as they are filled in. ``live`` are the answers of this project where they were made
    before, by :func:`live_answers`.
    """
    prices = unit_prices if isinstance(unit_prices, Mapping) else services.load_unit_prices(unit_prices)
    live = live or live_answers(services, project, part_of(progress, 0.0, 0.8))
    return evaluated(live, project, proposal, prices, part_of(progress, 0.8, 1.0), is_disclosed=not private)
