"""Facts about coarse terrain: it ends no view of a protected place, and what ground alone hides is counted and told."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, camera, house, layer, pack, reference_data, town
from assessment_values import assessment_json

from lhasaplan.app.map.sight import CurrentSight, seen_of
from lhasaplan.app.map.sight import who_sees as who_in_window
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.context.audit_context import make_context, set_up
from lhasaplan.core.exposure.seen_walls import look_at_walls
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.ground import protected_walls
from lhasaplan.core.results.finding import alternatives_of
from lhasaplan.core.sight.walls import engine
from lhasaplan.core.site.mounting import ask_about
from lhasaplan.core.site.terrain import COARSE_M, TerrainSheet, houses_rise_m, lay_over
from lhasaplan.io.terrain.raster import remarks_on_name
from lhasaplan.report.facts.summary import summarise

HALF = 100.0
NONE = {"home": 0, "protected": 0, "dwelling_likely": 0, "use_unknown": 0}


def heights(height):
    x = -HALF + 0.5 + np.arange(2 * HALF)
    return np.asarray(height(x[None, :] + 0.0 * x[:, None], -x[:, None] + 0.0 * x[None, :]), float)


def ground(height, resolution_m=1.0, *more):
    """Terrain on 1 m cells of a raster whose own cells are ``resolution_m`` wide."""
    return lay_over([TerrainSheet("made.tif", resolution_m, heights(height)), *more], X0 - HALF, Y0 + HALF, 1.0)


def crest(_x, y):
    """8 m high at y = 15, across the way to the house."""
    return np.maximum(0.0, 8.0 - np.abs(y - 15.0))


def known(terrain=None):
    mine = reference_data(pack())
    return mine if terrain is None else replace(mine, terrain=terrain)


# A house 30 m before a lens 4 m up; a line over the crest is at 12 m before it, above its roof of 6 m.
WATCHED = town(house(1, -10, 30, 10, 40), cameras=[camera()])


def seen(terrain=None, project=WATCHED):
    found = audit(project, known(terrain))
    return found, {(s.cls, s.basis): s for each in found.cameras for s in each.sightings}


@pytest.mark.parametrize(("resolution_m", "hides"), [(1.0, True), (10.0, True), (10.2, False), (79.0, False)])
def test_that_terrain_coarser_than_10_m_ends_no_view_of_a_home(resolution_m, hides):
    assert COARSE_M == 10.0
    found, views = seen(ground(crest, resolution_m))
    assert bool(views) is not hides
    counted = {**NONE, "home": 1}
    assert found.totals["behind_terrain"] == {
        "hidden": counted if hides else NONE,
        "not_hidden_by_coarse": NONE if hides else counted,
    }


def test_that_cells_that_had_to_grow_beyond_10_m_are_coarse_too():
    wide = lay_over([TerrainSheet("made.tif", 1.0, np.zeros((4, 4)))], 0.0, 80.0, 20.0)
    assert wide.coarse is not None
    assert wide.mask.is_level


def test_that_a_view_over_coarse_terrain_is_graded_as_on_level_ground():
    plain, rough = seen()[1], seen(ground(crest, 79.0))[1]
    (a,), (b,) = plain.values(), rough.values()
    assert (a.grade, a.places, a.frontage_m) == (b.grade, b.places, pytest.approx(b.frontage_m))
    assert a.density_px_m == pytest.approx(b.density_px_m)


def test_that_walls_are_sorted_once_over_coarse_terrain_and_once_on_level_ground_whatever_is_tried(monkeypatch):
    sorted_tops, sort_walls = [], engine.sort_walls
    monkeypatch.setattr(engine, "sort_walls", lambda rows: sorted_tops.append(rows[0, 5]) or sort_walls(rows))
    near = town(house(1, -10, 12, 10, 22), cameras=[camera()])
    (view,) = seen(ground(lambda _x, y: 50.0 + 0.0 * y, 79.0), near)[1].values()
    assert len(alternatives_of(view.mitigation)) > 1  # so many remedies were tried at least
    assert sorted(sorted_tops) == [6.0, 56.0]  # the roof above the ground, and above the datum


def test_that_what_is_counted_is_told_in_words():
    reported = dict(seen(ground(crest))[0].notes)
    (hidden,) = [params for text, params in reported.items() if text.startswith("Only the ground hides")]
    assert hidden == {"homes": 1, "protected": 0, "likely": 0, "unknown": 0}
    coarse = dict(seen(ground(crest, 79.0))[0].notes)
    (source,) = [params["sources"] for text, params in coarse.items() if text.startswith("Terrain coarser than")]
    assert source == "made.tif (79 m)"
    (kept,) = [params for text, params in coarse.items() if text.startswith("Coarse terrain would have ended")]
    assert kept == {"homes": 1, "protected": 0, "likely": 0, "unknown": 0}


def test_that_open_ground_hides_nothing_and_nothing_is_told():
    found, views = seen(ground(lambda _x, y: 0.0 * y))
    assert views
    assert found.totals["behind_terrain"] == {"hidden": NONE, "not_hidden_by_coarse": NONE}
    assert not any("Only the ground" in text for text, _ in found.notes)
    assert seen()[0].totals["behind_terrain"] is None


def test_that_a_home_that_coarse_terrain_lifts_out_of_the_picture_stays_in_view():
    # 60 m higher over 30 m: far above the upper edge of a level picture 41 degrees high.
    lifted = ground(lambda _x, y: 60.0 * (y > 20.0), 79.0)
    assert seen(lifted)[1].keys() == seen()[1].keys()
    assert not seen(ground(lambda _x, y: 60.0 * (y > 20.0)))[1]


def test_that_a_lens_that_coarse_terrain_lifts_over_a_wall_sees_what_it_sees_from_there():
    # A shed 3.9 m high at 10 m hides nothing of the upper wall; one 9 m high hides all from 4 m, nothing from 24 m.
    shed = house(2, -30, 10, 30, 12, "shed", 9.0)
    project = town(house(1, -10, 30, 10, 40), shed, cameras=[camera(tilt_deg=30.0)])
    hill = ground(lambda _x, y: 20.0 * (y < 5.0), 79.0)
    assert (ProtectedClass.HOME, "recorded") not in seen(project=project)[1]
    assert (ProtectedClass.HOME, "recorded") in seen(hill, project)[1]


def test_that_fine_terrain_over_coarse_ends_views_where_it_lies():
    # Fine ground, with the crest, lies west of x = 0; east of it the crest is coarse. One house on each side.
    sides = town(house(1, -30, 30, -12, 40), house(2, 12, 30, 30, 40), cameras=[camera("w", -21.0), camera("e", 21.0)])
    fine = heights(crest)
    fine[:, int(HALF) :] = np.nan
    both = ground(crest, 79.0, TerrainSheet("fine.tif", 1.0, fine))
    found = audit(sides, known(both))
    assert [bool(each.sightings) for each in found.cameras] == [False, True]
    assert found.totals["behind_terrain"] == {"hidden": {**NONE, "home": 1}, "not_hidden_by_coarse": {**NONE, "home": 1}}


def test_that_the_ground_that_a_camera_shows_still_ends_at_coarse_terrain():
    (plain,), (rough,) = seen()[0].cameras, seen(ground(crest, 79.0))[0].cameras
    assert rough.certain.area_m2 < 0.8 * plain.certain.area_m2


def test_that_who_may_see_a_home_is_answered_over_coarse_terrain_as_it_is_graded():
    fine = who_sees(make_context(WATCHED, known(ground(crest)), with_planned=False), X0, Y0 + 35.0)
    rough = who_sees(make_context(WATCHED, known(ground(crest, 79.0)), with_planned=False), X0, Y0 + 35.0)
    assert ([each.certainty for each in fine], [each.certainty for each in rough]) == (["not"], ["certain"])


@pytest.mark.parametrize(("resolution_m", "certainty"), [(1.0, ["not"]), (79.0, ["certain"])])
def test_that_the_window_answers_who_may_see_a_home_like_the_command_line(resolution_m, certainty):
    terrain = ground(crest, resolution_m)
    city = set_up(WATCHED, known(terrain))
    sight = CurrentSight({key: seen_of(each) for key, each in with_cameras(make_live(city), WATCHED.cameras).results.items()})

    context = make_context(WATCHED, known(terrain), with_planned=False)
    asked = ask_about(X0, Y0 + 35.0, terrain, context.buildings)
    assert [each.certainty for each in who_in_window(asked, sight, city)] == certainty


def test_that_mitigations_over_coarse_terrain_end_what_was_graded():
    # At 12 m 1920 / (2 tan 34) / 12 = 119 px/m: due, so that something must be done. The crest would hide it at 6 m.
    near = town(house(1, -4, 12, 4, 20), cameras=[camera()])
    rough = ground(lambda _x, y: np.maximum(0.0, 8.0 - 2.0 * np.abs(y - 6.0)), 79.0)
    found, views = seen(rough, near)
    (mitigation,) = {key: each.mitigation for key, each in views.items()}.values()
    tried = [mitigation, *(each for each in alternatives_of(mitigation) if each.is_verified)]
    assert len(tried) > 1
    for each in tried:
        after = replace(near, cameras=(apply_mitigation(near.cameras[0], each),))
        assert not seen(rough, after)[1], each
    assert found.totals["behind_terrain"]["not_hidden_by_coarse"]["home"] == 1


def test_that_the_lens_height_above_the_datum_counts_on_level_ground_from_its_own_ground():
    # 304 m above the datum on coarse ground of 300 m is 4 m above level ground.
    high = ground(lambda _x, y: 300.0 + crest(_x, y), 79.0)
    absolute = town(house(1, -10, 30, 10, 40), cameras=[camera(mount_height_m=None, lens_z_m=304.0)])
    (a,), (b,) = seen(high, absolute)[1].values(), seen()[1].values()
    assert (a.grade, a.density_px_m) == (b.grade, pytest.approx(b.density_px_m))


HOUSES = [house(k, 20 * k, 20, 20 * k + 10, 30) for k in range(-4, 4)]


def with_houses_in(terrain_m):
    """Ground that rises 1 m in 10 with the houses standing in it by so many metres."""
    rise = lambda x, y: 0.1 * y + terrain_m * (((x % 20.0) < 10.0) & (y > 20.0) & (y < 30.0))  # noqa: E731
    return ground(rise)


@pytest.mark.parametrize(("terrain_m", "reported"), [(0.0, None), (1.0, None), (6.0, 6.0)])
def test_that_houses_in_the_terrain_are_found(terrain_m, reported):
    footprints = layer("buildings", *HOUSES).geometry
    rise = houses_rise_m(with_houses_in(terrain_m), footprints)
    assert rise == (None if reported is None else pytest.approx(reported, abs=0.6))


def test_that_an_audit_tells_of_houses_in_the_terrain():
    project = town(*HOUSES, cameras=[camera()])
    texts = [text for text, _ in audit(project, known(with_houses_in(6.0))).notes]
    assert any("seems to be a surface model" in text for text in texts)
    assert not any("surface model" in text for text, _ in audit(project, known(with_houses_in(0.0))).notes)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("dsm_barb_1m_tif.tif", "dsm"),
        ("LIDAR-DSM-1M-TQ38.tif", "dsm"),
        ("dom1_32_385_5820.tif", "dom"),
        ("RGEALTI_MNS_0M50.asc", "mns"),
        ("swissSURFACE3D.tif", "swisssurface"),
        ("TerrainSurface.tif", "surface"),
        ("Oberflaechenmodell.tif", "oberflaechenmodell"),
        ("city_nDSM.tif", "ndsm"),
        ("dem_barb_1m_tif.tif", None),
        ("N43E007.hgt", None),
        ("slovenia_dem_1m.tif", None),
        ("dgm1_domain.tif", None),
        ("mnt_freedom.tif", None),
    ],
)
def test_that_a_surface_model_is_told_by_its_name(name, word):
    assert [remark.params["word"] for remark in remarks_on_name(name)] == ([word] if word else [])


def test_that_the_figures_of_the_first_page_and_the_json_carry_the_counts():
    found, _ = seen(ground(crest, 79.0))
    assert {line.key: line.value for line in summarise(found)}["not_behind_coarse"] == 1
    assert {line.key: line.value for line in summarise(seen(ground(crest))[0])}["behind_terrain"] == 1
    assert not {"behind_terrain", "not_behind_coarse"} & {line.key for line in summarise(seen()[0])}
    assert assessment_json(found)["totals"]["behind_terrain"]["not_hidden_by_coarse"]["home"] == 1


def test_that_open_ground_on_coarse_terrain_is_judged_at_its_own_height_and_on_level_ground():
    # The land falls 1 m in 4: 24 m on a yard lies 6 m below the foot of the lens in the one world, level with it in the other.
    yard = layer("places", ("way/9", shapely.box(X0 - 4, Y0 + 20, X0 + 4, Y0 + 28), {"landuse": "cemetery"}))
    coarse = ground(lambda _x, y: 200.0 - 0.25 * y, 79.0)
    context = make_context(town(cameras=[camera()], places=yard), known(coarse), with_planned=False)
    walls = protected_walls(context.protected, None, context.terrain, context.buildings)
    found = look_at_walls(context, walls).ground
    assert found.drop_m.tolist() == pytest.approx([2.5 + 6.0, 2.5], abs=0.3)
    assert (found.density_px_m > 62.5).all()  # 1423.3 px at 22 m at most: due in both
