"""Read the sentences that programs wrote into the journal up to schema 3, as the events that they meant.

The forms of the events are those of version 1 and stand here as they were then: a step of a migration never changes.
"""

import re
from collections.abc import Callable
from typing import Any

Told = tuple[str, dict[str, Any]]
_BY_FORM: tuple[tuple[str, Callable[[re.Match[str]], Told]], ...] = (
    (r"new project, rules (.*)", lambda m: ("project_made", {"packs": _listed(m[1])})),
    (r"import of closed places", lambda m: ("closed_file_imported", {})),
    (r"import (.+)", lambda m: ("file_imported", {"file": m[1]})),
    (r"mandate (.+)", lambda m: ("mandate_stated", {"file": m[1]})),
    (r"confirm (.+)", lambda m: ("parts_confirmed", {"part_ids": _listed(m[1])})),
    (r"excuse (.+)", lambda m: ("part_excused", {"part_id": m[1]})),
    (r"declare by (.+)", lambda m: ("facts_declared", {"facts": [], "source": m[1]})),
    (r"declare (.+): (\w+)", lambda m: ("facts_declared", {"facts": [{"fact": m[2], "subjects": _listed(m[1])}]})),
    (r"close (\d+) drawn places", lambda m: ("places_closed", {"count": int(m[1])})),
    (r"take out (\d+) drawn places", lambda m: ("places_taken_out", {"count": int(m[1])})),
    (r"protected features gone: (\d+), of unknown use: (\d+)", lambda m: _lost(int(m[1]), int(m[2]))),
    (r"protected features: (\d+) before, (\d+) since", lambda m: _lost(int(m[1]) - int(m[2]), 0)),
)


def event_of(sentence: str) -> Told:
    """Return the name of the event that a sentence told, and what it says; any other sentence is kept as it stands.

    >>> event_of("import town.osm")
    ('file_imported', {'file': 'town.osm'})
    >>> event_of("walked through the town")
    ('earlier_note', {'text': 'walked through the town'})
    """
    found = ((re.fullmatch(form, sentence, re.DOTALL), told) for form, told in _BY_FORM)
    return next((told(match) for match, told in found if match), ("earlier_note", {"text": sentence}))


def _listed(text: str) -> list[str]:
    return text.split(", ") if text else []


def _lost(known: int, unknown: int) -> Told:
    return "protection_lost", {"known": known, "unknown": unknown}
