"""Propose, try and compare changes of cameras; make the project of a district, and take districts back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan import workflow
from lhasaplan.api.projects import OpenProject, StrPath, inside, kept_of, opened_as, store_of
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.camera_change import CameraChange
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.changes.work import Work
from lhasaplan.core.districts.merging import Choices
from lhasaplan.core.live.effect import ChangeEffect as CoreEffect
from lhasaplan.core.live.live_answers import Live
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

# Districts for a Python program: the project and the drafts of one, and districts taken back into the city's project.

OPEN = marked("{kind} {key} was changed by several sides ({sides}); say which counts by sides or prefer")
KEPT_NOWHERE = marked("A district is sealed, and the city's project is kept nowhere yet; save it, and seal it first")


def district_plan(
    project: OpenProject,
    area: str,
    folder: StrPath,
    formats: Sequence[str] = ("docx", "xlsx"),
    *,
    version: str = "",
    language: str = "en",
    progress: Progress = no_progress,
) -> list[Path]:
    """Write the project of a district of a city and its drafts, headed by their conformity with the city's plan.

    Of a project that is that district's own the drafts alone are written. Files are returned, the project first.

    Parameters
    ----------
    version : one that the city keeps, such as its approved plan, which the district then answers to.
    formats, language, progress : as of :func:`export`.

    Raises
    ------
    InputError
        No such area, version, format or language, or a project of the district is in the folder already.
    GateError
        The gate is closed; with all that is missing.
    """
    services, value = inside(project)
    target = Path(folder)
    if value.district is not None and value.district.area == area:
        answers = workflow.check(services, value, part_of(progress, 0.0, 0.5))
        rest = part_of(progress, 0.5, 1.0)
        return workflow.export(services, value, answers, formats, target, language=language, progress=rest)
    city = kept_of(project) or value
    return workflow.write_district(services, city, area, formats, target, language=language, version=version, progress=progress)


def merge(
    city: OpenProject,
    *districts: OpenProject,
    sides: Mapping[str, str] | None = None,
    prefer: str = "",
    progress: Progress = no_progress,
) -> OpenProject:
    """Return the city's project with what its districts changed since they were made; nothing is saved.

    ``remarks`` of the result tell what was not taken, as ``merge`` prints it.

    Parameters
    ----------
    sides : by id the side that counts in a conflict: ``city``, ``both`` or the name of a district; ``prefer`` for all others.

    Raises
    ------
    InputError
        A project that is no district of this city, conflicts that are open, each with its sides, or a district that is sealed
        while the city's project is not.
    GateError, GuardError
        The whole may not plan, or a part or a planned camera of it may not be.
    """
    services, value = inside(city)
    others = [inside(each)[1] for each in districts]
    kept = kept_of(city)
    if kept is None and any(store.has_passphrase for store in map(store_of, districts) if store is not None):
        raise InputError(Fault(KEPT_NOWHERE))
    if kept is not None:
        services.stores.derived([each for each in map(store_of, (city, *districts)) if each is not None], kept.store.address)
    found = workflow.merge(services, value, others, Choices(sides or {}, prefer), progress=progress)
    if found.plan.conflicts:
        reported = ({"kind": each.kind, "key": each.key, "sides": ", ".join(each.sides)} for each in found.plan.conflicts)
        raise InputError(*(Fault(OPEN, params=params) for params in reported))
    return opened_as(city, found.project, found.remarks)


# Propose, try and compare changes of cameras: what they gain, what they show, what they cost.

# What a proposal does, as a Python program takes it: the effect with its tables.
NO_TABLE = marked("There is no table {name} of an effect; there are: {known}")
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Effect(CoreEffect):
    """What changes of cameras mean, before and after; no place is named, listed or located.

    Shares are 0 to 1, areas m²; ``parts`` counts planned cameras, ``parts_operating`` those that operate alone.
    """

    def to_pandas(self, name: str = "parts") -> "pd.DataFrame":
        """Return one table.

        ``name`` is parts (verdict and shares of each part that changes), places (protected places in view by class and grade),
        areas (ground that no part asks for, and that is shared with other cameras, m²) or work (by kind, with prices).

        Raises
        ------
        InputError
            No such table.
        """
        import pandas as pd  # noqa: PLC0415 - a program that asks for no table need not load it

        if name not in TABLES:
            raise InputError(Fault(NO_TABLE, params={"name": name, "known": ", ".join(TABLES)}))
        columns, rows = TABLES[name]
        return pd.DataFrame(list(rows(self)), columns=list(columns))


def as_offered(effect: CoreEffect) -> Effect:
    """Return an effect with its tables."""
    return Effect(*(getattr(effect, each.name) for each in fields(effect)))


def _parts(effect: CoreEffect) -> Iterator[Row]:
    for counted, parts in (("with_planned", effect.parts), ("operating", effect.parts_operating)):
        for part in parts:
            values = (part.part_id, counted, *part.verdict, *part.share_served, *part.share_seen)
            yield dict(zip(PARTS, values, strict=True))


def _places(effect: CoreEffect) -> Iterator[Row]:
    for cls, grades in effect.places.items():
        for grade, pair in grades.items():
            yield dict(zip(PLACES, (cls, grade, *pair), strict=True))


def _areas(effect: CoreEffect) -> Iterator[Row]:
    reported = {
        "unasked": effect.unasked_m2,
        "unasked_possible": effect.unasked_possible_m2,
        "not_mapped": effect.not_mapped_m2,
        "overlap": effect.overlap_m2,
    }
    for what, pair in reported.items():
        if pair is not None:
            yield dict(zip(AREAS, (what, *pair), strict=True))


def _work(effect: CoreEffect) -> Iterator[Row]:
    for line in effect.cost.lines:
        yield dict(zip(WORK, (str(line.work), line.count, line.unit_price, line.total, line.currency), strict=True))


PARTS = (
    *("part_id", "cameras", "verdict_before", "verdict_after", "share_served_before", "share_served_after"),
    *("share_seen_before", "share_seen_after"),
)
PLACES = ("class", "grade", "before", "after")
AREAS = ("what", "before_m2", "after_m2")
WORK = ("work", "count", "unit_price", "price", "currency")
TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[CoreEffect], Iterator[Row]]]] = {
    "parts": (PARTS, _parts),
    "places": (PLACES, _places),
    "areas": (AREAS, _areas),
    "work": (WORK, _work),
}


def evaluate(
    project: OpenProject,
    proposal: Proposal | Sequence[CameraChange],
    *,
    unit_prices: Mapping[Work, float] | StrPath | None = None,
    private: bool = False,
    progress: Progress = no_progress,
) -> Effect:
    """Return what changes of cameras do, before and after, evaluated by the functions of the audit; nothing is changed.

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


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class ProposedOptions:
    """What was worked out for the confirmed parts: options beside each other, that nothing changes always among them.

    ``by_option`` are the changes of each option, by its name, as :func:`evaluate` takes them.
    """

    by_option: Mapping[str, Proposal]
    _found: workflow.Proposals
    _is_private: bool

    def __repr__(self) -> str:
        return f"<ProposedOptions: {', '.join(f'{name} ({len(each.changes)} changes)' for name, each in self.by_option.items())}>"

    def to_pandas(self) -> "pd.DataFrame":
        """Return a row for each option with its figures."""
        import pandas as pd  # noqa: PLC0415 - a program that asks for no table need not load it

        return pd.DataFrame([{"option": each["option"], **each["figures"]} for each in self.to_json()["options"]])

    def to_json(self) -> Mapping[str, Any]:
        """Return all that was worked out as plain values, as ``propose --json`` writes them (docs/json.md)."""
        return workflow.proposals_json(self._found, private=self._is_private)


def propose(
    project: OpenProject,
    *kinds: str,
    budget: int | None = None,
    private: bool = False,
    progress: Progress = no_progress,
) -> ProposedOptions:
    """Return what can go, what existing cameras could do, and the least that serves the confirmed parts; nothing is changed.

    Parameters
    ----------
    kinds : remove-only, change-only, budget or all; every option and the trade-off where none is named.
    budget : the most new cameras of the option of that name.
    private, progress : as of :func:`audit`; a project whose packs ask for coarse positions needs ``private``.

    Raises
    ------
    InputError
        No part is confirmed, or coarse positions are asked for.
    GateError
        The gate is closed; with all that is missing.
    """
    services, value = inside(project)
    workflow.require_exact(services, value, private)
    found = workflow.propose(services, value, kinds, budget, progress)
    return ProposedOptions({each.allowance.name: each.proposal for each in found.options}, found, private)


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Two plans: their names, the changes that lead from the one to the other, and what these do.

    ``asked_alone`` are the parts that one of them alone asks for, ``is_same_town`` says whether both lie on the same map.
    """

    names: tuple[str, str]
    changes: Proposal
    effect: Effect
    asked_alone: tuple[tuple[str, ...], tuple[str, ...]]
    is_same_town: bool


def compare(
    one: OpenProject,
    other: OpenProject,
    *,
    version: str = "",
    unit_prices: StrPath | None = None,
    private: bool = False,
    progress: Progress = no_progress,
) -> Comparison:
    """Return how the plan of another project, or a version of its plan, differs from that of one.

    Parameters
    ----------
    version : a version of the other's plan, by its name.
    unit_prices : a file like ``data/prices.toml``, which is asked where this is absent.
    private, progress : as of :func:`audit`; a project whose packs ask for coarse positions needs ``private``.

    Raises
    ------
    InputError
        No such version, other coordinate systems, or coarse positions are asked for.
    GateError, GuardError
        The other plan may not be.
    """
    (services, mine), theirs = inside(one), inside(other)[1]
    prices = None if unit_prices is None else Path(unit_prices)
    found = workflow.compare(services, mine, theirs, version, prices, progress, private=private)
    changed = found.comparison
    return Comparison(found.names, changed.changes, as_offered(changed.effect), found.asked_alone, found.is_same_town)
