"""Attacks on a sealed project: whatever a verb writes, prints, or holds in a file for a moment, a drawn refuge is in none of it.

The refuge has a name, a file and corners that nothing else has. Every attack runs in a folder of its own, with the folder for
temporary files and the user's own folder inside it. All files are searched when it has ended, and each that the program puts in
place of another, or removes, right before that; what is packed is unpacked. These stand beside the sixty attacks on the guard
(``places/test_places_sixty_attacks.py``).
"""

import io
import json
import shutil
import struct
import sys
import tempfile
import zipfile
import zlib
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from evasion_town import GROUNDS, PART, X0, Y0, lonlat, lonlat_box, make_town, run

import lhasaplan
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.file_kinds import FORMATS
from lhasaplan.core.model.layer import is_drawn
from lhasaplan.errors import InputError
from lhasaplan.files.replacing import back_up
from lhasaplan.store import sealed
from lhasaplan.store.sealed import SealedStore, is_sealed_file

PASSPHRASE, OTHER = "seven grey herons at noon", "nine white geese at dawn"
NAME, FILE = "Heron Refuge", "heron_refuge"
OUTLINE = shapely.Polygon([(-4.137, -15.271), (4.613, -15.183), (4.519, -8.397), (-4.259, -8.293)])
MOVED = shapely.affinity.translate(OUTLINE, 0.0, 0.713)
PLAIN = (
    "town.osm",
    "cameras.csv",
    "mandate.toml",
    f"{FILE}.geojson",
    "areas.geojson",
    "more.zip",
    "spots.csv",
)  # what the user has beside the project


def prepared(folder, *words):
    """Take files in before the attack begins; what is printed of that is the user's own."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert main([words[0], str(folder), *map(str, words[1:])]) == 0


def drawn(path, outline=OUTLINE):
    """Write a refuge as a user draws it."""
    shape = shapely.geometry.mapping(shapely.transform(outline, lambda xy: [lonlat(*each) for each in xy]))
    place = {"type": "Feature", "properties": {"lhasaplan": "protected", "name": NAME}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [place]}), encoding="utf-8")
    return path


BESIDE_BYTES = 40
WORDS = [(each,) for each in (FILE.encode(), NAME.encode(), NAME.encode("utf-16-le"), NAME.upper().encode())]


def corners(*outlines):
    """Return what tells of a corner, x and y together: as text to a metre or better, and as numbers in memory."""
    found = []
    for x, y in np.concatenate([shapely.get_coordinates(outline)[:-1] for outline in outlines]).tolist():
        for pair, digits in ((lonlat(x, y), 6), ((X0 + x, Y0 + y), 1)):
            found.append(tuple(f"{value:.{digits + 2}f}"[:-2].encode() for value in pair))
            found += [tuple(struct.pack(order, value)[skipped] for value in pair) for order, skipped in MEMORY]
    return found


# Of a number in memory all but its last two bytes: it was turned from degrees to metres once.
MEMORY = (("<d", slice(2, 8)), (">d", slice(0, 6)))


def reported_in(content, needles):
    """Return which of them stand in a content; of a corner y must stand next to x."""
    return [needle for needle in needles if needle[0] in content and (len(needle) == 1 or _are_beside(content, *needle))]


def _are_beside(content, x, y):
    at = content.find(x)
    while at >= 0:
        if y in content[at : at + BESIDE_BYTES]:
            return True
        at = content.find(x, at + 1)
    return False


def unpacked(content):
    """Give a content and all that is packed in it: members of archives, streams of PDF."""
    yield content
    if content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from unpacked(packed.read(name))
    if content[:4] == b"%PDF":
        for stream in content.split(b"stream\n")[1:]:
            try:
                yield zlib.decompressobj().decompress(stream)
            except zlib.error:
                continue


class Watch:
    """Searches what lies in a folder, and what is about to leave it."""

    def __init__(self, folder):
        self.folder, self.needles, self.found, self.files = folder, [*WORDS, *corners(OUTLINE, MOVED)], [], 0
        self.given = {folder / name for name in PLAIN}

    def hear(self, event, args):
        if event in {"os.rename", "os.remove", "shutil.rmtree"}:
            path = Path(str(args[0]))
            if path.is_relative_to(self.folder):
                self.search(path, event)

    def search(self, path, when):
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.is_file() and file not in self.given:
                content = file.read_bytes()
                self.files += 1
                self.found += [(when, str(file), each) for part in unpacked(content) for each in reported_in(part, self.needles)]


WATCHES = []
sys.addaudithook(lambda event, args: [watch.hear(event, args) for watch in WATCHES])  # none is ever taken away again


@contextmanager
def watching(folder):
    watch = Watch(folder)
    WATCHES.append(watch)
    try:
        yield watch
    finally:
        WATCHES.remove(watch)
    watch.search(folder, "at the end")


@pytest.fixture(scope="module", autouse=True)
def _quick_keys():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "_WORK", 2**8)
        patch.setenv("LHASAPLAN_FILE_PASSPHRASE", PASSPHRASE)
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A town that may plan, with a confirmed part, an area and a refuge, sealed."""
    folder = make_town(tmp_path_factory.mktemp("sealed") / "town")
    areas = geopandas.GeoDataFrame({"name": ["North"]}, geometry=[shapely.from_wkt(lonlat_box(-210, -210, 210, 210))], crs=4326)
    areas.to_file(folder / "areas.geojson")
    assert run(folder, "import", folder / "areas.geojson", "--as", "areas") == 0
    assert run(folder, "import", drawn(folder / f"{FILE}.geojson"), "--as", "places") == 0
    assert run(folder, "confirm", PART, *GROUNDS) == 0
    assert run(folder, "seal") == 0
    return folder


@pytest.fixture
def town(model, tmp_path, monkeypatch):
    """A copy of it, with the folder for temporary files and the user's own inside."""
    folder = shutil.copytree(model, tmp_path / "town")
    for name in ("tmp", "home"):
        (folder / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    monkeypatch.setenv("TMPDIR", str(folder / "tmp"))
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / "home"))
    return folder


def twin(folder, name="theirs.gpkg", outline=None, **_):
    """A copy of the project by another person, who moved the refuge if an outline is given."""
    shutil.copy(folder / "town.gpkg", folder / name)
    if outline is not None:
        drawn(folder / f"{FILE}.geojson", outline)
        prepared(folder / name, "import", folder / f"{FILE}.geojson", "--as", "places")
    return folder / name


def merged(folder, *words):
    shutil.copy(folder / "town.gpkg", folder / "base.gpkg")
    theirs = twin(folder, outline=MOVED)
    prepared(folder / "town.gpkg", "import", folder / "cameras.csv", "--as", "cameras")
    return run(folder, "merge", theirs, "--base", folder / "base.gpkg", *words)


def both_moved(folder, *words):
    shutil.copy(folder / "town.gpkg", folder / "base.gpkg")
    theirs = twin(folder, outline=MOVED)
    drawn(folder / f"{FILE}.geojson", shapely.affinity.translate(OUTLINE, 0.0, 0.713 * 2))
    prepared(folder / "town.gpkg", "import", folder / f"{FILE}.geojson", "--as", "places")
    return run(folder, "merge", theirs, "--base", folder / "base.gpkg", *words)


def district(folder, *words):
    assert run(folder, "export", "--format", "docx,html", "--plan", "North", "--out", folder / "out") in {0, 1}
    made = next(path for path in (folder / "out").rglob("*.gpkg") if is_sealed_file(path))
    assert not [path for path in (folder / "out").rglob("*.gpkg") if holds_tables_of_a_project(path)]
    return run(folder, "merge", made, *words) if words else 0


def holds_tables_of_a_project(path):
    return b"confirmations" in path.read_bytes()


def broken(folder, *words):
    content = bytearray((folder / "town.gpkg").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "town.gpkg").write_bytes(content)
    return run(folder, *words)


def zipped(folder):
    with zipfile.ZipFile(folder / "more.zip", "w") as packed:
        packed.write(drawn(folder / f"{FILE}.geojson", MOVED), "more.geojson")
    return run(folder, "import", folder / "more.zip", "--as", "places")


def unreadable(folder):
    """A file of drawn places of which one corner is no number: the refusal names row and column."""
    path = folder / f"{FILE}.geojson"
    text = drawn(path, MOVED).read_text(encoding="utf-8")
    path.write_text(text.replace("[[[", '[[["north", '), encoding="utf-8")
    return run(folder, "import", path, "--as", "places")


def out_of_place(folder):
    (folder / "taken").write_text("a file where a folder is wanted", encoding="utf-8")
    return run(folder, "export", "--format", "html", "--out", folder / "taken" / "drafts")


def changed(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LHASAPLAN_NEW_PASSPHRASE", OTHER)
        return run(folder, "seal", "--change")


def guessed(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LHASAPLAN_FILE_PASSPHRASE", OTHER)
        return max(run(folder, verb) for verb in ("audit", "journal", "doctor", "decisions"))


def protected(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LHASAPLAN_PASSPHRASE", OTHER)
        return run(folder, "protect")


def points(folder):
    """Ask who can see spots all over the refuge."""
    rows = [f"{n},{lon},{lat}" for n, (lon, lat) in enumerate(lonlat(x, y) for x in range(-6, 7, 2) for y in range(-17, -6, 2))]
    (folder / "spots.csv").write_text("\n".join(["point_id,lon,lat", *rows, ""]), encoding="utf-8")
    return run(folder, "sight", "--points", folder / "spots.csv", "--out", folder / "pairs.csv")


def copied(folder):
    """What a window keeps of a project that it opened: a backup, and a copy of unsaved work."""
    services = open_services()
    store = services.stores.open(folder / "town.gpkg")
    store.unseal(PASSPHRASE)
    back_up(folder / "town.gpkg", folder / "home" / "backups")
    services.stores.copy(store, folder / ".town.recovery.gpkg", b"").save(replace(store.load(), name="unsaved"))
    return 0


def by_program(folder):
    """A program saves the project under another name, and takes a district's into a city that is kept nowhere."""
    city = lhasaplan.open_project(folder / "town.gpkg", file_passphrase=PASSPHRASE)
    lhasaplan.save(city, folder / "second.gpkg")
    with pytest.raises(InputError, match="kept nowhere yet"):
        lhasaplan.merge(lhasaplan.new_project(["eu-gdpr"], crs="EPSG:32635"), city)
    return 0


EVERY = ",".join(FORMATS)
ATTACKS = {
    "export: every format": lambda f: run(f, "export", "--format", EVERY, "--out", f / "out"),
    "export --plan city": lambda f: run(
        f, "export", "--format", "docx,xlsx,pptx,html,gpkg", "--plan", "city", "--out", f / "out"
    ),
    "export --plan of a district": district,
    "export by day": lambda f: run(f, "export", "--format", "gpkg,geojson,register", "--out", f / "out"),
    "a backup, and a copy of unsaved work": copied,
    "by a Python program": by_program,
    "export for the council": lambda f: run(f, "export", "--format", "docx,gpkg", "--level", "council", "--out", f / "out"),
    "a district taken back into a new file": lambda f: district(f, "--to", f / "back.gpkg", "--json", f / "merge.json"),
    "merge --to": lambda f: merged(f, "--to", f / "both.gpkg"),
    "merge: a conflict about the refuge": lambda f: both_moved(f, "--to", f / "both.gpkg", "--conflicts", f / "open.csv"),
    "merge: a conflict that is decided": lambda f: both_moved(f, "--to", f / "both.gpkg", "--prefer", "theirs"),
    "doctor --repair": lambda f: run(f, "doctor", "--repair", f / "new.gpkg"),
    "doctor": lambda f: run(f, "doctor"),
    "journal": lambda f: run(f, "journal"),
    "decisions --json": lambda f: run(f, "decisions", "--json", f / "decisions.json"),
    "audit --json and all drafts": lambda f: run(f, "audit", "--json", f / "audit.json", "--out", f / "out"),
    "check --json": lambda f: run(f, "check", "--json", f / "check.json"),
    "propose --json --save": lambda f: run(f, "propose", "--all", "--json", f / "options.json", "--save", "Option A"),
    "compare with a copy": lambda f: main(
        ["compare", str(f / "town.gpkg"), str(twin(f, outline=MOVED)), "--json", str(f / "c.json"), "--map", str(f / "c.svg")]
    ),
    "sight: spots on the refuge": points,
    "confirm --pictures": lambda f: run(f, "confirm", "--list", "--pictures", f / "pictures.pdf"),
    "a drawn place in an archive": zipped,
    "error: a corner that is no number": unreadable,
    "error: a folder that cannot be made": out_of_place,
    "error: a broken seal": lambda f: broken(f, "doctor", "--repair", f / "new.gpkg"),
    "error: another passphrase": guessed,
    "seal --change": changed,
    "protect inside the seal": protected,
}
REFUSED = {
    "error: a corner that is no number",
    "error: a folder that cannot be made",
    "error: a broken seal",
    "error: another passphrase",
}
REFUSED |= {"merge: a conflict about the refuge"}
IMPORTS = {
    name for name in ATTACKS if name.startswith(("merge", "compare", "a drawn", "error: a corner"))
}  # these print the user's own file


LONG = {
    *("export: every format", "export --plan city", "export --plan of a district", "export for the council"),
    *("a district taken back into a new file", "audit --json and all drafts"),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.nightly] * (name in LONG)) for name in ATTACKS])
def test_that_no_verb_on_a_sealed_project_tells_of_the_refuge(name, town, capfd):
    with watching(town) as watch:
        code = ATTACKS[name](town)
    said = capfd.readouterr()
    assert code in ({2} if name in REFUSED else {0, 1}), said
    assert watch.found == []
    words = (said.out + said.err).encode()
    assert reported_in(words, watch.needles[1:] if name in IMPORTS else watch.needles) == []
    assert watch.files > 0


def test_that_the_search_finds_the_refuge_in_a_plain_project_and_in_an_archive(town, tmp_path):
    with watching(town) as watch:
        assert run(town, "seal", "--undo") == 0
    assert {when for when, *_ in watch.found} == {"os.rename", "at the end"}
    assert len({needle for *_, needle in watch.found}) == 6  # two names, and four corners in the metres of the project
    with zipfile.ZipFile(town / "packed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(town / f"{FILE}.geojson", "x.json")
    assert [each for part in unpacked((town / "packed.zip").read_bytes()) for each in reported_in(part, watch.needles)]


def test_that_the_sealed_project_holds_the_refuge_as_it_was_drawn(town):
    store = SealedStore(town / "town.gpkg")
    store.unseal(PASSPHRASE)
    layer = store.load().layers["places"]
    (shape,) = [shape for shape, tags in zip(layer.geometry, layer.tags, strict=True) if is_drawn(tags)]
    assert shape.equals_exact(shapely.affinity.translate(OUTLINE, X0, Y0), 1e-3)
