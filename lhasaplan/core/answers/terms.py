"""What the packs call their own things, in every language, so that outputs need no pack."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.rules import Pack, Terms


def terms_of(packs: Sequence[Pack]) -> Mapping[str, Terms]:
    """Return titles of packs, names of categories and short terms of articles, by ``pack:``, ``category:`` and ``article:``."""
    found: dict[str, Terms] = {}
    for pack in packs:
        found[f"pack:{pack.name}"] = pack.title
        found |= {f"category:{category.name}": category.term for category in pack.categories}
        found |= {f"article:{pack.name}:{article.number}": article.term for article in pack.articles}
    return found
