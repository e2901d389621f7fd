"""Try changes of cameras before anybody makes them: what they gain, what they show, what they cost."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.api.effects import Effect, as_offered
from lhasaplan.api.projects import OpenProject, StrPath, inside
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes import CameraChange, Proposal, Work
from lhasaplan.core.live.live_answers import Live


def evaluate(
    project: OpenProject,
    proposal: Proposal | Sequence[CameraChange],
    *,
    unit_prices: Mapping[Work, float] | StrPath | None = None,
    private: bool = False,
    progress: Progress = no_progress,
) -> Effect:
    """Return what changes of cameras do, before and after, looked through by the functions of the audit; nothing is changed.

    The effect tells parts gained and lost, protected places in view by class and grade (counts alone), ground in view that
    nobody asks for (m²), ground shared with other cameras (m²), and the work on the spot.

    Parameters
    ----------
    proposal : a :class:`Proposal`, or its changes (:class:`TurnCamera`, :class:`MoveCamera`, :class:`RemoveCamera` …), made
        one after the other; azimuths are from true north, positions in metres of the project's CRS.
    unit_prices : what once costs of each kind of :class:`Work`, or a file of it like ``data/prices.toml``, which is asked where
        this is absent; what has no price is to be filled, never nothing, and as long as one is, there is no total.
    private : count places of which outputs tell no figure, too; keep it to whoever answers for the cameras.
    progress : as of :func:`audit`.

    Raises
    ------
    InputError
        A change does not fit the project's cameras, or a file of prices states what is none.
    GateError
        A camera would be planned, and the gate is closed.
    GuardError
        A planned camera would stand on protected ground.
    """
    services, value = inside(project)
    prices = unit_prices if unit_prices is None or isinstance(unit_prices, Mapping) else Path(unit_prices)
    wanted = proposal if isinstance(proposal, Proposal) else Proposal(tuple(proposal))
    live, rest = _live(project, part_of(progress, 0.0, 0.8)), part_of(progress, 0.8, 1.0)
    return as_offered(workflow.evaluate(services, value, wanted, prices, rest, private=private, live=live))


_last: list[tuple[OpenProject, Live]] = []


def _live(project: OpenProject, progress: Progress) -> Live:
    """Return the answers of a project, which are kept for the next proposal: a program tries many on one."""
    if not _last or _last[0][0] is not project:
        _last[:] = [(project, workflow.live_answers(*inside(project), progress))]
    return _last[0][1]
