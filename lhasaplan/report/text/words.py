"""The report's words for stored values: grades, classes, verdicts, fields, mitigations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from string import Formatter
from typing import Protocol

from lhasaplan.core.base.translations import DataState, Translations, marked
from lhasaplan.core.findings.sentences import MITIGATIONS, finding_sentence, mitigation_sentence, question_sentence
from lhasaplan.core.model.camera import ModelUse
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding, Mitigation, MitigationAction
from lhasaplan.report.text.numerals import density_text, number_text, short_number, surfaces_of, views_text
from lhasaplan.report.text.style import cited

NAMED = 3  # cameras that a sentence about many names
QUOTED = marked("“{name}”")
TOLD_BY_ID = ("camera", "other", "part")  # what fills a sentence and is the id of a camera or a part
Named = Callable[[str], str]  # what a camera, a part or a building is called, by its id
FICTITIOUS = marked("FICTITIOUS / SYNTHETIC DATA")
CLOSED_PLACES = marked("INCOMPLETE: {count} drawn protected places are closed and missing here")
NOT_APPROVED = marked("DRAFT, NOT APPROVED")

SEVERITIES = {"error": marked("severe"), "due": marked("due"), "note": marked("note")}
GRADES = {**SEVERITIES, "": marked("below a note")}
CLASSES = {
    "home": marked("homes"),
    "protected": marked("other protected places"),
    "dwelling_likely": marked("likely dwellings (use unknown)"),
    "use_unknown": marked("buildings of unknown use"),
}
REACHES = {
    "near": marked("possible"),
    "far": marked("possible (sweep)"),
}
BEYOND_GROUND = marked("seen above the ground only")
NOT_TOLD = marked("left out of this version")
NO_BUILDING_NEAR = marked("Not mapped: no building within 100 m")
BASES = {"recorded": marked("recorded"), "assumed": marked("assumed")}
CERTAINTIES = {"certain": marked("certain"), "possible": marked("possible")}
STATUSES, KINDS, MOUNTS, LENSES = (FIELD[name].words for name in ("status", "kind", "mount", "lens_class"))
IN_PLAN = {
    "comes": marked("comes"),
    "goes": marked("is taken down"),
    "changed": marked("is changed"),
    "to_be": marked("planned state"),
}
ACTIONS_PLANNED = {"add": marked("comes"), "change": marked("is changed"), "remove": marked("is taken down")}
STAGES = {
    "drafted": marked("drafted"),
    "decided": marked("decided"),
    "ordered": marked("ordered"),
    "done": marked("done"),
}
VERDICTS = {
    "met": marked("met"),
    "weak": marked("weak"),
    "partial": marked("partial"),
    "gap": marked("gap"),
    "declared": marked("declared"),
    "asked": marked("data missing, asked"),
    "excused": marked("excused"),
}
BLOCKERS = {
    "out_of_range": marked("out of range"),
    "out_of_angle": marked("out of the angle of view"),
    "blind_zone": marked("in the blind zone at the mount"),
    "building": marked("behind a building"),
    "wall": marked("behind a wall of the floor plan"),
    "tree": marked("behind a tree"),
    "hoarding": marked("behind a hoarding"),
    "terrain": marked("behind a rise of the ground"),
    "masked": marked("masked"),
    "too_few_px_m": marked("too few px/m"),
    "no_camera": marked("no recorded camera in operation"),
}
# What a person is asked for or what was assumed: fields of the record, and what is no field.
FIELDS = {
    **{each.key: each.label for each in CAMERA_FIELDS},
    "azimuth": marked("direction"),
    "direction": marked("direction"),
    "direction_range": marked("what the range of the direction means"),
    "lens": marked("lens"),
    "place": marked("place"),
    "impact_assessment": marked("impact assessment"),
    "masks": marked("masks"),
    "sweep": marked("turning and zoom"),
    "mask": marked("masks"),
}
MANDATE = {
    "controller": marked("Controller"),
    "legal_basis": marked("Legal basis"),
    "purposes": marked("Purposes"),
    "supervisory_authority": marked("Supervisory authority"),
    "complaint_route": marked("Complaints go to"),
    "impact_assessment_officer": marked("Impact assessment: officer"),
    "impact_assessment_date": marked("Impact assessment: date"),
    "retention_days": marked("Retention (days)"),
    "public_register": marked("Public register"),
    "date": marked("Date of the mandate"),
}
FINDING_KINDS = {
    "view_home": marked("view of homes"),
    "view_protected": marked("view of other protected places"),
    "view_dwelling_likely": marked("view of likely dwellings"),
    "view_unknown_use": marked("view of buildings of unknown use"),
    "unasked_area": marked("ground in view, no purpose stated"),
    "no_purpose": marked("purpose not recorded"),
    "retention_unknown": marked("days of retention not recorded"),
    "retention_over": marked("recordings kept beyond the limit"),
    "retention_reason": marked("long retention without reasons"),
    "sign_unknown": marked("sign not recorded"),
    "sign_missing": marked("no sign"),
    "sign_not_before_entry": marked("ways into the view without a sign"),
    "direction_unknown": marked("direction not recorded"),
    "optics_unknown": marked("lens not recorded"),
    "pan_tilt": marked("can turn and zoom"),
    "indoor_forbidden": marked("stands inside a protected place"),
    "gap": marked("part not seen"),
    "weak": marked("part seen too coarsely"),
    "partial": marked("part served in part only"),
    "overlap": marked("seen twice"),
    "removable": marked("can go without loss"),
    "fields_missing": marked("record incomplete"),
    "changed_since_approval": marked("changed since it was approved"),
    "removed_since_approval": marked("approved, not operating"),
    "not_approved": marked("not in the approved baseline"),
    "purpose_differs": marked("purpose does not fit the part in view"),
    "purpose_not_listed": marked("purpose is not on the law's list"),
    "assembly_hours": marked("stays on during assemblies"),
    "sharper_than_needed": marked("sharper than needed"),
    "entrance_in_view": marked("doors of homes in view"),
    "beyond_named_ground": marked("sees beyond the ground on record"),
    "assembly_ground": marked("assembly ground in view, hours not stated"),
    "no_incidents": marked("served no incident in a year"),
    "incidents_unknown": marked("number of incidents served not recorded"),
    "approval_expired": marked("authorisation ended"),
    "approval_renewal": marked("renewal of the authorisation due"),
    "review_overdue": marked("review overdue"),
    "end_passed": marked("operates beyond its end date"),
    "end_missing": marked("no end or review date"),
}
PART_KINDS = {
    "junction_ground": marked("ground of the junction"),
    "crossing": marked("crossing"),
    "carriageway": marked("carriageway"),
    "carriageway_indoor": marked("carriageway under a roof"),
    "walkway_indoor": marked("walkway under a roof"),
    "conflict_area": marked("area where ways meet"),
    "platform_edge": marked("platform edge"),
    "boarding_area": marked("boarding area"),
    "entrance_lane": marked("entrance lane"),
    "apron": marked("ground in front of the door"),
    "fence_line": marked("fence line"),
    "bay": marked("bay"),
    "water_edge": marked("water's edge"),
    "container_apron": marked("ground in front of the containers"),
    "gauge": marked("gauge"),
}

ENGLISH_MARK = "Own build"
OWN_BUILD = marked("Own build: this copy of the program is not a release. Nobody vouches for its data.")
DATA_CHANGED = marked("Data of this program were CHANGED and are not as shipped: {files}")


class Bannered(Protocol):
    """What of answers, or of a sheet of pictures, stands at the head of every page."""

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""

    @property
    def closed_places(self) -> int | None:
        """How many drawn places are closed, None where none can be."""

    @property
    def data(self) -> DataState:
        """Whether the program's data are as shipped."""


def banners(assessment: Bannered, translations: Translations) -> tuple[str, ...]:
    """Return what stands at the head of every page; in English where the translations were changed, which could unsay it."""
    translations = replace(translations.untouched, state=translations.state)
    fictitious = (translations(FICTITIOUS),) if assessment.synthetic else ()
    closed = assessment.closed_places
    places = () if closed is None else (translations(CLOSED_PLACES, count=closed),)
    return (*fictitious, *places, *data_banners(assessment.data, translations))


def data_banners(data: DataState, translations: Translations) -> tuple[str, ...]:
    """Return that data or translations of the program are not as shipped: an own build, or changed since it was built.

    The English words stand in every language: in an own build nothing shows whether a translation still says so.
    """
    data, translations = data.with_other(translations.state), translations.untouched
    said = translations(OWN_BUILD)
    own = (said if said.startswith(ENGLISH_MARK) else f"{said} ({ENGLISH_MARK})",) if data.own_build else ()
    return (*own, translations(DATA_CHANGED, files=", ".join(data.changed))) if data.changed else own


def word(words: Mapping[str, str], value: object, translations: Translations) -> str:
    """Return the word for a stored value; a value without a word is shown as it is."""
    key = "" if value is None else str(value)
    return translations(words[key]) if key in words else key


def term(terms: Mapping[str, Mapping[str, str]], key: str, translations: Translations) -> str:
    """Return what a pack calls its own thing in the reader's language; its plain name where the pack has no word."""
    return in_language(terms.get(key, {}), translations) or key.rsplit(":", 1)[-1]


def in_language(texts: Mapping[str, str], translations: Translations) -> str:
    """Return a text of the data in the reader's language, else in English."""
    return texts.get(translations.language) or texts.get("en", "")


def category_words(terms: Mapping[str, Mapping[str, str]], translations: Translations) -> dict[str, str]:
    """Return the packs' words for their categories, by name."""
    return _words_under("category:", terms, translations)


def responsible_words(terms: Mapping[str, Mapping[str, str]], translations: Translations) -> dict[str, str]:
    """Return the packs' words for who answers for a kind of place, by the English name that a part carries."""
    return _words_under("responsible:", terms, translations)


def _words_under(start: str, terms: Mapping[str, Mapping[str, str]], translations: Translations) -> dict[str, str]:
    return {key.removeprefix(start): term(terms, key, translations) for key in terms if key.startswith(start)}


def part_label(part: Part, terms: Mapping[str, Mapping[str, str]], translations: Translations) -> str:
    """Return how a draft calls a part: category, name, and the end of its identifier, which tells two of them apart."""
    category = term(terms, f"category:{part.category}", translations)
    return " ".join(dict.fromkeys(word for word in (category, part.name, part.part_id.rsplit(":", 1)[-1]) if word))


def cameras_text(finding: Finding) -> str:
    """Return every camera that a finding is about."""
    return ", ".join(finding.camera_ids)


def listed(words: Mapping[str, str], values: Iterable[str], translations: Translations) -> str:
    """Return the words of several values, each once, in order."""
    return series(dict.fromkeys(word(words, value, translations) for value in values), translations)


def series(names: Iterable[str], translations: Translations) -> str:
    """Return names one after the other; where one of them has a comma of its own they are distinguished by semicolons."""
    names = list(names)
    has_comma = any(mark in name for name in names for mark in (", ", "，", "、"))
    return translations(marked("; ") if has_comma else marked(", ")).join(names)


def together(names: Iterable[str], translations: Translations) -> str:
    """Return names as a sentence has them, the last after an *and*; nothing where there are none."""
    names = list(names)
    if len(names) < 2:
        return series(names, translations)
    return translations(marked("{names} and {last}"), names=series(names[:-1], translations), last=names[-1])


def model_text(model: ModelUse, translations: Translations) -> str:
    """Return by which model values were assumed, within which limits, and on how many rows of a catalogue that rests."""
    low, high = (short_number(round(end, 1), translations) for end in model.hfov_deg)
    text = marked("by its model {name}: {low} to {high}°, at most {width} px across (n = {count})")
    name = f"{model.maker} {model.model}"
    return translations(text, name=name, low=low, high=high, width=model.image_width_px[1], count=model.rows)


def running_text(sentences: Iterable[str]) -> str:
    """Return sentences as running text; Chinese has no space after its full stop."""
    return " ".join(text for text in sentences if text).replace("。 ", "。")


def sectors_text(sectors: Iterable[tuple[float, float]]) -> str:
    """Return true azimuths, clockwise, as ``12-40°``."""
    return ", ".join(f"{low:.0f}–{high:.0f}°" for low, high in sectors)


def mitigation_text(mitigation: Mitigation | None, translations: Translations) -> str:
    """Return what would end a finding, with its sectors and figures; only the action where a public output drops them."""
    if mitigation is None:
        return ""
    template, params = mitigation_sentence(mitigation)
    wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
    if all(params.get(name) not in (None, "", ()) for name in wanted):
        return translations(template, **text_params(params, translations))
    return translations(MITIGATIONS[mitigation.action].name)


def short_mitigation_text(mitigation: Mitigation | None, translations: Translations) -> str:
    """Return the mitigation for a narrow cell: to ask is one word, for the questions stand elsewhere."""
    return (
        translations(MITIGATIONS[mitigation.action].name)
        if mitigation is not None and mitigation.action is MitigationAction.ASK
        else mitigation_text(mitigation, translations)
    )


def sentence(finding: Finding, translations: Translations, named: Named = str) -> str:
    """Return the finding as a sentence; ``named`` gives what a camera or a part is called, by its id."""
    template, params = finding_sentence(finding)
    reported = {name: value for name, value in params.items() if name != "sharpest"}
    facts = text_params(reported, translations) | _density(finding, translations) | _views(finding, translations)
    called = {name: quoted(str(reported[name]), translations, named) for name in TOLD_BY_ID if name in reported}
    return translations(template, **facts | called | _many(finding, translations, named))


def quoted(ident: str, translations: Translations, named: Named) -> str:
    """Return the name of a thing between quotes, as it stands inside a sentence; its id where that is all that tells it apart.

    >>> quoted("HT-06", Translations(), {"HT-06": "Lane 200"}.__getitem__), quoted("way/1", Translations(), str)
    ('“Lane 200”', 'way/1')
    """
    name = named(ident)
    return ident if name == ident or name.endswith(f" {ident}") else translations(QUOTED, name=name)


def _many(finding: Finding, translations: Translations, named: Named) -> dict[str, str]:
    """Return the controller of many cameras and the first of them; the table of findings has them all."""
    if len(finding.cameras) < 2:
        return {}
    more = first_of([quoted(each, translations, named) for each in finding.cameras], NAMED, translations)
    controller = str(finding.params.get("controller") or "") or translations(marked("controller not recorded"))
    return {"cameras": more, "controller": controller}


def first_of(names: Sequence[str], most: int, translations: Translations) -> str:
    """Return the first of some names, and how many more there are.

    >>> first_of(["Gate", "Hall", "Quay"], 1, Translations()), first_of(["Gate", "Hall"], 2, Translations())
    ('Gate and 2 more', 'Gate, Hall')
    """
    first, rest = translations(marked(", ")).join(names[:most]), len(names) - most
    return translations(marked("{cameras} and {count} more"), cameras=first, count=rest) if rest > 0 else first


def _views(finding: Finding, translations: Translations) -> dict[str, str]:
    """Return where a view is sharpest; of one that does not say it, how sharp it is."""
    if not finding.kind.startswith("view_"):
        return {}
    surfaces = surfaces_of(finding.params.get("sharpest", ()))
    sharp = translations(marked("{density} px/m"), **_density(finding, translations)) if finding.measured is not None else ""
    return {"views": views_text(surfaces, translations) or sharp}


def _density(finding: Finding, translations: Translations) -> dict[str, str]:
    """Return the density that a sentence speaks of, in words for a reader."""
    if finding.unit != "px/m" or finding.measured is None:
        return {}
    low, high = finding.measured if isinstance(finding.measured, tuple) else (finding.measured, finding.measured)
    return {"density": density_text(low, high, translations)}


def question_text(field: str, translations: Translations) -> str:
    """Return the question that is put to the controller about one field."""
    return translations(question_sentence(field))


def said(pair: tuple[str, Mapping[str, object]], translations: Translations) -> str:
    """Return a note or a missing thing of the gate as a sentence."""
    template, params = pair
    return translations(template, **text_params(params, translations)) if params else translations(template)


def text_params(params: Mapping[str, object], translations: Translations) -> dict[str, object]:
    """Return parameters as text: numbers short, intervals with a dash, field names in the reader's language."""
    return {name: value_text(value, translations) for name, value in params.items()}


def value_text(value: object, translations: Translations) -> str:
    """Return one value as text."""
    if isinstance(value, float):
        return short_number(value, translations, is_grouped=True)
    if isinstance(value, (tuple, list)):
        numbers = all(isinstance(one, (int, float)) for one in value)
        return (
            "–".join(value_text(one, translations) for one in value) if numbers else listed(FIELDS, map(str, value), translations)
        )
    return word(FIELDS, value, translations)


def article_term(terms: Mapping[str, Mapping[str, str]], pack: str, article: str, translations: Translations) -> str:
    """Return what a finding rests on with the short term of the article."""
    short = term(terms, f"article:{pack}:{article}", translations) if f"article:{pack}:{article}" in terms else ""
    rests = as_checked(
        article_text(pack, article, translations), terms.get(f"mark:{pack}:{article}", {}).get("en", ""), translations
    )
    return translations(marked("{article}: {term}"), article=rests, term=short) if short else rests


UNCHECKED = {"M": marked("{source} (from memory, not yet checked)"), "U": marked("{source} (to be confirmed)")}


def as_checked(source: str, mark: str, translations: Translations) -> str:
    """Return a source with what its mark says: one that nobody checked against its text says so (docs/rules.md)."""
    return translations(UNCHECKED[mark], source=source) if mark in UNCHECKED else source


def article_text(pack: str, article: str, translations: Translations) -> str:
    """Return what a finding rests on; without an article it is our own policy, and that is said."""
    if not article:
        return translations(marked("policy of this program, no article"))
    if citation := cited(article, translations.language):
        return citation
    number = translations(article)  # a policy of a pack has words of its own
    return f"{number} ({pack})" if pack else number


# Words that keep certain and possible views apart wherever a camera or a view is named.


def ground_words(result: CameraResult, translations: Translations, digits: int = 0) -> str:
    """Return how much ground a camera can see, or may be able to, what of it no purpose is stated for, and what is not mapped."""
    text = marked("may be able to see up to {area} m², of this {unasked} m² with no purpose stated")
    if result.placed.certain:
        text = marked("can see {area} m², of this {unasked} m² with no purpose stated")
    area, unasked = (number_text(each, translations, digits) for each in (result.area_m2, result.unasked_m2))
    said = translations(text, area=area, unasked=unasked)
    return said if round(result.not_mapped_m2) == 0 else f"{said}; {not_mapped_words(result, translations, digits)}"


def not_mapped_words(result: CameraResult, translations: Translations, digits: int = 0) -> str:
    """Return how much ground before a camera is not mapped."""
    blank = number_text(result.not_mapped_m2, translations, digits)
    return translations(marked("{blank} m² more in view are not mapped (no building within 100 m)"), blank=blank)


def unasked_words(result: CameraResult, translations: Translations) -> str:
    """Return for which share of its ground no purpose is stated; empty where that is not known."""
    share = result.necessity.unasked_share
    if share is None:
        return ""
    text = marked("No purpose is stated for {percent} % of what it may be able to see.")
    if result.placed.certain:
        text = marked("No purpose is stated for {percent} % of what it can see.")
    return translations(text, percent=number_text(100.0 * share, translations))


def class_words(sighting: Sighting, translations: Translations) -> str:
    """Return what is in view; of an assumed view also that it is possible only."""
    return _reported(word(CLASSES, str(sighting.cls), translations), sighting.is_recorded, translations)


def kind_words(finding: Finding, translations: Translations) -> str:
    """Return what a finding is called; of a possible one also that it is possible only."""
    return _reported(word(FINDING_KINDS, finding.kind, translations), finding.certainty is Certainty.CERTAIN, translations)


def _reported(what: str, is_certain: bool, translations: Translations) -> str:
    return what if is_certain else translations(marked("{what} (possible)"), what=what)
