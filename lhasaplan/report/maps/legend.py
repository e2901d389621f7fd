"""What the legend of a map says, sign by sign; each format draws the signs in its own way."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.surveys import NOBODY_LOOKED
from lhasaplan.core.demand.ground_in_view import Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.facts.summary import has_plan, planned_removals
from lhasaplan.report.maps.base_map import reaches
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.words import BEYOND_GROUND, CLASSES, NO_BUILDING_NEAR, REACHES

HOLLOW = marked("hollow line: the view is only possible")
NIGHT = marked("Can see at night, by infrared")


class Sign(StrEnum):
    """What a sign of a map stands for."""

    CAMERA = "camera"
    PLANNED = "planned"
    TAKEN_DOWN = "taken_down"
    CERTAIN = "certain"
    NEAR = "near"
    FAR = "far"
    NOT_MAPPED = "not_mapped"
    NOT_SURVEYED = "not_surveyed"
    BAND = "band"
    NIGHT = "night"
    FRONTAGE = "frontage"
    HOLLOW = "hollow"
    BEYOND_GROUND = "beyond_ground"
    PART = "part"
    GAP = "gap"  # with the plan, where there is one
    GAP_TODAY = "gap_today"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sign with its words; ``low_px_m`` is where a band begins, ``cls`` the class of place whose frontage is in view."""

    sign: Sign
    text: str
    low_px_m: float = 0.0
    cls: str = ""


def legend_entries(assessment: Assessment, translations: Translations, *, with_parts: bool) -> list[LegendEntry]:
    """Return the signs of a map with their words, in the order of every legend: those alone that it shows."""
    found = [LegendEntry(sign, translations(text)) for sign, text in _fields(assessment)]
    for low in sorted(float(low) for low in load_style()["bands"]):
        text = translations(marked("from {low} px/m"), low=short_number(low, translations))
        found.append(LegendEntry(Sign.BAND, text, low_px_m=low))
    if any(result.night is not None for result in assessment.cameras):
        found.append(LegendEntry(Sign.NIGHT, translations(NIGHT)))
    lines = [one for result in assessment.cameras for one in result.sightings if one.geometry is not None]
    for cls in (cls for cls in CLASSES if cls in {str(one.cls) for one in lines}):
        text = translations(marked("frontage in view: {what}"), what=translations(CLASSES[cls]))
        found.append(LegendEntry(Sign.FRONTAGE, text, cls=cls))
    found += [LegendEntry(Sign.HOLLOW, translations(HOLLOW))] if any(not one.is_recorded for one in lines) else []
    found += [LegendEntry(Sign.BEYOND_GROUND, translations(BEYOND_GROUND))] if lines else []
    return [*found, *(LegendEntry(sign, translations(text)) for sign, text in _parts(assessment) if with_parts)]


def _fields(assessment: Assessment) -> Iterator[tuple[Sign, str]]:
    """Yield the signs of cameras, of the ground that they see, and of the ground of which nobody knows."""
    cameras = assessment.cameras
    yield Sign.CAMERA, marked("Camera")
    if any(result.placed.camera.status is Status.PLANNED for result in cameras):
        yield Sign.PLANNED, marked("Planned camera")
    if planned_removals(assessment):
        yield Sign.TAKEN_DOWN, marked("Camera to be taken down")
    if any(result.certain is not None for result in cameras):
        yield Sign.CERTAIN, marked("can see, certain")
    drawn = reaches(cameras)
    for sign, reach in ((Sign.NEAR, Reach.NEAR), (Sign.FAR, Reach.FAR)):
        if reach in drawn:
            yield sign, REACHES[reach]
    if any(result.not_mapped is not None for result in cameras):
        yield Sign.NOT_MAPPED, NO_BUILDING_NEAR
    if assessment.surveyed is not None:
        yield Sign.NOT_SURVEYED, NOBODY_LOOKED


def _parts(assessment: Assessment) -> Iterator[tuple[Sign, str]]:
    """Yield the signs of what is asked for: gaps of today, or those with the plan beside those of today."""
    yield Sign.PART, marked("confirmed part")
    if has_plan(assessment):
        yield Sign.GAP, marked("gap with the plan")
        yield Sign.GAP_TODAY, marked("gap today")
    else:
        yield Sign.GAP, marked("gap")
    yield Sign.OVERLAP, marked("overlap")
