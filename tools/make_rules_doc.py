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
    "yes": "Planning: yes, behind the gate.",
    "never": "Planning: **never**. Nothing is planned while this pack is loaded, whatever its file says.",
    "duties": "Duties: example categories; each gives candidates, and a candidate is demand only when a person confirms it.",
}
MARKS = {"V": "verified", "M": "from memory", "U": "to be confirmed", "P": "policy"}
USUAL_VIEWS, USUAL_SHARE = 1, 0.9  # said once above the table

HEAD = """# Which rules are computed, declared, or out of reach?

`tools/make_rules_doc.py` writes this page from `data/rules/*.toml`. Change the packs, not this page. How to write a pack:
[adding-a-city.md](adding-a-city.md); how to check one: [checking-a-pack.md](checking-a-pack.md). None of this is legal advice.

**May I change a pack?** Yes. A pack may tighten the mandatory fields of a mandate, the protected kinds and the test of the gate,
never loosen them; a looser figure is refused with file and key. A changed pack is marked on every output and gets no new country
and no new authority. A pack that is not shipped plans only inside the territory of a shipped planning pack and under its
authorities; elsewhere it audits.

**How to read the tables**

- *program*: names of finding kinds are what the program computes under the article; a person judges the finding. *declared*: a
  person answers for it, in the mandate, a confirmation or the file beside the plan. *out of reach*: neither, with the reason;
  a person sees to it.
- *mark*: verified in a stored public source, from memory, to be confirmed, or our policy and no law. No statute sets a pixel
  density or a distance round a protected place: the figures of grades are our policy, and every output says so.
"""


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    names = [*ORDER, *sorted(name for name in pack_files() if name not in ORDER)]
    return "\n".join([HEAD, *(section(pack) for pack in load_packs(names))])


def section(pack: Pack) -> str:
    blocks = [f"## `{pack.name}`: {pack.title['en']}", f"Version {pack.version}. {PLANNING[pack.planning]}"]
    blocks += [territory(pack)] if pack.countries else []
    blocks += [figures(pack), articles(pack.articles)]
    blocks += [categories(pack.categories)] if pack.categories else []
    blocks += [listed("Closed list of purposes", [f"{n}: {t['en']}" for n, t in pack.purposes.items()])] if pack.purposes else []
    blocks += [listed("What a sign says", [item["en"] for item in pack.sign_items])] if pack.sign_items else []
    blocks += [listed("What a plan draft holds", [text["en"] for text in pack.chapters])] if pack.chapters else []
    blocks += [listed("Cautions printed", [text["en"] for text in pack.cautions.values()])] if pack.cautions else []
    return "\n\n".join(block for block in blocks if block) + "\n"


def territory(pack: Pack) -> str:
    codes = ", ".join(pack.countries)
    less = " without the parts that `excluded_wkt` names" if pack.excluded_wkt else ""
    who = f" Supervisory authorities: {len(pack.authorities)} names in use, listed in the file." if pack.authorities else ""
    return f"Territory (ISO 3166-1 numbers): {codes}{less}.{who}"


def figures(pack: Pack) -> str:
    core = type(pack.thresholds)()
    own = [f for f in fields(core) if getattr(pack.thresholds, f.name) != getattr(core, f.name)]
    rows = [f"`{f.name}` {getattr(pack.thresholds, f.name):g}" for f in own]
    rows += [f"`public_precision_deg` {pack.public_precision_deg:g}"] if pack.public_precision_deg else []
    rows += [f"required camera fields: {', '.join(f'`{name}`' for name in pack.required_fields)}"] if pack.required_fields else []
    rows += (
        [f"ground where people assemble: {', '.join(f'`{each}`' for each in pack.assembly_ground)}"]
        if pack.assembly_ground
        else []
    )
    return f"Figures of its own: {'; '.join(rows)}." if rows else ""


def articles(listed_articles: tuple[Article, ...]) -> str:
    head = "| article | mark | rule in short | program |\n|---|---|---|---|"
    return "\n".join([head, *(row(article) for article in listed_articles)])


def row(article: Article) -> str:
    program = {
        How.COMPUTED: ", ".join(f"`{kind}`" for kind in article.findings),
        How.DECLARED: "declared",
        How.OUT_OF_REACH: "out of reach: " + article.reason.get("en", ""),
    }[article.how]
    return f"| {article.number} | {MARKS[article.mark]} | {cell(article.term['en'])} | {cell(program)} |"


def categories(listed_categories: tuple[Category, ...]) -> str:
    head = "| category | found by | part | asked for | responsible | why (policy) |\n|---|---|---|---|---|---|"
    usual = f"Where a row says no more, {USUAL_VIEWS} view of {USUAL_SHARE:.0%} of the part is asked for."
    return "\n".join([usual, "", head, *(category_row(category) for category in listed_categories)])


def category_row(category: Category) -> str:
    match = "; or ".join(" and ".join(f"`{cell(condition)}`" for condition in rule) for rule in category.match)
    needed = category.required
    asked = f"{needed.density_px_m:g} px/m"
    if (needed.min_views, needed.min_share) != (USUAL_VIEWS, USUAL_SHARE):
        asked += f", {needed.min_views} views, {needed.min_share:.0%} of it"
    cells = (f"`{category.name}` {category.term['en']}", match, f"{category.part_kind} ({category.shape})", asked)
    return f"| {' | '.join(cells)} | {category.responsible['en']} | {cell(category.source.removeprefix('Policy: '))} |"


def listed(title: str, items: list[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {item}" for item in items)])


def cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
