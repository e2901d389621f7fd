"""Which article of which loaded pack a finding kind rests on."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.rules import Pack

OWN_POLICY = ("", "")  # no loaded pack cites the kind: the program's own policy


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
    return {kind: tuple(row[3:] for row in sorted(rows, key=lambda row: row[:3])) for kind, rows in found.items()}
