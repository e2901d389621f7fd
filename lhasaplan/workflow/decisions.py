"""What people decide: the mandate, confirmed candidates and excuses; and the candidates as they decide about them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.spelling import is_answer, iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.context.audit_context import tightest
from lhasaplan.core.demand.guard import excused_parts, guard_alone
from lhasaplan.core.gate.decide import authority_gaps
from lhasaplan.core.gate.planning_ground import IN_COUNTRY, NO_BUILDINGS, elsewhere_gaps, metric_area, plan_area
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.decisions import DWELLING, NOT_AS_NAMED, NOT_DWELLING, Confirmation, Excuse, Mandate
from lhasaplan.core.project.journal import MandateStated, PartExcused, PartsConfirmed
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import disclosed_inputs
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.protected_names import is_named
from lhasaplan.core.protection.unknown_use import is_of_known_use
from lhasaplan.core.results.assessment import PictureRow, PlaceSheet
from lhasaplan.core.rules.audit_policy import terms_of
from lhasaplan.core.rules.pack import mandate_faults
from lhasaplan.errors import Fault, GuardError, InputError, Where
from lhasaplan.ports import DeclaredRow, Services
from lhasaplan.workflow.answers import Candidates, areas_by_name, asks_for_coarse, candidates, no_area
from lhasaplan.workflow.new_states import refuse_closed, with_decided_things
from lhasaplan.workflow.projects import note

# Refuse a decision that nobody would ever act on: no day, or a fact about something that is not there.

NOT_NAMED = marked(
    "{id} is not a building with a known use and a name that sounds protected. not_as_named clears only such a name"
)
_OF_NO_PART = (DWELLING, NOT_DWELLING, NOT_AS_NAMED, NO_BUILDINGS, IN_COUNTRY)
NO_BORDER = marked("{id} names no country at a border; the gate lists them, e.g. border:250")
_BORDER = re.compile(r"border:(?:\d{3}|name:.+)")
_CELL = re.compile(r"cell:-?\d+:-?\d+")


def require_day(date: str, today: str) -> None:
    """Raise InputError for a date that is no day or still to come."""
    faults = day_fault(date, today)
    if faults:
        raise InputError(*faults)


def day_fault(date: str, today: str) -> list[Fault]:
    """Return what is wrong with a date that is given, if anything."""
    day, now = iso_date(date.strip()), iso_date(today)
    if date and day is None:
        return [Fault("{date} is no day; write it as 2026-05-31", params={"date": date})]
    if day is not None and now is not None and day > now:
        return [Fault("{date} is in the future; a decision bears the day on which it was made", params={"date": date})]
    return []


def subject_faults(services: Services, project: Project, rows: Sequence[DeclaredRow]) -> list[Fault]:
    """Return a fault for each row whose fact cannot be declared of its subject: it would be recorded and change nothing.

    ``dwelling`` and ``not_dwelling`` are told of a building, ``not_as_named`` of one whose use the map knows and whose name says
    another, ``no_buildings`` of a cell, ``in_country`` of a country at a border, anything else of a part.
    """
    layer = project.layers.get("buildings")
    buildings = frozenset() if layer is None else frozenset(layer.ids)
    of_parts = [row for row in rows if row.declaration.fact not in _OF_NO_PART]
    named = _called_else(services, layer) if any(row.declaration.fact == NOT_AS_NAMED for row in rows) else frozenset()
    parts = _part_ids(services, project) if of_parts else frozenset()
    faults = []
    for row in rows:
        subject, fact = row.declaration.subject, row.declaration.fact
        if fact in (DWELLING, NOT_DWELLING):
            is_there, text = subject in buildings, "There is no building {id}"
        elif fact == NOT_AS_NAMED:
            is_there, text = subject in named, NOT_NAMED
        elif fact == NO_BUILDINGS:
            is_there, text = bool(_CELL.fullmatch(subject)), "{id} is not a cell; the gate lists them, e.g. cell:770:13340"
        elif fact == IN_COUNTRY:
            is_there, text = bool(_BORDER.fullmatch(subject)), NO_BORDER
        else:
            is_there = subject in parts
            text = "There is no part {id}. For a building declare dwelling or not_dwelling, for a cell no_buildings"
        if not is_there:
            faults.append(Fault(text, row.where, {"id": subject}))
    return faults


def _called_else(services: Services, buildings: Layer | None) -> frozenset[str]:
    """Return the buildings whose use the map knows and whose name calls them something protected."""
    kinds = services.content.load_protected_kinds()
    rows = () if buildings is None else zip(buildings.ids, buildings.tags, strict=True)
    return frozenset(
        str(name) for name, tags in rows if is_of_known_use(tags, kinds) and is_named(tags, kinds.words(), kinds.elsewhere)
    )


def _part_ids(services: Services, project: Project) -> set[str]:
    known = {each.part_id for each in project.confirmations}
    if not project.crs:
        return known
    found = candidates(services, project)
    return known | {part.part_id for part in (*found.parts, *found.drawn)}


UNLIKE = marked("These places are of different kinds. Give a reason for each kind separately: {kinds}")


@dataclass(frozen=True, slots=True)
class CandidateSelection:
    """Which candidates a person means: by id, by category, by area name, or a mix (all conditions must hold)."""

    ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    within: str = ""


def mandate(services: Services, project: Project, path: Path) -> Project:
    """Return the project under the mandate that a TOML file states; InputError with all that it says and cannot be."""
    stated, limits = services.files.read_mandate(path), tightest(services.content.load_packs(project.packs))
    faults = mandate_faults(stated, services.today(), services.content.load_audit_policy().mandate, limits.retention_days)
    if faults:
        raise InputError(*(Fault(template, Where(file=path.name), dict(params)) for template, params in faults))
    return note(replace(project, mandate=stated), services, MandateStated(path.name, stated))


def state_mandate(services: Services, project: Project, mandate: Mandate) -> Project:
    """Return the project under a mandate that a person filled in; what it lacks or cannot say is the gate's to tell."""
    return (
        project if mandate == project.mandate else note(replace(project, mandate=mandate), services, MandateStated("", mandate))
    )


def remarks_on_mandate(services: Services, project: Project) -> tuple[Fault, ...]:
    """Return what of the mandate itself keeps the gate shut: an authority that no loaded pack that plans lists, another city."""
    gaps = authority_gaps(project, services.content.load_packs(project.packs), services.content.load_territory())
    buildings = project.layers.get("buildings")
    area = metric_area(project.mandate.plan_area_wkt, Crs(project.crs)) if project.mandate and project.crs else None
    if area is not None and buildings is not None:
        gaps += elsewhere_gaps(area, buildings.geometry)
    return tuple(Fault(template, params=dict(params)) for template, params in gaps)


def select_candidates(found: Candidates, project: Project, selection: CandidateSelection) -> tuple[Part, ...]:
    """Return the candidate parts that a selection names; one that a person drew by its id alone.

    Raises InputError for an id, category or area that is not there, and when nothing is selected.
    """
    _check_selection(found, project, selection)
    area = _area(project, found.context.reference_data.kinds, selection.within) if selection.within else None
    parts = tuple(part for part in found.parts if _is_meant(part, selection, area))
    parts += tuple(part for part in found.drawn_apart if part.part_id in selection.ids and _is_meant(part, selection, area))
    if not parts:
        raise InputError(Fault("No candidate is selected; list them with confirm PROJECT --list"))
    return parts


def _is_meant(part: Part, selection: CandidateSelection, area: BaseGeometry | None) -> bool:
    if selection.ids and part.part_id not in selection.ids:
        return False
    if selection.categories and part.category not in selection.categories:
        return False
    named = bool(selection.ids or selection.categories or area is not None)
    return named and (area is None or bool(area.intersects(part.geometry)))


def _check_selection(found: Candidates, project: Project, selection: CandidateSelection) -> None:
    faults = [
        Fault("There is no candidate {id}", params={"id": wanted})
        for wanted in _absent(selection.ids, {part.part_id for part in (*found.parts, *found.drawn)})
    ]
    categories = {part.category for part in found.parts}
    faults += [
        Fault(
            ("No candidate has the category {category}; the categories are: {known}"),
            params={"category": wanted, "known": ", ".join(sorted(categories))},
        )
        for wanted in _absent(selection.categories, categories)
    ]
    if faults:
        raise InputError(*faults)


def _absent(wanted: Sequence[str], known: Collection[str]) -> list[str]:
    return [name for name in wanted if name not in known]


def _area(project: Project, kinds: ProtectedKinds, name: str) -> BaseGeometry:
    areas = areas_by_name(project, kinds)
    if name not in areas:
        raise InputError(no_area(name))
    return areas[name]


def confirm(
    services: Services,
    project: Project,
    selection: CandidateSelection,
    *,
    purpose: str,
    reason: str,
    milder: str,
    by: str,
    date: str = "",
) -> tuple[Project, tuple[Part, ...]]:
    """Return the project with the selected candidates confirmed, and those parts.

    Raises InputError when a field is empty, nothing is selected or the mandate states no such purpose, GuardError with
    every reason when a part lies on protected ground or the confirmed parts would cover a neighbourhood, and GateError with
    all that is missing outside the gate; then nothing is confirmed.
    """
    _require(purpose=purpose, reason=reason, milder=milder, by=by)
    require_day(date, services.today())
    found = candidates(services, project)
    parts = select_candidates(found, project, selection)
    _require_alike(parts)
    chosen = {part.part_id for part in parts}
    earlier = {old.part_id for old in project.confirmations} - chosen
    # What would be demand: the parts confirmed before, and the new ones last.
    together = (*(part for part in (*found.parts, *found.drawn_apart) if part.part_id in earlier), *parts)
    refuse_closed(found.context, together)
    _refuse_guarded(found, together, parts)
    _require_purpose_of_mandate(project, purpose)
    fresh = tuple(Confirmation(p.part_id, purpose, reason, milder, by, date or services.today()) for p in parts)
    kept = tuple(old for old in project.confirmations if old.part_id not in chosen)
    changed = with_decided_things(services, replace(project, confirmations=(*kept, *fresh)), found.parts)
    event = PartsConfirmed(tuple(sorted(chosen)), purpose, reason, milder, date or services.today())
    return note(numbered_after(project, changed), services, event, by), parts


def _require_alike(parts: Sequence[Part]) -> None:
    """One reason may stand for places that are alike: of one category and kind, asking for the same; else each needs its own."""
    kinds = {part.alike for part in parts}
    if len(kinds) > 1:
        named = "; ".join(sorted({f"{category} ({kind}, {density:g} px/m)" for category, kind, density, *_ in kinds}))
        raise InputError(Fault(UNLIKE, params={"kinds": named}))


def _require_purpose_of_mandate(project: Project, purpose: str) -> None:
    """Nothing is demand for a purpose that the mandate does not state."""
    purposes = project.mandate.purposes if project.mandate else ()
    if purpose.strip() not in {each.strip() for each in purposes}:
        params = {"purpose": purpose, "known": "; ".join(purposes)}
        raise InputError(Fault("{purpose} is not a purpose of the mandate; its purposes are: {known}", params=params))


def _refuse_guarded(found: Candidates, together: tuple[Part, ...], parts: tuple[Part, ...]) -> None:
    """Judge the new parts together with those confirmed before: many small ones may add up."""
    chosen = {part.part_id for part in parts}
    refused = found.guard(together).refused
    faults = [
        Fault(template, Where(item=part.part_id), {"part": part.part_id, **params})
        for part, template, params in refused
        if part.part_id in chosen
    ]
    if faults:
        raise GuardError(*faults)


def _require(**fields: str) -> None:
    faults = [
        Fault("A confirmation needs {field}; the draft for the council states it", params={"field": name})
        for name, value in fields.items()
        if not is_answer(value)
    ]
    if faults:
        raise InputError(*faults)


def excuse(services: Services, project: Project, part_id: str, *, reason: str, by: str, date: str = "") -> Project:
    """Return the project with one confirmed part excused; a finding about a protected place cannot be excused."""
    if part_id not in {old.part_id for old in project.confirmations}:
        raise InputError(Fault("Only a confirmed part can be excused; {id} is not confirmed", params={"id": part_id}))
    _require(reason=reason, by=by)
    require_day(date, services.today())
    kept = tuple(old for old in project.excuses if old.part_id != part_id)
    thing = next(old.thing for old in project.confirmations if old.part_id == part_id)
    fresh = Excuse(part_id, reason, by, date or services.today(), thing)
    changed = with_decided_things(services, replace(project, excuses=(*kept, fresh)))
    return note(changed, services, PartExcused(part_id, reason, date or services.today()), by)


# The candidates as a person decides about them: each with what was decided, or why it may not be demand.

COARSE = marked("A rule pack of this project asks for coarse positions, so no pictures of places are made")
DRAWN_LAYERS = ("buildings", "roads", "floor_walls")
EVERY = CandidateSelection()
NO_TERMS: Mapping[str, Mapping[str, str]] = {}
EXCUSED, CONFIRMED, OPEN = marked("excused"), marked("confirmed"), marked("not requested")


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """One candidate: ``state`` is excused, confirmed, asked, refused or open; ``text`` and ``params`` say it in words."""

    part: Part
    state: str
    text: str
    params: Mapping[str, object]
    street: str = ""  # the nearest with a name
    lonlat: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """All candidates, and what the packs call their categories, by ``category:NAME``; ``undecided`` are without decisions."""

    rows: tuple[Listed, ...]
    undecided: tuple[Listed, ...]
    terms: Mapping[str, Mapping[str, str]]


def list_candidates(services: Services, project: Project) -> Listing:
    """Return each candidate with its state; the guard judges each by itself.

    GateError with all that is missing outside the gate: a list of what a city could be asked for is a plan.
    """
    return _listing(_behind_the_gate(services, project), project)


def _behind_the_gate(services: Services, project: Project) -> Candidates:
    """Return the candidates in the plan area, once the gate is open to it: as the mandate states it, or of all candidates.

    Before anything is confirmed nothing lies in the plan yet; without an area in the mandate all candidates are what it is about.
    """
    found = candidates(services, project)
    asked = {each.part_id for each in project.confirmations}
    confirmed = tuple(part for part in (*found.parts, *found.drawn_apart) if part.part_id in asked)
    area = plan_area(project.mandate, confirmed, (), found.context.crs)
    refuse_closed(found.context, confirmed if area is not None else found.parts)
    if area is None or project.mandate is None or not project.mandate.plan_area_wkt:
        return found
    inside = shapely.intersects(area, np.array([*(part.geometry for part in found.parts), None], object)[:-1])
    return replace(found, parts=tuple(part for part, is_in in zip(found.parts, inside.tolist(), strict=True) if is_in))


def _listing(found: Candidates, project: Project) -> Listing:
    alone = guard_alone(found.context, found.parts)
    refused = {part.part_id: (template, params) for part, template, params in alone.refused}

    at = NearestStreet(project.layers.get("roads"), found.context.crs)

    def undecided(part: Part) -> Listed:
        row = _undecided(part)
        return replace(row, street=at.street(part.geometry), lonlat=at.lonlat(part.geometry))

    def _undecided(part: Part) -> Listed:
        if part.question:
            return Listed(part, "asked", part.question, {})
        if part.part_id in refused:
            template, params = refused[part.part_id]
            return Listed(part, "refused", template, {"part": part.part_id, **params})
        return Listed(part, "open", OPEN, {})

    rows = tuple(undecided(part) for part in found.parts)
    return with_decisions(Listing(rows, rows, terms_of(found.context.reference_data.packs)), project)


def place_sheet(services: Services, project: Project, selection: CandidateSelection = EVERY) -> PlaceSheet:
    """Return what pictures of candidates show, of those selected or of all; the same whatever is protected there.

    What the guard refuses is reported as not requested: a reason beside a picture would lead to a place. GateError outside the
    gate; InputError where a pack asks for coarse positions, and for a selection of nothing.
    """
    if asks_for_coarse(services, project):
        raise InputError(Fault(COARSE))
    found = _behind_the_gate(services, project)
    listing = _listing(found, project)
    chosen = None if selection == EVERY else {part.part_id for part in select_candidates(found, project, selection)}
    rows = tuple(_pictured(row) for row in listing.rows if chosen is None or row.part.part_id in chosen)
    return sheet_of(services, project, rows, listing.terms)


def sheet_of(
    services: Services, project: Project, rows: tuple[PictureRow, ...] = (), terms: Mapping[str, Mapping[str, str]] = NO_TERMS
) -> PlaceSheet:
    """Return rows with the town that is drawn round them."""
    layers = {name: project.layers[name] for name in DRAWN_LAYERS if name in project.layers}
    closed = project.closed_count if project.is_closed else None
    inputs, data = disclosed_inputs(project), services.content.load_data_state()
    return PlaceSheet(project.name, layers, rows, terms, inputs, project.synthetic, closed, data)


def _pictured(row: Listed) -> PictureRow:
    part, state = row.part, OPEN if row.state == "refused" else row.text
    at = (row.street, row.lonlat, part.required.density_px_m)
    return PictureRow(part.part_id, part.category, part.name, *at, state, part.geometry)


def with_decisions(listing: Listing, project: Project) -> Listing:
    """Return the list with what the project holds decided now, without finding the candidates again."""
    excused = excused_parts(project)
    purposes = project.mandate.purposes if project.mandate else ()
    confirmed = {each.part_id for each in project.confirmations if each.is_grounded and each.serves(purposes)}

    def decided(row: Listed) -> Listed:
        if row.part.part_id in excused:
            return replace(row, state="excused", text=EXCUSED, params={})
        return replace(row, state="confirmed", text=CONFIRMED, params={}) if row.part.part_id in confirmed else row

    return replace(listing, rows=tuple(decided(row) for row in listing.undecided))
