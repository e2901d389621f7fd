"""What drafts say of a finding, of what would end it, of the article that it rests on, and of a camera and its views."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from string import Formatter

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.findings.sentences import MITIGATIONS, finding_sentence, mitigation_sentence, question_sentence
from lhasaplan.core.model.camera import ModelUse
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding, Mitigation, MitigationAction
from lhasaplan.report.text.numerals import density_text, is_all_of, number_text, short_number, surfaces_of, views_text
from lhasaplan.report.text.style import cited, long_date, pack_tag
from lhasaplan.report.text.words import CLASSES, FINDING_KINDS, QUOTED, term, text_params, word

NAMED = 3  # cameras that a sentence about many names
DAYS = ("until", "since", "approved_on")  # what fills a sentence and is a day; a purpose may look like one
TOLD_BY_ID = ("camera", "other", "part")  # what fills a sentence and is the id of a camera or a part
Named = Callable[[str], str]  # what a camera, a part or a building is called, by its id
UNCHECKED = {"M": marked("{source} (from memory, not yet checked)"), "U": marked("{source} (to be confirmed)")}


def cameras_text(finding: Finding) -> str:
    """Return every camera that a finding is about."""
    return ", ".join(finding.camera_ids)


def model_text(model: ModelUse, translations: Translations) -> str:
    """Return by which model values were assumed, within which limits, and on how many rows of a catalogue that rests."""
    low, high = (short_number(round(end, 1), translations) for end in model.hfov_deg)
    text = marked("by its model {name}: {low} to {high}°, at most {width} px across (n = {count})")
    name = f"{model.maker} {model.model}"
    return translations(text, name=name, low=low, high=high, width=model.image_width_px[1], count=model.rows)


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
    """Return the mitigation for a narrow cell: to ask or to state is one word, for the questions stand elsewhere."""
    return (
        translations(MITIGATIONS[mitigation.action].name)
        if mitigation is not None and mitigation.action in (MitigationAction.ASK, MitigationAction.STATE)
        else mitigation_text(mitigation, translations)
    )


def sentence(finding: Finding, translations: Translations, named: Named = str) -> str:
    """Return the finding as a sentence; ``named`` gives what a camera or a part is called, by its id."""
    template, params = finding_sentence(finding)
    reported = {name: value for name, value in params.items() if name != "sharpest"}
    facts = (
        text_params(_with_days(reported, translations), translations)
        | _density(finding, translations)
        | _views(finding, translations)
    )
    called = {name: quoted(str(reported[name]), translations, named) for name in TOLD_BY_ID if name in reported}
    return translations(template, **facts | called | _many(finding, translations, named))


def _with_days(params: Mapping[str, object], translations: Translations) -> dict[str, object]:
    """Return the parameters with each day as a letter writes it."""
    language = translations.language
    return {
        name: long_date(value, language) if name in DAYS and isinstance(value, str) else value for name, value in params.items()
    }


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


def article_term(terms: Mapping[str, Mapping[str, str]], pack: str, article: str, translations: Translations) -> str:
    """Return what a finding rests on with the short term of the article."""
    short = term(terms, f"article:{pack}:{article}", translations) if f"article:{pack}:{article}" in terms else ""
    rests = as_checked(
        article_text(pack, article, translations), terms.get(f"mark:{pack}:{article}", {}).get("en", ""), translations
    )
    return translations(marked("{article}: {term}"), article=rests, term=short) if short else rests


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
    return f"{number} ({pack_tag(pack, translations.language)})" if pack else number


def ground_words(result: CameraResult, translations: Translations, digits: int = 0) -> str:
    """Return how much ground a camera can see, or may be able to, what of it no purpose is stated for, and what is not mapped."""
    text = marked("may be able to see up to {area} m², of this {unasked} m² with no purpose stated")
    if result.placed.certain:
        text = marked("can see {area} m², of this {unasked} m² with no purpose stated")
    area, unasked = (number_text(each, translations, digits) for each in (result.area_m2, result.unasked_m2))
    if is_all_of(result.unasked_m2, result.area_m2):
        text = marked("may be able to see up to {area} m², none of it with a stated purpose")
        if result.placed.certain:
            text = marked("can see {area} m², none of it with a stated purpose")
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
