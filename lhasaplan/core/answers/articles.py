"""Which article of which loaded pack a finding kind rests on."""

from collections.abc import Sequence

from lhasaplan.core.rules import Pack

OWN_POLICY = ("", "")  # no loaded pack cites the kind: the program's own policy


def articles_citing(packs: Sequence[Pack], kind: str) -> tuple[tuple[str, str], ...]:
    """Return (pack, article number) of every article that cites the kind, the most specific first.

    An article that cites fewer kinds is the more specific one; a national pack stands before the one that it builds on
    because it names fewer countries.
    """
    found = [
        (len(article.findings), len(pack.countries), p, pack.name, article.number)
        for p, pack in enumerate(packs)
        for article in pack.articles
        if kind in article.findings
    ]
    return tuple((name, number) for _, _, _, name, number in sorted(found, key=lambda row: row[:3]))
