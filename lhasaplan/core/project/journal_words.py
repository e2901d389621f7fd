"""Say the events of the journal in sentences of the reader's language; none names a protected place or a building."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import (
    AddCamera,
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TiltCamera,
    TurnCamera,
)
from lhasaplan.core.changes.proposal import Proposal
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
from lhasaplan.core.project.plan_step import Series

Sentence = tuple[str, dict[str, object]]

CHANGES: Mapping[type, str] = {
    AddCamera: marked("added"),
    RemoveCamera: marked("taken out"),
    MoveCamera: marked("moved"),
    TurnCamera: marked("turned"),
    TiltCamera: marked("tilted"),
    ChangeLens: marked("another lens"),
    ChangeRange: marked("another range"),
    ChangeMask: marked("another mask"),
    ChangeMount: marked("another mount"),
    ChangeStatus: marked("another status"),
    ChangeRecord: marked("corrected record"),
}


STAGES_TOLD: Mapping[str, str] = {
    "drafted": marked("Drafted in the plan on {on}: {cameras}"),
    "decided": marked("Decided in the plan on {on}: {cameras}"),
    "ordered": marked("Ordered in the plan on {on}: {cameras}"),
    "done": marked("Carried out in the plan on {on}: {cameras}"),
}

MANDATE_BY_FILE, MANDATE_BY_HAND = marked("Stated the mandate from {file}"), marked("Filled in the mandate in the window")


# Changes of cameras: with a reason, without one, and where cameras are counted.
CHANGED_CAMERAS = (
    marked("Changed cameras ({reason}): {changes}"),
    marked("Changed cameras: {changes}"),
    marked("Changed cameras, their number: {cameras} ({kinds})"),
)
PUT_INTO_PLAN = (
    marked("Put into the plan ({reason}): {changes}"),
    marked("Put into the plan: {changes}"),
    marked("Put into the plan, with the number of cameras: {cameras} ({kinds})"),
)


def said(event: Event, translations: Translations, *, is_coarse: bool = False) -> str:
    """Return an event as a sentence; ``is_coarse`` counts cameras: the identifier of a map feature leads to its position."""
    if isinstance(event, EarlierNote):
        return event.text
    if isinstance(event, CamerasChanged):
        return _changes(event.proposal, CHANGED_CAMERAS, translations, is_coarse=is_coarse)
    if isinstance(event, PlanDrafted):
        return _changes(event.proposal, PUT_INTO_PLAN, translations, is_coarse=is_coarse)
    if isinstance(event, StepsTaken):
        return _taken(event, translations, is_coarse=is_coarse)
    template, params = _SENTENCES[type(event)](event)
    return translations(template, **params)


def _imported(event: FileImported) -> Sentence:
    counts = ", ".join(f"{name} {count}" for name, count in event.counts.items() if count)
    if counts:
        return marked("Imported {file}: {counts}"), {"file": event.file, "counts": counts}
    return marked("Imported {file}"), {"file": event.file}


def _confirmed(event: PartsConfirmed) -> Sentence:
    parts = ", ".join(event.part_ids)
    if event.purpose:
        return marked("Confirmed for {purpose}: {parts}"), {"purpose": event.purpose, "parts": parts}
    return marked("Confirmed: {parts}"), {"parts": parts}


def _excused(event: PartExcused) -> Sentence:
    if event.reason:
        return marked("Excused {part}: {reason}"), {"part": event.part_id, "reason": event.reason}
    return marked("Excused {part}"), {"part": event.part_id}


def _declared(event: FactsDeclared) -> Sentence:
    """Return how many things each fact was declared of: a list of what is a dwelling would locate homes."""
    facts = ", ".join(f"{each.fact} ({len(each.subjects)})" for each in event.facts)
    if not event.source:
        return marked("Declared, with the number of things: {facts}"), {"facts": facts}
    if not facts:
        return marked("Declared by {source}"), {"source": event.source}
    return marked("Declared by {source}, with the number of things: {facts}"), {"source": event.source, "facts": facts}


def _ended(event: SuspendedEnded) -> Sentence:
    """Return how a suspended decision ended; what was declared of a building is reported without the building."""
    params: dict[str, object] = {"about": event.subject, "fact": event.fact, "to": event.to, "reason": event.reason}
    if event.fact:
        is_dropped = marked("Dropped a suspended declaration ({fact}): {reason}")
        return (marked("Made a suspended declaration anew ({fact}): {reason}") if event.to else is_dropped), params
    if event.to:
        return marked("Made a suspended decision about {about} anew, about {to}: {reason}"), params
    return marked("Dropped a suspended decision about {about}: {reason}"), params


def _handed_out(event: NumbersHandedOut) -> Sentence:
    reported = {str(each.series): f"{each.first}–{each.last}" for each in event.blocks}
    text = marked("Handed numbers to the district {area}: cameras {standing}, planned ones {planned}, parts {part}")
    return text, {"area": event.area, **{str(series): reported.get(series, "–") for series in Series}}


def _exported(event: DraftsExported) -> Sentence:
    formats = ", ".join(event.formats)
    if event.is_private:
        return marked("Wrote drafts with content for the office only: {formats}"), {"formats": formats}
    return marked("Wrote drafts: {formats}"), {"formats": formats}


def _merged(event: DistrictsMerged) -> Sentence:
    districts = ", ".join(f"{area} ({count})" for area, count in event.taken.items())
    return marked("Took districts back, with the number of changes taken: {districts}"), {"districts": districts}


OPENED, OPENED_TO_READ = marked("Opened in a window"), marked("Opened in a window, to be read")
OPENED_BY, OPENED_WITH_PLACES = marked("Opened by {verb}"), marked("Opened by {verb}, with the closed places")


def _opened(event: ProjectOpened) -> Sentence:
    if event.by:
        return OPENED_WITH_PLACES if event.has_places else OPENED_BY, {"verb": event.by}
    return OPENED_TO_READ if event.is_read_only else OPENED, {}


def _joined(event: ProjectsMerged) -> Sentence:
    rows = ", ".join(f"{kind} ({count})" for kind, count in event.taken.items())
    return marked("Took in what {other} made of the same project, with the number of rows: {rows}"), {
        "other": event.other,
        "rows": rows,
    }


_SENTENCES: Mapping[type, Callable[[Any], Sentence]] = {
    ProjectMade: lambda event: (marked("Made the project under the rules {packs}"), {"packs": ", ".join(event.packs)}),
    FileImported: _imported,
    ClosedFileImported: lambda event: (marked("Imported a file of closed places"), {}),
    ProtectionLost: lambda event: (
        marked("This import removed protected features: {known}, and buildings of unknown use: {unknown}"),
        {"known": event.known, "unknown": event.unknown},
    ),
    MandateStated: lambda event: (MANDATE_BY_FILE, {"file": event.file}) if event.file else (MANDATE_BY_HAND, {}),
    PartsConfirmed: _confirmed,
    PartExcused: _excused,
    FactsDeclared: _declared,
    SuspendedEnded: _ended,
    PlacesClosed: lambda event: (marked("Closed the drawn protected places, their number: {places}"), {"places": event.count}),
    DraftsExported: _exported,
    NumbersHandedOut: _handed_out,
    DistrictMade: lambda event: (
        marked("Made the project of the district {area} from {city}"),
        {"area": event.area, "city": event.city},
    ),
    DistrictsMerged: _merged,
    ProjectsMerged: _joined,
    ProjectOpened: _opened,
    PlacesTakenOut: lambda event: (marked("Took drawn protected places out, their number: {places}"), {"places": event.count}),
}


def _changes(proposal: Proposal, texts: tuple[str, str, str], translations: Translations, *, is_coarse: bool) -> str:
    """Return which cameras are changed how: of each the kinds of its changes, in their order; or how many in which ways."""
    reasoned, plain, counted = texts
    if is_coarse:
        kinds = dict.fromkeys(translations(CHANGES[type(change)]) for change in proposal.changes)
        return translations(counted, cameras=len(proposal.camera_ids), kinds=", ".join(kinds))
    each = groupby(proposal.changes, lambda change: change.camera_id)
    lines = [f"{camera}: {', '.join(translations(CHANGES[type(change)]) for change in some)}" for camera, some in each]
    return translations(reasoned if proposal.reason else plain, reason=proposal.reason, changes="; ".join(lines))


def _taken(event: StepsTaken, translations: Translations, *, is_coarse: bool) -> str:
    """Return how far steps of the plan have come."""
    cameras = str(len(event.camera_ids)) if is_coarse else ", ".join(event.camera_ids)
    if not event.stage:
        return translations(marked("Taken out of the plan: {cameras}"), cameras=cameras)
    return translations(STAGES_TOLD.get(event.stage, STAGES_TOLD["drafted"]), cameras=cameras, on=event.on or "–")
