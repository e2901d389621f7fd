"""What several sides changed: taken, in conflict until a person says which counts, and told where nothing may be dropped."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from district_towns import THREE, camera, changed, city, derived

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.districts.merging import Choices, merge_districts, near_pairs, sums_by_district
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Suspended, Thing
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.core.project.project import Bookmark, TerrainRecord
from lhasaplan.core.project.three_ways import Handed, merged
from lhasaplan.errors import GuardError, InputError

# Value in common, the city's now, two districts' now (- is gone), and what is made of them: a value, or the sides in conflict.
TABLE = [
    ("a", "a", "a", "a", "a"),
    ("a", "a", "b", "a", "b"),
    ("a", "a", "b", "b", "b"),
    ("a", "b", "a", "a", "b"),
    ("a", "b", "b", "a", "b"),
    ("a", "a", "-", "a", "-"),
    ("-", "-", "b", "-", "b"),
    ("-", "-", "b", "b", "b"),
    ("a", "a", "b", "c", {"city": "a", "one": "b", "two": "c"}),
    ("a", "b", "c", "a", {"city": "b", "one": "c"}),
    ("a", "-", "c", "a", {"city": None, "one": "c"}),
    ("a", "a", "-", "c", {"city": "a", "one": None, "two": "c"}),
    ("-", "-", "b", "c", {"city": None, "one": "b", "two": "c"}),
    ("a", "b", "b", "c", {"city": "b", "one": "b", "two": "c"}),
]


def things(value):
    return {} if value == "-" else {"key": value}


@pytest.mark.parametrize(("common", "city_now", "one", "two", "expected"), TABLE)
def test_that_three_ways_give_what_a_person_would_make_of_them(common, city_now, one, two, expected):
    sides = [Handed("one", things(common), things(one)), Handed("two", things(common), things(two))]
    found = merged("thing", things(city_now), sides, {})
    if isinstance(expected, dict):
        assert [dict(each.sides) for each in found.conflicts] == [expected]
        assert dict(found.values) == things(city_now)
        for side, value in expected.items():
            chosen = merged("thing", things(city_now), sides, {"key": side})
            assert not chosen.conflicts
            assert dict(chosen.values) == things(value or "-")
    else:
        assert not found.conflicts
        assert dict(found.values) == things(expected)


def districts(**changes):
    found = derived(THREE)
    return [changed(found[name], **changes.get(name, {})) for name in THREE]


def test_that_two_districts_that_turned_one_camera_otherwise_are_a_conflict_until_a_person_chooses():
    some = districts(Market={"HT_03": {"azimuth_deg": 170.0}}, Station={"HT_03": {"azimuth_deg": 200.0}})
    services = open_services()
    found = workflow.merge(services, city(), some)
    assert [(each.kind, each.key, set(each.sides)) for each in found.plan.conflicts] == [
        ("camera", "HT-03", {"city", "Market", "Station"})
    ]
    assert (found.comparison, found.sums) == (None, None)
    by_name = workflow.merge(services, city(), some, Choices({"HT-03": "Station"}))
    assert camera(by_name.project, "HT-03").azimuth_deg == 200.0
    by_default = workflow.merge(services, city(), some, Choices({}, "city"))
    assert not by_default.plan.conflicts
    assert camera(by_default.project, "HT-03").azimuth_deg == 188.0
    with pytest.raises(InputError, match="Nowhere is no side of a conflict"):
        workflow.merge(services, city(), some, Choices({}, "Nowhere"))


def test_that_what_districts_changed_is_in_the_whole_and_the_sums_add_up():
    some = districts(Market={"HT_01": {"azimuth_deg": 200.0}}, Station={"HT_07": {"hfov_deg": 95.0}})
    found = workflow.merge(open_services(), city(), some)
    assert camera(found.project, "HT-01").azimuth_deg == 200.0
    assert camera(found.project, "HT-07").hfov_deg == 95.0
    assert found.plan.taken == {"Market": (("camera", "HT-01"),), "Fuel": (), "Station": (("camera", "HT-07"),)}
    assert {"HT-03", "HT-12"} <= set(found.plan.shared)
    standing = [each for each in city().cameras if each.status is not Status.REMOVED]
    assert sum(each.operating + each.planned for each in found.sums) == len(standing) == 14
    assert sum(each.parts for each in found.sums) == len(city().confirmations) == 14
    assert found.comparison.effect.gained == ("municipal-safety:level_crossing:node/10/1",)


def test_that_a_camera_on_a_border_and_one_in_no_district_are_each_counted_once():
    areas = {"one": shapely.box(0, 0, 10, 10), "two": shapely.box(10, 0, 20, 10)}
    cameras = [
        Camera("a", 5, 5),
        Camera("b", 10, 5, status=Status.PLANNED),
        Camera("c", 50, 5),
        Camera("d", 5, 5, status="removed"),
    ]
    cameras[3] = replace(cameras[3], status=Status.REMOVED)
    rows = sums_by_district(areas, cameras, [], {})
    assert [(each.area, each.operating, each.planned, each.cost) for each in rows] == [
        ("one", 1, 1, None),
        ("two", 0, 0, 0.0),
        ("", 1, 0, 0.0),
    ]


def test_that_new_cameras_of_one_id_are_kept_both_where_a_person_says_so():
    new = Camera("N-1", 499_900.0, 4_983_100.0, status=Status.PLANNED)
    found = derived(THREE)
    some = [
        found["Fuel"],
        *(
            replace(found[n], cameras=(*found[n].cameras, c))
            for n, c in (("Market", new), ("Station", replace(new, x_m=499_901.0)))
        ),
    ]
    assert [each.key for each in merge_districts(city(), some, 2.0).conflicts] == ["N-1"]
    plan = merge_districts(city(), some, 2.0, Choices({"N-1": "both"}))
    assert not plan.conflicts
    assert [each.camera_id for each in plan.project.cameras][-2:] == ["N-1", "N-1 (Station)"]
    assert [(each.one, each.other, each.apart_m) for each in plan.near] == [("N-1", "N-1 (Station)", 1.0)]


def test_that_near_cameras_are_told_where_one_of_them_is_new():
    cameras = [Camera("a", 0, 0), Camera("b", 1.5, 0), Camera("c", 3.4, 0), Camera("d", 1.5, 0, status=Status.REMOVED)]
    assert [(each.one, each.other) for each in near_pairs(cameras, {"b"}, 2.0)] == [("a", "b"), ("b", "c")]
    assert not near_pairs(cameras, set(), 2.0)


def test_that_what_a_district_declared_comes_with_it_and_features_that_the_city_lacks_too():
    found = derived(THREE)
    house = Layer(
        "buildings",
        np.array(["way/new"], object),
        np.array([shapely.box(499_900, 4_982_700, 499_910, 4_982_710)], object),
        ({"building": "house"},),
    )
    old = found["Station"].layers["buildings"]
    ids, geometry = np.concatenate([old.ids, house.ids]), np.concatenate([old.geometry, house.geometry])
    layers = {**found["Station"].layers, "buildings": Layer("buildings", ids, geometry, (*old.tags, *house.tags))}
    said = Declaration("way/new", "dwelling", "A. Example", "2026-10-01", "seen")
    found["Station"] = replace(found["Station"], layers=layers, declarations=(*found["Station"].declarations, said))
    plan = merge_districts(city(), list(found.values()), 2.0)
    assert plan.layers.added == {"Market": 0, "Fuel": 0, "Station": 1}
    assert plan.project.layers["buildings"].ids.tolist()[-1] == "way/new"
    assert plan.project.declarations == (*city().declarations, said)
    assert plan.taken["Station"] == (("declaration", "way/new dwelling"),)


def test_that_a_feature_that_is_there_otherwise_is_a_conflict():
    found = derived(THREE)
    old = found["Station"].layers["buildings"]
    shifted = old.geometry.copy()
    shifted[0] = shapely.transform(shifted[0], lambda at: at + 1.0)
    layers = {**found["Station"].layers, "buildings": replace(old, geometry=shifted)}
    found["Station"] = replace(found["Station"], layers=layers)
    plan = merge_districts(city(), list(found.values()), 2.0)
    assert [(each.kind, each.key) for each in plan.conflicts] == [("feature", old.ids[0])]
    theirs = merge_districts(city(), list(found.values()), 2.0, Choices({old.ids[0]: "Station"})).project.layers["buildings"]
    assert theirs.geometry[theirs.ids.tolist().index(old.ids[0])].equals(shifted[0])


def test_that_a_drawn_place_of_a_district_is_counted_and_stays_there():
    found = derived(THREE)
    at = np.array([shapely.box(499_900, 4_982_700, 499_910, 4_982_710)], object)
    places = Layer("places", np.array(["refuge"], object), at, ({"lhasaplan": "shelter"},))
    whole = found["Station"].layers["places"]
    joined = Layer(
        "places", np.concatenate([whole.ids, places.ids]), np.concatenate([whole.geometry, at]), (*whole.tags, *places.tags)
    )
    found["Station"] = replace(found["Station"], layers={**found["Station"].layers, "places": joined})
    plan = merge_districts(city(), list(found.values()), 2.0)
    assert plan.layers.drawn == 1
    assert "refuge" not in plan.project.layers["places"].ids.tolist()
    assert plan.layers.added["Station"] == 0


def asked(project, part_id, shape):
    """Return a project in which a person drew a part and confirmed it."""
    by = {"by": "A. Example", "date": "2026-05-01"}
    drawn = HandMadePart(part_id, part_id, "area", "area", "area", shape.wkt, 25.0, 1, 0.9, **by)
    said = Confirmation(part_id, "flow and safety of traffic", "queues", "loops", **by)
    parts, confirmations = (*project.hand_made_parts, drawn), (*project.confirmations, said)
    return replace(project, hand_made_parts=parts, confirmations=confirmations)


def test_that_parts_of_two_districts_that_the_guard_lets_pass_alone_may_be_too_much_together():
    # 900 m2 each, beside what is confirmed already: alone below what the guard allows in a circle of 500 m, together above.
    found, services = derived(THREE), open_services()
    market = asked(found["Market"], "a", shapely.box(499_720, 4_982_945, 499_750, 4_982_975))
    fuel = asked(found["Fuel"], "b", shapely.box(500_250, 4_982_945, 500_280, 4_982_975))
    alone = workflow.merge(services, city(), [market]), workflow.merge(services, city(), [fuel])
    assert [{each.part_id for each in one.project.confirmations} & {"a", "b"} for one in alone] == [{"a"}, {"b"}]
    with pytest.raises(GuardError, match="whole neighbourhood"):
        workflow.merge(services, city(), [market, fuel])


def test_that_a_preferred_district_leaves_the_conflicts_of_others_open():
    found = derived(THREE)
    old = found["Station"].layers["buildings"]
    shifted = old.geometry.copy()
    shifted[0] = shapely.transform(shifted[0], lambda at: at + 1.0)
    found["Station"] = replace(found["Station"], layers={**found["Station"].layers, "buildings": replace(old, geometry=shifted)})
    some = list(found.values())
    assert [each.kind for each in merge_districts(city(), some, 2.0, Choices({}, "Market")).conflicts] == ["feature"]
    assert not merge_districts(city(), some, 2.0, Choices({}, "city")).conflicts


def test_that_a_planned_camera_on_protected_ground_does_not_come_in_by_a_district():
    found = derived(THREE)
    house = next(
        shape
        for shape, tags in zip(city().layers["buildings"].geometry, city().layers["buildings"].tags, strict=True)
        if tags.get("building") == "house"
    )
    inside = Camera("N-9", house.centroid.x, house.centroid.y, status=Status.PLANNED, azimuth_deg=0.0, mount_height_m=3.0)
    some = [replace(each, cameras=(*each.cameras, inside)) if name == "Market" else each for name, each in found.items()]
    with pytest.raises(GuardError, match="N-9"):
        workflow.merge(open_services(), city(), some)


def test_that_only_districts_of_this_city_are_taken_each_once():
    found = derived(THREE)
    with pytest.raises(InputError, match="is named twice"):
        workflow.merge(open_services(), city(), [found["Fuel"], found["Fuel"]])
    with pytest.raises(InputError, match="does not come from a city's project"):
        workflow.merge(open_services(), city(), [city()])
    with pytest.raises(InputError, match="and not of this project"):
        workflow.merge(open_services(), replace(city(), name="Other"), [found["Fuel"]])


def test_that_what_is_not_taken_is_told_by_its_name():
    station = derived(THREE)["Station"]
    ground = TerrainRecord("station.tif", (0.0, 0.0, 1.0, 1.0), 1.0, "ab" * 32)
    other = replace(station, mandate=replace(station.mandate, retention_days=2.0), terrain=(*station.terrain, ground))
    remarks = [each.template.format(**each.params) for each in workflow.merge(open_services(), city(), [other]).remarks]
    assert remarks == [
        "The mandate of the district Station differs from the city's in: retention_days. The city's mandate stays. To use the "
        "district's, state it with the command mandate",
        "Only the district Station has this terrain, and it stays there: station.tif. To use it, import it into the city's "
        "project",
    ]


def test_that_a_district_s_version_becomes_one_of_the_city_with_all_else_as_the_city_has_it():
    station = derived(THREE)["Station"]
    west = replace(camera(station, "HT-10"), camera_id="S-2")
    mine = tuple(each for each in changed(station, HT_10={"azimuth_deg": 10.0}).cameras if each.camera_id != "HT-07")
    view = Bookmark("Platform", 500_050.0, 4_982_740.0, 2.0)
    kept = replace(station, versions=(PlanVersion("Two", (*mine, west)),), bookmarks=(view,))
    whole = merge_districts(city(), [kept], 1.0).project
    (version,) = whole.versions
    assert version.name == "Station: Two"
    ids = [each.camera_id for each in city().cameras if each.camera_id != "HT-07"]
    assert [each.camera_id for each in version.cameras] == [*ids, "S-2"]
    others = {each.camera_id: each for each in version.cameras if each.camera_id not in ("HT-10", "S-2")}
    assert all(others[each.camera_id] == each for each in city().cameras if each.camera_id in others)
    assert next(each for each in version.cameras if each.camera_id == "HT-10").azimuth_deg == 10.0
    assert whole.bookmarks == (*city().bookmarks, view)
    assert merge_districts(whole, [kept], 1.0).project.versions == (version,)  # it was taken before
    later = changed(whole, HT_01={"azimuth_deg": 11.0})  # a camera of no district of these became another meanwhile
    assert merge_districts(later, [kept], 1.0).project.versions == (version,)


def test_that_a_merge_is_told_to_programs_with_its_conflicts_or_its_sums():
    found = derived({"Market": THREE["Market"], "Fuel": THREE["Fuel"]})
    one, other = changed(found["Market"], HT_01={"azimuth_deg": 10.0}), changed(found["Fuel"], HT_01={"azimuth_deg": 20.0})
    reported = workflow.merge_json(workflow.merge(open_services(), city(), [one, other]))
    assert reported["schema"] == "lhasaplan-merge/1"
    (conflict,) = reported["conflicts"]
    assert (conflict["kind"], conflict["id"], set(conflict["sides"])) == ("camera", "HT-01", {"city", "Market", "Fuel"})
    assert conflict["sides"]["Market"]["azimuth_deg"] == 10.0
    assert reported["sums"] is reported["effect"] is None
    settled = workflow.merge_json(workflow.merge(open_services(), city(), [one, other], Choices({"HT-01": "Fuel"})))
    assert settled["conflicts"] == []
    assert settled["taken"]["Fuel"] == [{"kind": "camera", "id": "HT-01"}]
    assert [row["area"] for row in settled["sums"]] == ["Market", "Fuel", ""]
    assert settled["changes"]["changes"][0]["camera_id"] == "HT-01"
    assert json.loads(json.dumps(settled)) == settled


def shed_of(ground, by):
    """Return what a person said of a building that a file called ``way/5`` then, on this ground."""
    return Declaration("way/5", "not_dwelling", by, "2026-10-01", "seen", Thing("a.osm", "yes", ground.wkt))


def test_that_two_districts_that_decided_on_two_things_of_one_id_keep_both_decisions():
    """A map gave ``way/5`` to a shed, and later to another one 400 m away; each district knows one of them."""
    found = derived(THREE)
    here, there = shed_of(shapely.box(0, 0, 4, 4), "A. Clerk"), shed_of(shapely.box(400, 0, 404, 4), "B. Clerk")
    some = [
        replace(found[name], declarations=(*found[name].declarations, one)) for name, one in (("Market", here), ("Fuel", there))
    ]
    plan = merge_districts(city(), some, 2.0)
    assert not plan.conflicts
    assert plan.project.declarations == (*city().declarations, here, there)
    again = replace(here, reason="seen from the yard")
    some[1] = replace(found["Fuel"], declarations=(*found["Fuel"].declarations, again))
    assert [each.kind for each in merge_districts(city(), some, 2.0).conflicts] == ["declaration"]


@pytest.mark.parametrize("who", ["city", "district", "nobody"])
def test_that_a_suspended_decision_that_one_side_dropped_does_not_come_back_with_the_other(who):
    lost = shed_of(shapely.box(0, 0, 4, 4), "A. Clerk")
    waiting = (Suspended("declaration", "way/5", "not_dwelling", "gone", "2026-11-01", declaration=lost),)
    market = derived(THREE)["Market"]
    market = replace(market, district=replace(market.district, suspended=waiting))
    here, there = (() if who == side else waiting for side in ("city", "district"))
    plan = merge_districts(replace(city(), suspended=here), [replace(market, suspended=there)], 2.0)
    assert plan.project.suspended == (waiting if who == "nobody" else ())
