"""Masks in the forms that cameras take: the same polygons, in pixels, from the middle of the picture, and as black pixels."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from answers_town import SHED, camera, house, town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.file_kinds import AUDIENCES, FORMATS
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.report.formats.masks import MEDIA, SCHEMA, masks_of, onvif_of, pgm_of, svg_of

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 3.0), (0.0, 3.0))
SIZE = 8, 6


def pixels_of(content):
    head, rest = content.split(b"\n255\n", 1)
    width, height = map(int, head.split(b"\n")[1].split())
    return np.frombuffer(rest, np.uint8).reshape(height, width)


def test_that_a_mask_in_a_grey_picture_is_black_and_all_else_white():
    pixels = pixels_of(pgm_of([SQUARE], SIZE))
    assert (pixels[:3, :2] == 0).all()
    assert np.count_nonzero(pixels == 0) == 6


def test_that_a_pixel_that_a_mask_touches_is_hidden():
    pixels = pixels_of(pgm_of([((0.5, 0.5), (2.1, 0.5), (2.1, 1.2), (0.5, 1.2))], SIZE))
    assert np.argwhere(pixels == 0).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


def test_that_a_mask_beyond_the_picture_is_cut_at_its_edge_and_one_that_crosses_itself_hides_both_halves():
    assert (pixels_of(pgm_of([((-5.0, -5.0), (99.0, -5.0), (99.0, 99.0), (-5.0, 99.0))], SIZE)) == 0).all()
    bow = pixels_of(pgm_of([((0.0, 0.0), (8.0, 6.0), (8.0, 0.0), (0.0, 6.0))], SIZE))
    assert bow[3, 0] == 0
    assert bow[3, 7] == 0


def test_that_onvif_counts_from_the_middle_with_y_upwards():
    request = onvif_of([SQUARE], SIZE, "t", Translations())
    points = [(float(p.get("x")), float(p.get("y"))) for p in ET.fromstring(request).iter(f"{{{SCHEMA}}}Point")]
    assert points == [(-1.0, 1.0), (-0.5, 1.0), (-0.5, 0.0), (-1.0, 0.0)]


def test_that_a_name_of_a_camera_is_text_in_every_form():
    hostile = 'a"><script>&-->'
    svg = ET.fromstring(svg_of([SQUARE], SIZE, hostile))
    assert svg.find("{http://www.w3.org/2000/svg}title").text == hostile
    root = ET.fromstring(onvif_of([SQUARE], SIZE, hostile, Translations()))
    assert root.get("title") == hostile
    assert len(list(root.iter(f"{{{MEDIA}}}CreateMask"))) == 1


@pytest.fixture(scope="module")
def audited():
    made = town(SHED, house(1, -5, 20, 5, 30), cameras=[camera("c1"), camera("bare", x=40.0, azimuth=None)])
    services, project = open_services(), replace(made, packs=("eu-gdpr",))
    return services, project, workflow.audit(services, project)


def grave_views(assessment):
    return [each for each in assessment.findings if each.camera_id == "c1" and each.severity in GRAVE and "view" in each.kind]


def test_that_the_masks_that_are_written_end_the_view(audited, tmp_path):
    services, project, assessment = audited
    workflow.export(services, project, assessment, ["masks"], tmp_path, language="en")
    assert sorted(path.suffix for path in tmp_path.glob("[!.]*")) == [".pgm", ".svg", ".xml"]
    result = next(each for each in assessment.cameras if each.placed.camera.camera_id == "c1")
    assert grave_views(assessment)
    hidden = replace(result.placed.camera, mask_px=masks_of(result))
    cameras = tuple(hidden if each.camera_id == "c1" else each for each in project.cameras)
    again = workflow.audit(services, replace(project, cameras=cameras))
    assert not grave_views(again)


def test_that_a_camera_is_chosen_by_its_id_and_coarse_outputs_have_no_mask(audited, tmp_path):
    services, project, assessment = audited
    assert workflow.export(services, project, assessment, ["masks"], tmp_path, language="de", cameras=["bare"]) == []
    assert workflow.export(services, project, assessment, ["masks"], tmp_path, language="de", level="public") == []


def test_that_masks_are_written_only_where_they_are_asked_for():
    assert "masks" not in FORMATS
    assert "masks" not in dict(AUDIENCES)["everything"]
