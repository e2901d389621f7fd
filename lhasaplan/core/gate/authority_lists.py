"""Compare the supervisory authority that a mandate names with the lists of the packs."""

import unicodedata
from functools import lru_cache

from lhasaplan.core.city.territory import PackTerms


@lru_cache(maxsize=1024)  # each answer compares one name with the lists of all packs
def plain_name(name: str) -> str:
    """Return a name without accents, case, punctuation and double spaces, for comparison.

    >>> plain_name("Commission  nationale de l’informatique et des LIBERTÉS (CNIL)")
    'commission nationale de l informatique et des libertes cnil'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


def overseen_countries(terms: PackTerms, authority: str) -> tuple[str, ...]:
    """Return the countries of the pack for which it lists the authority; an empty name is on no list."""
    named = plain_name(authority)
    return tuple(
        code
        for code in terms.countries
        if named and named in {plain_name(one) for one in terms.authority_of.get(code, terms.authorities)}
    )
