"""Try changes of cameras in a project: what they would do to parts, protected places and unasked ground."""

from collections.abc import Mapping
from pathlib import Path

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes import Proposal, Work, value_changes
from lhasaplan.core.live.effect import ChangeEffect
from lhasaplan.core.live.evaluate import evaluate as evaluated
from lhasaplan.core.live.live_answers import Live, live_project
from lhasaplan.core.live.plan_options import PlanOption
from lhasaplan.core.live.plan_options import plan_options as options_of
from lhasaplan.core.model.camera import CameraClass, Kind
from lhasaplan.core.model.camera_fields import FieldValues
from lhasaplan.core.project.plan import as_today
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import reference_data, require_city

# Give many cameras new values at once, as one proposal; what sight could not be computed of is refused as a whole.


def table_edit(
    project: Project,
    values: Mapping[str, FieldValues],
    classes: Mapping[Kind, CameraClass],
    rows: Mapping[str, int] | None = None,
) -> Proposal:
    """Return what new values by camera and field change; cameras and fields that stay as they are make no change.

    Raises InputError with the fault of every camera that could not be computed so, in its row where ``rows`` say it.
    """
    changed = {
        each.camera_id: replace_kept(each, **values[each.camera_id]) for each in project.cameras if each.camera_id in values
    }
    faults = []
    for camera in changed.values():
        try:
            refuse_impossible_lenses((camera,), classes)
        except InputError as error:
            row = (rows or {}).get(camera.camera_id)
            faults += [Fault(f.template, Where(None, row, f.where.column, camera.camera_id), f.params) for f in error.faults]
    if faults:
        raise InputError(*faults)
    before = {each.camera_id: each for each in project.cameras}
    return Proposal(tuple(change for key, after in changed.items() for change in value_changes(before[key], after)))


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
) -> ChangeEffect:
    """Return what a proposal would do to a project; nothing is changed.

    Without ``private`` protected places are counted as outputs count them. InputError where the proposal does not fit the
    cameras, GateError where it would plan outside the gate, GuardError where it would put a camera on protected ground.
    InputError names file and key of a price that is none, too. ``unit_prices`` are stated or a file of them is named; else those
    of ``data/prices.toml`` count, as far as they are filled in. ``live`` are the answers of this project where they were made
    before, by :func:`live_answers`.
    """
    prices = unit_prices if isinstance(unit_prices, Mapping) else services.content.load_unit_prices(unit_prices)
    live = live or live_answers(services, project, part_of(progress, 0.0, 0.8))
    return evaluated(live, project, proposal, prices, part_of(progress, 0.8, 1.0), is_disclosed=not private)


def plan_options(
    services: Services,
    project: Project,
    assessment: Assessment,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> tuple[PlanOption, ...]:
    """Return the options of a plan, each tried out; none where the gate is closed, for nothing is planned there.

    Without ``private`` protected places are counted as outputs count them. None where a rule pack of the project is missing.
    """
    if not assessment.gate.open or assessment.parts is None:
        return ()
    prices, today = services.content.load_unit_prices(unit_prices), as_today(project)
    try:
        data = reference_data(services, project)
    except InputError:
        return ()  # a rule pack of the project is not here: answers that were kept can be drafted, but nothing can be tried out
    live = live_project(today, data, part_of(progress, 0.0, 0.5))
    return options_of(live, project, assessment, prices, part_of(progress, 0.5, 1.0), is_disclosed=not private)
