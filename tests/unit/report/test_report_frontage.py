"""The metres of frontage that a view shows are the same figure in the answers, while editing, in every file and on every map."""

import json
from dataclasses import replace

import numpy as np
import openpyxl
import pyogrio
import pytest
import samples
import shapely
from amounts import some_by_day
from map_areas import layers_of
from matplotlib.path import Path

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.results.finding import Severity
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.formats.xlsx import write_xlsx
from lhasaplan.report.maps.base_map import RIBBON_M, drawn, ribbons_of_each
from lhasaplan.report.maps.figures import filled_page
from lhasaplan.report.maps.map_decorations import width_pt_of
from lhasaplan.report.maps.map_drawing import FRONTAGE, draw_cameras
from lhasaplan.report.redaction import public_values
from lhasaplan.report.text.words import CLASSES
from lhasaplan.workflow.answers import reference_data

HOMES, HEADS = "frontage in view: homes", {"in_view_m": "Frontage in view", "frontage_m": "Frontage at its own grade"}


@pytest.fixture(scope="module")
def hilltown():
    services = open_services()
    project = samples.sample("hilltown")
    return services, project, samples.audited()


@pytest.fixture(scope="module")
def reported(hilltown):
    """Metres in view by camera and class, as the answers have them."""
    return metres_of(hilltown[2].cameras, "in_view_m")


@pytest.fixture(scope="module")
def folder(hilltown, tmp_path_factory):
    _, project, found = hilltown
    folder = tmp_path_factory.mktemp("drafts")
    shown = public_values(project, found)
    write_json(shown[1], folder / "audit.json")
    for write in (write_gpkg, write_xlsx, write_html):
        write(*shown, folder, Translations())
    return folder


def metres_of(results, name):
    return {(r.placed.camera.camera_id, str(s.cls)): getattr(s, name) for r in results for s in r.sightings}


def to_the_decimetre(reported):
    return {key: pytest.approx(metres, abs=0.051) for key, metres in reported.items()}


def test_that_hilltown_shows_frontage_of_more_than_one_class(reported):
    assert len(reported) > 10
    assert min(reported.values()) > 1.0
    assert len({cls for _, cls in reported}) > 2


def test_that_a_camera_before_seven_homes_draws_the_frontage_of_all_seven(hilltown):
    # One of them is shown more sharply than 125 px/m, on 10.5 m; of the ground floors of all seven 122 m are in view.
    (found,) = [s for r in hilltown[2].cameras for s in r.sightings if (s.camera_id, s.cls) == ("HT-06", "home")]
    floors = [each.length_m for each in found.surfaces if each.surface == "frontage"]
    assert found.places == 7
    assert found.frontage_m == pytest.approx(10.5, abs=0.1)
    assert max(floors) == pytest.approx(121.8, abs=0.5)
    assert max(floors) <= found.in_view_m <= sum(floors)  # some metres are in view above the ground floor alone
    assert len({round(line.centroid.x / 15.0) for line in found.geometry.geoms}) > 2


def test_that_frontage_is_drawn_at_its_own_grade_whatever_open_ground_has(hilltown):
    # HT-11 shows the open ground of a school at 218 px/m, an error; of its frontage 20.5 m have 62.5 px/m or more, which is due.
    (found,) = [s for r in hilltown[2].cameras for s in r.sightings if (s.camera_id, s.cls) == ("HT-11", "protected")]
    assert found.grade is Severity.ERROR
    grades = [(grade, lines.length) for grade, lines in found.graded_frontage()]
    assert grades == [(Severity.NOTE, pytest.approx(found.in_view_m)), (Severity.DUE, pytest.approx(20.5, abs=0.1))]
    assert found.graded_outlines()[-1][0] is Severity.ERROR
    read_anew = replace(found, geometry=shapely.MultiLineString(found.geometry))  # as from a file of answers
    assert [grade for grade, _ in read_anew.graded_frontage()] == [Severity.NOTE, Severity.DUE]


def test_that_lines_drawn_are_as_long_as_what_is_told(hilltown, reported):
    sightings = [s for r in hilltown[2].cameras for s in r.sightings]
    drawn = {(s.camera_id, str(s.cls)): s.geometry.length for s in sightings}
    assert drawn == {key: pytest.approx(metres, abs=0.01) for key, metres in reported.items()}
    assert [s.at_grade.length for s in sightings] == [pytest.approx(s.frontage_m, abs=0.01) for s in sightings]


def test_that_answers_while_editing_are_those_of_the_audit(hilltown):
    services, project, _ = hilltown
    live = make_live(set_up(project, reference_data(services, project)))
    now = with_cameras(live, project.cameras)
    results = [now.disclosed_result(camera_id) for camera_id in now.results]
    for name in HEADS:
        of_audit = metres_of(hilltown[2].cameras, name)
        assert metres_of(results, name) == {key: pytest.approx(metres, abs=1e-6) for key, metres in of_audit.items()}


@pytest.mark.parametrize("name", HEADS)
def test_that_the_json_file_has_the_same_metres(hilltown, folder, name):
    cameras = json.loads((folder / "audit.json").read_text("utf-8"))["cameras"]
    found = {(c["id"], s["class"]): s[name] for c in cameras for s in c["sightings"]}
    assert found == to_the_decimetre(metres_of(hilltown[2].cameras, name))


@pytest.mark.parametrize(("name", "text"), HEADS.items())
def test_that_the_workbook_has_the_same_metres(hilltown, folder, name, text):
    rows = list(openpyxl.load_workbook(folder / "audit.xlsx")["sightings"].iter_rows(values_only=True))
    first, column = next((n, k) for n, row in enumerate(rows) for k, head in enumerate(row) if str(head).startswith(text))
    found = sorted(row[column] for row in rows[first + 1 :] if row[column] is not None)
    assert found == [pytest.approx(metres, abs=0.051) for metres in sorted(metres_of(hilltown[2].cameras, name).values())]


def test_that_the_geopackage_draws_and_tells_the_same_metres(folder, reported):
    layer = pyogrio.read_dataframe(folder / "audit.gpkg", layer="seen_frontage")
    keys = list(zip(layer.camera_id, layer["class"], strict=True))
    assert dict(zip(keys, layer.in_view_m, strict=True)) == to_the_decimetre(reported)
    assert dict(zip(keys, layer.geometry.length, strict=True)) == to_the_decimetre(reported)


def test_that_the_web_map_draws_the_same_metres_of_homes(hilltown, folder, reported):
    crs = Crs(hilltown[1].crs)
    lines = [
        shapely.from_geojson(json.dumps(each["geometry"])) for each in layers_of((folder / "map.html").read_text("utf-8"))[HOMES]
    ]
    on_the_ground = [shapely.transform(line, lambda at: np.column_stack(crs.to_xy(*at.T))) for line in lines]
    drawn = sum(line.length for line in on_the_ground)
    assert drawn == pytest.approx(sum(metres for (_, cls), metres in reported.items() if cls == "home"), rel=0.01)


def test_that_a_ribbon_along_a_sharp_corner_has_no_spike():
    """The sides of 10 m meet at 20 degrees: a mitre would reach 1.7 m beyond the corner; the right angle keeps its own."""
    turn = np.radians(160.0)
    sharp = shapely.LineString([(0, 0), (10, 0), (10 + 10 * np.cos(turn), 10 * np.sin(turn))])
    right = shapely.LineString([(0, 0), (10, 0), (10, 10)])
    [spiked], [square] = ribbons_of_each([sharp, right])
    assert spiked.is_valid
    assert spiked.bounds[2] < 10 + 3 * RIBBON_M
    assert square.bounds[2] == pytest.approx(10 + RIBBON_M)
    assert square.area == pytest.approx(2 * RIBBON_M * 20)


@pytest.mark.parametrize(("half_m", "is_line"), [(1_000.0, True), (50.0, False)])
def test_that_a_wall_is_a_line_as_wide_as_its_ribbon_where_that_is_narrower_than_two_dots(hilltown, half_m, is_line):
    """At 2,000 m over 6 inches a ribbon of 0.6 m is 0.13 points wide, at 100 m it is 2.6."""
    camera = next(r for r in hilltown[2].cameras if r.placed.camera.camera_id == "HT-06")
    x, y = camera.placed.camera.x_m, camera.placed.camera.y_m
    _, axes = filled_page((x - half_m, y - half_m, x + half_m, y + half_m), width_in=6.0)
    draw_cameras(axes, [camera], marker=4.0)
    walls = [each for each in axes.get_children() if each.get_gid() == FRONTAGE]
    ribbon_pt = 2 * RIBBON_M / (2 * half_m) * 6.0 * 72.0
    assert ribbon_pt == pytest.approx(0.1296 if is_line else 2.592)
    assert len(walls) > 1
    widths = {width_pt_of(cls) + (ribbon_pt if is_line else 0.0) for cls in CLASSES}
    for wall in walls:
        codes = wall.get_path().codes.tolist()
        assert any(wall.get_linewidth() == pytest.approx(width) for width in widths)
        assert (codes == [Path.MOVETO, Path.LINETO] * (len(codes) // 2)) == is_line  # each straight piece by itself
    if is_line:
        pieces = np.concatenate([wall.get_path().vertices.reshape(-1, 2, 2) for wall in walls])
        in_view_m = sum(shapely.length(near) for _, (near, _) in drawn(camera).frontages if near is not None)
        assert np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum() == pytest.approx(in_view_m)


# A real city by night, where what cannot be cut out of the ground is one outline in hundreds: it ends every draft.
@pytest.mark.parametrize("city", some_by_day(("hilltown", "helsinki"), {"hilltown"}))
def test_that_the_frontage_of_a_city_can_all_be_drawn_as_ribbons(city, hilltown):
    found = hilltown[2] if city == "hilltown" else workflow.audit(open_services(), samples.sample(city))
    ribbons = [(one, pieces) for result in found.cameras for one, pieces in drawn(result).ribbons if len(pieces)]
    assert len(ribbons) > (10 if city == "hilltown" else 100)
    for one, pieces in ribbons:
        assert shapely.is_valid(pieces).all()
        assert shapely.area(pieces).sum() <= 2 * RIBBON_M * one.outline().length + 0.1
