"""A district's project answers as the city does, and what nobody changed comes back as it was."""

from dataclasses import replace

import numpy as np
import pytest
import samples
import shapely
from amounts import examples
from district_towns import EAST, NORTH, RULES, SOUTH, THREE, WEST, answers, camera, changed, city, derived
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.human_names import numbered_names
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.districts.clipping import district_project
from lhasaplan.core.districts.merging import merge_districts
from lhasaplan.core.live.live_answers import live_project
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import digest_layers, take
from lhasaplan.core.project.numbering import alike_in_city, camera_labels, numbered, with_numbers_of
from lhasaplan.errors import GateError, InputError

DECIDED = ("cameras", "confirmations", "excuses", "declarations", "hand_made_parts", "inputs", "mandate", "name", "versions")


def is_alike(one, other):
    """Tell whether two projects hold the same, layers by value, whoever wrote the journal."""
    layers = digest_layers(one.layers) == digest_layers(other.layers)
    tags = all(one.layers[name].tags == layer.tags for name, layer in other.layers.items())
    return layers and tags and all(getattr(one, name) == getattr(other, name) for name in DECIDED)


@examples(8, nightly=125)
@given(st.floats(WEST + 1, EAST - 1), st.floats(SOUTH + 1, NORTH - 1), st.permutations(range(4)))
def test_that_a_city_split_anywhere_and_merged_back_is_the_same_city(x, y, order):
    corners = [(WEST, SOUTH, x, y), (x, SOUTH, EAST, y), (WEST, y, x, NORTH), (x, y, EAST, NORTH)]
    areas = {f"district {number}": shapely.box(*corners[number]) for number in order}
    plan = merge_districts(city(), list(derived(areas).values()), near_m=2.0)
    assert is_alike(plan.project, city())
    assert not plan.conflicts
    assert not plan.near
    assert not any(plan.taken.values())


@examples(8, nightly=125)
@given(st.data())
def test_that_what_districts_change_of_different_cameras_is_all_in_the_merged_city(data):
    districts, wished = derived(THREE), {each.camera_id: each for each in city().cameras}
    free = set(wished)
    for name, project in districts.items():
        ids = data.draw(st.lists(st.sampled_from(sorted({c.camera_id for c in project.cameras} & free) or ["-"]), unique=True))
        angles = {each: data.draw(st.floats(0, 359)) for each in ids if each != "-"}
        free -= set(angles)
        wished |= {each: replace(wished[each], azimuth_deg=angle) for each, angle in angles.items()}
        new = tuple(replace(each, azimuth_deg=angles.get(each.camera_id, each.azimuth_deg)) for each in project.cameras)
        districts[name] = replace(project, cameras=new)
    plan = merge_districts(city(), list(districts.values()), near_m=2.0)
    assert plan.project.cameras == tuple(wished.values())


@pytest.mark.parametrize("name", list(THREE))
def test_that_a_district_s_file_gives_the_figures_of_the_city_s(name):
    district = derived(THREE)[name]
    live, _ = answers()
    found = workflow.check(open_services(), district)
    assert found.gate.open
    whole = samples.checked()
    parts = {each.part.part_id: (each.verdict, each.verdict_after, each.measured_after) for each in whole.parts}
    own = THREE[name]
    assert [each.part.part_id for each in found.parts if each.part.geometry.intersects(own)]
    for each in found.parts:
        assert (each.verdict, each.verdict_after, each.measured_after) == parts[each.part.part_id]
    first = [each for each in found.cameras if own.intersects(seen(each))]
    assert first
    for each in first:
        expected = live.results[each.placed.camera.camera_id]
        assert each.area_m2 == pytest.approx(expected.area_m2)
        assert each.unasked_m2 == pytest.approx(expected.unasked_m2)
        assert [(s.cls, s.grade, s.places) for s in each.sightings] == [(s.cls, s.grade, s.places) for s in expected.sightings]


def seen(result):
    fields = [result.certain, *result.possible] if result.certain else result.possible
    point = shapely.Point(result.placed.camera.x_m, result.placed.camera.y_m)
    return shapely.union_all([point, *(field.geometry for field in fields)])


def test_that_a_district_has_the_cameras_that_stand_in_it_or_show_it_and_no_others():
    station = derived(THREE)["Station"]
    # HT-07 and HT-10 stand there, HT-03 shows the bridge over the river, HT-12 looks nobody knows where.
    assert {each.camera_id for each in station.cameras} == {"HT-03", "HT-07", "HT-10", "HT-12"}
    assert "municipal-safety:bridge:way/2/1" in {each.part_id for each in station.confirmations}
    assert "municipal-safety:junction:node/4/1" not in {each.part_id for each in station.confirmations}


def test_that_no_feature_is_cut():
    known = dict(zip(city().layers["roads"].ids, city().layers["roads"].geometry, strict=True))
    roads = derived(THREE)["Station"].layers["roads"]
    assert all(shape.equals(known[each]) for each, shape in zip(roads.ids, roads.geometry, strict=True))


def test_that_the_gate_of_a_district_of_the_sample_knows_what_the_city_kept():
    station = derived(THREE)["Station"]
    known = digest_layers({name: layer for name, layer in station.layers.items() if name != "areas"}, station.district.left_out)
    assert known == digest_layers({name: layer for name, layer in city().layers.items() if name != "areas"})
    houses = station.layers["buildings"]
    fewer = replace(station, layers={**station.layers, "buildings": take(houses, np.arange(len(houses)) > 0)})
    assert not workflow.check(open_services(), fewer).gate.open


def test_that_a_district_is_derived_from_a_city_alone_and_for_an_area_that_is_there():
    services, station = open_services(), derived(THREE)["Station"]
    with pytest.raises(InputError, match="is itself the project of a district"):
        workflow.draft_district(services, station, "North Bank")
    with pytest.raises(InputError, match="There is no area Nowhere"):
        workflow.draft_district(services, city(), "Nowhere")


def test_that_outside_the_gate_no_district_is_drafted():
    with pytest.raises(GateError):
        workflow.draft_district(open_services(), replace(city(), mandate=None), "North Bank")


def test_that_a_district_of_the_city_goes_through_the_shipped_areas():
    made = workflow.draft_district(open_services(), city(), "South Bank")
    assert made.name == "Hilltown (fictitious), South Bank"
    assert made.district.area == "South Bank"
    assert camera(changed(made, HT_07={"azimuth_deg": 1.0}), "HT-07").azimuth_deg == 1.0


@pytest.mark.nightly
def test_that_a_quarter_of_helsinki_answers_as_the_city_does():
    services = open_services()
    helsinki = workflow.open_sample(services, services.content.read_sample("helsinki"))
    data = workflow.reference_data(services, helsinki)
    whole = live_project(helsinki, data)
    x, y = (np.median([getattr(each, name) for each in helsinki.cameras]) for name in ("x_m", "y_m"))
    quarter = shapely.box(x, y - 5_000.0, x + 5_000.0, y)
    district = district_project(whole, helsinki, ("quarter", quarter), (), RULES)
    # Lenses of which nothing is recorded may reach 740 m: all of this small centre may lie before them.
    assert len(district.layers["buildings"]) <= len(helsinki.layers["buildings"])
    assert len(district.cameras) < len(helsinki.cameras)
    answers_there = live_project(district, data).results
    own = [each.camera_id for each in district.cameras if quarter.intersects(shapely.Point(each.x_m, each.y_m))]
    looked_at = [each for each in own if each in answers_there]
    assert len(looked_at) > 50
    for each in looked_at:
        found, expected = answers_there[each], whole.results[each]
        assert found.area_m2 == pytest.approx(expected.area_m2)
        assert [(s.cls, s.basis, s.grade, s.places) for s in found.sightings] == [
            (s.cls, s.basis, s.grade, s.places) for s in expected.sightings
        ]
    plan = merge_districts(helsinki, [district], near_m=2.0)
    assert is_alike(plan.project, helsinki)


def names_in(project):
    streets = NearestStreet(project.layers.get("roads"), None)
    return numbered_names(project.cameras, streets, Translations(), camera_labels(project), alike_in_city(project))


def test_that_a_camera_has_one_name_and_number_in_the_city_in_its_districts_and_in_the_merged_plan():
    """Two cameras of the city are called Gate, one in Market, one in Station; two have no name. Two districts plan one more."""
    own = {"HT-01": "Gate", "HT-07": "Gate", "HT-03": "", "HT-12": ""}
    live, parts = answers()
    cameras = tuple(replace(each, name=own.get(each.camera_id, each.name)) for each in city().cameras)
    town = numbered(replace(city(), cameras=cameras))
    before = names_in(town)
    assert len(set(before.values())) == len(before)
    assert {before["HT-01"], before["HT-07"]} == {f"Gate ({camera_labels(town)[key]})" for key in ("HT-01", "HT-07")}
    sides = []
    for name, ground in THREE.items():
        part = district_project(live, town, (name, ground), parts, RULES, "2027-01-15")
        assert names_in(part) == {key: text for key, text in before.items() if key in names_in(part)}
        at = ground.representative_point()
        new = Camera(f"N-{name}", at.x, at.y, name="Gate", status=Status.PLANNED)
        sides.append(numbered(part if name == "Fuel" else replace(part, cameras=(*part.cameras, new))))
    merged = merge_districts(town, sides, RULES.near_m).project
    merged, otherwise = with_numbers_of(merged, [(each.district.area, each) for each in sides])
    after = names_in(merged)
    assert {key: after[key] for key in before} == before
    assert len(set(after.values())) == len(after)
    first, second = (names_in(side)[key] for side, key in ((sides[0], "N-Market"), (sides[2], "N-Station")))
    assert after["N-Market"] == first == second  # both districts went on from the same number; the second is told its new one
    ((district, camera_id, here),) = ((each.district, each.camera_id, each.here) for each in otherwise)
    assert (district, camera_id, f"Gate ({here})") == ("Station", "N-Station", after["N-Station"])
