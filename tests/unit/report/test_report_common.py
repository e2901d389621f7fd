"""What many cameras share is said once, and possible views are explained by figures that can be worked out by hand."""

from dataclasses import replace

import pytest
import shapely
from report_factory import a_check, a_project, an_assessment, certain_camera, findings, possible_camera
from shapely.geometry import LineString, MultiLineString

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Basis
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.facts.common_findings import common_ground, interval_chapter, lenses_of, numbers_text
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.maps.base_map import ribbons_of_each
from lhasaplan.report.maps.map_decorations import small_png


def three_alike():
    purpose = findings()[2]
    cameras = tuple(possible_camera(name, 385_000.0 + 40 * n) for n, name in enumerate(("node/1", "node/2", "node/3")))
    found = tuple(replace(purpose, finding_id=c.placed.camera.camera_id, camera_id=c.placed.camera.camera_id) for c in cameras)
    return an_assessment(cameras=cameras, findings=found)


def three_with_pages():
    """Return the three with views that are due or severe at either assumption, so that each has a page."""
    alike, view = three_alike(), next(each for each in findings() if each.camera_id == "node/42" and each.kind == "view_home")
    sharp = [replace(c, sightings=tuple(replace(one, grade_low=one.grade_high) for one in c.sightings)) for c in alike.cameras]
    views = [replace(view, finding_id=f"view of {one.camera_id}", camera_id=one.camera_id) for one in alike.findings]
    return replace(alike, cameras=tuple(sharp), findings=(*alike.findings, *views))


def test_that_a_fault_of_many_cameras_stands_once_with_their_number():
    text = compose_audit(a_project(), three_alike(), Translations()).text()
    assert text.count("purpose not recorded") == 1
    assert "1 | purpose not recorded | 3 | note | policy of this program, no article" in text
    pages = compose_audit(a_project(), three_with_pages(), Translations()).text()
    assert pages.count("1 | purpose not recorded | 3 | note | policy of this program, no article") == 1
    assert pages.count("These rows of the findings shared by many cameras apply here too: 1.") == 3


def test_that_a_question_is_written_once_and_named_by_number():
    text = compose_audit(a_project(), three_alike(), Translations()).text()
    assert text.count("In which direction does the camera look?") == 1
    pages = compose_audit(a_project(), three_with_pages(), Translations()).text()
    assert pages.count("In which direction does the camera look?") == 1
    assert pages.count("Questions to the controller, by number: 1, 2.") == 3


def test_that_a_fault_of_one_camera_is_a_step_with_its_number():
    common = common_ground(an_assessment())
    assert common.findings == ()
    text = compose_audit(a_project(), an_assessment(), Translations()).text()
    assert "Ask for a purpose and an end date for camera 2, or have it taken down." in text


@pytest.mark.parametrize(("numbers", "text"), [([], ""), ([1, 2], "1, 2"), ([1, 2, 3, 5], "1–3, 5"), ([4], "4")])
def test_that_numbers_are_told_as_runs(numbers, text):
    assert numbers_text(numbers) == text


def test_that_every_possible_view_stands_in_one_grade_at_either_end():
    # One possible view of homes: note at the wide end, error at the narrow one; one of others: nothing, then due.
    grid = interval_chapter(an_assessment(), Translations())[2]
    assert grid.rows == (
        ("homes", "at least", "0", "1", "0", "0", "0"),
        ("homes", "at most", "0", "0", "0", "1", "1"),
        ("other protected places", "at least", "1", "0", "0", "0", "0"),
        ("other protected places", "at most", "0", "0", "1", "0", "1"),
    )


def test_that_an_assumed_lens_reaches_as_far_as_the_published_case():
    # 1920 px at 68 degrees: 1423 px; 125 px/m end at 11.4 m, 62.5 px/m at 22.8 m.
    view = next(view for view in possible_camera().placed.views if view.basis is Basis.POSSIBLE)
    for lens in lenses_of(None, view):
        assert (round(lens.error_m, 1), round(lens.due_m, 1)) == (11.4, 22.8)


def test_that_the_coarsest_and_the_sharpest_lens_of_a_set_are_told():
    view = replace(possible_camera().placed.views[0], hfov_deg=90.0, width_px=3840, narrowest_hfov_deg=30.0, fewest_width_px=1920)
    coarsest, sharpest = lenses_of(None, view)
    assert (round(coarsest.error_m, 1), round(sharpest.error_m, 1)) == (7.7, 57.3)  # 1920 / 2 / 125; 3840 / (2 tan 15) / 125
    assert (coarsest.is_sharpest, sharpest.is_sharpest) == (False, True)


def test_that_an_audit_of_recorded_views_alone_explains_no_interval():
    assert interval_chapter(an_assessment(cameras=(certain_camera(),)), Translations()) == []


def test_that_a_category_is_called_what_its_pack_calls_it():
    terms = {"category:bridge": {"en": "Road bridge", "fr": "Pont routier"}}
    table = part_table(a_check(terms=terms), Translations("fr"))
    column = next(c for c in table.columns if c.key == "category")
    assert [column.text(raw, Translations("fr")) for raw in table.column("category")] == ["Pont routier"]
    assert "Road bridge | 3" in compose_audit(a_project(), an_assessment(terms=terms), Translations()).text()
    assert "Road bridge" in compose_plan(a_project(), a_check(terms=terms), Translations()).text()


def test_that_what_is_not_in_view_between_two_pieces_of_wall_is_a_gap():
    pieces = MultiLineString([[(0, 0), (2, 0)], [(2, 0), (3, 0)], [(4, 0), (6, 0)]])
    ribbons, of_nothing = ribbons_of_each([pieces, None])
    assert len(ribbons) == 2
    assert not shapely.covers(ribbons, shapely.Point(3.5, 0)).any()
    assert shapely.area(ribbons).sum() == pytest.approx(5 * 0.6, abs=0.01)
    assert len(of_nothing) == 0


def test_that_a_wall_round_a_corner_is_drawn_without_the_ground_between():
    corner = LineString([(0, 4), (0, 0), (4, 0)])
    [[ribbon]] = ribbons_of_each([corner])
    assert ribbon.covers(shapely.Point(0, 2))
    assert not ribbon.covers(shapely.Point(0.6, 0.6))
    assert ribbon.area == pytest.approx(8 * 0.6, abs=0.1)


def test_that_a_picture_with_a_palette_keeps_its_red():
    import io

    from PIL import Image

    picture = Image.new("RGB", (200, 200), "#d9d4cc")
    picture.paste("#d1322d", (50, 50, 60, 52))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    small = Image.open(io.BytesIO(small_png(stream.getvalue()))).convert("RGB")
    assert small.getpixel((55, 51)) == (0xD1, 0x32, 0x2D)
