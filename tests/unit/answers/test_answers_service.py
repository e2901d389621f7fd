"""What would serve a part that is not met, by hand: an 8 x 8 m part 20 m before a camera.

Its points lie at (±2, 22) and (±2, 26). From (0, 0) their bearings are within 5.2 degrees of north; 1920 px at 68 degrees
give 1423.26 px/m at one metre of depth.
"""

import dataclasses

import pytest
import shapely
from answers_town import CRS, X0, Y0, box, camera, house, layer, reference_data, town
from shapely import LineString
from test_answers_check import SOUTH, drawn, inside_gate

from lhasaplan.content import content_folder
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.mitigation.part_options import limit_note
from lhasaplan.core.model.camera import Mount, Status
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.rules.audit_policy import ServiceRules
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_service_rules

STREET = LineString([(X0 - 60, Y0 + 45), (X0 + 60, Y0 + 45)])
ROADS = layer("roads", ("way/900", STREET, {"highway": "residential"}))


def service(result, part="p1"):
    (found,) = [each for each in result.parts if each.part.part_id == part]
    return {option.action: option for option in found.service}


def applied(project, option):
    """Return the project with an option carried out, its camera in operation."""
    changed = dataclasses.replace(option.as_changed, status=Status.OPERATING)
    others = [each for each in project.cameras if each.camera_id != changed.camera_id]
    return dataclasses.replace(project, cameras=(*others, changed))


def test_that_the_shipped_file_alone_has_the_steps():
    assert [each.name for each in dataclasses.fields(ServiceRules) if each.default is not dataclasses.MISSING] == []
    assert load_service_rules().new.pole_height_m > 0.0


def test_that_every_key_that_is_wrong_is_named_with_its_table(tmp_path):
    text = (content_folder("data") / "service.toml").read_text("utf-8")
    wrong = (
        text.replace("most_parts", "most")
        .replace("away_m = 4.0", "away_m = 501")
        .replace("tilts_deg = [3.0,", "tilts_deg = [90,")
    )
    (tmp_path / "service.toml").write_text(wrong + "corners = true\n", "utf-8")
    with pytest.raises(InputError) as refused:
        load_service_rules(tmp_path / "service.toml")
    assert sorted(map(str, refused.value.faults)) == [
        "service.toml, most: This key is not known.",
        "service.toml, most_parts: This key is missing.",
        "service.toml, new.away_m: 501 must be at most 500.0.",
        "service.toml, new.corners: This key is not known.",
        "service.toml, tilts_deg[0]: 90 must be less than 90.0.",
    ]


def test_that_the_smallest_turn_that_takes_in_the_whole_part_is_shown():
    # Looking to 60 the picture reaches from 26 to 94. All four points need an axis at 28.8 or less: of the steps, 40.
    turn = service(inside_gate(town(cameras=[camera(azimuth=60.0)]), drawn(density=50.0)))["turn"]
    assert (turn.values, turn.camera_id) == ({"azimuth_deg": 20.0, "turn_deg": -40.0}, "c1")
    assert (turn.share_after, turn.verdict_after, turn.verified) == (1.0, "met", True)


def test_that_a_lens_is_narrowed_just_enough_for_the_density():
    # 60 px/m at 26 m asks for 1560 px of focal length: 63.2 degrees or less. 0.85 of 68 is 57.8.
    result = inside_gate(town(cameras=[camera()]), drawn(density=60.0))
    assert result.parts[0].measured.share_served == 0.5
    lens = service(result)["lens"]
    assert (lens.values["hfov_deg"], lens.verdict_after) == (57.8, "met")
    assert lens.as_changed.hfov_deg == 57.8


def test_that_a_lens_is_raised_over_a_low_roof():
    # A roof of 3.2 m from y = 10 to 12. To (±2, 22) the line passes y = 12 at h - (h - 1.5) 12/22: above it from 5.24 m on.
    low = house(3, -10, 10, 10, 12, kind="retail", height=3.2)
    # 30 degrees wide and 32 m far it shows no ground that is farther than 10 m from the part, once it serves it.
    result = inside_gate(town(low, cameras=[camera(hfov_deg=30.0, tilt_deg=10.0, range_m=32.0)]), drawn(density=50.0))
    assert result.parts[0].blocker_kinds == {"way/3": "building"}
    assert service(result)["raise"].values == {"mount_height_m": 6.0, "raise_by_m": 2.0}


def test_that_nothing_is_raised_above_the_limit():
    high = house(3, -10, 10, 10, 12, kind="retail", height=9.0)
    result = inside_gate(town(high, cameras=[camera()]), drawn(density=50.0))
    assert "raise" not in service(result)
    assert result.parts[0].tried["raise"] == 4  # 5, 6, 7 and 8 m


def test_that_no_turn_is_shown_that_brings_a_home_into_view():
    behind = house(7, -4, 40, 4, 48)
    blind = inside_gate(town(behind, cameras=[camera(azimuth=60.0)]), drawn(density=50.0))
    assert "turn" not in service(blind)
    assert blind.parts[0].tried["turn"] > 0


def test_that_no_turn_is_shown_that_moves_a_view_from_one_home_to_the_next():
    # To 60 the camera can see the home in the east; each turn that takes the part in loses it and shows the one behind the part.
    east, behind = house(7, 30, 4, 38, 12), house(8, -4, 40, 4, 48)
    result = inside_gate(town(east, behind, cameras=[camera(azimuth=60.0)]), drawn(density=50.0))
    (before,) = result.cameras[0].sightings
    assert before.places == 1
    assert "turn" not in service(result)
    assert "turn" in service(inside_gate(town(east, cameras=[camera(azimuth=60.0)]), drawn(density=50.0)))


@pytest.mark.parametrize(("kind", "offered"), [("retail", True), ("house", False), ("yes", False)])
def test_that_no_change_is_advised_for_a_camera_that_hangs_on_a_protected_building(kind, offered):
    own = house(7, -4, -8, 4, -0.1, kind=kind)
    result = inside_gate(town(own, cameras=[camera(azimuth=60.0, mount=Mount.WALL)]), drawn(density=50.0))
    assert bool(service(result)) == offered
    assert bool(result.parts[0].tried) == offered


def test_that_no_change_is_advised_for_a_camera_on_protected_ground():
    yard = layer("grounds", ("way/70", box(-3, -3, 3, 3), {"leisure": "playground"}))
    result = inside_gate(town(cameras=[camera(azimuth=60.0)], grounds=yard), drawn(density=50.0))
    assert result.parts[0].tried == {}


def test_that_no_pole_stands_so_near_to_a_home_that_it_would_hang_there():
    # The kerb runs at y = 40.5; the home's wall 0.6 m behind it would carry any camera within a metre of it (a wall mount).
    homes = [house(7, -60, 41.1, 60, 60)]
    tried = inside_gate(town(*homes, roads=ROADS), drawn(density=50.0)).parts[0].tried
    further = inside_gate(town(house(7, -60, 41.6, 60, 60), roads=ROADS), drawn(density=50.0)).parts[0].tried
    assert (tried.get("new", 0), further["new"] > 10) == (0, True)


def test_that_no_change_lifts_a_mask():
    masked = camera(azimuth=60.0, mask_sector_deg=((350.0, 10.0),))
    result = inside_gate(town(cameras=[masked]), drawn(density=50.0))
    assert service(result) == {}
    half = ((0.0, 0.0), (960.0, 0.0), (960.0, 1080.0), (0.0, 1080.0))
    turned = service(inside_gate(town(cameras=[camera(azimuth=60.0, mask_px=(half,))]), drawn(density=50.0)))["turn"]
    assert turned.as_changed.mask_px == (half,)
    # The part must lie in the right half of the picture, 345 to 19: a turn by 75 degrees, where 40 would do without the mask.
    assert turned.values["azimuth_deg"] == 345.0


def test_that_a_camera_keeps_what_it_serves():
    # The other part lies at bearings of about 80: no turn shows it and keeps the first.
    aside = drawn(density=50.0, shape=box(20, 0, 28, 8), name="p2")
    result = inside_gate(town(cameras=[camera()]), drawn(density=50.0), aside)
    assert [each.verdict for each in result.parts] == ["met", "gap"]
    assert "turn" not in service(result, "p2")
    assert result.parts[0].service == ()


def test_that_a_new_camera_stands_on_a_pole_at_the_kerb_and_makes_the_part_met():
    # The street is 6 m wide with 4 m of pavements: its edges lie at y = 40 and 50, half a metre inside is 40.5.
    new = service(inside_gate(town(cameras=[], roads=ROADS), drawn(density=50.0)))["new"]
    assert (new.camera_id, new.values["mount"], new.verdict_after) == ("", "pole", "met")
    assert new.as_changed.y_m - Y0 == pytest.approx(40.5, abs=0.01)
    assert new.as_changed.status is Status.PLANNED


@pytest.mark.parametrize(("kind", "offered"), [("retail", True), ("house", False), ("yes", False)])
def test_that_a_new_camera_hangs_on_a_facade_only_if_nobody_may_live_there(kind, offered):
    result = inside_gate(town(house(5, -10, 40, 10, 50, kind=kind)), drawn(density=50.0))
    found = service(result).get("new")
    assert (found is not None) == offered
    if found is not None:
        assert (found.values["mount"], found.values["building"]) == ("wall", "way/5")
        assert found.as_changed.mount is Mount.WALL


def test_that_a_new_camera_that_must_see_a_home_sharply_is_no_option_and_that_is_said():
    # The part lies in a street 8 m wide with homes 2 m off on either side: who looks along it has their walls in view.
    rows = [(x, south) for south in (8, 30) for x in range(-40, 40, 10)]
    homes = [house(n, x, south, x + 9, south + 10) for n, (x, south) in enumerate(rows, start=10)]
    line = LineString([(X0 - 60, Y0 + 24), (X0 + 60, Y0 + 24)])
    street = layer("roads", ("way/901", line, {"highway": "residential", "width": "8"}))
    result = inside_gate(town(*homes, roads=street), drawn(density=50.0))
    assert result.parts[0].verdict == "gap"
    assert "new" not in service(result)
    assert result.parts[0].tried["new"] > 0
    # Were they shops, one would stand there.
    shops = [(name, shape, {**tags, "building": "retail"}) for name, shape, tags in homes]
    assert service(inside_gate(town(*shops, roads=street), drawn(density=50.0)))["new"].verdict_after == "met"


def test_that_outside_the_gate_there_is_no_option():
    assert audit(town(cameras=[camera(azimuth=60.0)], roads=ROADS), reference_data()).parts is None


@pytest.mark.parametrize(
    ("project", "density"),
    [
        (town(cameras=[camera(azimuth=60.0)], roads=ROADS), 50.0),
        (town(house(3, -10, 10, 10, 12, kind="retail", height=3.2), cameras=[camera()], roads=ROADS), 60.0),
        (town(house(7, 20, 30, 30, 36), cameras=[camera(azimuth=350.0), camera("c2", x=30, y=24, azimuth=200.0)]), 60.0),
    ],
)
def test_that_an_option_carried_out_gives_what_it_says(project, density):
    """The whole chain is the oracle: shares, verdict, protected places and unasked ground of the changed town."""
    options = inside_gate(project, drawn(density=density)).parts[0].service
    assert options
    for option in options:
        after = inside_gate(applied(project, option), drawn(density=density))
        part = after.parts[0]
        assert (part.measured.share_served, part.verdict) == (pytest.approx(option.share_after), option.verdict_after)
        (changed,) = [each for each in after.cameras if each.placed.camera.camera_id == option.as_changed.camera_id]
        assert changed.necessity.protected_in_view == option.protected_after
        assert changed.unasked_m2 == pytest.approx(option.unasked_after_m2, abs=0.01)


def test_that_each_camera_s_share_and_density_stand_beside_a_part():
    result = inside_gate(town(cameras=[camera("south"), camera("far", y=-30)]), drawn(density=60.0))
    south, far = result.parts[0].views
    assert (south.camera_id, south.share_served, south.share_seen) == ("south", 0.5, 1.0)
    assert (far.camera_id, far.share_served, far.share_seen) == ("far", 0.0, 1.0)
    assert far.best_px_m == pytest.approx(1423.26 / 52, abs=0.05)


def test_that_verdicts_are_summed_by_category_area_and_responsible_body():
    sums = inside_gate(town(cameras=[SOUTH]), drawn(density=60.0), drawn(density=50.0, name="p2")).totals["parts_by"]
    assert sums["category"] == {"junctions": {"before": {"met": 1, "weak": 1}, "after": {"met": 1, "weak": 1}}}
    assert sums["area"] == sums["responsible"] == {"": {"before": {"met": 1, "weak": 1}, "after": {"met": 1, "weak": 1}}}


def test_that_no_new_camera_is_proposed_outside_the_plan_area():
    corners = shapely.get_coordinates(box(-15, 10, 15, 38))
    lon, lat = Crs(CRS).to_lonlat(corners[:, 0], corners[:, 1])
    inside = Mandate(purposes=("flow",), plan_area_wkt=shapely.Polygon(list(zip(lon, lat, strict=True))).wkt)
    result = inside_gate(dataclasses.replace(town(cameras=[], roads=ROADS), mandate=inside), drawn(density=50.0))
    assert result.parts[0].tried["new"] > 0
    assert result.parts[0].service == ()


def test_that_parts_beyond_the_limit_are_counted_in_a_note():
    parts = inside_gate(town(cameras=[SOUTH]), drawn(density=60.0), drawn(density=70.0, name="p2")).parts
    few = make_context(
        town(),
        dataclasses.replace(reference_data(), service=dataclasses.replace(load_service_rules(), most_parts=1)),
        with_planned=True,
    )
    assert [params for _, params in limit_note(parts, few)] == [{"most": 1, "count": 1}]
    assert limit_note(parts[:1], few) == ()
