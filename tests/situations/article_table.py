"""Write into README.md which situation shows which article of which shipped pack.

Run it after every change of a pack or of a town:  python tests/situations/article_table.py
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from situation import situations  # noqa: E402

from lhasaplan.core.rules.pack import Article, How, Pack  # noqa: E402
from lhasaplan.io.content.packs import available_packs, load_packs  # noqa: E402

PAGE = Path(__file__).parent / "README.md"
HEADING = "## Which situation shows which article\n"
HEAD = f"""{HEADING}
Written by `article_table.py` from the packs and the towns. Of a *computed* article each kind of finding stands with the first
situation that it is cited in; a *declared* one is answered by a person, and where the program asks for the answer a situation
shows what it does without; what is *out of reach* is shown by none.
"""

Shown = Mapping[tuple[str, str], list[str]]  # (article, kind of finding) -> situations; declared articles have the kind ""


def shown() -> Shown:
    """Return the situations in which an article is cited, by article and kind of finding, in the order of the files."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, said in situations().items():
        for key in _cited(said):
            found.setdefault(key, []).append(name)
    return found


def _cited(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in said.get("found", ()):
        for article in (each["article"], *each.get("also", ())):
            yield article, each["id"].split(":")[0]
    for article in said.get("declares", ()):
        yield article, ""


def not_shown() -> list[tuple[str, str]]:
    """Return each article and kind of finding that a pack says it computes and that no situation shows."""
    known = shown()
    computed = [
        (f"{pack.name} {article.number}", kind)
        for pack in load_packs(available_packs())
        for article in pack.articles
        for kind in article.findings
    ]
    return [each for each in computed if each not in known]


def section() -> str:
    """Return the table of every article of every shipped pack."""
    known = shown()
    return "\n".join([HEAD, *("\n".join([*_table(pack, known), ""]) for pack in load_packs(available_packs()))])


def _table(pack: Pack, known: Shown) -> Iterator[str]:
    yield f"### `{pack.name}`\n"
    yield "| article | how | shown by |\n|---|---|---|"
    for article in pack.articles:
        yield f"| {article.number} | {str(article.how).replace('_', ' ')} | {_where(pack, article, known)} |"


def _where(pack: Pack, article: Article, known: Shown) -> str:
    number = f"{pack.name} {article.number}"
    if article.how is How.COMPUTED:
        return "; ".join(f"`{kind}`: {known.get((number, kind), ['**none**'])[0]}" for kind in article.findings)
    return "; ".join(known.get((number, ""), ["–"]))


def main() -> int:
    """Write the section at the end of the page."""
    text = PAGE.read_text(encoding="utf-8").split(HEADING)[0]
    PAGE.write_text(text + section(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
