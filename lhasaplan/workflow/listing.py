"""The candidates as a person decides about them: each with what was decided, or why it may not be demand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.demand.guard import excused_parts, guard_alone
from lhasaplan.core.gate.planning_ground import plan_area
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import disclosed_inputs
from lhasaplan.core.results.assessment import PictureRow, PlaceSheet
from lhasaplan.core.rules.audit_policy import terms_of
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import Candidates, asks_for_coarse, candidates
from lhasaplan.workflow.decisions import CandidateSelection, select_candidates
from lhasaplan.workflow.gate import refuse_closed

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
