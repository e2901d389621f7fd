"""What outputs tell of a place that a user drew: class, grade, sector and count; nothing that says how far, and no name."""

import csv
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from amounts import some_by_day
from evasion_town import X0, Y0, answers, camera_table, lonlat, make_town, run
from made_once import made_once

from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.file_kinds import FORMATS
from lhasaplan.store import sealed
from lhasaplan.workflow.answers import audit_context

REFUGE = shapely.box(-4, -15, 4, -8)  # 10 to 17 m before camera C1, which looks north
NAME, FILE = "Heron Refuge", "heron_refuge.geojson"
PASSPHRASE = "seven grey herons at noon"


def draw(folder, shape=REFUGE, kind="places", file=FILE, **tags):
    """Import a place as a user draws it."""
    outline = shapely.transform(shape, lambda xy: [lonlat(*each) for each in xy])
    properties = {"lhasaplan": "protected", "name": NAME, **tags}
    place = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(outline)}
    if "id" in tags:
        place["id"] = properties.pop("id")
    (folder / file).write_text(json.dumps({"type": "FeatureCollection", "features": [place]}), encoding="utf-8")
    assert run(folder, "import", folder / file, "--as", kind) == 0
    return folder


@pytest.fixture
def town(tmp_path):
    return made_once(tmp_path / "town", __name__, lambda: draw(make_town(Path.cwd())))


def guards(folder, x, y):
    """Tell whether a point of the town lies on protected ground."""
    services = open_services()
    city = audit_context(services, services.stores.open(folder / "town.gpkg").load())
    return bool(city.ground.covers_points(np.array([X0 + x]), np.array([Y0 + y]))[0])


def without_words_on_blocks(result):
    """Return the answers without what is told of cameras near a block, which must be all that tells of a drawn place."""
    result["notes"] = [note for note in result["notes"] if not note["template"].startswith("Near {count} cameras")]
    for camera in result["cameras"]:
        del camera["undisclosed_px_m"]
    return result


@pytest.mark.parametrize("shape", [REFUGE, shapely.box(30, -12, 46, 8)], ids=["before C1", "round C2"])
def test_that_a_drawn_place_changes_no_figure_but_the_class_told_near_its_block(shape, tmp_path):
    """So whoever has both outputs, with and without it, learns of the block and no more."""
    (before, after) = (
        answers(make_town(tmp_path / "bare"), "audit")[1],
        answers(draw(make_town(tmp_path / "town"), shape), "audit")[1],
    )
    assert [camera["undisclosed_px_m"] for camera in before["cameras"]] == [None, None]
    # C1 shows ground of the block from its own foot on; 250 px/m is the finest class.
    assert [camera["undisclosed_px_m"] for camera in after["cameras"]] == [250.0, 250.0]
    assert without_words_on_blocks(before) == without_words_on_blocks(after)


def test_that_wherever_in_its_block_a_place_is_drawn_the_answers_are_the_same(tmp_path):
    here, there = (
        draw(make_town(tmp_path / name), shape) for name, shape in (("a", REFUGE), ("b", shapely.box(60, -40, 75, -30)))
    )
    assert answers(here, "audit")[1] == answers(there, "audit")[1]


def test_that_private_outputs_keep_the_figures(town):
    assert run(town, "audit", "--json", town / "private.json", "--private") == 1
    result = json.loads((town / "private.json").read_text(encoding="utf-8"))
    (sighting,) = (s for camera in result["cameras"] for s in camera["sightings"] if s["class"] == "protected")
    # 960 px to each side of the axis over tan 34 degrees is 1,423 px; the nearest square metre of its ground ends 10.12 m away.
    assert sighting["density_px_m"] == pytest.approx(1423.3 / 10.12, abs=0.5)
    assert sighting["cure"]["values"]["form"] == "picture"


def test_that_the_view_of_a_mapped_place_keeps_its_figures(tmp_path):
    result = answers(make_town(tmp_path / "town"), "audit")[1]
    (sighting,) = (s for camera in result["cameras"] for s in camera["sightings"] if s["class"] == "protected")
    assert sighting["surfaces"][0]["nearest_m"] > 0.0


@pytest.mark.parametrize(
    "tags", [{"amenity": "place_of_worship"}, pytest.param({"office": "lawyer"}, marks=pytest.mark.nightly), {}]
)
def test_that_a_protected_place_imported_as_an_area_lends_its_name_to_nothing(tags, tmp_path):
    """The church once more, by its tags or by nothing but its ground, round camera and crossing; beside it a quarter."""
    church = shapely.box(-60, 30, -40, 50) if not tags else shapely.box(-80, -80, 80, 80)
    shapes = {NAME: (church, tags), "Low Quarter": (shapely.box(-300, -300, 300, 300), {"boundary": "administrative"})}
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, **its},
            "geometry": shapely.geometry.mapping(shapely.transform(shape, lambda xy: [lonlat(*each) for each in xy])),
        }
        for name, (shape, its) in shapes.items()
    ]
    folder = make_town(tmp_path / "town")
    (folder / "more.csv").write_text(camera_table((-50, 40, 0, "C3")), encoding="utf-8")
    assert run(folder, "import", folder / "more.csv", "--as", "cameras") == 0
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert run(folder, "import", folder / "areas.geojson", "--as", "areas") == 0
    out = folder / "drafts"
    assert run(folder, "export", "--format", "xlsx,gpkg,html,docx,register", "--plan", "city", "--out", out, "--private") == 0
    run(folder, "check", "--json", out / "check.json", "--private")
    texts = {path.name: words_in(path) for path in out.iterdir()}
    assert not [name for name, text in texts.items() if "Heron" in text]
    assert "Low Quarter" in texts["check.json"]
    if tags:
        assert run(folder, "export", "--format", "html", "--plan", NAME, "--out", out) == 2


def words_in(path):
    """Return what a file says, packed ones too."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


# By day a place goes into every way of writing (papers, pages, layers, tables), and an area into all but papers.
DAILY = (("places", ("docx", "html", "gpkg", "register")), ("areas", ("html", "gpkg", "register")))


@pytest.mark.parametrize("reported", some_by_day((*DAILY, ("places", FORMATS), ("areas", FORMATS)), DAILY), ids=str)
def test_that_no_output_has_the_name_of_a_drawn_place_or_of_its_file(reported, tmp_path):
    kind, formats = reported
    folder = draw(make_town(tmp_path / "town"), REFUGE.buffer(40.0), kind)
    out = folder / "drafts"
    assert run(folder, "export", "--format", ",".join(formats), "--plan", "city", "--out", out, "--private") == 0
    for verb in ("audit", "check"):
        assert run(folder, verb, "--json", out / f"{verb}.json", "--private") == 1
    texts = {path.name: words_in(path) for path in out.iterdir()}
    assert {"audit.html", "check.json", "register.csv", "audit.gpkg"} <= texts.keys()
    assert not [name for name, text in texts.items() if NAME in text or "heron" in text or "areas/" in text]


def test_that_a_plan_is_not_narrowed_to_a_drawn_place(tmp_path, capsys):
    folder = draw(make_town(tmp_path / "town"), kind="areas")
    assert run(folder, "export", "--format", "html", "--plan", NAME, "--out", folder / "drafts") == 2
    assert "There is no area" in capsys.readouterr().err


def test_that_answers_of_opened_places_are_not_kept_in_the_file(town, monkeypatch):
    monkeypatch.setattr(sealed, "_WORK", 2**8)
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert run(town, "audit") == 1
    assert open_services().stores.open(town / "town.gpkg").has_results()
    assert run(town, "protect") == 0
    assert run(town, "audit") == 1
    with closing(sqlite3.connect(town / "town.gpkg")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert not [name for name in tables if name.startswith("result")]
    monkeypatch.delenv("LHASAPLAN_PASSPHRASE")
    assert run(town, "audit") == 1
    assert open_services().stores.open(town / "town.gpkg").has_results()


def reported_columns(folder, *spots):
    """Return which columns sight --points fills for each spot."""
    lines = ["point_id,lon,lat", *(f"P{n},{lonlat(x, y)[0]:.9f},{lonlat(x, y)[1]:.9f}" for n, (x, y) in enumerate(spots))]
    (folder / "points.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(folder, "sight", "--points", folder / "points.csv", "--out", folder / "pairs.csv") == 0
    with (folder / "pairs.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["camera_id"] == "C1"]
    return {row["point_id"]: {name for name, cell in row.items() if cell} for row in rows}


def test_that_a_grid_of_points_does_not_map_a_drawn_place(town):
    reported = reported_columns(town, (0, -12), (0, -5), (0, 5))  # one in the refuge, two in the street
    assert len(reported) == 3
    assert len({frozenset(names) for names in reported.values()}) == 1  # a row says as much wherever its point lies


def test_that_a_count_grid_does_not_change_with_what_is_drawn(tmp_path):
    counts = []
    for folder in (make_town(tmp_path / "bare"), draw(make_town(tmp_path / "drawn"))):
        assert run(folder, "sight", "--grid", folder / "counts.tif") == 0
        counts.append((folder / "counts.tif").read_bytes())
    assert counts[0] == counts[1]


def test_that_points_are_told_in_full_where_nothing_is_drawn(tmp_path):
    reported = reported_columns(
        make_town(tmp_path / "town"), (0, -12), (0, 5)
    )  # none of them on the ground of the home or the church
    assert all({"certainty", "distance_m"} <= names for names in reported.values())


@pytest.mark.parametrize("word", ["protected", "refuge", "Protegé", "yes", "processional_way"])
def test_that_any_word_under_our_own_key_protects(word, tmp_path):
    folder = draw(make_town(tmp_path / "town"), lhasaplan=word)
    assert guards(folder, 0, -12)


@pytest.mark.parametrize("layer", ["areas", "trees", "floor_walls", "roads"])
def test_that_a_drawn_place_counts_in_whatever_layer_it_was_put(layer, tmp_path):
    shape = REFUGE if layer in ("areas", "trees") else shapely.LineString(REFUGE.exterior)
    assert guards(draw(make_town(tmp_path / "town"), shape, layer), 0, -8)


def test_that_who_writes_private_outputs_is_told_where_they_lead(town, capsys):
    warning = "lead to protected places near 2 cameras. No other output mentions these places"
    answers(town, "audit")
    assert warning not in capsys.readouterr().err
    assert run(town, "export", "--format", "register", "--out", town / "drafts", "--private") == 0
    assert warning in capsys.readouterr().err


@pytest.mark.parametrize("word", ["no", "none"])
def test_that_a_no_under_our_own_key_is_none(word, tmp_path):
    folder = draw(make_town(tmp_path / "town"), file="heron_corner.geojson", lhasaplan=word, name="Heron corner")
    assert not guards(folder, 0, -12)


def test_that_a_refuge_drawn_over_a_building_keeps_it_protected_under_the_building_s_id(tmp_path):
    warehouse = shapely.box(100, 40, 140, 60)
    folder = make_town(tmp_path / "town")
    assert not guards(folder, 120, 50)
    draw(folder, warehouse, id="way/40")
    assert "way/40" in open_services().stores.open(folder / "town.gpkg").load().layers["places"].ids
    assert guards(folder, 120, 50)
