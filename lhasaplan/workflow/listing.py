"""The candidates as a person decides about them: each with what was decided, or why it may not be demand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lhasaplan.core.base.wording import marked
from lhasaplan.core.city.nearest_street import NearestStreet
from lhasaplan.core.coverage.requested_parts import excused_parts, guard_alone
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.rules.pack_terms import terms_of
from lhasaplan.ports import Rooms
from lhasaplan.workflow.answers import candidates

EXCUSED, CONFIRMED, OPEN = marked("excused"), marked("confirmed"), marked("not requested")


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """One candidate: ``state`` is excused, confirmed, asked, refused or open; ``text`` and ``params`` say it in words."""

    part: Part
    state: str
    text: str
    params: Mapping[str, Any]
    street: str = ""  # the nearest with a name
    lonlat: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """All candidates, and what the packs call their categories, by ``category:NAME``; ``undecided`` are without decisions."""

    rows: tuple[Listed, ...]
    undecided: tuple[Listed, ...]
    terms: Mapping[str, Mapping[str, str]]


def list_candidates(rooms: Rooms, project: Project) -> Listing:
    """Return each candidate with its state; the guard judges each by itself, since nobody asked for all of them together."""
    found = candidates(rooms, project)
    alone = guard_alone(found.setting, found.parts)
    refused = {part.part_id: (template, params) for part, template, params in alone.refused}

    at = NearestStreet(project.layers.get("roads"), found.setting.crs)

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
    return with_decisions(Listing(rows, rows, terms_of(found.setting.knowledge.packs)), project)


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
