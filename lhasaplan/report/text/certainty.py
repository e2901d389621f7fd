"""Words that keep what is certain apart from what is possible, wherever a camera or a view is told."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Finding
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import grouped_text, number_text


def ground_words(result: CameraResult, wording: Wording, digits: int = 0) -> str:
    """Return how much ground a camera can see, or may be able to, what of it no purpose is stated for, and what is not mapped."""
    text = marked("may be able to see up to {area} m², of this {unasked} m² with no purpose stated")
    if result.placed.certain:
        text = marked("can see {area} m², of this {unasked} m² with no purpose stated")
    area, unasked = (grouped_text(each, wording, digits) for each in (result.area_m2, result.unasked_m2))
    said = wording(text, area=area, unasked=unasked)
    return said if round(result.not_mapped_m2) == 0 else f"{said}; {not_mapped_words(result, wording, digits)}"


def not_mapped_words(result: CameraResult, wording: Wording, digits: int = 0) -> str:
    """Return how much ground before a camera nobody mapped."""
    blank = grouped_text(result.not_mapped_m2, wording, digits)
    return wording(marked("{blank} m² more in view are not mapped (no building within 100 m)"), blank=blank)


def unasked_words(result: CameraResult, wording: Wording) -> str:
    """Return for which share of its ground no purpose is stated; empty where that is not known."""
    share = result.necessity.unasked_share
    if share is None:
        return ""
    text = marked("No purpose is stated for {percent} % of what it may be able to see.")
    if result.placed.certain:
        text = marked("No purpose is stated for {percent} % of what it can see.")
    return wording(text, percent=number_text(100.0 * share, wording))


def class_words(sighting: Sighting, wording: Wording) -> str:
    """Return what is in view; of an assumed view also that it is possible only."""
    return _told(words.word(words.CLASSES, str(sighting.cls), wording), sighting.is_recorded, wording)


def kind_words(finding: Finding, wording: Wording) -> str:
    """Return what a finding is called; of a possible one also that it is possible only."""
    return _told(words.word(words.FINDING_KINDS, finding.kind, wording), finding.certainty is Certainty.CERTAIN, wording)


def _told(what: str, is_certain: bool, wording: Wording) -> str:
    return what if is_certain else wording(marked("{what} (possible)"), what=what)
