"""The table of differences, each row worked out by hand, and the words in which it is told."""

from dataclasses import MISSING, fields, replace
from types import SimpleNamespace

import pytest
from district_towns import THREE, camera, changed, city, derived, with_areas

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.changes.work import Work
from lhasaplan.core.districts.conformity import Difference, conformity, counted_alone, row_in_words
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.project.journal import DistrictMade
from lhasaplan.core.project.plan_step import PlanVersion, plan_sha256
from lhasaplan.core.project.project import District, Project, Reason
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.rules.audit_policy import DistrictRules
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_district_rules

RULES = replace(load_district_rules(), moved_m=1.0, turned_deg=2.0, share=0.01, unasked_m2=10.0)
AREA = "POLYGON ((0 0, 100 0, 100 100, 0 100, 0 0))"
POLE = Camera("A", 10.0, 10.0, name="Pole", azimuth_deg=90.0, hfov_deg=60.0)


def asked(*ids):
    return tuple(Confirmation(each, "traffic", "queues", "loops", "A. Example", "2026-05-01") for each in ids)


def result(unasked_m2, **places):
    """Return the answers about a camera: so much unasked ground, and protected places in view by grade."""
    of = {"camera_id": "", "basis": "recorded", "grade": None, "grade_high": None, "grade_low": None, "frontage_m": 1.0}
    rest = {"density_px_m": (1.0, 1.0), "sector_deg": (), "geometry": None, "mitigation": None}
    sighting = Sighting(cls="home", places=sum(places.values()), places_by_grade=places, **of, **rest)
    return SimpleNamespace(judged_m2=unasked_m2, sightings=(sighting,) if places else ())


def table(before, after, results=None, parts=(), had=(), has=(), reasons=(), prices=None):
    """Return the rows for two lists of cameras, with the answers about them before and after, by id."""
    was, now = results or ({}, {})
    compared = SimpleNamespace(
        cameras=(tuple(before), tuple(after)),
        answers=(SimpleNamespace(results=was), SimpleNamespace(results=now)),
        effect=SimpleNamespace(parts=parts),
    )
    district = District("City", "North", AREA, "2027-01-15", tuple(before), asked(*had), reasons=tuple(reasons))
    return conformity(compared, Project(cameras=tuple(after), confirmations=asked(*has)), district, RULES, prices)


def reported(found):
    return [(row.subject, row.difference, row_in_words(row, Translations())) for row in found.rows]


# What the district makes of the camera that the city has at (10, 10), and the rows that a person would write for it.
BY_HAND = [
    ({}, [("kept", "as in the city's plan")]),
    ({"x_m": 10.6, "y_m": 10.8}, [("kept", "as in the city's plan, within the tolerances")]),  # exactly 1 m off
    ({"x_m": 13.0, "y_m": 14.0}, [("moved", "stands 5 m away")]),
    ({"azimuth_deg": 92.0}, [("kept", "as in the city's plan, within the tolerances")]),
    ({"azimuth_deg": 93.0}, [("otherwise", "turned from 90° to 93°")]),
    ({"hfov_deg": 70.0}, [("otherwise", "another lens: angle changed from 60° to 70°")]),
    ({"status": Status.REMOVED}, [("missing", "operating in the city's plan, removed here")]),
    ({"status": Status.PLANNED}, [("otherwise", "operating before, planned now")]),
    ({"owner": "Police"}, [("otherwise", "corrected record")]),
    ({"installed_on": "2027-05-01"}, [("dates", "installed on: not stated in the city's plan, 2027-05-01 in this one")]),
    ({"extra": {"phase": "2028"}}, [("dates", "year of the work: not stated in the city's plan, 2028 in this one")]),
    ({"extra": {"unit_price": "4200", "decision": "open"}}, [("kept", "as in the city's plan, within the tolerances")]),
    (
        {"x_m": 12.0, "azimuth_deg": 180.0, "extra": {"review_date": "2029-01-01"}},
        [
            ("moved", "stands 2 m away"),
            ("dates", "review on: not stated in the city's plan, 2029-01-01 in this one"),
            ("otherwise", "turned from 90° to 180°"),
        ],
    ),
]


@pytest.mark.parametrize(("values", "rows"), BY_HAND)
def test_that_each_way_to_differ_has_the_row_that_a_person_would_write(values, rows):
    assert reported(table([POLE], [replace(POLE, **values)])) == [("A", *row) for row in rows]


def test_that_a_turn_over_north_is_as_far_as_it_is():
    north = replace(POLE, azimuth_deg=359.5)
    assert [row.difference for row in table([north], [replace(north, azimuth_deg=1.0)]).rows] == ["kept"]


def test_that_what_came_and_what_went_is_told():
    new = Camera("B", 50.0, 50.0, status=Status.PLANNED, mount_height_m=5.0, azimuth_deg=10.0)
    assert reported(table([POLE], [new])) == [
        ("A", "missing", "operating in the city's plan, missing in this one"),
        ("B", "added", "new: not recorded, 5 m high, looking to 10°"),
    ]


def test_that_a_camera_that_both_plans_take_away_is_no_row():
    gone = replace(POLE, status=Status.REMOVED)
    assert not table([gone], [gone]).rows
    assert not table([gone], []).rows


# Unasked ground before and after, protected places before and after; whether the camera sees more.
SEEN = [
    (100.0, {}, 110.0, {}, False),
    (100.0, {}, 110.5, {}, True),
    (100.0, {"note": 2}, 90.0, {"note": 1}, False),
    (100.0, {"note": 2}, 90.0, {"note": 1, "due": 1}, True),  # one of them more sharply: graver
    (100.0, {"due": 1}, 90.0, {"note": 1}, False),
    (100.0, {"due": 1}, 90.0, {"note": 2}, True),
]


@pytest.mark.parametrize(("m2", "places", "then_m2", "then", "is_more"), SEEN)
def test_that_more_ground_beyond_the_tolerance_or_a_graver_view_is_more(m2, places, then_m2, then, is_more):
    found = table([POLE], [POLE], ({"A": result(m2, **places)}, {"A": result(then_m2, **then)}))
    assert [row.difference for row in found.rows] == ["sees_more" if is_more else "kept"]


def test_that_more_is_told_with_its_figures():
    found = table([POLE], [POLE], ({"A": result(100.0, note=2)}, {"A": result(150.0, note=1, due=1)}))
    ground = "ground that no part asks for: 100 m² in the city's plan, 150 m² in this one"
    places = "protected places in view, then and now: severe 0 → 0, due 0 → 1, note 2 → 1, possible 0 → 0"
    assert reported(found) == [("A", "sees_more", f"{ground}; {places}")]


def test_that_parts_asked_for_in_one_plan_alone_or_served_less_are_told():
    shares = {"p1": (0.95, 0.60), "p2": (0.95, 0.94), "p3": (0.5, 0.9), "p5": (0.9, 0.1)}
    parts = [SimpleNamespace(part_id=name, share_served=share) for name, share in shares.items()]
    found = table([], [], parts=parts, had=("p1", "p2", "p3", "p4"), has=("p1", "p2", "p3", "p5"))
    assert reported(found) == [
        ("p4", "missing", "asked for in the city's plan, not here"),
        ("p5", "added", "asked for here, not in the city's plan"),
        ("p1", "weaker", "served to 95 % by the city's plan, to 60 % by this one"),
    ]


def test_that_a_reason_stands_with_its_difference_and_with_no_other():
    why = Reason("A", "moved", "the wall is listed", "B. Example", "2027-02-01")
    moved, turned = table([POLE], [replace(POLE, x_m=20.0, azimuth_deg=0.0)], reasons=[why]).rows
    assert (moved.reason, turned.reason) == (why, None)
    assert table([POLE], [POLE], reasons=[why]).rows[0].reason is None


def test_that_differences_without_a_reason_are_counted_and_what_is_kept_asks_for_none():
    other = Camera("B", 30.0, 30.0)
    why = Reason("A", "moved", "the wall is listed")
    found = table([POLE, other], [replace(POLE, x_m=20.0, hfov_deg=50.0), other], reasons=[why])
    assert (found.counts[Difference.KEPT], found.counts[Difference.MOVED], found.unexplained) == (1, 1, 1)


def test_that_bare_counts_tell_nothing_else():
    found = table([POLE], [replace(POLE, x_m=20.0)], reasons=[Reason("A", "moved", "secret", "B. Example")])
    bare = counted_alone(found)
    assert bare.counts == found.counts
    assert bare.unexplained == found.unexplained
    assert not {"A", "Pole", "secret", "B. Example"} & set(
        map(str, (bare.rows[0].subject, bare.rows[0].before, bare.rows[0].reason))
    )
    assert "secret" not in repr(bare)
    assert "Pole" not in repr(bare)


def test_that_only_planned_cameras_in_the_district_cost_it_something():
    inside = Camera("B", 50.0, 50.0, status=Status.PLANNED)
    outside = Camera("C", 500.0, 50.0, status=Status.PLANNED)
    found = table([], [inside, outside], prices={Work.NEW_ON_POLE: 4000.0})
    assert found.cost.total == 4000.0
    assert table([], [inside, outside]).cost.total is None


def test_that_the_shipped_file_alone_has_the_tolerances():
    assert [each.name for each in fields(DistrictRules) if each.default is not MISSING] == []
    assert load_district_rules().near_m > 0.0


def test_that_a_changed_district_of_the_sample_is_told_as_it_was_changed():
    station = derived(THREE)["Station"]
    x_m = next(each.x_m for each in station.cameras if each.camera_id == "HT-10")
    other = changed(station, HT_10={"x_m": x_m + 4.0}, HT_07={"status": Status.REMOVED}, HT_12={})
    found = workflow.conformity_of(open_services(), other)
    rows = [(row.subject, str(row.difference)) for row in found.rows]
    assert [row for row in rows if row[0].startswith("HT-")] == [
        ("HT-03", "kept"),
        ("HT-07", "missing"),
        ("HT-10", "moved"),
        ("HT-10", "sees_more"),
        ("HT-12", "missing"),
    ]
    weaker = [row for row in found.rows if row.difference is Difference.WEAKER]
    assert "municipal-safety:level_crossing:node/10/1" in {row.subject for row in weaker}  # HT-07 alone serves it
    assert workflow.conformity_of(open_services(), city()) is None


def test_that_a_district_answers_to_the_version_that_is_named_and_says_so():
    services = open_services()
    approved = changed(city(), HT_01={"azimuth_deg": 90.0}).cameras
    whole = with_areas(city(), THREE)
    whole = replace(whole, versions=(PlanVersion("Approved 2026", approved, "", "2026-12-01"),))
    made = workflow.draft_district(services, whole, "Market", version="Approved 2026")
    assert camera(made, "HT-01").azimuth_deg == 90.0
    found = workflow.conformity_of(services, made)
    assert found.handed == DistrictMade(whole.name, "Market", "Approved 2026", "2026-12-01", plan_sha256(approved))
    assert counted_alone(found).handed.plan_sha256 == ""  # of exact positions
    assert not [row for row in found.rows if row.subject == "HT-01" and row.asks_reason]
    assert workflow.conformity_of(services, workflow.draft_district(services, whole, "Market")).handed.plan == ""
    with pytest.raises(InputError, match="There is no version none; there are: Approved 2026"):
        workflow.draft_district(services, whole, "Market", version="none")


def test_that_a_plan_has_one_digest_in_any_order_and_another_once_a_value_differs():
    cameras = city().cameras
    assert plan_sha256(cameras) == plan_sha256(tuple(reversed(cameras)))
    assert plan_sha256(cameras) != plan_sha256(changed(city(), HT_01={"azimuth_deg": 90.0}).cameras)
