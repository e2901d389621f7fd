"""Maps: holes stay empty, colours follow bands, redacted values give no map."""

import io
import re
from dataclasses import replace
from itertools import combinations, product

import matplotlib.image
import numpy as np
import pytest
from amounts import some_by_day
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image, ImageChops, ImageFilter
from report_factory import INPUT, X, Y, a_check, a_field, a_project, an_assessment, certain_camera, possible_camera
from shapely import union_all
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, box

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Basis
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.results.finding import Severity, SharpestSurface
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.documents.camera_pages import RIM_BY, WALLS_BY, compose_camera_pages
from lhasaplan.report.maps import figures, map_drawing, plan_figures
from lhasaplan.report.maps.base_map import BaseMap, attribution, frame_of, overview_frame
from lhasaplan.report.maps.figures import camera_map, filled_page, fonts, overview_map
from lhasaplan.report.maps.map_decorations import furnished, png, printed_width_cm, round_length
from lhasaplan.report.maps.map_drawing import _path, _straight_path, draw_cameras
from lhasaplan.report.maps.map_texts import _draw_short_texts, place_numbers
from lhasaplan.report.maps.plan_figures import OptionBar, options_chart, sheet_frames
from lhasaplan.report.redaction import public_values
from lhasaplan.report.text import document
from lhasaplan.report.text.style import band_colour, load_style

pytestmark = pytest.mark.usefixtures("fine_maps")


def test_that_a_hole_turns_against_its_outline():
    ring = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
    path = _path([MultiPolygon([ring, box(20, 0, 21, 1)])])
    starts = np.flatnonzero(path.codes == path.MOVETO)
    assert list(starts) == [0, 5, 10]  # an outline, its hole, another outline; five corners each, the first twice
    assert list(np.flatnonzero(path.codes == path.CLOSEPOLY)) == [4, 9, 14]
    outline, hole, other = np.split(path.vertices, starts[1:])
    assert _signed_area(outline) * _signed_area(hole) < 0 < _signed_area(outline) * _signed_area(other)


def _signed_area(vertices):
    x, y = vertices.T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_that_a_density_takes_the_colour_of_the_band_it_lies_in():
    bands = load_style()["bands"]
    assert band_colour(25.0) == bands["25"]
    assert band_colour(100.0) == bands["62.5"]
    assert band_colour(9000.0) == bands["250"]


@pytest.mark.parametrize(("metres", "bar"), [(7.0, 5.0), (99.0, 50.0), (100.0, 100.0), (250.0, 200.0)])
def test_that_the_scale_bar_is_around_length(metres, bar):
    assert round_length(metres) == bar


def test_that_the_overview_is_a_picture_in_every_language():
    for language in ("en", "zh_CN"):
        png = overview_map(BaseMap(a_project()), a_check(synthetic=True), Translations(language))
        assert matplotlib.image.imread(io.BytesIO(png)).shape[1] > 1000


def test_that_the_map_of_a_camera_shows_its_field_in_blue():
    png = camera_map(BaseMap(a_project()), an_assessment(), certain_camera(), Translations())
    red, _, blue = np.moveaxis(matplotlib.image.imread(io.BytesIO(png))[..., :3], -1, 0)
    assert (blue > red + 0.1).mean() > 0.05


def test_that_coarse_values_have_no_map():
    project, coarse = public_values(a_project(), an_assessment(public_precision_deg=0.01))
    assert overview_map(BaseMap(project), coarse, Translations()) is None


def test_that_the_frame_holds_camera_and_field():
    # Camera at X, field 40 m to the east and 20 m to each side, margin 10.
    assert frame_of([certain_camera()], margin_m=10.0) == (X - 10, Y - 30, X + 50, Y + 30)
    assert frame_of([], [Point(1, 2)], margin_m=1.0) == (0.0, 1.0, 2.0, 3.0)
    assert frame_of([]) is None


def test_that_an_overview_ends_round_the_town_where_an_unknown_lens_may_see_far_beyond():
    far = possible_camera()
    frame, is_cut = overview_frame([certain_camera(), far], [], 15.0)
    assert not is_cut
    reaching = replace(far, possible=(a_field(far.placed.camera, Basis.POSSIBLE, 700.0),))
    frame, is_cut = overview_frame([certain_camera(), reaching], [], 15.0)
    assert is_cut
    assert frame[2] == X + 60 + 60 + 15  # 60 m beyond the camera and the margin, not 700
    assert frame[0] == X - 15  # no farther than there is anything


def test_that_homes_that_an_unknown_lens_may_show_far_away_do_not_widen_what_is_decided():
    far = possible_camera()
    (view, *_) = far.sightings
    reaching = replace(far, sightings=(replace(view, geometry=LineString([(X + 700, Y), (X + 710, Y)])),))
    reaching = replace(reaching, possible=(a_field(far.placed.camera, Basis.POSSIBLE, 750.0),))
    widths = [overview_frame([certain_camera(), reaching], [], 15.0, decided_only=only)[0][2] - X for only in (True, False)]
    assert widths[0] == 60 + 60 + 15  # so far round the camera, and the margin
    assert widths[1] == 710 + 15


@pytest.mark.parametrize(("height_m", "is_beside"), [(900.0, True), (300.0, False)])
def test_that_the_legend_stands_where_the_town_is_drawn_larger(height_m, is_beside):
    """A room of 20 x 10 cm, four lines of a legend: a tall town is larger with the legend beside it, a flat one below."""
    marks = [Line2D([], [], label=f"sign {n}") for n in range(4)]
    room, frame = figures.FigureRoom(20.0, 10.0), (0.0, 0.0, 1000.0, height_m)
    assert figures.is_larger_beside(frame, marks, room) == is_beside
    sizes = [figures.map_size(marks, room, is_beside=each) for each in (False, True)]
    scales = [max(1000.0 / width_cm, height_m / height_cm) for width_cm, height_cm in sizes]
    assert (scales[1] < scales[0]) == is_beside


def test_that_each_licence_and_date_is_named_once():
    assessment = an_assessment(inputs=an_assessment().inputs * 2)
    assert attribution(assessment) == ("© OpenStreetMap contributors, ODbL 1.0, 2024-05-01",)


def test_that_a_licence_is_not_named_again_for_a_file_without_a_date():
    twice = (INPUT, replace(INPUT, path="cameras.csv", date=""))
    assert attribution(an_assessment(inputs=twice)) == ("© OpenStreetMap contributors, ODbL 1.0, 2024-05-01",)


def test_that_a_planned_camera_is_a_ring_and_one_in_operation_a_dot():
    axes = Figure().add_axes((0, 0, 1, 1))
    draw_cameras(axes, a_check().cameras, marker=4)
    faces = {line.get_markerfacecolor(): len(line.get_xdata()) for line in axes.lines}
    assert faces == {load_style()["colours"]["camera"]: 2, "white": 1}


# How red, green and blue of light reach who has no cones for long, middle or short waves (Machado, Oliveira, Fernandes 2009).
SIGHTS = {
    "all cones": np.eye(3),
    "no long": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no middle": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no short": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def _lab(colour, sight):
    """Return CIE L*a*b* (D65) of a colour as an eye gets it."""
    given = np.array(to_rgb(colour))
    light = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(XYZ @ np.clip(np.array(sight) @ light, 0.0, 1.0) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_that_the_colour_blind_tell_homes_from_other_places_and_both_from_the_blue_ground(sight):
    colours, bands = load_style()["colours"], load_style()["bands"]
    lines = [colours[name] for name in ("home", "protected", "dwelling_likely", "use_unknown")]
    ground = [*bands.values(), colours["certain"], colours["building"]]
    pairs = [*combinations(lines, 2), *product(lines, ground)]
    apart = {pair: float(np.linalg.norm(_lab(pair[0], sight) - _lab(pair[1], sight))) for pair in pairs}
    assert min(apart.values()) > 20.0, min(apart, key=apart.get)  # 2.3 is the least difference that an eye notices


def test_that_a_map_is_drawn_in_the_size_in_which_it_is_printed():
    png = camera_map(BaseMap(a_project()), an_assessment(), certain_camera(), Translations(), {"cam-1": "1"}, 9.0)
    assert printed_width_cm(png) == pytest.approx(9.0, abs=0.02)
    assert matplotlib.image.imread(io.BytesIO(png)).shape[1] == pytest.approx(9.0 / 2.54 * 300, abs=2)


def test_that_the_map_of_a_camera_holds_the_ground_in_view_that_nobody_mapped(monkeypatch):
    frames, camera = [], certain_camera()
    monkeypatch.setattr(figures, "furnish", lambda _axes, frame, *_: frames.append(frame))
    bare = replace(camera, not_mapped=camera.certain.geometry)
    assert camera_map(BaseMap(a_project()), an_assessment(), bare, Translations())
    assert box(*frames[0]).contains(camera.certain.geometry)


def test_that_a_map_in_a_round_scale_fills_its_room_and_a_longer_view_takes_the_next_scale():
    # The field is 40 m long, with 10 m round it: 60 m are 30 cm at 1:200, more than the 17.4 cm of a page, and 12 cm at 1:500.
    values = BaseMap(a_project()), an_assessment(), certain_camera(), Translations(), {}, 17.4, (200, 500), 8.0
    picture = matplotlib.image.imread(io.BytesIO(camera_map(*values)))
    assert picture.shape[0] / picture.shape[1] == pytest.approx(8.0 / 17.4, abs=0.01)


def test_that_a_resident_reads_from_the_colour_of_a_wall_what_can_be_made_out_of_people_there():
    # The recorded view of homes reaches "due"; the possible one nobody can grade, so it is a hollow line.
    axes = Figure().add_subplot()
    draw_cameras(axes, [certain_camera(), possible_camera()], marker=5, by_grade=True)
    walls = {to_hex(patch.get_facecolor()) for patch in axes.patches + axes.artists if patch.get_gid() == map_drawing.FRONTAGE}
    colours = load_style()["colours"]
    assert walls == {colours["due"], colours["camera"]}
    assert any(patch.get_gid() == map_drawing.WALL_INSIDE for patch in axes.get_children())


def _walls_by_colour(camera):
    """Return how far south and north the walls of each colour reach, in metres from the camera."""
    axes = Figure().add_subplot()
    draw_cameras(axes, [camera], marker=5, by_grade=True)
    names = {load_style()["colours"][name]: name for name in ("note", "due", "error", "camera")}
    drawn = [patch for patch in axes.patches + axes.artists if patch.get_gid() == map_drawing.FRONTAGE]
    ends = {names[to_hex(one.get_facecolor())]: one.get_path().vertices[:, 1] - Y for one in drawn}
    return {name: (round(float(y.min())), round(float(y.max()))) for name, y in ends.items()}


def test_that_grey_promises_no_more_than_that_people_can_be_seen():
    # Of 20 m of wall 10 m reach 125 px/m; the others may have 100 px/m, and nothing in the answers tells.
    camera = certain_camera()
    sharp, other = LineString([(X + 10, Y - 5), (X + 10, Y + 5)]), LineString([(X + 14, Y + 20), (X + 14, Y + 30)])
    grades = {"grade": Severity.ERROR, "frontage_grade": Severity.ERROR}
    view = replace(camera.sightings[0], geometry=MultiLineString([sharp, other]), at_grade=sharp, **grades)
    assert _walls_by_colour(replace(camera, sightings=(view,))) == {"note": (-5, 30), "error": (-5, 5)}
    for language, word in (("en", "Grey"), ("fr", "Gris"), ("de", "Grau"), ("zh_CN", "灰色")):
        grey = re.split(r"\. |。", load_translations(language)(WALLS_BY).split(word)[1])[0]
        assert "25 px/m" in grey, (language, grey)
        assert not re.search("hardly|guère|kaum|难以", grey), (language, grey)


def test_that_the_rim_of_a_garden_has_no_colour_that_only_the_windows_behind_it_reach():
    camera, garden = certain_camera(), box(X + 10, Y + 40, X + 20, Y + 50)
    wall = LineString([(X + 10, Y - 5), (X + 10, Y + 5)])
    window = SharpestSurface("ground_floor", (140.0, 140.0), 10.0, 125.0, (25.0, 50.0), "e")
    ground = SharpestSurface("ground", (40.0, 40.0), 0.0, 25.0, (25.0, 50.0), "e")
    grades = {"grade": Severity.ERROR, "frontage_grade": Severity.ERROR, "sharpest": (window, ground)}
    view = replace(camera.sightings[0], geometry=wall, at_grade=wall, open_ground=garden, **grades)
    assert _walls_by_colour(replace(camera, sightings=(view,))) == {"note": (-5, 50), "error": (-5, 5)}
    sharper = replace(ground, density_px_m=(150.0, 150.0), over_px_m=125.0)
    as_sharp = replace(view, sharpest=(sharper, window))
    assert _walls_by_colour(replace(camera, sightings=(as_sharp,)))["error"] == (-5, 50)


@pytest.mark.parametrize("language", some_by_day(("en", "de", "fr", "zh_CN"), {"de"}))
def test_that_a_page_says_that_a_line_round_open_ground_is_as_sharp_at_one_place_alone(language):
    camera, say = certain_camera(), load_translations(language)
    in_garden = replace(camera.sightings[0], open_ground=box(X + 10, Y + 40, X + 20, Y + 50))
    captions = []
    for sightings in ((camera.sightings[0],), (in_garden,)):
        assessment = an_assessment(cameras=(replace(camera, sightings=sightings),))
        page = compose_camera_pages(a_project(), assessment, say)
        captions.append(" ".join(block.caption for block in page.blocks if isinstance(block, document.Figure)))
    assert [say(RIM_BY) in caption for caption in captions] == [False, True]


def test_that_a_piece_of_wall_that_several_cameras_show_is_drawn_once_and_none_is_lost():
    wall, back = LineString([(0, 0), (10, 0), (10, 5)]), LineString([(10, 5.01), (10, 0)])
    others = MultiLineString([[(0, 0), (10, 0)], [(3, 0), (10, 0)]])  # the second shows less of it
    beside = LineString([(0.2, 0), (10, 0)])  # a wall of its own, a fifth of a metre on
    path = _straight_path([wall, None, back, others, beside])
    assert path.codes.tolist() == [1, 2] * 4
    pieces = path.vertices.reshape(-1, 4).tolist()
    assert pieces == [[0, 0, 10, 0], [10, 0, 10, 5], [3, 0, 10, 0], [0.2, 0, 10, 0]]
    assert _straight_path([None]) is None


def test_that_houses_have_their_numbers_but_none_upon_another():
    shapes = np.array([box(0, 0, 9, 9), box(10, 0, 19, 9), box(60, 0, 69, 9)], object)
    tags = tuple({"building": "yes", "addr:street": "Kaya", "addr:housenumber": number} for number in ("2", "4", "6"))
    base = BaseMap(
        replace(a_project(), layers={"buildings": Layer("buildings", np.array(["a", "b", "c"], object), shapes, tags)})
    )
    assert base.house_numbers((-5.0, -5.0, 100.0, 20.0), 12.0) == [("2", (4.5, 4.5)), ("6", (64.5, 4.5))]
    assert [number for number, _ in base.house_numbers((-5.0, -5.0, 30.0, 20.0), 8.0)] == ["2", "4"]
    # One at the very distance stands, and one upon a number that was left out itself.
    assert [number for number, _ in base.house_numbers((-5.0, -5.0, 100.0, 20.0), 10.0)] == ["2", "4", "6"]
    assert [number for number, _ in base.house_numbers((-5.0, -5.0, 100.0, 20.0), 55.0)] == ["2", "6"]


def test_that_the_sheets_of_a_site_plan_hold_all_ground_and_do_not_overlap():
    ground = [box(0, 0, 150, 90), box(290, 10, 300, 20), Point(500, 450).buffer(10)]
    sheets = [box(*frame) for frame in sheet_frames(ground, 192.0, 100.0)]
    assert len(sheets) == 3
    assert sum(sheets[n].intersection(shape).area for shape in ground for n in range(3)) == pytest.approx(
        sum(shape.area for shape in ground)
    )
    assert all(one.intersection(other).area < 1e-6 for one, other in combinations(sheets, 2))
    assert len(sheet_frames([box(0, 0, 191, 99)], 192.0, 100.0)) == 1


def _sheets_by_trying(ground, width_m, height_m):
    """Return the frames as they are by definition: every cell of every place of the grid is tried."""
    whole, found = union_all(ground), []
    low_x, low_y, high_x, high_y = whole.bounds
    for east, north in product(range(8), range(8)):
        xs = np.arange(low_x - east * width_m / 8, high_x, width_m)
        ys = np.arange(low_y - north * height_m / 8, high_y, height_m)[::-1]
        cells = [(x, y, x + width_m, y + height_m) for y in ys for x in xs]
        found.append([cell for cell in cells if whole.intersection(box(*cell)).area > 2.0])
    return min(found, key=len)


def test_that_sheets_are_those_that_trying_every_cell_of_every_grid_gives():
    places = np.random.default_rng(5).random((9, 2)) * (900.0, 700.0)
    ground = [shape for x, y in places for shape in (Point(x, y).buffer(10), box(x, y, x + 70.0, y + 20.0))]
    wanted = _sheets_by_trying([*ground, box(0, 0, 40, 650)], 192.0, 100.0)
    assert np.allclose(sheet_frames([*ground, box(0, 0, 40, 650)], 192.0, 100.0), wanted)


def test_that_no_sheet_is_sought_between_cameras_that_stand_far_apart():
    # 20 km apart on either axis are 840 by 1,600 cells; a disc of 20 m across touches at most 2 by 3 of 24 by 12.5 m.
    ground = [Point(x, x).buffer(10) for x in (0.0, 10_000.0, 20_000.0)]
    assert len(sheet_frames(ground, 192.0, 100.0)) == 3
    column, _, area_m2 = plan_figures._ground_by_cell(union_all(ground), (24.0, 12.5))
    assert len(column) <= 3 * 2 * 3
    assert area_m2.sum() == pytest.approx(sum(disc.area for disc in ground))


def test_that_a_building_of_the_applicant_is_told_apart_by_its_owner_or_operator():
    shapes = np.array([box(0, 0, 9, 9), box(20, 0, 29, 9), box(40, 0, 49, 9)], object)
    tags = ({"building": "yes", "operator": "TOWN of Example"}, {"building": "yes", "owner": "Somebody"}, {"building": "yes"})
    base = BaseMap(
        replace(a_project(), layers={"buildings": Layer("buildings", np.array(["a", "b", "c"], object), shapes, tags)})
    )
    frame = (-5.0, -5.0, 60.0, 20.0)
    assert [shape.bounds for shape in base.owned_by(["Town of Example", ""], frame)] == [(0.0, 0.0, 9.0, 9.0)]
    assert list(base.owned_by([""], frame)) == []


def test_that_owners_of_buildings_are_read_once_for_all_sheets():
    read = []

    class Tags(dict):
        def get(self, key, default=None):
            read.append(key)
            return super().get(key, default)

    tags = tuple(Tags({"building": "yes", "owner": name}) for name in ("Town", "Somebody", "TOWN"))
    shapes = np.array([box(x, 0, x + 9, 9) for x in (0, 20, 40)], object)
    layers = {"buildings": Layer("buildings", np.array(["a", "b", "c"], object), shapes, tags)}
    base = BaseMap(replace(a_project(), layers=layers))
    read.clear()
    assert [shape.bounds[0] for shape in base.owned_by(["Town"], (-5.0, -5.0, 60.0, 20.0))] == [0.0, 40.0]
    once = len(read)
    assert [shape.bounds[0] for shape in base.owned_by(["Town"], (30.0, -5.0, 60.0, 20.0))] == [40.0]
    assert len(read) == once


def test_that_numbers_stand_by_their_cameras_and_cover_neither_each_other_nor_another_camera():
    # Nine cameras 3 m apart: their numbers of 7 pt, at 0.5 m a point, are 2.4 m wide and 4.4 m tall.
    cameras = [moved(3.0 * (n % 3), 3.0 * (n // 3), f"c{n}") for n in range(9)]
    numbers = {f"c{n}": str(n + 1) for n in range(9)}
    labels = place_numbers(cameras, numbers, 0.5, (X - 60, Y - 60, X + 60, Y + 60))
    assert sorted(each.text for each in labels) == sorted(numbers.values())
    boxes = [box(x - 1.5, y - 2.1, x + 1.5, y + 2.1) for x, y in (each.at for each in labels)]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].intersection(pair[1]).area > 1e-9]
    spots = [Point(c.placed.camera.x_m, c.placed.camera.y_m) for c in cameras]
    assert not [one for one, spot in product(boxes, spots) if one.contains(spot)]


def test_that_no_number_stands_where_a_map_says_at_its_head_that_its_data_are_made_up():
    # The camera is 12 m below the edge: "MADE UP" of 8 pt, at 1 m a point, takes 16 m below it, and some 40 m across.
    camera, frame = moved(0.0, 0.0, "a"), (X - 90, Y - 100, X + 90, Y + 12)
    [free] = place_numbers([camera], {"a": "1"}, 1.0, frame)
    [moved_away] = place_numbers([camera], {"a": "1"}, 1.0, frame, furnished(frame, 1.0, "MADE UP"))
    assert free.at[1] == Y
    assert moved_away.at[1] < Y - 4


def test_that_no_number_stands_on_the_scale_bar_or_the_north_arrow():
    # At 1 m a point, of 400 m by 300: the bar is 100 m long, from 12 m east and 15 m north of the corner; the arrow is 20 m east.
    frame = (X, Y, X + 400, Y + 300)
    bar, arrow = box(X + 12, Y + 14, X + 112, Y + 26), box(X + 18, Y + 270, X + 22, Y + 291)
    for camera, at in ((moved(60.0, 15.0, "a"), bar), (moved(20.0, 280.0, "a"), arrow)):
        [label] = place_numbers([camera], {"a": "12"}, 1.0, frame, furnished(frame, 1.0))
        east, north = label.at
        assert not box(east - 4.8, north - 4.4, east + 4.8, north + 4.4).intersects(at)


def moved(dx, dy, camera_id):
    one = certain_camera()
    camera = replace(one.placed.camera, x_m=X + dx, y_m=Y + dy, camera_id=camera_id)
    return replace(one, placed=replace(one.placed, camera=camera))


def test_that_a_number_without_a_free_place_is_left_out_and_none_stands_beyond_the_frame():
    labels = place_numbers([moved(0.0, 0.0, "a"), moved(0.1, 0.0, "b")], {"a": "1", "b": "2"}, 1.0, (X - 5, Y - 5, X + 5, Y + 5))
    assert labels == ()


def _contrast(one, other):
    """Return the contrast of two colours as WCAG 2.2 has it: 1 for none, 21 for black on white."""

    def luminance(colour):
        given = np.array(to_rgb(colour))
        return float(np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_that_contrast_is_reckoned_as_by_hand():
    assert _contrast("black", "white") == pytest.approx(21.0)
    assert _contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)  # the grey that just misses 4.5


def test_that_lines_of_maps_stand_out_from_white_by_three_to_one():
    colours = load_style()["colours"]
    names = (
        "home",
        "protected",
        "dwelling_likely",
        "use_unknown",
        "certain",
        "possible",
        "far",
        "gap",
        "overlap",
        "error",
        "due",
    )
    assert {name: round(_contrast(colours[name], "white"), 2) for name in names if _contrast(colours[name], "white") < 3.0} == {}


def test_that_classes_and_possible_views_of_walls_differ_in_width_or_inside():
    lines = load_style()["lines"]
    looks = [(each["width_pt"], tuple(each[basis])) for each in lines.values() for basis in ("certain", "possible")]
    *named, unknown, unknown_too = looks
    assert len(set(looks)) == 7
    assert unknown == unknown_too  # buildings of unknown use are a note at most, whatever the lens
    assert min(width for width, _ in named) >= 2 * unknown[0]  # both told from the thin line at a glance


def _grey_wall(sighting):
    """Return how light a printed wall is along its middle, from 0 for black to 1 for white."""
    figure = Figure(figsize=(1.0, 1.0), dpi=300)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(X + 33, X + 43), ylim=(Y - 5, Y + 5))  # the wall stands at X + 38
    axes.axis("off")
    map_drawing._draw_frontage(axes, [replace(certain_camera(), sightings=(sighting,))], 5.0)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    picture = matplotlib.image.imread(io.BytesIO(stream.getvalue()))[..., :3] @ [0.2126, 0.7152, 0.0722]
    return picture[:, picture.shape[1] // 2]


def test_that_grey_print_tells_homes_other_places_and_possible_views_apart():
    [home] = certain_camera().sightings
    other, possible = replace(home, cls="protected"), replace(home, basis="assumed")
    walls = {"home": home, "other": other, "possible": possible}
    light = {name: float((_grey_wall(one) > 0.6).mean()) for name, one in walls.items()}
    assert light["home"] == 0.0  # one dark line
    assert 0.2 < light["other"] < 0.7  # a dark line with white dashes
    assert light["possible"] > 0.95  # a hollow line


def test_that_a_plan_is_drawn_in_the_first_round_scale_in_which_all_has_room():
    project, check = a_project(), a_check()
    room = figures.FigureRoom(38.4, 17.0, scales=(200, 500, 1000, 2000))
    drawing = figures._FigureDrawing(BaseMap(project), check, Translations(), {}, room)
    frame = drawing._filling((0.0, 0.0, 150.0, 60.0), [], is_beside=False)  # 150 m are 75 cm in 1:200 and 30 cm in 1:500
    assert (frame[2] - frame[0], frame[3] - frame[1]) == pytest.approx((192.0, 85.0))  # 38.4 cm and 17 cm in 1:500
    assert ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2) == pytest.approx((75.0, 30.0))
    assert room.scale_of(frame, 38.4) == 500
    far = drawing._filling((0.0, 0.0, 5000.0, 60.0), [], is_beside=False)  # no scale has room for it: the map says none
    assert (far[2] - far[0], room.scale_of(far, 38.4)) == (pytest.approx(5000.0), 0)
    assert printed_width_cm(overview_map(BaseMap(project), check, Translations(), room=room)) == pytest.approx(38.4, abs=0.02)


def test_that_the_words_beside_the_longest_bar_of_options_end_inside_the_picture():
    for ground in ("13 911 (up to 113 766)", "13 911 113 (up to 113 766 113)", "13 911（至多 113 766）"):
        bars = [
            OptionBar("As today", 6.0, 13911.0, ground, "too sharp: 4", False),
            OptionBar("Fewer", 6.0, 90.0, "90", "–", True),
        ]
        picture = matplotlib.image.imread(io.BytesIO(options_chart(bars, ("Parts", ""), 14.0)))[..., :3]
        inked = np.flatnonzero((picture < 0.5).any(axis=(0, 2)))
        assert inked.max() < picture.shape[1] - 3


def test_that_the_map_without_a_legend_is_cut_from_the_one_with_it_and_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        figures, "draw_cameras", lambda axes, *cameras, **look: drawn.append(axes) or draw_cameras(axes, *cameras, **look)
    )
    base, check = BaseMap(a_project()), a_check()
    whole = matplotlib.image.imread(io.BytesIO(overview_map(base, check, Translations())))
    bare = matplotlib.image.imread(io.BytesIO(overview_map(base, check, Translations(), with_legend=False)))
    assert len(drawn) == 1
    assert bare.shape[0] < whole.shape[0]
    assert bare.shape[1] <= whole.shape[1]
    left = round((whole.shape[1] - bare.shape[1]) / 2)
    assert np.array_equal(bare, whole[: bare.shape[0], left : left + bare.shape[1]])


def test_that_short_texts_stand_where_matplotlib_would_write_them():
    texts = [("12", (1.0, 1.0)), ("7a", (3.0, 2.0)), ("äg", (2.0, 3.0)), ("号 5", (3.0, 3.4))]  # the last is of another font
    ours, theirs = (picture_of(draw, texts) for draw in (written_here, written_by_matplotlib))
    dark, grey = ([each.point(lambda shade, to=to: 255 * (shade < to)) for each in (ours, theirs)] for to in (100, 230))
    grown = [each.filter(ImageFilter.MaxFilter(3)) for each in grey]  # a pixel's rounding on either side
    assert len(dark[0].getcolors()) == 2
    for one, other in ((0, 1), (1, 0)):
        assert ImageChops.subtract(dark[one], grown[other]).getbbox() is None


def picture_of(draw, texts):
    figure, axes = filled_page((0.0, 0.0, 4.0, 4.0), width_in=1.2)
    with fonts():
        draw(axes, texts)
        return Image.open(io.BytesIO(png(figure, dpi=300))).convert("L")


def written_here(axes, texts):
    _draw_short_texts(axes, texts, size_pt=8.0, color="black", zorder=9, halo_pt=0.4)


def written_by_matplotlib(axes, texts):
    for text, at in texts:
        axes.text(*at, text, fontsize=8.0, color="black", ha="center", va="center", zorder=9)
