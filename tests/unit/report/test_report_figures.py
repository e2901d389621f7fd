"""Maps: holes stay empty, colours follow bands, redacted values give no map."""

import io
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest
from report_factory import INPUT, X, Y, a_check, a_project, an_assessment, certain_camera
from shapely.geometry import MultiPolygon, Point, box

from lhasaplan.core.wording import Wording
from lhasaplan.report.base_map import BaseMap, attribution, frame_of
from lhasaplan.report.figures import _paths, _round_length, camera_map, overview_map
from lhasaplan.report.redaction import public_values
from lhasaplan.report.style import band_colour, load_style


def test_that_a_hole_turns_against_its_outline():
    ring = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
    outline, hole = (path.vertices for path in _paths(MultiPolygon([ring])))
    assert _signed_area(outline) * _signed_area(hole) < 0


def _signed_area(vertices):
    x, y = vertices.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_that_a_density_takes_the_colour_of_the_band_it_lies_in():
    bands = load_style()["bands"]
    assert band_colour(25.0) == bands["25"]
    assert band_colour(100.0) == bands["62.5"]
    assert band_colour(9000.0) == bands["250"]


@pytest.mark.parametrize(("metres", "bar"), [(7.0, 5.0), (99.0, 50.0), (100.0, 100.0), (250.0, 200.0)])
def test_that_the_scale_bar_is_a_round_length(metres, bar):
    assert _round_length(metres) == bar


def test_that_the_overview_is_a_picture_in_every_language():
    for language in ("en", "zh_CN"):
        png = overview_map(BaseMap(a_project()), a_check(synthetic=True), Wording(language))
        assert matplotlib.image.imread(io.BytesIO(png)).shape[1] > 1000


def test_that_the_map_of_a_camera_shows_its_field_in_blue():
    png = camera_map(BaseMap(a_project()), an_assessment(), certain_camera(), Wording())
    red, _, blue = np.moveaxis(matplotlib.image.imread(io.BytesIO(png))[..., :3], -1, 0)
    assert (blue > red + 0.1).mean() > 0.05


def test_that_coarse_values_have_no_map():
    project, coarse = public_values(a_project(), an_assessment(public_precision_deg=0.01))
    assert overview_map(BaseMap(project), coarse, Wording()) is None


def test_that_the_frame_holds_camera_and_field():
    # Camera at X, field 40 m to the east and 20 m to each side, margin 10.
    assert frame_of([certain_camera()], margin_m=10.0) == (X - 10, Y - 30, X + 50, Y + 30)
    assert frame_of([], [Point(1, 2)], margin_m=1.0) == (0.0, 1.0, 2.0, 3.0)
    assert frame_of([]) is None


def test_that_each_licence_and_date_is_named_once():
    assessment = an_assessment(inputs=an_assessment().inputs * 2)
    assert attribution(assessment) == ("© OpenStreetMap contributors, ODbL 1.0, 2024-05-01",)


def test_that_a_licence_is_not_named_again_for_a_file_without_a_date():
    twice = (INPUT, replace(INPUT, path="cameras.csv", date=""))
    assert attribution(an_assessment(inputs=twice)) == ("© OpenStreetMap contributors, ODbL 1.0, 2024-05-01",)
