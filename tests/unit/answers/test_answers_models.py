"""A catalogue of makers and models: how it is read, which camera it means, and that its narrower set still holds the truth.

A sensor of 1/2.8 inch is 5.57 mm wide, so a pinhole of 2.8 mm before it sees 2 atan(5.57 / 5.6) = 89.7 degrees and one of 12 mm
2 atan(5.57 / 24) = 26.1. Data sheets state 0.88 to 1.25 times as much.
"""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from answers_town import SHED, bare_camera, camera, house, reference_data, town
from assessment_values import assessment_json

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.camera_models import CameraModel, assumed_of, with_models
from lhasaplan.core.model.optics import LensClass
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_camera_classes
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.tables.model_table import read_models
from lhasaplan.report.chapters.camera_chapter import record_text
from lhasaplan.report.redaction import public_values

CLASSES = load_camera_classes()
ZOOM = CameraModel(
    "Acme", "Dome-X 412", Kind.DOME, focal_low_mm=2.8, focal_high_mm=12.0, sensor_width_mm=5.57, image_width_px=2688
)
NAMED = {"manufacturer": "ACME", "model": "dome x412"}


def assumed(seen, *models):
    return assumed_of(seen, with_models(CLASSES, models))


def ends(span):
    return round(min(span.narrow, span.wide), 1), round(max(span.narrow, span.wide), 1)


# Which model a camera is, and what is assumed of it.


def test_that_lens_and_sensor_of_a_model_give_the_angles_of_a_pinhole_and_data_sheets_the_slack_round_them():
    by_hand = [math.degrees(2 * math.atan(5.57 / (2 * f))) for f in (12.0, 2.8)]
    assert ZOOM.pinhole_deg == pytest.approx(by_hand)
    assert [round(angle, 1) for angle in by_hand] == [26.1, 89.7]
    found = assumed(bare_camera(extra=NAMED), ZOOM)
    assert ends(found.hfov_deg) == (round(0.88 * by_hand[0], 1), round(1.25 * by_hand[1], 1)) == (23.0, 112.1)


@pytest.mark.parametrize(("focal_mm", "stated"), [(2.8, (97, 107)), (4, (78, 87)), (6, (49, 54)), (8, (37, 40)), (12, (23, 26))])
def test_that_the_slack_holds_what_data_sheets_state_of_such_lenses(focal_mm, stated):
    low, high = replace(ZOOM, focal_low_mm=focal_mm, focal_high_mm=focal_mm).angles_deg(LensClass.RECTILINEAR)
    assert low <= stated[0]
    assert stated[1] <= high


def test_that_an_angle_of_the_sheet_counts_before_the_formula():
    stated = replace(ZOOM, hfov_low_deg=30.0, hfov_high_deg=105.0)
    assert ends(assumed(bare_camera(extra=NAMED), stated).hfov_deg) == (30.0, 105.0)
    one = replace(ZOOM, hfov_low_deg=105.0, hfov_high_deg=105.0)  # of a lens from 2.8 to 12 mm the widest alone
    assert ends(assumed(bare_camera(extra=NAMED), one).hfov_deg) == (23.0, 112.1)


def test_that_the_picture_is_at_most_the_models_and_may_be_less_and_tilt_and_height_are_the_kinds():
    found = assumed(bare_camera(extra=NAMED), ZOOM)
    assert ends(found.image_width_px) == (640, 2688)
    assert (found.tilt_deg, found.mount_height_m) == (CLASSES[Kind.DOME].tilt_deg, CLASSES[Kind.DOME].mount_height_m)
    by_megapixels = assumed(bare_camera(extra=NAMED), replace(ZOOM, image_width_px=None, megapixels=8))
    assert 3840 <= max(ends(by_megapixels.image_width_px)) < 4000


def test_that_all_rows_of_one_model_count_and_another_maker_or_a_bare_maker_nothing():
    longer = replace(ZOOM, focal_high_mm=32.0)
    both = assumed(bare_camera(extra=NAMED), ZOOM, longer)
    assert (both.model.rows, ends(both.hfov_deg)) == (2, (round(0.88 * math.degrees(2 * math.atan(5.57 / 64)), 1), 112.1))
    for extra in ({"manufacturer": "Acme"}, {"manufacturer": "Other", "model": "Dome-X 412"}, {}):
        assert assumed(bare_camera(kind=Kind.DOME, extra=extra), ZOOM) == CLASSES[Kind.DOME]
    of_two_makers = assumed(bare_camera(extra={"model": "Dome-X 412"}), ZOOM, replace(ZOOM, maker="Other"))
    assert of_two_makers == CLASSES[Kind.FIXED]


def test_that_a_model_that_turns_is_swept_though_no_kind_is_recorded():
    turns = replace(ZOOM, kind=Kind.PAN_TILT)
    project = town(SHED, cameras=[bare_camera(extra=NAMED)])
    (result,) = audit(project, replace(reference_data(), classes=with_models(CLASSES, [turns]))).cameras
    assert [str(view.basis) for view in result.placed.views] == ["sweep"]
    assert "kind" in result.placed.assumed


# That nothing certain comes of it, and that the truth stays within.


def homes(project, *models):
    return audit(project, replace(reference_data(), classes=with_models(CLASSES, models)))


def test_that_a_model_makes_no_view_certain_and_changes_nothing_that_is_recorded():
    fixed = replace(ZOOM, focal_high_mm=2.8, hfov_low_deg=107.0, hfov_high_deg=107.0)
    project = town(SHED, house(1, -20, 15, 20, 25), cameras=[camera(hfov_deg=None, extra=NAMED)])
    (result,) = homes(project, fixed).cameras
    assert not result.placed.certain
    assert "hfov_deg" in result.placed.assumed
    recorded = town(SHED, house(1, -20, 15, 20, 25), cameras=[camera(extra=NAMED)])
    one, other = (assessment_json(public_values(recorded, homes(recorded, *some))[1]) for some in ((ZOOM,), ()))
    assert one == other


def test_that_the_interval_of_a_model_lies_within_that_of_its_kind_and_holds_every_camera_drawn_inside_it():
    """200 lenses and pictures that the model can have, each answered as recorded, against what is told of the model."""
    unknown = camera(kind=Kind.DOME, hfov_deg=None, image_width_px=None, image_height_px=None, range_m=400.0, extra=NAMED)
    walls = SHED, house(1, -30, 20, 30, 30)
    (by_model,) = homes(town(*walls, cameras=[unknown]), ZOOM).cameras[0].sightings
    (by_kind,) = homes(town(*walls, cameras=[unknown])).cameras[0].sightings
    low, high = by_model.density_px_m
    assert by_kind.density_px_m[0] <= low <= high < by_kind.density_px_m[1]
    drawn = np.random.default_rng(3)
    angles, widths = drawn.uniform(23.0, 112.0, 200), drawn.integers(640, 2689, 200)
    known = [
        camera(f"c{n}", kind=Kind.DOME, hfov_deg=float(a), image_width_px=int(w), image_height_px=int(w * 9 // 16), range_m=400.0)
        for n, (a, w) in enumerate(zip(angles, widths, strict=True))
    ]
    shown = [each.sightings[0].density_px_m[1] for each in homes(town(*walls, cameras=known)).cameras if each.sightings]
    assert len(shown) > 100
    assert max(shown) <= high * 1.001


# What outputs tell of it.


def test_that_papers_and_json_say_by_which_model_and_how_many_rows():
    project = town(SHED, house(1, -20, 15, 20, 25), cameras=[bare_camera(extra=NAMED)])
    assessment = homes(project, ZOOM)
    shown = public_values(project, assessment)[1]
    said = record_text(shown.cameras[0], Translations())
    assert "by its model Acme Dome-X 412: 23 to 112.1°, at most 2688 px across (n = 1)" in said
    assert assessment_json(shown)["cameras"][0]["by_model"]["rows"] == 1
    assert assessment_json(shown)["totals"]["assumed_by_model"] == 1
    coarse = public_values(project, replace(assessment, public_precision_deg=0.01))[1]
    assert "Acme" not in json.dumps(assessment_json(coarse))


# As a file.

SHEET = """Brand,Model,Type,Lens,Sensor,Megapixels
Acme,Dome-X 412,turret,2.8-12 mm (motorised),1/2.8" CMOS,5
Acme,Twin,dual-lens,4,,4
"""
ENTRY = {
    "id": "acme-dome-x-412",
    "brand": "Acme",
    "model": "Dome-X 412",
    "aliases": ["DX412"],
    "type": "dome",
    "resolution": {"megapixels": 4, "max_width": 2688, "max_height": 1520},
    "sensor": '1/2.8" CMOS',
    "lens": {"count": 1, "focal_length_mm": "2.8-12", "varifocal": True},
    "field_of_view_deg": "105-30 horizontal, 55-17 vertical",
    "sources": ["a data sheet"],
}


def test_that_a_table_of_a_users_own_is_read(tmp_path):
    path = tmp_path / "models.csv"
    path.write_text(SHEET, encoding="utf-8")
    (model,), (said,) = read_models(path)
    assert (model.kind, model.focal_low_mm, model.focal_high_mm, model.sensor_width_mm) == (Kind.DOME, 2.8, 12.0, 5.57)
    assert (model.megapixels, said.params["count"]) == (5.0, 1)  # the one with two lenses was left out, and told


@pytest.mark.parametrize("content", [ENTRY, [ENTRY], {"cameras": [ENTRY]}], ids=["one", "list", "named list"])
def test_that_the_form_of_the_camera_database_is_read(tmp_path, content):
    path = tmp_path / "cameras.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    ((model,), said) = read_models(path)
    assert (model.hfov_low_deg, model.hfov_high_deg, model.image_width_px, model.image_height_px) == (30.0, 105.0, 2688, 1520)
    assert (model.aliases, model.source, said) == (("DX412",), "a data sheet", ())


@pytest.mark.parametrize(
    ("fov", "megapixels", "is_left"),
    [
        ("51 to 93 horizontal (per sensor)", 5, True),
        ("93 horizontal", 20, True),  # four pictures of 5 megapixels
        ("180 horizontal", 5, False),  # joined to one
    ],
)
def test_that_a_panorama_whose_row_describes_one_of_its_lenses_narrows_nothing(tmp_path, fov, megapixels, is_left):
    size = {"max_width": 2592, "max_height": 1944, "megapixels": megapixels}
    row = {"brand": "Acme", "model": "Round 4", "type": "panoramic", "resolution": size, "field_of_view_deg": fov}
    path = tmp_path / "cameras.json"
    path.write_text(json.dumps([{**row, "lens": {"count": 4}}]), encoding="utf-8")
    models, said = read_models(path)
    assert (len(models), len(said)) == ((0, 1) if is_left else (1, 0))


def test_that_a_row_without_a_model_and_a_cell_without_a_number_are_named_by_row_and_column(tmp_path):
    path = tmp_path / "models.csv"
    path.write_text("maker,model,focal length\nAcme,,2.8\nAcme,B2,wide\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_models(path)
    assert [(fault.where.row, fault.where.column) for fault in refused.value.faults] == [(2, "model"), (3, "focal length")]


def test_that_a_table_of_something_else_is_no_catalogue(tmp_path):
    path = tmp_path / "models.csv"
    path.write_text("lon,lat\n24.9,60.1\n", encoding="utf-8")
    with pytest.raises(InputError, match="maker and model"):
        read_models(path)


def test_that_an_imported_catalogue_is_kept_with_the_project_and_a_second_import_replaces_it(tmp_path):
    path, services = tmp_path / "cameras.json", open_services()
    path.write_text(json.dumps([ENTRY]), encoding="utf-8")
    project, report = workflow.import_file(services, town(SHED, cameras=[bare_camera(extra=NAMED)]), path, kind="models")
    project, _ = workflow.import_file(services, project, path, kind="models")
    assert (report.counts, len(project.models), project.inputs[0].kind) == ({"models": 1}, 1, "models")
    assert workflow.audit(services, project).cameras[0].placed.model.rows == 1


def test_that_tags_of_openstreetmap_say_the_model_and_the_day_of_a_check(tmp_path):
    tags = {"man_made": "surveillance", "manufacturer": "Acme", "model": "Dome-X 412", "check_date": "2026-05-03"}
    lines = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
    path = tmp_path / "town.osm"
    path.write_text(f'<osm version="0.6"><node id="1" lat="60.17" lon="24.94" version="1">{lines}</node></osm>', encoding="utf-8")
    (found,) = read_file(path).cameras
    assert {key: found.extra[key] for key in ("manufacturer", "model", "check_date")} == {k: tags[k] for k in list(tags)[1:]}
