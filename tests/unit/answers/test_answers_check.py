"""Inside the gate, by hand: a part of 8 x 8 m, 20 m before a camera, has four points of the 4 m grid.

1920 px at 68 degrees give 1423.26 / 22 = 64.7 px/m on the near two points and 1423.26 / 26 = 54.7 px/m on the far two.
"""

import dataclasses

import pytest
import shapely
from answers_town import SHED, X0, Y0, bare_camera, box, camera, house, layer, reference_data, town

from lhasaplan.core.audit.pipeline import assess_context
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.guard import UNCONFIRMED, UNSIGNED, find_candidates, request
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Excuse
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.results.finding import MitigationAction, alternatives_of

SOUTH = camera("south")
NORTH = camera("north", y=48, azimuth=180.0)  # 20 m beyond the part, looking back at it


# In which the part lies: off the street it would lie before the walls of the homes beside it.
ROAD = layer("roads", ("way/90", shapely.LineString([(X0 - 60, Y0 + 24), (X0 + 60, Y0 + 24)]), {"highway": "residential"}))


def drawn(density=60.0, shape=None, name="p1", views=1):
    wkt = (shape or box(-4, 20, 4, 28)).wkt
    return HandMadePart(name, name, "junctions", "apron", "area", wkt, density, views, 0.9, "A. Example", "2026-05-01")


def confirmed(*parts, **grounds):
    """Return the confirmations of drawn parts, complete unless said otherwise."""
    given = {"purpose": "flow", "reason": "two collisions", "milder_means": "signs", "by": "A. Example", **grounds}
    return tuple(Confirmation(part.part_id, date="2026-05-01", **given) for part in parts)


def inside_gate(project, *parts):
    parts = parts or (drawn(),)
    project = dataclasses.replace(project, hand_made_parts=parts, confirmations=project.confirmations or confirmed(*parts))
    context = make_context(project, reference_data(), with_planned=True)
    candidates = find_candidates(context)
    return assess_context(context, Gate(True), candidates, request(context, candidates), no_progress)


def removable(result):
    return {each.placed.camera.camera_id: each.removable for each in result.cameras}


def test_that_half_a_part_at_the_needed_density_is_weak_and_the_far_half_the_gap():
    result = inside_gate(town(cameras=[SOUTH]))
    (part,) = result.parts
    assert part.verdict == "weak"
    assert (part.measured.share_served, part.measured.share_seen) == (0.5, 1.0)
    assert part.measured.best_px_m == pytest.approx(64.7, abs=0.05)
    assert part.gap.equals(box(-4, 24, 4, 28))
    assert part.blockers == (("too_few_px_m", 2),)
    assert part.cameras == ("south",)


@pytest.mark.parametrize("lacks", ["by", "date"])
def test_that_a_drawn_part_that_nobody_stands_for_is_no_demand(lacks):
    result = inside_gate(town(cameras=[SOUTH]), drawn(), dataclasses.replace(drawn(name="p2"), **{lacks: " "}))
    assert [part.part.part_id for part in result.parts] == ["p1"]
    assert [params["part"] for template, params in result.notes if template == UNSIGNED] == ["p2"]


@pytest.mark.parametrize("lacks", ["purpose", "reason", "milder_means", "by"])
def test_that_a_drawn_part_is_no_demand_until_it_is_confirmed_on_all_grounds(lacks):
    grounds = (*confirmed(drawn()), *confirmed(drawn(name="p2"), **{lacks: " "}))
    project = dataclasses.replace(town(cameras=[SOUTH]), confirmations=grounds)
    result = inside_gate(project, drawn(), drawn(name="p2"), drawn(name="p3"))
    assert [part.part.part_id for part in result.parts] == ["p1"]
    assert [params["part"] for template, params in result.notes if template == UNCONFIRMED] == ["p2", "p3"]


def test_that_a_camera_from_the_other_side_makes_it_met():
    result = inside_gate(town(SHED, cameras=[SOUTH, NORTH]))
    (part,) = result.parts
    assert (part.verdict, part.gap, part.cameras) == ("met", None, ("south", "north"))
    assert removable(result) == {"south": False, "north": False}
    assert [(each.a, each.b, each.demand) for each in result.overlaps] == [("south", "north", 0.0)]


def test_that_a_planned_camera_counts_after_but_not_before():
    result = inside_gate(town(cameras=[SOUTH, dataclasses.replace(NORTH, status=Status.PLANNED)]))
    (part,) = result.parts
    assert (part.verdict, part.verdict_after) == ("weak", "met")
    assert part.measured_after.share_served == 1.0
    assert result.overlaps == ()


def test_that_two_cameras_that_serve_the_same_are_each_removable_and_overlap_in_demand():
    result = inside_gate(town(cameras=[SOUTH, camera("twin", x=0.5)]), drawn(density=50.0))
    assert removable(result) == {"south": True, "twin": True}
    # Four points of 16 m2: both see all at 54.6 px/m or better.
    assert result.overlaps[0].demand == pytest.approx(64.0)


def test_that_a_camera_of_unknown_direction_serves_nothing_and_is_not_called_removable():
    result = inside_gate(town(cameras=[bare_camera()]))
    assert result.parts[0].verdict == "gap"
    assert removable(result) == {"c1": None}
    assert result.parts[0].gap.equals(box(-4, 20, 4, 28))


def test_that_a_building_in_the_way_is_named_as_the_blocker():
    result = inside_gate(town(house(3, -10, 10, 10, 12, kind="retail", height=12.0), cameras=[SOUTH]))
    assert result.parts[0].verdict == "gap"
    assert result.parts[0].blockers == (("way/3", 4),)


def test_that_ground_within_ten_metres_of_a_served_part_is_asked_for():
    result = inside_gate(town(SHED, cameras=[SOUTH]))
    (seen,) = result.cameras
    assert seen.parts_served == ("p1",)
    near = box(-4, 20, 4, 28).buffer(10)
    field = shapely.union_all([band for _, band in seen.certain.bands])
    assert seen.unasked_m2 == pytest.approx(seen.area_m2 - field.intersection(near).area, abs=0.01)


def test_that_a_part_not_served_asks_for_no_ground():
    result = inside_gate(town(cameras=[SOUTH]), drawn(density=120.0))
    assert result.cameras[0].parts_served == ()
    assert result.cameras[0].unasked_m2 == result.cameras[0].area_m2


def test_that_an_excused_part_is_excused_and_needs_nobody():
    project = dataclasses.replace(town(), excuses=(Excuse("p1", "a guard stands there", "A. Example", "2026-05-01"),))
    assert inside_gate(project).parts[0].verdict == "excused"


def test_that_a_part_on_a_dwelling_is_refused_with_its_reason():
    result = inside_gate(town(house(1, -4, 20, 4, 28), cameras=[SOUTH]))
    assert result.parts == ()
    assert result.totals["parts_refused"] == 1
    assert any("protected ground" in template for template, _ in result.notes)


def test_that_totals_count_parts_before_and_after():
    result = inside_gate(town(cameras=[SOUTH, dataclasses.replace(NORTH, status=Status.PLANNED)]))
    assert removable(result) == {"south": False, "north": None}
    assert result.totals["parts"] == {"before": {"weak": 1}, "after": {"met": 1}}


def test_that_a_camera_that_serves_no_part_is_removed_rather_than_masked():
    project = town(house(1, 5, 10, 25, 20), cameras=[SOUTH], roads=ROAD)
    (finding,) = [each for each in inside_gate(project, drawn(density=120.0)).findings if each.kind == "view_home"]
    assert finding.mitigation.action is MitigationAction.REMOVE


def test_that_a_narrower_lens_that_keeps_the_part_goes_before_a_mask():
    # The house is first seen at 29.6 degrees to the right, the part ends at atan(2/22) = 5.2 and is in a lens of 57.2 degrees.
    project = town(house(1, 12, 10, 30, 20), cameras=[SOUTH], roads=ROAD)
    (finding,) = [each for each in inside_gate(project, drawn(density=50.0)).findings if each.kind == "view_home"]
    assert finding.mitigation.action is MitigationAction.SHORTEN
    assert finding.mitigation.values["duty_left_percent"] == 100
    masks = [each for each in alternatives_of(finding.mitigation) if each.action is MitigationAction.MASK]
    assert [each.values["duty_left_percent"] for each in masks] == [100, 100]
    narrowed = dataclasses.replace(project, cameras=(apply_mitigation(SOUTH, finding.mitigation),))
    after = inside_gate(narrowed, drawn(density=50.0))
    assert [each for each in after.findings if each.kind == "view_home"] == []
    assert after.parts[0].measured.share_served == 1.0


def test_that_a_lens_that_trades_one_half_of_the_part_for_the_other_keeps_nothing_of_it():
    # At 60 px/m the near half is served. A lens of 21.4 degrees that ends before the house shows the far half at 195 px/m, but
    # the near half lies below its picture: 2.5 m down at 22 m are 6.5 degrees, half its height is 6.1.
    project = town(house(1, 4.2, 10, 25, 20), cameras=[SOUTH], roads=ROAD)  # its far corner at 11.7 degrees
    (finding,) = [each for each in inside_gate(project).findings if each.kind == "view_home"]
    assert (finding.mitigation.action, finding.mitigation.values["duty_left_percent"]) == (MitigationAction.MASK, 100)
    (lens,) = [each for each in alternatives_of(finding.mitigation) if "hfov_deg" in each.values]
    assert lens.values["duty_left_percent"] == 0


def test_that_findings_on_parts_have_stable_ids():
    kinds = {each.finding_id for each in inside_gate(town(cameras=[SOUTH])).findings}
    assert "weak:p1" in kinds
    assert f"{X0}" not in "".join(kinds)
    assert f"{Y0}" not in "".join(kinds)
