"""TOML files: mandates, rule packs, descriptions of layers; every key that is wrong is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

from corpus.case import Reader
from lhasaplan.content import content_folder

MANDATE = Reader("mandate", "mandate.toml", {"kind": "mandates"})
PACK = Reader("rule pack", "moon-law.toml", {"kind": "articles"})
SPEC = Reader("layer spec", "specs/trees.toml", {"kind": "layers"})
READERS = (MANDATE, PACK, SPEC)

taken, refused = MANDATE.taken, MANDATE.refused
WHOLE = (Path(content_folder("data")).parent / "docs" / "mandate-example.toml").read_text(encoding="utf-8")
taken("the example", WHOLE)
taken("a mandate that lacks much", 'controller = "City"\n')
taken("an empty mandate", "")
taken("line ends of Windows in a mandate", WHOLE.replace("\n", "\r\n"))
taken("a date of TOML", "date = 2026-04-15\n")
taken("a mandate in Chinese", 'controller = "市政局"\npurposes = ["交通安全"]\n')
taken("a retention of nothing", "retention_days = 0\n")
refused("an unknown key", 'controler = "City"\n', "controler", "not known", items=("controler",))
refused("a number for a name", "controller = 7\n", "text", items=("controller",))
refused("a text for a number", 'retention_days = "three"\n', "three", items=("retention_days",))
refused("a retention below zero", "retention_days = -1\n", "0", items=("retention_days",))
refused("an endless retention", "retention_days = inf\n", items=("retention_days",))
refused("a date the other way round", 'date = "15.04.2026"\n', "YYYY-MM-DD", items=("date",))
refused("a plan area that is a line", 'plan_area_wkt = "LINESTRING(0 0, 1 1)"\n', "polygon", items=("plan_area_wkt",))
refused(
    "a plan area in metres",
    'plan_area_wkt = "POLYGON((652000 6862000,653000 6862000,653000 6863000,652000 6862000))"\n',
    "longitude",
    items=("plan_area_wkt",),
)
refused(
    "a plan area that crosses itself", 'plan_area_wkt = "POLYGON((0 0,1 1,1 0,0 1,0 0))"\n', "polygon", items=("plan_area_wkt",)
)
refused("an empty purpose", 'purposes = [""]\n', items=("purposes",))
refused("purposes that are no list", 'purposes = "traffic"\n', "list", items=("purposes",))
refused("three faults of a mandate", 'foo = 1\ndate = "x"\ncontroller = 3\n', "foo", items=("foo", "date", "controller"))
refused("no TOML", "controller: City\n", "line 1")
refused("a mandate in another encoding", 'controller = "Mairie d\'Évry"\n'.encode("cp1252"), "UTF-8")
refused("one key twice", 'date = "2026-04-15"\ndate = "2026-04-16"\n', "line 2")
refused("a mandate that is a picture", b"\x89PNG\r\n\x1a\n\0\0", "UTF-8")
refused("brackets without end", "purposes = [" + "[" * 5000)

taken, refused = PACK.taken, PACK.refused
LAW = 'name = "moon-law"\nversion = "1"\nplanning = "yes"\ncountries = ["999"]\nauthorities = ["Crater Board"]\n'
TITLE = '[title]\nen = "Moon"\nzh_CN = "月球"\nfr = "Lune"\n'
ARTICLE = """[[articles]]
number = "1"
how = "computed"
mark = "P"
findings = ["view_home"]
term = { en = "No crater", zh_CN = "无", fr = "Aucun" }
"""
taken("a small pack", LAW + TITLE + ARTICLE)
taken("a pack that tightens", LAW + TITLE + "[thresholds]\nretention_days = 1.0\n" + ARTICLE)
refused("a pack that calls itself otherwise", LAW.replace("moon-law", "mars-law") + TITLE + ARTICLE, "mars-law", items=("name",))
refused("a pack without a title", LAW + ARTICLE, "missing", items=("title",))
refused("a pack without French", LAW + TITLE.replace('fr = "Lune"\n', "") + ARTICLE, "missing", items=("title.fr",))
refused("a pack with an unknown key", LAW + "colour = 1\n" + TITLE + ARTICLE, "not known", items=("colour",))
refused(
    "an article that is found by magic",
    LAW + TITLE + ARTICLE.replace('"computed"', '"magic"'),
    "magic",
    items=("articles[1].how",),
)
refused(
    "an article without words", LAW + TITLE + ARTICLE.replace('en = "No crater", ', ""), "missing", items=("articles[1].term.en",)
)
refused("planning by a number", LAW.replace('"yes"', "7") + TITLE + ARTICLE, items=("planning",))
refused("a country that is no text", LAW.replace('["999"]', "[999]") + TITLE + ARTICLE, items=("countries",))
refused("a pack that is no TOML", "name = moon\n", "line 1")
refused("a pack in UTF-16", (LAW + TITLE).encode("utf-16"), "UTF-8")

taken, refused = SPEC.taken, SPEC.refused
TREES = (content_folder("layers") / "specs" / "trees.toml").read_text(encoding="utf-8")


def specs(text: str, name: str = "trees.toml") -> Callable[[Path], object]:
    """Return a writer of all layer descriptions, one of them with this text."""

    def write(path: Path) -> None:
        shutil.copytree(content_folder("layers"), path.parent, dirs_exist_ok=True)
        (path.parent / "specs" / name).write_text(text, encoding="utf-8")

    return write


SPEC_FILE = "layers.marker"
taken("the shipped layers", specs(TREES), 9, file=SPEC_FILE)
taken("a layer in another colour", specs(TREES.replace("#", "#", 1)), 9, file=SPEC_FILE)
refused("a layer without a legend", specs(TREES.replace("[legend]", "[other]")), "legend", file=SPEC_FILE)
refused("a layer without OpenStreetMap", specs(TREES.replace("[osm]", "[osmosis]")), "osm", file=SPEC_FILE)
refused("a layer that is no TOML", specs("[layer\n"), "line 1", file=SPEC_FILE)
refused(
    "a number where a table belongs",
    specs(TREES.replace('point = { natural = "tree" }', "point = 1.5")),
    "table.default",
    file=SPEC_FILE,
)
refused(
    "a kind of mapping that is a number", specs(TREES.replace("[table]", "kinds = 1.5\n[table]")), "osm.kinds", file=SPEC_FILE
)
refused("no list of tags to keep", specs("colour = 1", "../kept_tags.toml"), "keep", file=SPEC_FILE)
refused("a layer of nothing", specs(""), "layer", file=SPEC_FILE)
