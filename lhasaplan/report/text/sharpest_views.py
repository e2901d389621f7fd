"""Say where a view is sharpest, surface by surface: each density with its own surface, distance class and side."""

from collections.abc import Iterable

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.seen_surface import SharpestSurface
from lhasaplan.report.text.numerals import density_text, short_number

SURFACES = {
    "ground_floor": marked("frontage of the ground floor"),
    "upper_floors": marked("frontage of upper floors"),
    "ground": marked("open ground"),
}
SIDES = {
    "n": marked("to the north"),
    "ne": marked("to the north-east"),
    "e": marked("to the east"),
    "se": marked("to the south-east"),
    "s": marked("to the south"),
    "sw": marked("to the south-west"),
    "w": marked("to the west"),
    "nw": marked("to the north-west"),
}


def surfaces_of(rows: object) -> tuple[SharpestSurface, ...]:
    """Return the surfaces that a finding carries."""
    return tuple(SharpestSurface(**row) for row in rows) if isinstance(rows, tuple | list) else ()


def sharpest_text(sighting: Sighting, translations: Translations) -> str:
    """Return where a sighting is sharpest, and how much frontage is in view; of one that does not say where, how sharp it is."""
    sharp = translations(marked("{density} px/m"), density=density_text(*sighting.density_px_m, translations))
    text = views_text(sighting.sharpest, translations) or sharp
    if sighting.in_view_m < sighting.frontage_m + 0.1:
        return text
    return text + translations(
        marked("; {length} m of frontage are in view in all"),
        length=short_number(sighting.in_view_m, translations, is_grouped=True),
    )


def views_text(surfaces: Iterable[SharpestSurface], translations: Translations) -> str:
    """Return the surfaces in one line, the sharper first."""
    return translations(marked("; ")).join(_view_text(each, translations) for each in surfaces)


def _view_text(each: SharpestSurface, translations: Translations) -> str:
    what = translations(SURFACES.get(each.surface, each.surface))
    density = density_text(*each.density_px_m, translations)
    if each.distance_m is None:
        text = translations(marked("{surface} at {density} px/m"), surface=what, density=density)
    else:
        where = {"distance": distance_text(each.distance_m, translations), "side": translations(SIDES[each.side])}
        text = translations(marked("{surface} at {density} px/m, {distance} {side}"), surface=what, density=density, **where)
    return text if each.surface == "ground" else text + _length_text(each, translations)


def _length_text(each: SharpestSurface, translations: Translations) -> str:
    """Return how much frontage reaches the density that its grade begins at."""
    least, length = (short_number(value, translations) for value in (each.over_px_m, each.length_m))
    return translations(marked(" ({length} m of frontage at {least} px/m or more)"), length=length, least=least)


def distance_text(class_m: tuple[float, float | None], translations: Translations) -> str:
    """Return a class of distances in words."""
    low, high = class_m
    if high is None:
        return translations(marked("more than {low} m away"), low=f"{low:g}")
    if not low:
        return translations(marked("less than {high} m away"), high=f"{high:g}")
    return translations(marked("{low}–{high} m away"), low=f"{low:g}", high=f"{high:g}")
