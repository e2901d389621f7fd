"""The register of decisions in words: what each is, what it says, and of those that are suspended why, and what to do."""

from collections.abc import Iterable, Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.decisions import OF_BUILDINGS
from lhasaplan.core.protection.decided_things import GONE, OTHER
from lhasaplan.core.records.minutes import CAMERA
from lhasaplan.core.records.register_rows import Decided, Decides

ANSWERS = {"approved": marked("approved"), "changed": marked("approved with changes"), "refused": marked("refused")}
KINDS: Mapping[Decides, str] = {
    Decides.CONFIRMATION: marked("part confirmed"),
    Decides.EXCUSE: marked("part excused"),
    Decides.DECLARATION: marked("fact declared"),
    Decides.QUESTION: marked("question of a meeting"),
    Decides.CAMERA: marked("camera decided"),
    Decides.SCHEDULE: marked("price and year"),
    Decides.APPROVAL: marked("camera approved"),
    Decides.WITHDRAWAL: marked("approval withdrawn"),
}
WHY: Mapping[str, str] = {
    GONE: marked("its subject is missing"),
    OTHER: marked("its id now belongs to something else"),
}
TO_DO: Mapping[Decides, str] = {
    Decides.CONFIRMATION: marked("Confirm anew what has to be seen there"),
    Decides.EXCUSE: marked("Excuse the part anew, once it is confirmed again"),
    Decides.DECLARATION: marked("Look at the place, and declare again what is there"),
}
OR_BACK = marked("{to_do}. Or import the file that has it once more: then the decision holds again.")
HEADINGS = (
    marked("Decision"),
    marked("About"),
    marked("Answer"),
    marked("By"),
    marked("Day"),
    marked("Sheet and row"),
)
SUSPENDED_HEADINGS = (marked("No."), *HEADINGS[:5], marked("Why suspended"), marked("What to do"))


def is_of_building(each: Decided) -> bool:
    """Say whether a decision is about a building, of which no file may carry a list."""
    return each.decides is Decides.DECLARATION and each.answer in OF_BUILDINGS


def decided_rows(decided: Iterable[Decided], translations: Translations, *, is_coarse: bool = False) -> list[tuple[str, ...]]:
    """Return a row for each decision; where positions are coarse, without people and places."""
    return [(*_first(each, translations, is_coarse=is_coarse), each.sheet or "–") for each in decided]


def suspended_rows(decided: Iterable[Decided], translations: Translations, *, is_coarse: bool = False) -> list[tuple[str, ...]]:
    """Return a row for each suspended decision: the number that it is named by, why it is, and what to do."""
    return [
        (
            str(number),
            *_first(each, translations, is_coarse=is_coarse),
            translations(WHY[each.suspended]),
            translations(OR_BACK, to_do=translations(TO_DO[each.decides])),
        )
        for number, each in enumerate(decided, 1)
    ]


def _first(each: Decided, translations: Translations, *, is_coarse: bool) -> tuple[str, ...]:
    subject = each.subject.removeprefix(CAMERA)
    answer = translations(ANSWERS[each.answer]) if each.answer in ANSWERS else each.answer
    reported = (subject, answer or "–", each.by or "–") if not is_coarse else ("–", "–", "–")
    return translations(KINDS[each.decides]), *reported, each.on or "–"


def decided_json(each: Decided, *, is_coarse: bool = False) -> dict[str, str | None]:
    """Return a decision for programs; buildings are counted, not listed: of them the subject is withheld."""
    hides = is_coarse or is_of_building(each)
    return {
        "decision": str(each.decides),
        "subject": None if hides else each.subject,
        "answer": None if is_coarse and each.decides is Decides.CONFIRMATION else each.answer,  # a purpose is in free words
        "reason": None if hides else each.reason,
        "by": None if is_coarse else each.by,
        "on": each.on,
        "sheet": None if is_coarse else each.sheet,
        "suspended": each.suspended or None,
        "since": each.since or None,
        "to_do": TO_DO[each.decides] if each.suspended else None,
    }
