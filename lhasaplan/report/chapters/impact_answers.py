"""Say field by field what the project answers of an impact assessment, and whether the office has to say the rest."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely

from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import named_streets
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Matter
from lhasaplan.core.rules.forms import AskedField, ImpactField
from lhasaplan.report.chapters.draft_facts import OFFICER, DraftFacts
from lhasaplan.report.facts.basis import MASKS, OWNERS, PURPOSES, data_dates, withholds
from lhasaplan.report.facts.short_answer import answer_text
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import is_all_of, number_text, short_number
from lhasaplan.report.text.style import rights_of
from lhasaplan.report.text.words import NOT_TOLD, in_language, running_text

MOST_NAMED = 6  # controllers, purposes, kinds: the rest are counted
HOMES = ("home", "dwelling_likely")
# What cities add to the record of a camera, by its column (lhasaplan/report/formats/register.py).
STATED = {
    "live_or_recorded": marked("Watched live or recorded"),
    "hours": marked("Hours"),
    "sound": marked("Sound"),
    "analysis": marked("Analysis by programs"),
    "recipients": marked("Recipients"),
    "contact": marked("Where to write to"),
}


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """What the project says to a field; where that is not all, the office is asked."""

    text: str = ""
    is_whole: bool = False


def answer(field: AskedField, facts: DraftFacts) -> FieldAnswer:
    """Return what the project says to a field, behind what holds whatever it says."""
    found = ANSWERS[field.key](facts) if isinstance(field.key, ImpactField) and field.key in ANSWERS else FieldAnswer()
    says = in_language(field.says, facts.translations) if field.says else ""
    return FieldAnswer(running_text([says, found.text]), found.is_whole or field.asks is None)


def _overview(facts: DraftFacts) -> FieldAnswer:
    sentences = [
        answer_text(facts.present.assessment, facts.translations),
        *streets(facts),
        _homes(facts),
        *_stated(facts, "hours"),
    ]
    return FieldAnswer(running_text(sentences), is_whole=True)


def _responsible(facts: DraftFacts) -> FieldAnswer:
    translations, mandate = facts.translations, facts.mandate
    sentences, owners = [], Counter(each.placed.camera.owner.strip() for each in facts.standing)
    if mandate.controller:
        sentences.append(translations(marked("Controller by the mandate: {name}."), name=mandate.controller))
    if withholds(facts.assessment, Matter.CONTROLLERS):
        sentences.append(translations(OWNERS))
    elif owners.total() > owners[""]:
        sentences.append(translations(marked("Controllers on record: {names}."), names=_counted(owners, facts)))
    if mandate.impact_assessment_officer:
        text = marked("Data-protection officer: {name}")
        sentences.append(f"{translations(text, name=facts.stated(OFFICER))}.")
    return FieldAnswer(running_text(sentences), is_whole=bool(mandate.controller) and not owners[""])


def _standards(facts: DraftFacts) -> FieldAnswer:
    terms, packs = facts.assessment.terms, facts.assessment.packs
    names = words.series((words.term(terms, f"pack:{pack.name}", facts.translations) for pack in packs), facts.translations)
    return FieldAnswer(facts.translations(marked("Rule packs: {names}."), names=names), is_whole=True)


def _data(facts: DraftFacts) -> FieldAnswer:
    text = facts.translations(marked("Pictures of everybody who passes, and of the walls, doors and ground in view."))
    stated = _whole_where_stated(facts, "sound", "analysis")
    return FieldAnswer(running_text([text, stated.text]), stated.is_whole)


def _flow(facts: DraftFacts) -> FieldAnswer:
    kept, stated = _kept_range(facts), _whole_where_stated(facts, "live_or_recorded", "hours")
    return FieldAnswer(running_text([stated.text, *kept]), stated.is_whole and bool(kept))


def _equipment(facts: DraftFacts) -> FieldAnswer:
    if withholds(facts.assessment, Matter.RECORD):
        return FieldAnswer(facts.translations(NOT_TOLD))
    kinds = Counter(words.word(words.KINDS, each.placed.camera.kind, facts.translations) for each in facts.standing)
    return FieldAnswer(facts.translations(marked("Cameras by kind: {kinds}."), kinds=_counted(kinds, facts)))


def _purposes(facts: DraftFacts) -> FieldAnswer:
    translations, mandate = facts.translations, facts.mandate
    sentences, stated = [], Counter(each.placed.camera.purpose.strip() for each in facts.standing)
    if mandate.purposes:
        names = translations("; ").join(mandate.purposes)
        sentences.append(translations(marked("Purposes by the mandate: {names}."), names=names))
    if withholds(facts.assessment, Matter.RECORD):
        sentences.append(translations(PURPOSES))
    elif stated.total() > stated[""]:
        sentences.append(translations(marked("Purposes on record: {names}."), names=_counted(stated, facts)))
    return FieldAnswer(running_text(sentences), is_whole=bool(mandate.purposes) and not stated[""])


def _minimised(facts: DraftFacts) -> FieldAnswer:
    masked = sum(bool(each.placed.camera.mask_px or each.placed.camera.mask_sector_deg) for each in facts.standing)
    text = facts.translations(marked("Cameras with a mask on record: {count} of {cameras}."), count=masked, cameras=_count(facts))
    masks = facts.translations(MASKS) if withholds(facts.assessment, Matter.MASKS) else text
    return FieldAnswer(running_text([unasked_text(facts), masks]), is_whole=True)


def _accuracy(facts: DraftFacts) -> FieldAnswer:
    dates = data_dates(facts.assessment, facts.translations)
    text = facts.translations(marked("The data are of {dates}."), dates=dates) if dates else ""
    return FieldAnswer(running_text([assumed_text(facts), text]), is_whole=True)


def _retention(facts: DraftFacts) -> FieldAnswer:
    days = facts.mandate.retention_days
    text = marked("The mandate allows {days} days at most.")
    allowed = "" if days is None else facts.translations(text, days=short_number(days, facts.translations))
    unknown = any(each.placed.camera.retention_days is None for each in facts.standing)
    return FieldAnswer(running_text([allowed, *_kept_range(facts)]), is_whole=days is not None and not unknown)


def _information(facts: DraftFacts) -> FieldAnswer:
    translations, register = facts.translations, facts.mandate.public_register
    if withholds(facts.assessment, Matter.RECORD):
        return FieldAnswer(translations(NOT_TOLD))
    signs = sum(bool(each.placed.camera.sign.strip()) for each in facts.standing)
    text = translations(marked("Cameras with a sign on record: {count} of {cameras}."), count=signs, cameras=_count(facts))
    where = translations(marked("The public register lists every camera: {where}."), where=register) if register else ""
    return FieldAnswer(running_text([text, where]), is_whole=signs == _count(facts) and bool(register))


def _access(facts: DraftFacts) -> FieldAnswer:
    translations, days = facts.translations, facts.mandate.retention_days
    law = rights_of((pack.name for pack in facts.assessment.packs), translations.language)
    rests = marked("Access rests on {access}, the answer within a month on {month}.")
    hurry = marked("A request has to come within {days} days, before the recording is deleted.")
    sentences = [
        translations(rests, access=law["access"], month=law["month"]) if law else "",
        "" if days is None else translations(hurry, days=short_number(days, translations)),
    ]
    contact = _whole_where_stated(facts, "contact")
    return FieldAnswer(running_text([*sentences, contact.text]), contact.is_whole)


def _erasure(facts: DraftFacts) -> FieldAnswer:
    where = facts.mandate.complaint_route
    return FieldAnswer(facts.translations(marked("Complaints go to: {where}."), where=where) if where else "", is_whole=True)


ANSWERS: Mapping[ImpactField, Callable[[DraftFacts], FieldAnswer]] = {
    ImpactField.OVERVIEW: _overview,
    ImpactField.RESPONSIBLE: _responsible,
    ImpactField.STANDARDS: _standards,
    ImpactField.DATA: _data,
    ImpactField.FLOW: _flow,
    ImpactField.EQUIPMENT: _equipment,
    ImpactField.PURPOSES: _purposes,
    ImpactField.LEGAL_BASIS: lambda facts: FieldAnswer(facts.mandate.legal_basis, is_whole=bool(facts.mandate.legal_basis)),
    ImpactField.MINIMISED: _minimised,
    ImpactField.ACCURACY: _accuracy,
    ImpactField.RETENTION: _retention,
    ImpactField.INFORMATION: _information,
    ImpactField.ACCESS: _access,
    ImpactField.ERASURE: _erasure,
    ImpactField.TRANSFERS: lambda facts: FieldAnswer(running_text(_stated(facts, "recipients"))),
}


def streets(facts: DraftFacts) -> list[str]:
    """Return how many streets that have a name are in view, for certain and at most; nothing where no street is mapped."""
    roads = facts.project.layers.get("roads")
    named = [(line, name) for line, name in named_streets(roads)] if roads is not None else []
    if not named:
        return []
    tree = shapely.STRtree([line for line, _ in named])

    def shown(results: list[CameraResult], *, only_certain: bool) -> int:
        fields = [f for r in results for f in ((r.certain,) if only_certain else (r.certain, *r.possible)) if f is not None]
        _, found = tree.query([each.geometry for each in fields], predicate="intersects") if fields else ((), ())
        return len({named[number][1] for number in found})

    cameras = list(facts.standing)
    certain, most = shown(cameras, only_certain=True), shown(cameras, only_certain=False)
    text = marked("Named streets in view: {certain} of {all} for certain, at most {most}.")
    return [facts.translations(text, certain=certain, most=most, all=len({name for _, name in named}))]


def _homes(facts: DraftFacts) -> str:
    views = [one for each in facts.standing for one in each.sightings if one.cls in HOMES]
    certain = _places([one for one in views if one.is_recorded])
    text = marked("Homes in view, counted for each camera: {certain} for certain, at most {most}.")
    return facts.translations(text, certain=certain, most=certain + _places([one for one in views if not one.is_recorded]))


def _places(views: list[Sighting]) -> int:
    return sum(one.places for one in views)


def unasked_text(facts: DraftFacts) -> str:
    """Return the ground in view that nobody asks for beside all that is in view."""
    seen, unasked = (sum(getattr(each, name) for each in facts.standing) for name in ("area_m2", "unasked_m2"))
    text = marked("Added up camera by camera, {seen} m² of ground are in view; nobody asks for {unasked} m² of it.")
    written = {"unasked": number_text(unasked, facts.translations), "seen": number_text(seen, facts.translations)}
    if is_all_of(unasked, seen):
        text = marked("Added up camera by camera, {seen} m² of ground are in view; nobody asks for any of it.")
    return facts.translations(text, **written)


def assumed_text(facts: DraftFacts) -> str:
    """Return how many cameras have no direction or lens on record."""
    unsure = sum(not each.placed.certain for each in facts.standing)
    text = marked("Cameras whose direction or lens is not on record: {count} of {cameras}.")
    return facts.translations(text, count=unsure, cameras=_count(facts))


def _kept_range(facts: DraftFacts) -> list[str]:
    """Return the fewest and the most days of retention on record."""
    if withholds(facts.assessment, Matter.RECORD):
        return []
    days = [each.placed.camera.retention_days for each in facts.standing if each.placed.camera.retention_days is not None]
    if not days:
        return []
    low, high = (short_number(end, facts.translations) for end in (min(days), max(days)))
    text = marked("The records of {count} of {cameras} cameras say that recordings are deleted after {low} to {high} days.")
    one = marked("The records of {count} of {cameras} cameras say that recordings are deleted after {low} days.")
    return [facts.translations(one if low == high else text, low=low, high=high, count=len(days), cameras=_count(facts))]


def _whole_where_stated(facts: DraftFacts, *names: str) -> FieldAnswer:
    """Return what records state under these columns; the answer is whole where every camera states all of them."""
    stated = _stated(facts, *names)
    is_whole = all(each.placed.camera.extra.get(name, "").strip() for each in facts.standing for name in names)
    return FieldAnswer(running_text(stated), bool(stated) and is_whole)


def _stated(facts: DraftFacts, *names: str) -> list[str]:
    """Return under each of these columns what is on record, with how many cameras say so; nothing where none does."""
    if withholds(facts.assessment, Matter.RECORD):
        return [facts.translations(NOT_TOLD)]
    found = {name: Counter(each.placed.camera.extra.get(name, "").strip() for each in facts.standing) for name in names}
    text = marked("{what}: {values}.")
    return [
        facts.translations(text, what=facts.translations(STATED[name]), values=_counted(values, facts))
        for name, values in found.items()
        if values.total() > values[""]
    ]


def _counted(values: Counter[str], facts: DraftFacts) -> str:
    """Return values with how many cameras have each, the most frequent first; what is not on record comes last."""
    named = sorted(((name, count) for name, count in values.items() if name), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in named[MOST_NAMED:])
    texts = [f"{name} ({count})" for name, count in named[:MOST_NAMED]]
    texts += [facts.translations(marked("others ({count})"), count=rest)] if rest else []
    texts += [facts.translations(marked("not on record ({count})"), count=values[""])] if values[""] else []
    return words.series(texts, facts.translations)


def _count(facts: DraftFacts) -> int:
    return len(facts.standing)
