"""Terms of the packs in every language, kept with the results so that outputs need no pack."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.rules.audit_policy import HeightBand
from lhasaplan.core.rules.pack import Pack, Terms


def terms_of(packs: Sequence[Pack], bands: Sequence[HeightBand] = ()) -> Mapping[str, Terms]:
    """Return titles of packs, names of categories, who answers for them, and short terms of articles.

    They stand by ``pack:``, ``category:``, ``responsible:`` (with the English name, which a part carries) and ``article:``.

    Height bands stand by ``band:`` with their heights, so that every output says what a band means.
    """
    found: dict[str, Terms] = {f"band:{band.name}": term for band, term in zip(bands, _band_terms(bands), strict=True)}
    for pack in packs:
        found[f"pack:{pack.name}"] = pack.title
        found |= {f"category:{category.name}": category.term for category in pack.categories}
        found |= {f"responsible:{category.responsible.get('en', '')}": category.responsible for category in pack.categories}
        found |= {f"article:{pack.name}:{article.number}": article.term for article in pack.articles}
    return found


def _band_terms(bands: Sequence[HeightBand]) -> list[Terms]:
    found: list[Terms] = []
    low_m = 0.0
    for band in bands:
        heights = f"> {low_m:g} m" if band.to_m is None else f"{low_m:g}–{band.to_m:g} m"
        found.append({language: f"{text} ({heights})" for language, text in (band.term or {"en": band.name}).items()})
        low_m = band.to_m or low_m
    return found
