"""The report's words for stored values: grades, classes, verdicts, fields, kinds of findings and parts; and names in a row."""

from collections.abc import Iterable, Mapping, Sized
from dataclasses import replace
from typing import Protocol

from lhasaplan.core.base.translations import DataState, Translations, marked
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD
from lhasaplan.core.model.place import Part
from lhasaplan.report.text.numerals import short_number

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
UNITS = {"m2": "m²", "share": marked("share"), "entries": marked("ways in"), "days": marked("days")}
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

MORE_NAMES = marked("{names} and {count} more")
FIVE_DIGITS = 10_000
QUOTED = marked("“{name}”")
NAMES = 12  # in running text: more are no sentence any more
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


def why_no_map(cameras: Sized, translations: Translations) -> str:
    """Return why a report shows no map: none of its cameras, or none whose position may be told exactly."""
    coarse = marked("The map is left out: positions are coarse or missing.")
    return translations(coarse if len(cameras) else marked("There is no map, since there is no camera."))


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


def listed(words: Mapping[str, str], values: Iterable[str], translations: Translations) -> str:
    """Return the words of several values, each once, in order."""
    return series(dict.fromkeys(word(words, value, translations) for value in values), translations)


def series(names: Iterable[str], translations: Translations) -> str:
    """Return names one after the other; where one of them has a comma of its own they are distinguished by semicolons."""
    names = list(names)
    has_comma = any(mark in name for name in names for mark in (", ", "，", "、"))
    return translations(marked("; ") if has_comma else marked(", ")).join(names)


def some_names(names: Iterable[str], translations: Translations, most: int = NAMES) -> str:
    """Return names for running text: the first dozen, and how many more there are."""
    names = list(names)
    text = series(names[:most], translations)
    return translations(MORE_NAMES, names=text, count=len(names) - most) if len(names) > most else text


def together(names: Iterable[str], translations: Translations) -> str:
    """Return names as a sentence has them, the last after an *and*; nothing where there are none."""
    names = list(names)
    if len(names) < 2:
        return series(names, translations)
    return translations(marked("{names} and {last}"), names=series(names[:-1], translations), last=names[-1])


def running_text(sentences: Iterable[str]) -> str:
    """Return sentences as running text; Chinese has no space after its full stop."""
    return " ".join(text for text in sentences if text).replace("。 ", "。")


def said(
    pair: tuple[str, Mapping[str, object]], translations: Translations, terms: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """Return a note or a missing thing of the gate as a sentence; with the terms of the packs, a pack by its title."""
    template, params = pair
    texts = text_params(params, translations)
    if "pack" in params and terms:
        texts["pack"] = translations(QUOTED, name=term(terms, f"pack:{params['pack']}", translations))
    return translations(template, **texts) if params else translations(template)


def text_params(params: Mapping[str, object], translations: Translations) -> dict[str, object]:
    """Return parameters as text: numbers short, intervals with a dash, field names in the reader's language."""
    return {name: value_text(value, translations) for name, value in params.items()}


def value_text(value: object, translations: Translations) -> str:
    """Return one value as text."""
    if isinstance(value, float):
        return short_number(value, translations, is_grouped=True)
    if isinstance(value, int) and value >= FIVE_DIGITS:  # a year or a count of pixels has four
        return translations.number(value, 0)
    if isinstance(value, (tuple, list)):
        numbers = all(isinstance(one, (int, float)) for one in value)
        return (
            "–".join(value_text(one, translations) for one in value) if numbers else listed(FIELDS, map(str, value), translations)
        )
    return word(FIELDS, value, translations)
