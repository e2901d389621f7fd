"""Numbers as a reader's language writes them, pixel densities, and where a view is sharpest, surface by surface."""

import re
from collections.abc import Iterable

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import SharpestSurface

# Numbers as a reader's language writes them, and pixel densities without figures that no lens means.

DECIMAL_MARK = marked(".")
# A space inside a number, one between a number and its unit, and those that French puts before its double marks.
HELD = re.compile(r"(?<=\d) (?=\d{3}(?!\d))|(?<=\d) (?=(?:m²|m|km|px/m|px|%|°|ha)(?![\w²]))|(?<=\S) (?=[:;?!»](?:\s|$))|(?<=«) ")
NO_BREAK = "\N{NO-BREAK SPACE}"
MOST_PX_M = 1000.0  # beside a wall the formula gives tens of thousands; more than this says nothing more to a reader


def is_all_of(part: float, whole: float) -> bool:
    """Return whether a part is the whole, to a tenth; of nothing there is no part. Figures rounded alike may not be alike.

    >>> is_all_of(1250.0, 1250.0), is_all_of(1249.6, 1250.4), is_all_of(0.0, 0.0)
    (True, False, False)
    """
    return round(whole) != 0 and abs(whole - part) < 0.05


def number_text(value: float, translations: Translations, digits: int = 0) -> str:
    """Return a number with a fixed count of digits, as sentences and tables write it.

    >>> number_text(81258.4, Translations())
    '81 258'
    """
    return translations.number(value, digits)


def bound(text: str) -> str:
    """Return the text with no line end inside a number, between it and its unit, or before a French double mark.

    >>> bound("81 258 m² of ground").count(NO_BREAK)
    2
    """
    return HELD.sub(NO_BREAK, text)


def short_number(value: float, translations: Translations, digits: int = 1, *, is_grouped: bool = False) -> str:
    """Return a number with as many digits as it needs, at most ``digits``; grouped where it stands in a sentence.

    >>> short_number(2892.0, Translations()), short_number(2892.46, Translations(), is_grouped=True)
    ('2892', '2 892.5')
    """
    mark = translations(DECIMAL_MARK)
    text = translations.number(value, digits) if is_grouped else f"{value:.{digits}f}".replace(".", mark)
    whole, _, rest = text.partition(mark)
    rest = rest.rstrip("0")
    return f"{whole}{mark}{rest}" if rest else whole


def density_text(low_px_m: float, high_px_m: float, translations: Translations, digits: int = 0) -> str:
    """Return a density or an interval of densities; beyond 1000 px/m only that it is more.

    An interval that begins at nothing (one end of an assumption shows nothing) says how much it is at most.

    >>> density_text(31.2, 48211.0, Translations())
    '31 to over 1000'
    >>> density_text(0.0, 48.0, Translations())
    'up to 48'
    """
    shown = (f"{min(value, MOST_PX_M):.{digits}f}" for value in (low_px_m, high_px_m))
    first, second = (text.replace(".", translations(DECIMAL_MARK)) for text in shown)
    most = f"{MOST_PX_M:.0f}"
    if low_px_m == 0.0 < high_px_m:
        is_more = high_px_m > MOST_PX_M
        return (
            translations(marked("up to over {most}"), most=most) if is_more else translations(marked("up to {high}"), high=second)
        )
    if low_px_m > MOST_PX_M:
        return translations(marked("over {most}"), most=most)
    if high_px_m > MOST_PX_M:
        return translations(marked("{low} to over {most}"), low=first, most=most)
    return first if first == second else f"{first}–{second}"


def percent_of(share: float | None) -> float | None:
    """Return a share in percent; None where it is not known."""
    return None if share is None else 100.0 * share


def area_text(area_m2: float, translations: Translations) -> str:
    """Return an area that a person can read, with the decimal mark of the language.

    >>> [area_text(area_m2, Translations()) for area_m2 in (840.2, 25_300.0, 3_400_000.0)]
    ['840 m²', '2.53 ha', '3.40 km²']
    """
    if area_m2 >= 1e6:
        return f"{number_text(area_m2 / 1e6, translations, 2)} km²"
    return f"{number_text(area_m2 / 1e4, translations, 2)} ha" if area_m2 >= 1e4 else f"{number_text(area_m2, translations)} m²"


# Say where a view is sharpest, surface by surface: each density with its own surface, distance class and side.

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
