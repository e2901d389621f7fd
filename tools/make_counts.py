"""Count candidates and protected objects twice, by the program and by osmium alone, and write docs/counts.md.

python tools/make_counts.py

Helsinki is the shipped sample; Monaco is counted where its published extract is (see tests/sources.py).
"""

import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import osmium  # noqa: E402
import pytest  # noqa: E402
from city_counts import CITIES, DEFINED, file_of, read, slow_candidates, tagged  # noqa: E402
from osm_city import through_the_program  # noqa: E402
from protected_counts import slow_protected  # noqa: E402

from lhasaplan.core.demand.candidates import find_places  # noqa: E402
from lhasaplan.core.protection.places import count_places, find_protected  # noqa: E402
from lhasaplan.io.content.packs import load_packs  # noqa: E402
from lhasaplan.io.content.protected_kinds import load_protected_kinds  # noqa: E402

PAGE = ROOT / "docs" / "counts.md"
CLASSES = {
    "home": "a building or ground of a kind of homes, or a building to which such a point or flats entrance belongs",
    "protected": "the same of every other protected kind, all kinds together",
    "dwelling_likely": "of the buildings that nobody knows the use of those with a house number, an address in them, the name of "
    "a home, or two doors and no business",
    "use_unknown": "any other building that shows no kind and whose `building` value is no known use (`yes` above all); "
    "shops and offices of three storeys or more too, and what is called a church, a school …",
}
HEAD = """# Counts of two cities, twice

`tools/make_counts.py` writes this page. *Program* is what the program finds: places of a [duties pack](rules.md), which has
their tags (a place has one candidate part or more; an audit counts parts), and protected objects by class. *Osmium* is a count
of the file by osmium, pyproj and shapely alone (`tests/city_counts.py`, `tests/protected_counts.py`); tests hold one against
the other. *Tagged* is the number of nodes, lines and areas with the tags that are no protected place, before those of one real
thing are joined. Of junctions it counts signals and roundabouts; junctions themselves come from the roads.

Agreement says that the program does with the file what its rules say, not what the map lacks or has wrong.
"""


def main() -> int:
    text = page()
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(text)
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def page() -> str:
    cities = [city for city in CITIES if is_here(city)]
    blocks = [HEAD, *(source(city) for city in cities)]
    blocks += ["\n## Candidates of `municipal-safety`\n", heads(cities, "Category", True)]
    by_program = {city: program(city) for city in cities}
    for name, text in DEFINED.items():
        counts = [(len(tagged(city)[name]), slow_candidates(city)[name], by_program[city][name]) for city in cities]
        blocks.append(row(f"`{name}`", counts, text))
    sums = [(sum(map(len, tagged(c).values())), sum(slow_candidates(c).values()), by_program[c]["candidates"]) for c in cities]
    blocks += [row("all", sums, ""), "\n## Protected objects by class\n", heads(cities, "Class", False)]
    slow = {city: slow_protected(read(city).things) for city in cities}
    blocks += [row(f"`{cls}`", [(slow[c][cls], by_program[c][cls]) for c in cities], text) for cls, text in CLASSES.items()]
    return "\n".join(blocks) + "\n"


def is_here(city: str) -> bool:
    try:
        return file_of(city).exists()
    except pytest.skip.Exception:
        return False


def source(city: str) -> str:
    path = file_of(city)
    digest, header = sha256(path.read_bytes()).hexdigest()[:12], osmium.FileProcessor(str(path)).header
    stated = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    newest = max(item.timestamp for item in osmium.FileProcessor(str(path))).date().isoformat()
    date = f"of {stated[:10]}" if stated else f"without a date of its own; its newest feature is of {newest}"
    return f"- {city.capitalize()}: `{path.name}` (sha256 {digest}…), {date}; © OpenStreetMap contributors, ODbL 1.0."


def program(city: str) -> Counter[str]:
    layers, houses = through_the_program(city)
    places = find_places(layers, houses, load_packs(["municipal-safety"]))
    protected = count_places(find_protected(layers, houses, load_protected_kinds()))
    return Counter(place.category for place in places) + Counter({"candidates": len(places)}) + Counter(protected)


def heads(cities: list[str], first: str, with_tagged: bool) -> str:
    columns = (["tagged"] if with_tagged else []) + ["osmium", "program"]
    named = [f"{city.capitalize()}: {columns[0]}" if n == 0 else c for city in cities for n, c in enumerate(columns)]
    return f"| {first} | {' | '.join(named)} | Counted so |\n|---|{'---:|' * len(named)}---|"


def row(first: str, counts: list[tuple[int, ...]], text: str) -> str:
    return f"| {first} | {' | '.join(str(n) for each in counts for n in each)} | {text} |"


if __name__ == "__main__":
    sys.exit(main())
