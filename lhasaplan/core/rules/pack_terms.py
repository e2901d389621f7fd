"""What the loaded packs say: terms in every language, and the article on which a finding rests."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.rules.audit_policy import HeightBand
from lhasaplan.core.rules.pack import Pack, Terms

# Find the article of a loaded pack on which a finding kind rests.

OWN_POLICY = ("", "")  # no loaded pack cites the kind: the program's own policy


# Kinds that a limit of days gives, and the limit: the pack that sets it is the one that is broken.
_LIMITS_OF = {
    "retention_over": ("retention_days",),
    "retention_reason": ("retention_reason_days", "retention_purpose_days"),
}


# A kind that rests on what another rests on, unless an article cites it itself: what protects homes protects likely ones.
_AS = {"view_dwelling_likely": "view_home"}

Articles = Mapping[str, tuple[tuple[str, str], ...]]  # by kind of finding: (pack, article number), the most specific first


def articles_by_kind(packs: Sequence[Pack]) -> Articles:
    """Return (pack, article number) of every article that cites a kind, the most specific first, for each cited kind.

    An article that cites fewer kinds is the more specific one; a national pack stands before the one that it builds on
    because it names fewer countries.
    """
    found: dict[str, list[tuple[int, int, int, str, str]]] = {}
    for p, pack in enumerate(packs):
        for article in pack.articles:
            row = (len(article.findings), len(pack.countries), p, pack.name, article.number)
            for kind in dict.fromkeys(article.findings):
                found.setdefault(kind, []).append(row)
    found |= {kind: found[other] for kind, other in _AS.items() if kind not in found and other in found}
    return {kind: tuple(row[3:] for row in sorted(rows, key=lambda row: row[:3])) for kind, rows in found.items()}


def cited(kind: str, required: object, packs: Sequence[Pack], articles: Articles) -> tuple[tuple[str, str], ...]:
    """Return (pack, article number) of each article that a finding rests on; one of a limit first under a pack that sets it."""
    found = articles.get(kind) or (OWN_POLICY,)
    limits = _LIMITS_OF.get(kind)
    if limits is None:
        return found
    setters = {pack.name for pack in packs if required in [getattr(pack.thresholds, limit) for limit in limits]}
    return tuple(sorted(found, key=lambda each: each[0] not in setters))


# Terms of the packs in every language, kept with the results so that outputs need no pack.


def terms_of(packs: Sequence[Pack], bands: Sequence[HeightBand] = ()) -> Mapping[str, Terms]:
    """Return titles of packs, names of categories, who answers for them, and short terms of articles.

    They stand by ``pack:``, ``category:``, ``responsible:`` (with the English name, which a part carries) and ``article:``; by
    ``mark:`` stands whether an article was verified.

    Height bands stand by ``band:`` with their heights, so that every output says what a band means.
    """
    found: dict[str, Terms] = {f"band:{band.name}": term for band, term in zip(bands, _band_terms(bands), strict=True)}
    for pack in packs:
        found[f"pack:{pack.name}"] = pack.title
        found |= {f"category:{category.name}": category.term for category in pack.categories}
        found |= {f"responsible:{category.responsible.get('en', '')}": category.responsible for category in pack.categories}
        found |= {f"article:{pack.name}:{article.number}": article.term for article in pack.articles}
        found |= {f"mark:{pack.name}:{article.number}": {"en": article.mark} for article in pack.articles}
    return found


def _band_terms(bands: Sequence[HeightBand]) -> list[Terms]:
    found: list[Terms] = []
    low_m = 0.0
    for band in bands:
        heights = f"> {low_m:g} m" if band.to_m is None else f"{low_m:g}–{band.to_m:g} m"
        found.append({language: f"{text} ({heights})" for language, text in (band.term or {"en": band.name}).items()})
        low_m = band.to_m or low_m
    return found
