"""What an export may not carry: the ids, names, addresses and outlines of homes and other protected places, in every format.

The base map of a page or a map draws every building alike, without name or kind; that is the only place where an outline stands.
"""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import numpy as np
import pyogrio
import pytest
import shapely
from evasion_town import ADDRESS, CHURCH, CRS, GROUNDS, HOME, PART, SQUARE, WAREHOUSE, X0, Y0, make_town, run
from map_areas import features as features_of

from lhasaplan.core.model.file_kinds import FORMATS, LAYER_FORMATS
from lhasaplan.workflow.drafting import NOTE

# The home and the church by id, name and address.
SECRETS = ("way/20", "way/30", "Villa Hush", "Saint Example", ADDRESS["addr:street"])
PLACES = {"home": HOME, "church": CHURCH, "forecourt": SQUARE.intersection(CHURCH.buffer(25.0))}
LAYERS = ("cameras", "fields", "seen_frontage", "findings", "parts", "overlaps", "summary", "metadata")
FILES = (
    *("audit.docx", "plan.docx", "audit.xlsx", "audit.gpkg", "map.html", "audit.pdf", "plan.pdf", "camera-pages.pdf"),
    *("audit.pptx", "plan.pptx", "audit.html", "plan.html", "camera-pages.html", "council-summary.html"),
    *(
        "council-summary.pdf",
        "letter-of-access.docx",
        "letter-of-access.pdf",
        "register.csv",
        "register.json",
        "audit.json",
        "check.json",
    ),
    *(
        "impact-assessment.docx",
        "impact-assessment.pdf",
        "impact-assessment.html",
        "impact-assessment.pia.json",
        "minutes.xlsx",
        "minutes.docx",
    ),
    *("body-letter-01-road-authority.docx", "body-letter-01-road-authority.pdf", "schedule.xlsx"),
    *(f"audit-{layer}.{ending}" for layer in LAYERS for ending in LAYER_FORMATS),
    *("questionnaire-01-controller-not-recorded.csv", "questionnaire-01-controller-not-recorded.xlsx"),
    NOTE,
)


@pytest.fixture(scope="module")
def drafts(tmp_path_factory):
    """Every format that there is, inside the gate, of a town whose home and church are in view."""
    folder = make_town(tmp_path_factory.mktemp("leaks"))
    out = folder / "drafts"
    assert run(folder, "confirm", PART, *GROUNDS) == 0
    assert run(folder, "export", "--format", ",".join(FORMATS), "--plan", "city", "--out", out, "--private") == 0
    for verb in ("audit", "check"):
        assert run(folder, verb, "--json", out / f"{verb}.json", "--private") == 1
    assert {"view_home", "view_protected"} <= {each["kind"] for each in json.loads((out / "audit.json").read_text())["findings"]}
    return out


def test_that_these_are_all_the_files(drafts):
    assert {path.name for path in drafts.iterdir()} == set(FILES)


def words_of(path):
    """Return all text of a file, by readers that are not ours."""
    raw = path.read_bytes().decode("utf-8", "replace")
    if path.suffix in (".docx", ".xlsx", ".pptx"):
        with zipfile.ZipFile(path) as archive:
            return raw + " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.suffix == ".pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed, so a PDF cannot be read back here")
        return raw + subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as connection:
            tables = [name for (name,) in connection.execute("SELECT table_name FROM gpkg_contents")]
            return raw + " ".join(str(row) for name in tables for row in connection.execute(f'SELECT * FROM "{name}"'))
    return raw


@pytest.mark.parametrize("name", FILES)
def test_that_no_file_names_a_protected_place(name, drafts):
    words = words_of(drafts / name)
    assert [secret for secret in SECRETS if secret in words] == []


def likeness(geometry):
    """Return how much a shape (in the town's metres) is one of the places: shared area over joined area, the highest."""
    areas = [part for part in shapely.get_parts(geometry) if shapely.get_dimensions(part) == 2]
    valid = [shapely.make_valid(area) for area in areas]
    return max((a.intersection(b).area / a.union(b).area for a in valid for b in PLACES.values()), default=0.0)


def in_metres(geometry):
    return shapely.transform(geometry, lambda at: np.column_stack(CRS.to_xy(at[:, 0], at[:, 1])) - (X0, Y0))


def geometries(value):
    """Yield every GeoJSON geometry in a value."""
    if isinstance(value, dict) and {"type", "coordinates"} <= value.keys():
        yield in_metres(shapely.from_geojson(json.dumps(value)))
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from geometries(each)


@pytest.mark.parametrize("name", ["audit.json", "check.json", "register.json"])
def test_that_no_shape_of_a_json_file_is_the_outline_of_a_protected_place(name, drafts):
    shapes = list(geometries(json.loads((drafts / name).read_text(encoding="utf-8"))))
    assert max((likeness(shape) for shape in shapes), default=0.0) < 0.5
    assert shapes or name == "register.json"


def test_that_no_map_layer_holds_the_outline_of_a_protected_place(drafts):
    path = drafts / "audit.gpkg"
    for name, kind in pyogrio.list_layers(path):
        if kind is not None:
            for shape in pyogrio.read_dataframe(path, layer=name).geometry:
                assert likeness(shapely.transform(shape, lambda at: at - (X0, Y0))) < 0.5, name


def test_that_the_map_draws_every_building_alike_and_tells_no_more_of_it(drafts):
    text = (drafts / "map.html").read_text(encoding="utf-8")
    like = [each for each in features_of(text) if max((likeness(shape) for shape in geometries(each)), default=0.0) >= 0.5]
    (ground,) = like
    assert ground["properties"]["text"] == ""
    assert set(ground["properties"]) == {"style", "text"}
    assert any(shape.equals_exact(WAREHOUSE, 1.0) or shape.distance(WAREHOUSE.centroid) == 0 for shape in geometries(ground))
