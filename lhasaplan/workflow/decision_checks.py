"""Refuse a decision that nobody would ever act on: no day, or a fact about something that is not there."""

import re

from lhasaplan.core.base.dates import iso_date
from lhasaplan.core.gate.plan_area import NO_BUILDINGS
from lhasaplan.core.project.project import Project
from lhasaplan.core.recognition.likely_dwellings import DWELLING, NOT_DWELLING
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Rooms
from lhasaplan.workflow.answers import candidates

_CELL = re.compile(r"cell:-?\d+:-?\d+")


def require_day(date: str, today: str) -> None:
    """Raise InputError for a date that is given and is no day, or one that is still to come: nobody has decided then."""
    day, now = iso_date(date.strip()), iso_date(today)
    if date and day is None:
        raise InputError(Fault("{date} is no day; write it as 2026-05-31", params={"date": date}))
    if day is not None and now is not None and day > now:
        raise InputError(Fault("{date} is still to come; a decision has the day on which it was made", params={"date": date}))


def require_subject(rooms: Rooms, project: Project, subject: str, fact: str) -> None:
    """Raise InputError where a fact cannot be told of a subject: it would be recorded and change nothing.

    ``dwelling`` and ``not_dwelling`` are told of a building, ``no_buildings`` of a cell, anything else of a part.
    """
    if fact in (DWELLING, NOT_DWELLING):
        layer = project.layers.get("buildings")
        is_there, text = layer is not None and subject in set(layer.ids), "There is no building {id}"
    elif fact == NO_BUILDINGS:
        is_there, text = bool(_CELL.fullmatch(subject)), "{id} is no cell; the gate names them, as cell:770:13340"
    else:
        is_there = subject in _part_ids(rooms, project)
        text = "There is no part {id}; of a building declare dwelling or not_dwelling, of a cell no_buildings"
    if not is_there:
        raise InputError(Fault(text, params={"id": subject}))


def _part_ids(rooms: Rooms, project: Project) -> set[str]:
    known = {each.part_id for each in project.confirmations}
    if not project.crs:
        return known
    found = candidates(rooms, project)
    return known | {part.part_id for part in (*found.parts, *found.drawn)}
