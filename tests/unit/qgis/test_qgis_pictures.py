"""In real QGIS both samples open with their symbols: every layer valid, colours by class as drafts have them, nothing grey."""

import re
from pathlib import Path

import pytest
from PIL import Image
from qgis_here import NEEDS_QGIS, in_qgis

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.layer import DAYLIGHT
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.report.text.style import band_colour, load_style

pytestmark = [*NEEDS_QGIS]
SCRIPT = Path(__file__).with_name("look_in_qgis.py")
COLOURS = load_style()["colours"]
CITIES = ("hilltown", "helsinki")
LANGUAGE = {"hilltown": "fr", "helsinki": "de"}
GROUPS = {
    "hilltown": ["Caméras et ce qu'elles voient", "Ne doit pas être vu", "Ville"],
    "helsinki": ["Kameras und was sie sehen", "Darf nicht gesehen werden", "Stadt"],
}


@pytest.fixture(scope="module", params=CITIES)
def seen(request, tmp_path_factory):
    """Give what QGIS says of the project file and of the exported GeoPackage of a sample."""
    city, folder = request.param, tmp_path_factory.mktemp(request.param)
    services = open_services(lambda: LANGUAGE[city])
    project = workflow.open_sample(services, services.content.read_sample(city))
    assessment = workflow.check(services, project)
    services.stores.open(folder / "town.gpkg").save(project, assessment)
    workflow.export(services, project, assessment, ["gpkg"], folder, language=LANGUAGE[city])
    return city, in_qgis(SCRIPT, folder / "town.gpkg", folder), in_qgis(SCRIPT, folder / "audit.gpkg", folder)


def test_that_every_layer_is_valid_and_none_is_the_grey_default(seen):
    for reported in seen[1:]:
        layers = [*reported["tables"].values(), *reported["project"]["layers"]]
        assert layers
        assert all(layer["valid"] for layer in layers)
        drawn = [layer for layer in layers if layer["spatial"]]
        assert drawn
        assert {layer["renderer"] for layer in drawn} == {"RuleRenderer"}
        assert [rule["fault"] for layer in drawn for rule in layer["rules"] if rule["fault"]] == []


def test_that_the_stored_project_shows_the_same_symbols_as_the_tables_alone(seen):
    for reported in seen[1:]:
        alone = sorted(str(layer["rules"]) for layer in reported["tables"].values())
        assert sorted(str(layer["rules"]) for layer in reported["project"]["layers"] if layer["spatial"]) == alone


def test_that_classes_have_the_colours_of_the_drafts(seen):
    _, town, audit = seen
    fields = {rule["filter"]: rule["fill"] for rule in audit["tables"]["fields"]["rules"]}
    for low in DENSITY_BANDS_PX_M:
        assert fields[f'"reach" = \'certain\' AND "from_px_m" = {low:g}'] == f"#ff{band_colour(low)[1:]}"
    frontage = {rule["filter"]: rule["colour"] for rule in audit["tables"]["seen_frontage"]["rules"]}
    assert frontage == {f"\"class\" = '{cls}'": COLOURS[cls] for cls in ("home", "protected", "dwelling_likely", "use_unknown")}
    findings = {rule["line"] for rule in audit["tables"]["findings"]["rules"]}
    assert findings == {COLOURS[name] for name in ("error", "due", "note")}
    cameras = {rule["filter"]: (rule["fill"], rule["line"]) for rule in town["tables"]["cameras"]["rules"]}
    assert cameras["\"status\" = 'operating'"] == (f"#ff{COLOURS['camera'][1:]}", "#ffffff")
    assert cameras["\"status\" = 'planned'"] == ("#ffffffff", COLOURS["camera"])
    assert town["tables"]["buildings"]["rules"][0]["fill"] == f"#ff{COLOURS['building'][1:]}"
    if "places" in town["tables"]:
        areas = {rule["fill"][3:] for rule in town["tables"]["places"]["rules"] if rule["kind"] == "Fill"}
        assert areas == {colour[1:] for colour in DAYLIGHT.values()}


def test_that_the_style_for_other_programs_draws_the_same_classes_or_is_not_there(seen):
    _, town, audit = seen
    reported = {name: layer for each in (town, audit) for name, layer in each["tables"].items()}
    said = {name for name, layer in reported.items() if layer["by_sld"]}
    # What asks QGIS alone (tags, the shape of each feature) has none: half a style would draw what is drawn nowhere.
    assert said >= {"cameras", "fields", "seen_frontage", "buildings"}
    assert not said & {"roads", "areas", "places", "findings", "result_findings"}
    for name in said:
        own, other = reported[name]["rules"], reported[name]["by_sld"]
        if len(own) > 1:  # QGIS reads a single rule as a symbol without a name
            assert [each["label"] for each in other] == [each["label"] for each in own]
        for one, same in zip(own, other, strict=True):
            assert columns_of(same["filter"]) == columns_of(one["filter"])
            assert {f"#{one['fill'][3:]}", one["line"]} & {f"#{same['fill'][3:]}", same["line"], *same["colours"]}


def columns_of(condition):
    """Return which column is asked for which values, however QGIS writes it."""
    found = re.findall(r'"?(\w+)"? (?:= ([^ )]+)|IN \(([^)]*)\))', condition)
    return sorted((name, value.strip()) for name, one, several in found for value in (one or several).split(","))


def test_that_groups_and_layers_are_named_in_the_readers_language_in_their_order(seen):
    city, town, _ = seen
    groups = town["project"]["groups"]
    assert [name for each in groups for name in each] == GROUPS[city]
    assert groups[0][GROUPS[city][0]][0] == {"hilltown": "Caméras", "helsinki": "Kameras"}[city]


def test_that_columns_are_called_as_in_the_tables_of_drafts(seen):
    city, _, audit = seen
    called = audit["tables"]["seen_frontage"]["aliases"]
    assert called["camera_id"] == {"hilltown": "Caméra", "helsinki": "Kamera"}[city]
    assert called["frontage_m"].endswith("(m)")


def test_that_the_stored_project_has_system_and_extent(seen):
    city, town, audit = seen
    for reported in (town, audit):
        project = reported["project"]
        assert project["read"]
        assert project["crs"] == {"hilltown": "EPSG:32626", "helsinki": "EPSG:32635"}[city]
        west, south, east, north = project["extent"]
        assert 300 < east - west < 5000
        assert 300 < north - south < 5000


def test_that_what_is_drawn_shows_the_blue_ground_and_the_dark_cameras(seen):
    for reported in seen[1:]:
        with Image.open(reported["project"]["picture"]) as picture:
            colours = {colour: count for count, colour in picture.convert("RGB").getcolors(1 << 24)}
        assert colours[(0x1B, 0x1B, 0x1B)] > 100  # cameras in operation
        blue = sum(count for (red, _, blue), count in colours.items() if blue > red + 40)
        assert blue > 5000
