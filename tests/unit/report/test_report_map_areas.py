"""What maps draw has the area that the text beside them gives: near and far fields, in every format, read back from each."""

import json
import shutil
from dataclasses import replace

import docx
import numpy as np
import pytest
import samples
import shapely
from amounts import some_by_day
from map_areas import (
    city,
    fresh,
    in_docx,
    in_gpkg,
    in_html,
    in_pdf,
    in_window,
    layers_of,
    of_figures,
    painted_in_window,
    watched_figures,
)
from pyproj import Transformer

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.demand.ground_in_view import Reach, drawn_fields, drawn_ground, split_frontage
from lhasaplan.report.chapters.audit_chapters import CUT
from lhasaplan.report.formats import html
from lhasaplan.report.formats.pdf import write_pdf
from lhasaplan.report.maps import map_layers
from lhasaplan.report.maps.base_map import ROUND_CAMERAS_M, BaseMap, drawn
from lhasaplan.report.maps.figures import overview_map
from lhasaplan.report.text.style import load_style

FEW = 6  # cameras of the real city: all of it is read back at night
# Text has whole or tenths of square metres; the web map is drawn to 0.15 m, which is a line's width
# (0.6 % of the narrowest field of Helsinki; 1.5 % of one of which six parts in a hundred are mapped, cut along squares).
EXACT, TYPED, DRAWN = {"abs": 0.06, "rel": 1e-6}, {"abs": 0.51, "rel": 1e-6}, {"abs": 6.0, "rel": 0.02}
# A wall in view is drawn as a ribbon (report/maps/base_map.py), at most so far from what it stands for.
RIBBON_M = 4.0


def few_of(name):
    project = samples.sample(name)
    if name == "hilltown":
        return project, samples.audited()
    few = replace(project, cameras=project.cameras[:FEW])
    return few, workflow.audit(open_services(), few)


# By day the sample that has every kind of shape; the real cities go the same way through the formats.
TOWNS = some_by_day(("hilltown", "helsinki", "all of helsinki", "all of monaco"), {"hilltown"})


@pytest.fixture(scope="module", params=TOWNS)
def town(request):
    name = request.param
    return city(name.removeprefix("all of ")) if name.startswith("all of ") else few_of(name)


@pytest.fixture(scope="module")
def word_file(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("word")
    return *in_docx(*town, folder), "\n".join(each.text for each in docx.Document(folder / "audit.docx").paragraphs)


def agree(areas, near):
    assert areas.drawn
    assert set(areas.drawn) <= set(areas.stated)
    assert areas.drawn == {name: pytest.approx(areas.stated[name], **near) for name in areas.drawn}


def test_that_the_maps_of_the_word_file_draw_the_area_in_its_table(town, word_file):
    areas = of_figures(*word_file[:2])
    if len(areas.stated) == int(load_style()["limits"]["list_rows_printed"]):  # a long list ends: the answers say the rest
        areas.stated = {each.placed.camera.camera_id: each.area_m2 for each in town[1].cameras} | areas.stated
    agree(areas, EXACT)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed, so a PDF cannot be read back here")
def test_that_the_maps_of_the_pdf_draw_the_area_on_their_page(town, tmp_path):
    is_whole = len(town[1].cameras) > FEW
    report = [in_pdf(*town, tmp_path, write_pdf, "audit.pdf")] if is_whole else []  # of the other town its pages are enough
    for found, stated in (*report, in_pdf(*town, tmp_path)):
        assert len(stated) > 2
        both = {name: maps for name, maps in found.items() if name in stated}
        agree(of_figures(both, stated), TYPED)


def test_that_the_web_map_draws_the_area_in_its_popups(town, tmp_path):
    areas = in_html(*town, tmp_path)
    assert len(areas.drawn) == sum(result.area_m2 > 0.1 for result in town[1].cameras)
    agree(areas, DRAWN)


def test_that_the_web_map_of_many_cameras_draws_each_area_within_the_same_bounds(town, monkeypatch):
    """Of many cameras lines are drawn coarser, by as much as keeps each area."""
    monkeypatch.setattr(map_layers, "MANY", 1)
    project, assessment = town
    page = html.page(project, fresh(assessment), Translations())
    to_xy = Transformer.from_crs("EPSG:4326", assessment.crs, always_xy=True)
    for reach, name in map_layers.FIELD_LAYERS.items():
        fields = [one for camera in assessment.cameras for one in drawn(camera).fields if one.reach is reach]
        shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in layers_of(page).get(name, [])]
        metres = shapely.transform(np.array(shapes), lambda at: np.column_stack(to_xy.transform(at[:, 0], at[:, 1])))
        areas = [float(one.area) for one in shapely.make_valid(metres)]
        assert areas == [pytest.approx(one.ground.area, **DRAWN) for one in fields]


def test_that_the_window_draws_the_area_of_the_answers(town):
    areas = in_window(town[1])
    assert len(areas.drawn) == len(town[1].cameras)
    agree(areas, EXACT)


def test_that_the_window_paints_the_ground_that_it_was_given(town):
    # A pixel is painted or not: along an outline it is wrong by half a pixel, and possible fields have a line of one pixel.
    painted = list(painted_in_window(town[1]))
    assert sum(area > 20.0 for _, _, area, _ in painted) >= 2
    for camera_id, coloured, area, slack in painted:
        assert coloured == pytest.approx(area, abs=slack + 0.1), camera_id
        assert slack < max(0.2 * area, 0.5), camera_id  # fine enough to notice


def test_that_the_layers_of_the_geopackage_have_the_area_in_its_table(town, tmp_path):
    agree(in_gpkg(*town, tmp_path), EXACT)


def test_that_the_frame_of_a_map_holds_all_that_it_draws_and_walls_stand_at_what_is_drawn(town, word_file):
    # The edge of a ground without buildings may lie where nothing is mapped, so that no ground is drawn before it.
    bare = shapely.union_all([each.not_mapped for each in town[1].cameras if each.not_mapped is not None])
    for name, drawing in ((name, one) for name, drawings in word_file[0].items() for one in drawings):
        assert drawing.frame.covers(drawing.ground) or not name
        at = shapely.union_all([drawing.ground, bare.intersection(drawing.frame)])
        assert drawing.frontage.difference(at.buffer(RIBBON_M)).area < 0.1


def test_that_an_overview_holds_all_that_is_certain_and_says_so_where_what_may_be_seen_is_cut(town, word_file):
    """It ends round the town: what a lens of which nothing is recorded may see beyond is cut, and the words below say that."""
    found, _, text = word_file
    cameras = [each.placed.camera for each in town[1].cameras]
    certain = [one.ground for each in town[1].cameras for one in drawn(each).fields if one.reach is Reach.CERTAIN]
    spots = [shapely.Point(each.x_m, each.y_m).buffer(ROUND_CAMERAS_M) for each in cameras]
    for drawing in found[""]:
        near = shapely.union_all([drawing.frontage, *certain, *(spot.intersection(drawing.ground) for spot in spots)])
        assert drawing.frame.covers(near)
        assert drawing.frame.covers(drawing.ground) or CUT.removesuffix(".") in text


def test_that_the_overview_draws_the_ground_of_the_totals(town):
    project, assessment = town
    with watched_figures() as found:
        overview_map(BaseMap(project), fresh(assessment), Translations())
    [drawing] = found[""]
    fields = [one for result in assessment.cameras for one in drawn_fields(result.certain, result.possible, result.not_mapped)]
    assert drawing.ground.area == pytest.approx(drawn_ground(fields).area, rel=1e-6)
    totals = assessment.totals
    both = totals["area_seen_certain_m2"] + totals["area_seen_possible_m2"]
    slack = 1.0 + 1e-5 * both  # joining hundreds of shapes moves a corner by a hair here and there
    assert max(totals["area_seen_certain_m2"], totals["area_seen_possible_m2"]) <= drawing.ground.area + slack <= both + 2 * slack


def test_that_what_reaches_beyond_the_ground_is_told_apart_at_its_very_end():
    # Ground from 0 to 10 m; a wall from 4 to 16 m along its edge stands at it to 11 m, a metre beyond.
    ground, wall = shapely.box(0, -5, 10, 0), shapely.MultiLineString([[(4, 0), (16, 0)], [(30, 0), (33, 0)]])
    at, beyond = split_frontage(wall, ground)
    assert (round(at.length, 3), round(beyond.length, 3)) == (7.0, 8.0)
    assert split_frontage(None, ground)[0].is_empty


def test_that_ground_that_others_look_at_is_not_prepared():
    ground, wall = shapely.box(0, -5, 10, 0), shapely.LineString([(4, 0), (16, 0)])
    split_frontage(wall, ground)
    assert not shapely.is_prepared(ground)
