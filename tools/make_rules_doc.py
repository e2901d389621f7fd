"""Write docs/rules.md from the rule packs: every article, what the program does, what stays with people.

Run it after every change of a pack:  python tools/make_rules_doc.py
"""

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.core.rules.pack import Article, Category, How, Pack  # noqa: E402
from lhasaplan.io.content.packs import load_packs, pack_files  # noqa: E402

PAGE = ROOT / "docs" / "rules.md"
ORDER = ("eu-gdpr", "fr-csi", "uk-sccop", "de-bdsg", "cn-limits", "municipal-safety")
PLANNING = {
    "yes": "",
    "none": " **Audits only**: no law is cited, and nobody plans by it.",
    "never": " **Never plans**: nothing is planned while this pack is loaded, whatever its file says.",
    "duties": " Duties: its categories give candidates; a candidate is demand only when a person confirms it.",
}
MARKS = {"V": "", "M": "†", "U": " (to be confirmed)", "P": " (policy)"}  # † is explained at the head of the page
USUAL_VIEWS, USUAL_SHARE = 1, 0.9  # said once on the page

USUAL_DENSITY_PX_M = 25.0
MANY_COUNTRIES = 6  # more are counted: the pack lists them
USUAL_FIELDS = ("owner", "purpose", "retention_days", "sign")

HEAD = """# Which rules are computed, declared, or out of reach?

`tools/make_rules_doc.py` writes this page from `data/rules/*.toml`: change the packs, not this page. See also how to
[write](adding-a-city.md) and how to [check](checking-a-pack.md) a pack. None of this is legal advice.

**May I change a pack?** It may be stricter than the program, never looser. Outputs of a release mark a changed pack; it gets no
new country and no new authority. One that is not shipped plans only inside the territory of a shipped planning pack and under its
authorities; elsewhere it audits.

- *Computed*: the program computes findings of the kinds at the end of the line. A person judges them.
- *Declared*: a person answers for it, in the mandate, a confirmation or the file beside the plan.
- *Out of reach*: neither, with the reason. A person sees to it.
- A rule is verified in a public source; † is from memory. No statute sets a pixel density or a distance round a protected place:
  these figures are our policy.
- *Territory* has numbers of ISO 3166-1. The *usual fields* are `owner`, `purpose`, `retention_days` and `sign`.
"""


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    names = [*ORDER, *sorted(name for name in pack_files() if name not in ORDER)]
    return "\n".join([HEAD, *(section(pack) for pack in load_packs(names))])


def section(pack: Pack) -> str:
    about = [f"Version {pack.version}.{PLANNING[pack.planning]}", territory(pack), figures(pack)]
    blocks = [f"## `{pack.name}`: {pack.title['en']}", "\n".join(line for line in about if line)]
    blocks += articles(pack.articles)
    blocks += [categories(pack.categories)] if pack.categories else []
    blocks += (
        [in_a_row("Closed list of purposes", [f"({n}) {t['en']}" for n, t in pack.purposes.items()])] if pack.purposes else []
    )
    blocks += [in_a_row("What a sign says", [item["en"] for item in pack.sign_items])] if pack.sign_items else []
    blocks += [listed("Cautions printed", [text["en"] for text in pack.cautions.values()])] if pack.cautions else []
    return "\n\n".join(blocks) + "\n"


def territory(pack: Pack) -> str:
    if not pack.countries:
        return ""
    codes = ", ".join(pack.countries) if len(pack.countries) <= MANY_COUNTRIES else f"{len(pack.countries)} countries"
    less = " without the parts that `excluded_wkt` names" if pack.excluded_wkt else ""
    who = f" {len(pack.authorities)} supervisory authorities." if pack.authorities else ""
    return f"Territory: {codes}{less}.{who}"


def figures(pack: Pack) -> str:
    core = type(pack.thresholds)()
    own = [f for f in fields(core) if getattr(pack.thresholds, f.name) != getattr(core, f.name)]
    rows = [f"`{f.name}` {getattr(pack.thresholds, f.name):g}" for f in own]
    rows += [f"`public_precision_deg` {pack.public_precision_deg:g}"] if pack.public_precision_deg else []
    rows += [required(pack.required_fields)] if pack.required_fields else []
    assembly = ", ".join(f"`{each}`" for each in pack.assembly_ground)
    rows += [f"ground where people assemble: {assembly}"] if assembly else []
    return f"Figures of its own: {'; '.join(rows)}." if rows else ""


def required(names: tuple[str, ...]) -> str:
    more = [f"`{name}`" for name in names if name not in USUAL_FIELDS]
    if not set(USUAL_FIELDS) <= set(names):
        return f"required fields of a camera: {', '.join(f'`{name}`' for name in names)}"
    return "required: " + " and ".join(["the usual fields", *more])


def articles(listed_articles: tuple[Article, ...]) -> list[str]:
    """Return a list of articles for each thing that the program does about them."""
    by = {how: [article for article in listed_articles if article.how is how] for how in How}
    computed = [f"{marked(article)}: {article.term['en']}: {kinds(article)}" for article in by[How.COMPUTED]]
    declared = [f"{marked(article)}: {article.term['en']}" for article in by[How.DECLARED]]
    beyond = [f"{marked(article)}: {article.term['en']}. {article.reason['en']}" for article in by[How.OUT_OF_REACH]]
    lists = (("Computed", computed), ("Declared", declared), ("Out of reach", beyond))
    return [listed(title, lines) for title, lines in lists if lines]


def kinds(article: Article) -> str:
    return ", ".join(f"`{kind}`" for kind in article.findings)


def marked(article: Article) -> str:
    return f"*{article.number}*{MARKS[article.mark]}"


def categories(listed_categories: tuple[Category, ...]) -> str:
    head = "| category | found by one of | part | responsible | why (policy) |\n|---|---|---|---|---|"
    needed = f"{USUAL_VIEWS} view of {USUAL_SHARE:.0%} of the part at {USUAL_DENSITY_PX_M:g} px/m"
    usual = f"Where a row says no more, {needed} is asked for."
    return "\n".join([usual, "", head, *(category_row(category) for category in listed_categories)])


def category_row(category: Category) -> str:
    match = "; ".join(" and ".join(f"`{cell(condition)}`" for condition in rule) for rule in category.match)
    part = f"{category.part_kind} ({category.shape}){asked(category)}"
    cells = (f"`{category.name}` {category.term['en']}", match, part, category.responsible["en"])
    return f"| {' | '.join(cells)} | {cell(category.source.removeprefix('Policy: '))} |"


def asked(category: Category) -> str:
    """Return what is asked of a part beyond the usual."""
    needed = category.required
    density = f", {needed.density_px_m:g} px/m" if needed.density_px_m != USUAL_DENSITY_PX_M else ""
    usual = (needed.min_views, needed.min_share) == (USUAL_VIEWS, USUAL_SHARE)
    return density if usual else f"{density}, {needed.min_views} views, {needed.min_share:.0%} of it"


def listed(title: str, items: list[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {item}" for item in items)])


def in_a_row(title: str, items: list[str]) -> str:
    return f"**{title}**: {'. '.join(items)}."


def cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
