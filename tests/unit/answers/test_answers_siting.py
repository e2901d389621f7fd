"""Proposals by hand: a part of 8 x 8 m, 20 m before a camera, which shows 64.7 px/m near and 54.7 px/m far."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, box, camera, house, layer, reference_data, town
from shapely import LineString
from test_answers_check import NORTH, SOUTH, confirmed, drawn
from undone import taken_back

from lhasaplan.cli.siting_tables import print_pairs, print_proposals
from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.changes.camera_change import AddCamera, ChangeStatus
from lhasaplan.core.changes.proposal import Proposal, apply
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.covering.bounds import SolverLimits
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Floors
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.model.camera import Kind, Mount, Status
from lhasaplan.core.rules.audit_policy import GenericClass, SitingRules
from lhasaplan.core.siting import options as options_module
from lhasaplan.core.siting.choosing import NOTHING, Allowance, allowances, watching_a_quarter
from lhasaplan.core.siting.disclosed_proposals import may_disclose_all, option_json
from lhasaplan.core.siting.option_words import bounds_in_words, last_in_words, reasons
from lhasaplan.core.siting.options import OptionSolver, Point, trade_off
from lhasaplan.core.siting.positions import new_places, place_numbers
from lhasaplan.core.siting.robustness import Doubts, doubts, redundancy
from lhasaplan.core.siting.states import table_of
from lhasaplan.io.content.policy_files import load_siting_rules

LITTLE = Effort(passes=40, steps=400, limits=SolverLimits(nodes=200))
RULES = SitingRules(positions=12, most_new=60)
STREET = LineString([(X0 - 60, Y0 + 14), (X0 + 60, Y0 + 14)])
ROADS = layer("roads", ("way/900", STREET, {"highway": "residential"}))
ALL = Allowance("all", may_remove=True, may_change=True, most_new=3)


def council_of(project, *parts, rules=RULES):
    parts = parts or (drawn(density=50.0),)
    project = dataclasses.replace(project, hand_made_parts=parts, confirmations=confirmed(*parts))
    city = set_up(project, reference_data())
    live = with_cameras(make_live(city, request(city, find_candidates(city))), project.cameras)
    return OptionSolver(live, project, table_of(live, rules), rules, LITTLE)


@pytest.fixture(autouse=True)
def open_gate(monkeypatch):
    """These towns state no mandate: what the gate asks is tested elsewhere, what guard and audit ask is asked."""
    monkeypatch.setattr("lhasaplan.core.live.effect.InsideGate.lacking_more", lambda *_: [])


def judged_m2(council, option):
    """Return the ground that nobody asks for, mapped or not: what options are weighed by."""
    return sum(council.table.states[number].judged_m2 for number in option.choice.states)


def with_roads(*cameras):
    project = town(cameras=list(cameras))
    return dataclasses.replace(project, layers={**project.layers, "roads": ROADS})


def test_that_the_shipped_rules_are_the_core_s():
    assert load_siting_rules() == SitingRules()


def test_that_a_file_without_poles_and_forbidden_ground_has_none(tmp_path):
    text = (content_folder("data") / "siting.toml").read_text("utf-8")
    start, end = text.index("[poles]"), text.index("[[class]]")
    (tmp_path / "siting.toml").write_text(text[:start] + text[end:], "utf-8")
    rules = load_siting_rules(tmp_path / "siting.toml")
    assert rules == dataclasses.replace(SitingRules(), poles={}, forbidden={})


def test_that_of_two_cameras_that_serve_the_same_the_one_that_shows_more_unasked_goes():
    wide = camera("wide", hfov_deg=68.0, range_m=80.0)
    council = council_of(town(cameras=[wide, dataclasses.replace(SOUTH, range_m=32.0)]))
    option = council.option(Allowance("remove-only", may_remove=True))
    assert [change.camera_id for change in option.proposal.changes] == ["wide"]
    assert option.choice.cameras == (1, 1)
    assert option.effect.lost == ()


def test_that_two_views_that_a_part_asks_for_both_stay():
    council = council_of(town(cameras=[SOUTH, NORTH]), drawn(density=50.0, views=2))
    option = council.option(Allowance("remove-only", may_remove=True))
    assert option.proposal.changes == ()
    assert redundancy(council.live, council.table, LITTLE).can_go == ()


def corner_served_by_another():
    """Return a part of 36 points of which one camera serves enough, all but the two nearest corners, and another one of these."""
    most = camera("most", hfov_deg=42.0, tilt_deg=8.0, range_m=60.0)
    corner = camera("corner", x=-10.0, hfov_deg=16.0, tilt_deg=10.0, range_m=60.0)
    return council_of(town(cameras=[most, corner]), drawn(density=50.0, shape=box(-12, 20, 12, 44)))


def test_that_no_camera_goes_that_serves_more_than_its_part_asks_for():
    council = corner_served_by_another()
    assert council.whole.served(council.now).tolist() == pytest.approx([35 / 36])
    option = council.option(Allowance("remove-only", may_remove=True))
    assert (option.proposal.changes, option.refused) == ((), ())


def test_that_the_audit_refuses_what_the_models_would_let_a_part_lose():
    council = corner_served_by_another()
    council.chooser.floors = Floors(np.zeros(1), np.zeros(1))
    allowance = Allowance("remove-only", may_remove=True)
    assert len(council.choice(allowance).states) == 1
    option = council.option(allowance)
    assert option.proposal.changes == ()
    assert len(option.choice.states) == 2
    assert option.refused


def test_that_an_existing_camera_is_turned_before_a_new_one_is_proposed():
    council = council_of(with_roads(camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0)))
    option = council.option(Allowance("budget", may_change=True, most_new=1))
    figures = council.figures(option)
    assert figures["parts_met"] == 1
    assert (figures["changed"], figures["new"]) == (1, 0)


def test_that_a_new_camera_serves_where_none_is_and_says_why():
    council = council_of(with_roads())
    option = council.option(Allowance("budget", most_new=2))
    assert council.figures(option)["parts_met"] == 1
    (reason,) = reasons(council, option)
    assert reason.serves == reason.alone == ("p1",)
    assert all(each.worse_by >= -1e-9 for each in reason.alternatives)
    (change,) = option.proposal.changes
    assert change.camera.status is Status.PLANNED


def test_that_no_new_camera_shows_a_home_at_a_grade_that_must_be_mitigated():
    council = council_of(among_homes(*HOMES))
    option = council.option(ALL)
    assert council.table.tried["new"] > 0
    assert option.effect is not None
    assert option.effect.places_by_grade["due"][1] == option.effect.places_by_grade["error"][1] == 0


HOMES = (house(7, -4, 40, 4, 48), house(8, -30, 18, -22, 30), house(9, 22, 18, 30, 30))
SHARP = dataclasses.replace(RULES, classes=(GenericClass("narrow", 35.0),))  # 87 px/m at 35 m: a home behind the part is due


def among_homes(*homes, roads=ROADS):
    built = town(*homes, cameras=[])
    return dataclasses.replace(built, layers={**built.layers, "roads": roads})


def test_that_a_new_camera_that_would_show_a_home_is_proposed_with_a_mask_over_it():
    """Homes stand close behind: without a mask no place serves as much; with it no home is shown at due or severe."""
    ring = house(1, -30, 30, 30, 38), house(2, -20, 20, -12, 38), house(3, 12, 20, 20, 38), house(4, -30, -10, 30, -2)
    turning = LineString([(X0 - 5, Y0 + 24), (X0 + 5, Y0 + 24)])  # the part lies in it: off the street it would be a court
    lane = ("way/901", turning, {"highway": "residential", "width": "9"})
    roads = layer("roads", ("way/900", STREET, {"highway": "residential"}), lane)
    town_of_homes = among_homes(*ring, roads=roads)
    bare, masked = (
        council_of(town_of_homes, rules=dataclasses.replace(SHARP, most_masked=most)) for most in (0, SHARP.most_masked)
    )
    without, option = (each.option(Allowance("budget", most_new=1)) for each in (bare, masked))
    assert masked.figures(option)["reached"] > bare.figures(without)["reached"]
    (change,) = option.proposal.changes
    assert change.camera.mask_px or change.camera.mask_sector_deg
    assert option.effect.places_by_grade["due"][1] == option.effect.places_by_grade["error"][1] == 0
    (reason,) = option_json(masked, option, discloses_all=True)["reasons"]
    assert reason["masked"]


def test_that_no_mask_is_proposed_over_a_place_of_which_outputs_tell_none():
    """A mask would lead there: the camera is not proposed at all, as it was before masks were tried."""
    refuge = layer("places", ("way/99", box(-30, 38, 30, 46), {"amenity": "womens_refuge"}))
    project = with_roads()
    council = council_of(dataclasses.replace(project, layers={**project.layers, "places": refuge}), rules=SHARP)
    assert council.table.tried["masked"] > 0
    assert not any(state.has_new_mask for state in council.table.states)


@pytest.mark.parametrize("tags", [{"lhasaplan": "protected"}, {"amenity": "womens_refuge"}], ids=["drawn", "refuge"])
def test_that_beside_an_undisclosed_place_no_figure_of_protected_places_is_told_without_private(tags):
    project, beside = with_roads(SOUTH), layer("places", ("way/99", box(-30, 6, -12, 30), tags))
    council = council_of(dataclasses.replace(project, layers={**project.layers, "places": beside}), drawn(density=60.0))
    option = council.option(ALL)
    assert not any(shapely.intersects_xy(beside.geometry[0], each.camera.x_m, each.camera.y_m) for each in council.table.states)
    reported, whole = (
        str(option_json(council, option, discloses_all=may_disclose_all(council, private=each))) for each in (False, True)
    )
    for word in ("frontage_m", "'places'", "'cost'"):
        assert word not in reported
        assert word in whole
    assert "way/99" not in whole


def walls_of(rules, kind="retail"):
    """Return where lenses may hang on a building of 12 x 10 m, to half a metre."""
    project = town(house(5, 8, 2, 20, 12, kind=kind), cameras=[])
    council = council_of(dataclasses.replace(project, layers={**project.layers, "roads": ROADS}), rules=rules)
    spots = new_places(council.live.city, council.live.demand.parts, rules)
    return {(round(2 * (each.x_m - X0)) / 2, round(2 * (each.y_m - Y0)) / 2) for each in spots if each.mount is Mount.WALL}


def test_that_a_lens_may_hang_at_the_corners_of_a_shop_and_nowhere_on_a_home():
    corners = {(8.0, 12.0), (20.0, 12.0)}
    plain = dataclasses.replace(RULES, positions=60, corners=False)
    assert not walls_of(plain) & corners
    assert walls_of(dataclasses.replace(plain, corners=True)) >= corners
    assert walls_of(dataclasses.replace(plain, corners=True), kind="house") == set()


def test_that_a_place_at_two_heights_takes_one_camera():
    rules = dataclasses.replace(RULES, heights_m=((4.5, 4.0), (6.0, 4.0)))
    council = council_of(with_roads(), rules=rules)
    spots = new_places(council.live.city, council.live.demand.parts, rules)
    assert {spot.height_m for spot in spots if spot.mount is Mount.POLE} == {4.5, 6.0}
    assert len(set(place_numbers(spots))) < len(spots)
    at = {}
    for state in council.table.states:
        at.setdefault((round(state.camera.x_m, 1), round(state.camera.y_m, 1)), set()).add(state.one_of)
    assert all(len(numbers) == 1 for numbers in at.values())
    assert len({state.camera.mount_height_m for state in council.table.states}) == 2


def test_that_nothing_stands_where_the_user_forbids():
    open_town = with_roads()
    forbidden = layer("areas", ("area/1", STREET.buffer(80.0), {"lhasaplan:camera": "no"}))
    closed = dataclasses.replace(open_town, layers={**open_town.layers, "areas": forbidden})
    assert council_of(open_town).table.is_action("new").any()
    assert not council_of(closed).table.is_action("new").any()


WIDE = camera("wide", hfov_deg=68.0, range_m=80.0)


BY_CHANGES = {"change-only", "budget", "all"}


@pytest.mark.parametrize(
    ("cameras", "density", "changing"),
    [
        ([SOUTH, NORTH], 60.0, BY_CHANGES),
        ([WIDE, dataclasses.replace(SOUTH, range_m=32.0)], 50.0, BY_CHANGES | {"remove-only"}),
        ([camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0)], 50.0, BY_CHANGES | {"remove-only"}),
    ],
    ids=["none can go, both see too much", "one of two can go", "one can be turned"],
)
def test_that_a_proposal_lowers_no_part_and_undone_gives_the_identical_cameras(cameras, density, changing):
    """What changes something serves more, or as much with less that nobody asks for."""
    council = council_of(with_roads(*cameras), drawn(density=density))
    options = [council.option(allowance) for allowance in allowances(1, 2)]
    assert {option.allowance.name for option in options if option.effect is not None} == changing
    today, today_m2 = council.figures(options[0]), judged_m2(council, options[0])
    for option in options:
        assert option.effect is None or not option.effect.lost
        gains = council.figures(option)["reached"] > today["reached"] or judged_m2(council, option) < today_m2
        assert gains == (option.effect is not None)
        before = council.project.cameras
        after = apply(option.proposal, before)
        assert apply(taken_back(option.proposal, before), after) == before


def test_that_a_new_camera_that_shows_less_stands_in_for_one_that_serves_a_part_today():
    """The wide camera serves the part from 20 m and shows a whole sector beyond it; nothing of the part is open."""
    council = council_of(with_roads(WIDE))
    option = council.option(ALL)
    gone, come = (
        {change.camera_id for change in option.proposal.changes if isinstance(change, kind)} for kind in (ChangeStatus, AddCamera)
    )
    assert (gone, len(come)) == ({"wide"}, 1)
    before, after = (judged_m2(council, each) for each in (council.option(NOTHING), option))
    assert after < before
    assert council.figures(option)["parts_met"] == 1


def test_that_an_existing_camera_is_offered_with_a_lens_that_serves_the_same_and_shows_less():
    wide = camera("wide", hfov_deg=68.0, range_m=60.0)
    council = council_of(town(cameras=[wide]))
    option = council.option(Allowance("change-only", may_change=True))
    (change,) = option.proposal.changes
    both = council.option(NOTHING), option
    assert change.camera_id == "wide"
    assert [council.figures(each)["parts_met"] for each in both] == [1, 1]
    before, after = (judged_m2(council, each) for each in both)
    assert after < before - 10.0


def test_that_no_camera_is_always_one_of_the_options_and_changes_nothing():
    assert allowances(None, 4)[0] is NOTHING
    option = council_of(with_roads(SOUTH)).option(NOTHING)
    assert option.proposal.changes == ()
    assert option.effect is None


def test_that_the_curve_begins_without_a_camera_and_rises():
    council = council_of(with_roads(), drawn(density=50.0), drawn(density=50.0, name="p2"))
    curve = trade_off(council, 3)
    assert curve[0].new == 0
    assert curve[0].option.proposal.changes == ()
    reached = [each.figures["reached"] for each in curve]
    assert reached == sorted(reached)
    assert len(set(reached)) == len(reached)


def test_that_many_cameras_that_together_watch_a_quarter_are_refused():
    project = town(cameras=[])
    city = set_up(project, reference_data())
    north = [camera(f"n{k}", x=100.0 * (k % 5), y=100.0 * (k // 5)) for k in range(15)]
    assert watching_a_quarter(city, north[:1]) == []
    over = watching_a_quarter(city, north)
    assert over
    assert max(over) == 14


def test_that_what_the_guard_refuses_is_left_out_and_told(monkeypatch):
    council = council_of(with_roads())
    monkeypatch.setattr(options_module, "watching_a_quarter", lambda _, cameras: list(range(len(cameras))))
    option = council.option(Allowance("budget", most_new=1))
    assert not any(council.table.states[k].action == "new" for k in option.choice.states)
    assert option.refused


def served_with(part, **values):
    """Return the share of the part that the south camera serves with other values, worked out for the town as it would be."""
    council = council_of(town(cameras=[dataclasses.replace(SOUTH, **values)]), part)
    return float(council.whole.served(council.now)[0])


NEAR, FARTHER = box(-4, 2, 4, 12), box(-4, 12, 4, 28)


@pytest.mark.parametrize(("field", "shape"), [("mount_height_m", NEAR), ("tilt_deg", FARTHER)], ids=["height", "tilt"])
def test_that_a_part_that_hangs_on_an_assumed_value_lies_between_the_ends_of_its_range(field, shape):
    """From high up a level lens does not show what is near; one that is tilted far down not what is farther away."""
    part = drawn(density=50.0, shape=shape)
    council = council_of(town(cameras=[dataclasses.replace(SOUTH, **{field: None})]), part)
    option = council.option(NOTHING)
    assert not council.live.results["south"].placed.certain
    stated = getattr(council.live.city.reference_data.classes[Kind.FIXED], field)
    shares = [served_with(part, **{field: end}) for end in (stated.narrow, stated.typical, stated.wide)]
    shares.append(float(council.whole.served(council.now)[0]))
    assert min(shares) < max(shares) - 0.05, "the part of this test must hang on it"
    found = doubts(council, option)
    (interval,) = found.intervals
    assert (interval.part_id, interval.cameras) == ("p1", ("south",))
    assert (interval.low, interval.high) == pytest.approx((min(shares), max(shares)))
    assert [(each.camera_id, each.fields, each.parts) for each in found.unknown] == [("south", (field,), ("p1",))]
    assert found.unknown[0].share == pytest.approx(max(shares) - min(shares))


def test_that_a_lens_that_is_assumed_may_only_raise_what_is_served():
    council = council_of(town(cameras=[dataclasses.replace(SOUTH, hfov_deg=None)]))
    assert not council.live.results["south"].placed.certain
    found = doubts(council, council.option(NOTHING))
    (interval,) = found.intervals
    assert interval.low == 0.0 < interval.high
    assert found.unknown[0].fields == ("hfov_deg",)


def test_that_what_takes_less_work_is_to_be_found_out_first_where_as_much_hangs_on_it():
    cameras = [dataclasses.replace(SOUTH, mount_height_m=None), camera("east", x=30, tilt_deg=None)]
    parts = drawn(density=50.0, shape=NEAR), drawn(density=50.0, shape=box(26, 12, 34, 28), name="p2")
    council = council_of(town(cameras=cameras), *parts)
    option = council.option(NOTHING)
    orders = []
    for dear in ("mount_height_m", "tilt_deg"):
        council.rules = dataclasses.replace(RULES, effort=dataclasses.replace(RULES.effort, **{dear: 1e6}))
        orders.append([each.fields[0] for each in doubts(council, option).unknown])
    assert orders == [["tilt_deg", "mount_height_m"], ["mount_height_m", "tilt_deg"]]


def test_that_of_what_is_recorded_nothing_is_in_doubt():
    council = council_of(town(cameras=[SOUTH]))
    assert doubts(council, council.option(NOTHING)) == Doubts((), ())


def test_that_demand_is_counted_by_its_cameras_without_a_cap():
    cameras = [camera(f"c{k}") for k in range(4)]
    found = redundancy(*_of(council_of(town(cameras=cameras))), LITTLE)
    assert found.served_by == {0: 0.0, 1: 0.0, 2: 0.0, 3: 0.0, 4: 64.0}
    assert found.spare == 64.0
    assert (len(found.can_go), found.at_most) == (3, 3)
    assert len(found.pairs) == 6


class Said:
    """A terminal that keeps what it is told."""

    def __init__(self):
        self.translations, self.tables, self.lines = Translations(), [], []

    def table(self, title, heads, rows):
        self.tables.append(rows)

    def say(self, line):
        self.lines.append(line)

    def remark(self, faults):
        self.lines += map(str, faults)


def test_that_proposals_are_printed_by_name_with_what_else_would_do_and_who_is_not_counted():
    unaimed = camera("unaimed", azimuth=None)
    quay = dataclasses.replace(drawn(density=60.0), name="Quay")
    council = council_of(with_roads(camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0), unaimed), quay)
    options = council.option(NOTHING), council.option(ALL)
    said, found = Said(), SimpleNamespace(council=council, options=options, curve=(), overlap=redundancy(*_of(council), LITTLE))
    print_proposals(said, "town", found, private=False)
    text = "\n".join(said.lines)
    assert "Serves Quay; " in text
    assert "No option counts or changes camera unaimed, because its direction or lens is not recorded." in text
    assert "a camera 50, a change 5." in text
    (reason,) = reasons(council, options[1])
    best = reason.alternatives[0]
    shown, worse = (f"{value:,.0f}".replace(",", " ") for value in (best.unasked_m2, best.worse_by))
    assert f"with {shown} m² that nobody asks for (" in text
    assert ("equally good" if best.worse_by < 0.5 else f"{worse} m² worse, weighted") in text
    assert f"other choices that would do: {reason.would_do};" in text


def test_that_a_curve_of_one_point_is_no_table():
    quay = dataclasses.replace(drawn(density=60.0), name="Quay")
    council = council_of(with_roads(camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0)), quay)
    tables = []
    for points in (1, 2):
        figures = {"parts_met": 1.0, "reached": 1.0, "unasked_m2": 5.0}
        curve = tuple(Point(new, None, figures) for new in range(points))
        said, overlap = Said(), redundancy(*_of(council), LITTLE)
        found = SimpleNamespace(council=council, options=(council.option(NOTHING),), curve=curve, overlap=overlap)
        print_proposals(said, "town", found, private=False)
        tables.append(len(said.tables))
    assert tables[1] == tables[0] + 1


def test_that_a_last_step_that_shows_less_is_told_as_less():
    steps = [(0.0, 900.0), (0.995, 879.0), (1.0, 150.0)]
    curve = [Point(new, None, {"reached": reached, "unasked_m2": unasked}) for new, (reached, unasked) in enumerate(steps)]
    (line,) = last_in_words(curve, Translations())
    assert "729 m² less ground" in line


def test_that_pairs_are_printed_with_the_owners_and_plans_that_they_differ_in():
    cameras = [camera("a", owner="North"), camera("b", owner="South"), camera("c", status=Status.PLANNED)]
    found = redundancy(*_of(council_of(town(cameras=cameras))), LITTLE)
    said = Said()
    print_pairs(said, SimpleNamespace(overlap=found))
    ((*rows,),) = said.tables
    differ = {row[:2]: row[4] for row in rows}
    assert differ == {("a", "b"): "Owner", ("a", "c"): "one exists, one is planned", ("b", "c"): "one exists, one is planned"}
    assert {row[3] for row in rows} == {100.0}


def _of(council):
    return council.live, council.table


@pytest.mark.parametrize("cameras", [[], [WIDE], [SOUTH, NORTH]], ids=["none", "wide", "both"])
def test_that_a_doubled_weight_tells_cameras_where_and_only_where_another_plan_then_weighs_less(cameras):
    """Beside the model solved anew with the weight doubled, in which nothing says what stands."""
    council = council_of(with_roads(*cameras), drawn(density=60.0))
    option = council.option(ALL)
    reported = council.changed_by_weights(option)
    assert tuple(reported) == ("unasked_m2", "frontage_m", "camera", "change")
    states = [council.table.states[k] for k in option.choice.states]
    for name, others in reported.items():
        weights = dataclasses.replace(council.rules.weights, **{name: 2.0 * getattr(council.rules.weights, name)})
        anew = council.chooser.best(council.chooser.model(ALL, weights=weights)).least.value
        assert bool(others) == (anew < sum(each.cost(weights) for each in states) - 0.5), name
    assert option_json(council, option, discloses_all=True)["if_doubled"] == {name: list(each) for name, each in reported.items()}
    assert option_json(council, option, discloses_all=False)["if_doubled"] == {}


def test_that_the_dearer_a_camera_the_fewer_stand_and_the_more_they_show():
    council = council_of(with_roads(), drawn(density=40.0), drawn(density=40.0, shape=box(14, 20, 20, 28), name="p2"))
    figures, shown_m2 = [], []
    for weight in (0.01, 50.0, 5000.0):
        council.rules = dataclasses.replace(RULES, weights=dataclasses.replace(RULES.weights, camera=weight))
        council.chooser = type(council.chooser)(council.table, council.rules, LITTLE)
        option = council.option(ALL)
        figures.append(council.figures(option))
        shown_m2.append(judged_m2(council, option))
    assert [each["cameras"] for each in figures] == sorted((each["cameras"] for each in figures), reverse=True)
    assert figures[0]["cameras"] > figures[-1]["cameras"]
    assert shown_m2[0] < shown_m2[-1]


def test_that_a_choice_is_the_same_each_time():
    first, again = (council_of(with_roads(SOUTH), drawn(density=60.0)).option(ALL) for _ in range(2))
    assert first.proposal == again.proposal
    assert isinstance(first.proposal, Proposal)


BARE = house(1, -30, -100, 30, -90)  # ground is mapped to some 10 m north of it all, and the part lies beyond


def test_that_options_tell_mapped_ground_as_unasked_and_the_rest_as_not_mapped_and_weigh_both():
    council = council_of(town(BARE, cameras=[dataclasses.replace(SOUTH, range_m=60.0)]))
    today, (state, *_) = council.option(NOTHING), council.table.states
    figures, (result,) = council.figures(today), council.live.results.values()
    assert (figures["unasked_m2"], figures["not_mapped_m2"]) == pytest.approx((result.unasked_m2, result.not_mapped_m2))
    assert state.judged_m2 == pytest.approx(result.judged_m2)
    assert state.cost(RULES.weights) > RULES.weights.camera + state.unasked_m2 * RULES.weights.unasked_m2 + 100.0
    assert "m² more in view are not mapped" in " ".join(bounds_in_words(council, today, Translations(), discloses_all=True))


def test_that_new_cameras_show_unasked_what_is_mapped_of_their_ground_and_are_weighed_by_all_of_it():
    near, far = (council_of(with_roads_of(one), drawn(density=50.0)).table.states for one in (house(1, -30, -40, 30, -30), BARE))
    bare = max((each for each in far if each.action == "new"), key=lambda each: each.judged_m2 - each.unasked_m2)
    assert 0.0 <= bare.unasked_m2 < bare.judged_m2 <= bare.unasked_m2 + bare.not_mapped_m2 + 1e-6
    assert bare.not_mapped_m2 <= bare.ground.area + 1e-6
    assert all(each.judged_m2 == each.unasked_m2 and each.not_mapped_m2 == 0.0 for each in near if each.action == "kept")


def with_roads_of(building):
    project = town(building, cameras=[dataclasses.replace(SOUTH, range_m=60.0)])
    return dataclasses.replace(project, layers={**project.layers, "roads": ROADS})
