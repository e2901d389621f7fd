"""Refuse a decision that nobody would ever act on: no day, or a fact about something that is not there."""

import re
from collections.abc import Sequence

from lhasaplan.core.base.dates import iso_date
from lhasaplan.core.base.wording import marked
from lhasaplan.core.gate.plan_area import IN_COUNTRY, NO_BUILDINGS
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.decisions import DWELLING, NOT_AS_NAMED, NOT_DWELLING
from lhasaplan.core.project.project import Project
from lhasaplan.core.recognition.protected_names import is_named
from lhasaplan.core.recognition.unknown_use import is_of_known_use
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import DeclaredRow, Services
from lhasaplan.workflow.answers import candidates

NOT_NAMED = marked(
    "{id} is no building whose use the map knows and whose name calls it something protected; "
    "not_as_named clears such a name alone"
)
_OF_NO_PART = (DWELLING, NOT_DWELLING, NOT_AS_NAMED, NO_BUILDINGS, IN_COUNTRY)
NO_BORDER = marked("{id} names no country at a border; the gate names them, as border:250")
_BORDER = re.compile(r"border:(?:\d{3}|name:.+)")
_CELL = re.compile(r"cell:-?\d+:-?\d+")


def require_day(date: str, today: str) -> None:
    """Raise InputError for a date that is given and is no day, or one that is still to come: nobody has decided then."""
    faults = day_fault(date, today)
    if faults:
        raise InputError(*faults)


def day_fault(date: str, today: str) -> list[Fault]:
    """Return what is wrong with a date that is given, if anything."""
    day, now = iso_date(date.strip()), iso_date(today)
    if date and day is None:
        return [Fault("{date} is no day; write it as 2026-05-31", params={"date": date})]
    if day is not None and now is not None and day > now:
        return [Fault("{date} is still to come; a decision has the day on which it was made", params={"date": date})]
    return []


def subject_faults(services: Services, project: Project, rows: Sequence[DeclaredRow]) -> list[Fault]:
    """Return a fault for each row whose fact cannot be told of its subject: it would be recorded and change nothing.

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
            is_there, text = bool(_CELL.fullmatch(subject)), "{id} is no cell; the gate names them, as cell:770:13340"
        elif fact == IN_COUNTRY:
            is_there, text = bool(_BORDER.fullmatch(subject)), NO_BORDER
        else:
            is_there = subject in parts
            text = "There is no part {id}; of a building declare dwelling or not_dwelling, of a cell no_buildings"
        if not is_there:
            faults.append(Fault(text, row.where, {"id": subject}))
    return faults


def _called_else(services: Services, buildings: Layer | None) -> frozenset[str]:
    """Return the buildings whose use the map knows and whose name calls them something protected."""
    kinds = services.load_protected_kinds()
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
