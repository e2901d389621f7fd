"""What answers rest on, an audit or a check, and what drafts with coarse positions do not tell.

An audit asks no part: all ground in view counts as *with no purpose stated*. A check knows the confirmed parts: of the ground
in view it counts what *no confirmed part asks for*. The two figures differ, so they are never called the same.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import WITHHELD, Disclosed, Matter, Unknown, Withheld, disclosed
from lhasaplan.report.text.style import long_date
from lhasaplan.report.text.words import NOT_TOLD, series, term

# What drafts with coarse positions do not tell, said as not told: it must never read as if there were none of it.

Value = TypeVar("Value")
IN_REGISTERS = "withheld"  # in every language, as all values of a register
MASKS = marked("This version does not state the masks on record or those to be set.")
OWNERS = marked("This version does not state how many cameras each controller has.")
BODIES = marked("This version does not state which body is responsible for which parts.")
SERVING = marked("{part}: this version does not state what was computed to serve it.")
SHOWN_BY = marked("This version does not state which camera shows each of these parts, or what hides the rest.")
WHY_ASKED = marked("This version does not state for what purpose, on what evidence and by whom each part was confirmed.")
LONGER = marked("This version does not state which cameras keep recordings longer.")
ASSESSED = marked(
    "The impact assessment is dated {date}. This version does not state who made it. It has to cover this plan "
    "as drafted. A draft in chapters, with the risks to people, is a separate paper: {file}."
)
OPTIONS = marked(
    "This version compares no camera, today and the planned cameras. It does not state options that remove, move "
    "or change cameras."
)
PURPOSES = marked("This version does not state the purposes recorded for the cameras.")
KEPT = marked("Cameras beyond a limit of retention: {over}. This version does not state how long each keeps its pictures.")
TURNING = marked("This version does not state which cameras can turn or zoom.")
TOGETHER = marked(
    "Each of these cameras can be removed alone without a loss for a confirmed part. This version does not state "
    "which can be removed together."
)


def withholds(assessment: Assessment, matter: Matter) -> bool:
    """Return whether this version does not tell a matter."""
    return matter in assessment.withheld


def cell(assessment: Assessment, matter: Matter, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return how a cell of a table reads a value: as it is, or that it is withheld."""
    return (lambda _thing: WITHHELD) if withholds(assessment, matter) else read


def reported(
    value: Value | None,
    matter: Matter,
    assessment: Assessment,
    translations: Translations,
    *,
    text: Callable[[Value], str],
    unknown: str,
) -> str:
    """Return a value in words: what it is, that it is unknown, or that it is withheld."""
    found: Disclosed[Value] = disclosed(value, matter, assessment.withheld)
    if isinstance(found, Withheld):
        return translations(NOT_TOLD)
    return unknown if isinstance(found, Unknown) else text(found)


# Whether answers come from an audit (no parts) or from a check (behind the gate), and the words for each in outputs.

AUDIT, CHECK = "audit", "check"
STATED = {
    AUDIT: marked(
        "This is an audit and no plan. Nobody was asked which places have to be seen, so all ground in view "
        "counts as ground with no purpose stated. Planned cameras are left out."
    ),
    CHECK: marked(
        "Planning is open here. Ground near the confirmed parts that a camera serves counts as asked for. "
        "Planned cameras are examined as well and counted separately."
    ),
}
NAMES = {AUDIT: marked("audit, without parts"), CHECK: marked("check of confirmed parts")}
# What an audit says of ground, and what a check says in its place.
OF_CHECK = {
    "of this no purpose stated": marked("of this asked for by no confirmed part"),
    "of this with no purpose stated": marked("of this that no confirmed part asks for"),
    "of this with no purpose stated (possible)": marked("of this asked for by no confirmed part (possible)"),
    "of this with no purpose stated (m²)": marked("of this that no part asks for (m²)"),
    "share with no purpose stated (%)": marked("share that no part asks for (%)"),
    "no purpose stated": marked("no part asks for"),
    "No purpose is stated for {certain} m² of the {of_certain} m² of ground that can be seen.": marked(
        "No confirmed part asks for {certain} m² of the {of_certain} m² of ground that can be seen."
    ),
    "No ground is seen for certain. No purpose is stated for {possible} m² of the {of_possible} m² that may be seen.": marked(
        "No ground is seen for certain. No confirmed part asks for {possible} m² of the {of_possible} m² that may be seen."
    ),
    "No ground is seen for certain. No purpose is stated for any of the {of_possible} m² that may be seen.": marked(
        "No ground is seen for certain. No confirmed part asks for any of the {of_possible} m² that may be seen."
    ),
    "no purpose stated then": marked("no part asks for then"),
    "Share of the certain ground with no purpose stated": marked("Share of the certain ground that no confirmed part asks for"),
    "Share of the possible ground with no purpose stated": marked("Share of the possible ground that no confirmed part asks for"),
    "ground in view, no purpose stated": marked("ground in view that no part asks for"),
    "Ground in view with no purpose stated": marked("Ground in view that no confirmed part asks for"),
    "Ground that may be in view with no purpose stated": marked("Ground that may be in view, without a part that asks for it"),
    "can see {area} m², of this {unasked} m² with no purpose stated": marked(
        "can see {area} m², of this {unasked} m² that no confirmed part asks for"
    ),
    "may be able to see up to {area} m², of this {unasked} m² with no purpose stated": marked(
        "may be able to see up to {area} m², of this {unasked} m² that no confirmed part asks for"
    ),
    "can see {area} m², none of it with a stated purpose": marked("can see {area} m², which no confirmed part asks for"),
    "may be able to see up to {area} m², none of it with a stated purpose": marked(
        "may be able to see up to {area} m², which no confirmed part asks for"
    ),
    "No purpose is stated for {percent} % of what it can see.": marked(
        "No confirmed part asks for {percent} % of what it can see."
    ),
    "No purpose is stated for {percent} % of what it may be able to see.": marked(
        "No confirmed part asks for {percent} % of what it may be able to see."
    ),
    (
        "{change} Then served: {percent} %. Ground with no purpose stated: {unasked} m². Protected places in view: {in_view}."
    ): marked(
        "{change} Then served: {percent} %. Ground that no part asks for: {unasked} m². Protected places in view: {in_view}."
    ),
    "Bars: ground that can be seen, and what of it has no purpose stated, certain and possible.": marked(
        "Bars: ground that can be seen, and what of it no confirmed part asks for, certain and possible."
    ),
    "This camera can see {area} m² of ground; no purpose is stated for {unasked} m² of it.": marked(
        "This camera can see {area} m² of ground; no confirmed part asks for {unasked} m² of it."
    ),
    "This camera can see {area} m² of ground; no purpose is stated for any of it.": marked(
        "This camera can see {area} m² of ground; no confirmed part asks for any of it."
    ),
    (
        "This camera may be able to see up to {area} m² of ground; no purpose is stated for any of it. Its direction or lens is "
        "not recorded. The map therefore shows everything that it may reach, in every possible direction."
    ): marked(
        "This camera may be able to see up to {area} m² of ground; no confirmed part asks for any of it. Its direction or lens "
        "is not recorded. The map therefore shows everything that it may reach, in every possible direction."
    ),
    (
        "This camera may be able to see up to {area} m² of ground; no purpose is stated for {unasked} m² of it. Its "
        "direction or lens is not recorded. The map therefore shows everything that it may reach, in every possible "
        "direction."
    ): marked(
        "This camera may be able to see up to {area} m² of ground; no confirmed part asks for {unasked} m² of "
        "it. Its direction or lens is not recorded. The map therefore shows everything that it may reach, in "
        "every possible direction."
    ),
    (
        "{cameras} cameras are in operation. Certain: {grave} of their views of homes or other protected places are "
        "due or severe; {certain} m² of ground in view have no stated purpose. Only possible: up to {most} more "
        "views and {possible} m² of such ground."
    ): marked(
        "{cameras} cameras are in operation. Certain: {grave} of their views of homes or other protected places "
        "are due or severe; no confirmed part asks for {certain} m² of the ground in view. Only possible: up to "
        "{most} more views and {possible} m² of such ground."
    ),
    "{cameras} cameras are in operation. Nothing is proven yet: no record is complete enough. Depending on direct"
    "ion and lens, {views} views of homes or other protected places would be due or severe, and up to {possible} m² o"
    "f ground in view have no stated purpose.": marked(
        "{cameras} cameras are in operation. Nothing is proven yet: no record is complete enough. Depending on direct"
        "ion and lens, {views} views of homes or other protected places would be due or severe, and no confirmed part ask"
        "s for up to {possible} m² of the ground in view."
    ),
    "The cameras can see {of_certain} m² of ground for certain; no purpose is stated for {certain} m² of it. They may see "
    "{of_possible} m²; no purpose is stated for {possible} m² of that.": marked(
        "The cameras can see {of_certain} m² of ground for certain; no confirmed part asks for {certain} m² of it. They may "
        "see {of_possible} m²; no confirmed part asks for {possible} m² of that."
    ),
    "The cameras can see {of_certain} m² of ground for certain; no purpose is stated for {certain} m² of it. They may see "
    "{of_possible} m²; no purpose is stated for any of it.": marked(
        "The cameras can see {of_certain} m² of ground for certain; no confirmed part asks for {certain} m² of it. They may "
        "see {of_possible} m²; no confirmed part asks for any of that."
    ),
}


def basis_of(assessment: Assessment) -> str:
    """Return which of the two gave these answers."""
    return AUDIT if assessment.parts is None else CHECK


def basis_text(assessment: Assessment, translations: Translations) -> str:
    """Return in a sentence or two what the answers stand on."""
    return translations(STATED[basis_of(assessment)])


def basis_name(assessment: Assessment, translations: Translations) -> str:
    """Return the name of what gave these answers."""
    return translations(NAMES[basis_of(assessment)])


def subtitle(assessment: Assessment, translations: Translations) -> str:
    """Return the project and what gave its answers, for papers that have no room for more."""
    return f"{assessment.project} · {basis_name(assessment, translations)}"


def worded(translations: Translations, assessment: Assessment) -> Translations:
    """Return the translations for these answers: a check's ground has a check's words."""
    if basis_of(assessment) == AUDIT:
        return translations
    return replace(
        translations, catalogue={**translations.catalogue, **{said: translations(instead) for said, instead in OF_CHECK.items()}}
    )


# What a report stands on, told by drafts and slides alike.


def sources_and_rules(assessment: Assessment, translations: Translations) -> dict[str, tuple[str, str]]:
    """Return the title and the text of each by its key: data, packs, answers, gate, crs, and positions where they are coarse."""
    changed = marked("{name} (CHANGED, not as shipped)")
    titles = {pack: term(assessment.terms, f"pack:{pack.name}", translations) for pack in assessment.packs}
    packs = [translations(changed, name=title) if pack.changed else title for pack, title in titles.items()]
    files = (_data_line(each, translations) for each in assessment.inputs)
    rows = {
        "data": (translations(marked("Data")), translations("; ").join(files) or "–"),
        "packs": (translations(marked("Rule packs")), translations("; ").join(packs) or "–"),
        "answers": (translations(marked("Answers")), basis_name(assessment, translations)),
        "gate": (translations(marked("Planning gate")), _gate_line(assessment, translations)),
        "crs": (translations(marked("Coordinate system")), assessment.crs or "–"),
    }
    if assessment.public_precision_deg is not None:
        coarse = translations(marked("a pack asks for coarse positions in public outputs"))
        rows["positions"] = translations(marked("Positions")), coarse
    return rows


def data_dates(assessment: Assessment, translations: Translations) -> str:
    """Return the days that the data are of, each once, as a letter writes them; nothing where none is known."""
    dates = sorted({record.date for record in assessment.inputs if record.date})
    return series((long_date(date, translations.language) for date in dates), translations)


def _data_line(record: InputRecord, translations: Translations) -> str:
    facts = [long_date(record.date, translations.language), f"SHA-256 {record.sha256[:12]}…" if record.sha256 else ""]
    return f"{record.path} ({', '.join(fact for fact in facts if fact)})"


def _gate_line(assessment: Assessment, translations: Translations) -> str:
    if assessment.gate.open and assessment.parts is None:
        return translations(marked("open, but not used: no confirmed part is answered here"))
    if assessment.gate.open:
        return translations(marked("open: confirmed parts are answered in the plan draft"))
    return translations(marked("closed: an audit only, no gaps, no proposals, no plan"))
