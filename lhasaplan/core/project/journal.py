"""What happened to a project, as typed events: each says what changed, and the journal when it was and who did it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from lhasaplan.core.base.plain_values import from_plain, to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes import proposal
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.project.decisions import Declaration, Mandate
from lhasaplan.core.project.plan_step import NumberBlock
from lhasaplan.errors import Fault, InputError, Where


@dataclass(frozen=True, slots=True)
class ProjectMade:
    """A project was begun under rule packs."""

    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileImported:
    """A file was taken in, or taken in again: its name (no folder), digest, and what it brought by layer."""

    file: str
    kind: str = ""
    sha256: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedFileImported:
    """A file that brought drawn protected places alone was taken in; its name may name the place."""


@dataclass(frozen=True, slots=True)
class ProtectionLost:
    """A step took features of protected kinds out, and buildings of unknown use; it names no file and no place.

    ``key`` is that of the loss in the state (:class:`lhasaplan.core.project.project.Loss`).
    """

    known: int
    unknown: int = 0
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class MandateStated:
    """The mandate was stated, by a file or, where that is empty, by hand; what it said is kept, but of projects of before."""

    file: str
    mandate: Mandate | None = None


@dataclass(frozen=True, slots=True)
class PartsConfirmed:
    """A person made candidates demand, all with the same grounds; ``date`` is the day of the decision."""

    part_ids: tuple[str, ...]
    purpose: str = ""
    reason: str = ""
    milder_means: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class PartExcused:
    """A person excused a confirmed part."""

    part_id: str
    reason: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """One fact that was declared of several things, for one reason."""

    fact: str
    subjects: tuple[str, ...]
    reason: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class FactsDeclared:
    """A person declared facts; ``source`` names the table, or the area whose buildings were meant, empty of single things."""

    facts: tuple[DeclaredFact, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class SuspendedEnded:
    """A person made a suspended decision anew, about the thing ``to``, or dropped it, where that is empty.

    ``decision`` is confirmation, excuse or declaration, ``fact`` that of a declaration.
    """

    decision: str
    subject: str
    fact: str = ""
    to: str = ""
    reason: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class PlacesClosed:
    """Drawn protected places were closed with a new passphrase."""

    count: int


@dataclass(frozen=True, slots=True)
class PlacesTakenOut:
    """A person took drawn protected places out."""

    count: int


@dataclass(frozen=True, slots=True)
class CamerasChanged:
    """Cameras were changed, as the proposal says that was carried out."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class PlanDrafted:
    """Changes were put into the plan, as the proposal says; what stands was left as it is."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class StepsTaken:
    """Steps of the plan have come so far: decided, ordered, done, or are dropped where no stage is given."""

    camera_ids: tuple[str, ...]
    stage: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class DraftsExported:
    """Drafts left the project; ``is_private`` where they hold what no other output tells.

    ``level`` is whom they were written for, empty of what has no levels; ``files`` their digests (SHA-256) by name.
    """

    formats: tuple[str, ...]
    is_private: bool = False
    level: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumbersHandedOut:
    """Numbers were handed to a district, which alone gives them from then on."""

    area: str
    blocks: tuple[NumberBlock, ...]


@dataclass(frozen=True, slots=True)
class DistrictMade:
    """The project was made as that of a district, from a city's: which plan of it, of which day, with its digest (SHA-256).

    ``plan`` is the name of a version that the city keeps, empty of the plan as it was on the day of the event.
    """

    city: str
    area: str
    plan: str = ""
    plan_date: str = ""
    plan_sha256: str = ""


@dataclass(frozen=True, slots=True)
class DistrictsMerged:
    """Districts were taken back into the city's project; ``taken`` counts what was taken from each."""

    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProjectsMerged:
    """What another project made of the same beginning was taken in; ``taken`` counts its rows by kind."""

    other: str
    taken: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProjectOpened:
    """The project was opened; ``sha256`` is that of its file as it was then, empty of a project in a database.

    ``by`` is the verb of the command line, or ``python`` for a program; empty for a window. ``has_places`` says that places that
    lay closed were opened by their passphrase.
    """

    sha256: str = ""
    is_read_only: bool = False
    by: str = ""
    has_places: bool = False


@dataclass(frozen=True, slots=True)
class EarlierNote:
    """A line of the journal of a program of before, whose sentence is none that it is known to have written."""

    text: str


Event: TypeAlias = (
    ProjectMade
    | FileImported
    | ClosedFileImported
    | ProtectionLost
    | MandateStated
    | PartsConfirmed
    | PartExcused
    | FactsDeclared
    | SuspendedEnded
    | PlacesClosed
    | PlacesTakenOut
    | CamerasChanged
    | PlanDrafted
    | StepsTaken
    | DraftsExported
    | NumbersHandedOut
    | DistrictMade
    | DistrictsMerged
    | ProjectsMerged
    | ProjectOpened
    | EarlierNote
)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One event, when it was (given, never read from a clock) and who did it."""

    event: Event
    when: str
    who: str = ""


def declared_by(declarations: Sequence[Declaration]) -> Iterator[tuple[str, tuple[DeclaredFact, ...]]]:
    """Yield who declared what, each person once: what is alike but for the thing is one fact of several things.

    >>> list(declared_by([Declaration(way, "dwelling", "A", "2026-01-02") for way in ("way/1", "way/2")]))
    [('A', (DeclaredFact(fact='dwelling', subjects=('way/1', 'way/2'), reason='', date='2026-01-02'),))]
    """

    def alike(one: Declaration) -> tuple[str, str, str, str]:
        return one.by, one.fact, one.reason, one.date

    facts: dict[str, list[DeclaredFact]] = {}
    for (by, fact, reason, date), some in groupby(sorted(declarations, key=alike), alike):
        facts.setdefault(by, []).append(DeclaredFact(fact, tuple(each.subject for each in some), reason, date))
    yield from ((by, tuple(each)) for by, each in facts.items())


# Events of the journal in terms of JSON and back; what is kept once must be read for ever, so each form has a version.

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
UNKNOWN = marked(
    "the journal has an event {event} in form {version}; this version of the program does not know it. Use a newer one"
)
BROKEN = marked("{value} is not a value here")


def name_of(event: Event) -> str:
    """Return what an event is called where it is kept."""
    return _NAMES[type(event)]


def event_to_json(event: Event) -> dict[str, object]:
    """Return what an event says as an object of JSON; numbers keep every digit."""
    if isinstance(event, CamerasChanged | PlanDrafted):
        return {"proposal": proposal.to_json(event.proposal)}
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


def _proposal(raw: object, where: Where) -> proposal.Proposal:
    try:
        return proposal.from_json(raw)
    except InputError as error:
        reported = [Fault(each.template, where, each.params) for each in error.faults]
        raise InputError(*reported) from error
