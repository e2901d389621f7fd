"""Events of the journal in terms of JSON and back; what is kept once must be read for ever, so each form has a version."""

from collections.abc import Mapping
from typing import Any

from lhasaplan.core.base.plain_values import from_plain, to_plain
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes import proposal_json
from lhasaplan.core.project.journal import (
    CamerasChanged,
    ClosedFileImported,
    DistrictMade,
    DistrictsMerged,
    DraftsExported,
    EarlierNote,
    Event,
    FactsDeclared,
    FileImported,
    MandateStated,
    NumbersHandedOut,
    PartExcused,
    PartsConfirmed,
    PlacesClosed,
    PlacesTakenOut,
    PlanDrafted,
    ProjectMade,
    ProjectOpened,
    ProjectsMerged,
    ProtectionLost,
    StepsTaken,
    SuspendedEnded,
)
from lhasaplan.errors import Fault, InputError, Where

VERSION = 1  # of the form of all events; a change of one form counts it up, and what was written before is read by its number
KINDS: Mapping[str, type[Event]] = {
    "project_made": ProjectMade,
    "file_imported": FileImported,
    "closed_file_imported": ClosedFileImported,
    "protection_lost": ProtectionLost,
    "mandate_stated": MandateStated,
    "parts_confirmed": PartsConfirmed,
    "part_excused": PartExcused,
    "facts_declared": FactsDeclared,
    "suspended_ended": SuspendedEnded,
    "places_closed": PlacesClosed,
    "places_taken_out": PlacesTakenOut,
    "cameras_changed": CamerasChanged,
    "plan_drafted": PlanDrafted,
    "steps_taken": StepsTaken,
    "drafts_exported": DraftsExported,
    "numbers_handed_out": NumbersHandedOut,
    "district_made": DistrictMade,
    "districts_merged": DistrictsMerged,
    "projects_merged": ProjectsMerged,
    "project_opened": ProjectOpened,
    "earlier_note": EarlierNote,
}
_NAMES = {kind: name for name, kind in KINDS.items()}
UNKNOWN = marked("the journal has an event {event} in form {version}, which this version does not know; take a newer one")
BROKEN = marked("{value} is not a value here")


def name_of(event: Event) -> str:
    """Return what an event is called where it is kept."""
    return _NAMES[type(event)]


def event_to_json(event: Event) -> dict[str, object]:
    """Return what an event says as an object of JSON; numbers keep every digit."""
    if isinstance(event, CamerasChanged | PlanDrafted):
        return {"proposal": proposal_json.to_json(event.proposal)}
    plain: dict[str, object] = to_plain(event)
    return plain


def event_from_json(name: str, version: object, raw: object, where: Where) -> Event:
    """Return the event of a name; InputError where its kind or form is not known, or what it says is no value of it."""
    kind = KINDS.get(name)
    if kind is None or version != VERSION:
        raise InputError(Fault(UNKNOWN, where, {"event": name, "version": version}))
    if not isinstance(raw, Mapping):
        raise InputError(Fault(BROKEN, where, {"value": str(raw)[:80]}))
    if kind is CamerasChanged or kind is PlanDrafted:
        return kind(_proposal(raw.get("proposal"), where))
    return _checked(kind, raw, where)


def _checked(kind: type[Event], raw: Mapping[str, object], where: Where) -> Event:
    """Return a value that is written back as it was read: a text is no list of texts, whatever Python makes of it."""
    try:
        event: Event = from_plain(kind, raw)
        is_same = _says(event_to_json(event), raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        is_same = False
    if not is_same:
        raise InputError(Fault(BROKEN, where, {"value": str(dict(raw))[:80]}))
    return event


def _says(plain: object, raw: object) -> bool:
    """Tell whether a value says all that was read, and says it in the same kinds of words; fields that came later may be more."""
    if isinstance(raw, Mapping) and isinstance(plain, Mapping):
        return all(name in plain and _says(plain[name], each) for name, each in raw.items())
    if isinstance(raw, list) and isinstance(plain, list):
        return len(raw) == len(plain) and all(map(_says, plain, raw))
    return plain == raw and isinstance(plain, bool) is isinstance(raw, bool)


def _proposal(raw: object, where: Where) -> Any:
    try:
        return proposal_json.from_json(raw)
    except InputError as error:
        told = [Fault(each.template, where, each.params) for each in error.faults]
        raise InputError(*told) from error
