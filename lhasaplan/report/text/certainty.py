"""Words that keep certain and possible views apart wherever a camera or a view is named."""

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import number_text


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
    return _reported(words.word(words.CLASSES, str(sighting.cls), translations), sighting.is_recorded, translations)


def kind_words(finding: Finding, translations: Translations) -> str:
    """Return what a finding is called; of a possible one also that it is possible only."""
    return _reported(
        words.word(words.FINDING_KINDS, finding.kind, translations), finding.certainty is Certainty.CERTAIN, translations
    )


def _reported(what: str, is_certain: bool, translations: Translations) -> str:
    return what if is_certain else translations(marked("{what} (possible)"), what=what)
