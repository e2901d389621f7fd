"""Names of streets on the map."""

import pytest
from gui_town import WORDING, layer
from PySide6.QtGui import QColor, QImage, QPainter
from shapely.geometry import LineString, box

from lhasaplan.app.look import Language
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.ground import draw_ground, prepare_ground
from lhasaplan.app.map.live import LiveMarks
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.words_on_map import PlaceNames, StreetNames, Tile, Words, draw_words, street_name

TILE = (0.0, 0.0, 512.0, 512.0)


def names_of(*streets):
    lines = [line for line, _, _ in streets]
    return StreetNames(layer("roads", lines, [{"highway": kind, "name": name} for _, kind, name in streets]))


def labels(names, scale=1.0, tile=TILE):
    return names.labels(Tile(tile, scale, 12.0), lambda text: 10.0 * len(text))


def test_that_a_name_lies_on_the_middle_of_its_street_and_is_never_upside_down():
    westward = LineString([(400, 100), (100, 100)])
    (label,) = labels(names_of((westward, "residential", "Main")))
    assert (label.x_px, label.y_px, label.angle_deg) == pytest.approx((250.0, 412.0, 0.0))


def test_that_a_name_follows_the_slope_of_its_street():
    (label,) = labels(names_of((LineString([(100, 100), (300, 300)]), "residential", "Main")))
    assert label.angle_deg == pytest.approx(-45.0)  # painters turn clockwise; this street climbs to the right


def test_that_a_street_in_pieces_is_named_once():
    pieces = [(LineString([(x, 100), (x + 60, 100)]), "residential", "Main") for x in (100, 160, 220)]
    assert len(labels(names_of(*pieces))) == 1


def test_that_a_street_too_short_or_too_crooked_for_its_name_has_none():
    short = LineString([(100, 100), (130, 100)])  # 30 m; four letters take 40
    corner = LineString([(100, 100), (125, 100), (125, 125)])
    assert labels(names_of((short, "residential", "Main"), (corner, "residential", "Bend"))) == []


def test_that_a_name_stays_whole_inside_its_tile():
    on_the_edge = LineString([(480, 100), (800, 100)])
    assert labels(names_of((on_the_edge, "residential", "Main"))) == []


def test_that_of_two_names_on_each_other_the_larger_street_keeps_its_own():
    small = LineString([(200, 101), (300, 101)])
    large = LineString([(200, 100), (300, 100)])
    found = labels(names_of((small, "residential", "Lane"), (large, "primary", "Avenue")))
    assert [label.text for label in found] == ["Avenue"]


def test_that_small_streets_are_named_only_from_near():
    street = names_of((LineString([(0, 100), (2000, 100)]), "residential", "Main"))
    far = (0.0, 0.0, 2048.0, 2048.0)
    assert labels(street, 4.0, far) == []
    assert len(labels(street, 2.0, (0.0, 0.0, 1024.0, 1024.0))) == 1


def test_that_no_place_is_named():
    squares = layer("roads", [box(100, 100, 400, 400)], [{"highway": "pedestrian", "name": "Temple Yard"}])
    assert labels(StreetNames(squares)) == []


@pytest.mark.parametrize("kind", ["corridor", "footway", "path", "service", "steps"])
def test_that_ways_within_places_are_not_named(kind):
    assert labels(names_of((LineString([(100, 100), (400, 100)]), kind, "Ward"))) == []


def test_that_a_way_indoors_is_not_named():
    indoors = {"highway": "pedestrian", "name": "Ward", "indoor": "yes"}
    assert street_name(indoors) == ""
    assert street_name({**indoors, "indoor": "no"}) == "Ward"


def test_that_a_name_is_really_written(qapp):
    picture = QImage(512, 512, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    draw_words(
        painter,
        Words(names_of((LineString([(100, 256), (400, 256)]), "residential", "Main")), PlaceNames(())),
        ShownMap(frozenset({"names", "roads"})),
        TILE,
        1.0,
    )
    painter.end()
    inked = [(x, y) for x in range(512) for y in range(512) if picture.pixelColor(x, y).alpha() > 200]
    assert inked
    assert all(abs(y - 256) < 12 for _, y in inked)


class RedCones(LiveMarks):
    """Marks whose live cones cover the whole map."""

    def paint_cones(self, sheet, _shown, _overlays):
        sheet.painter.fillRect(sheet.painter.window(), QColor("red"))


def test_that_names_are_written_above_a_cone_that_is_drawn_live(qtbot):
    canvas = MapCanvas(Language(WORDING))
    qtbot.addWidget(canvas, before_close_func=MapCanvas.stop)
    canvas.marks = RedCones()
    canvas.resize(400, 300)
    canvas.show()
    street = layer("roads", [LineString([(0, 50), (400, 50)])], [{"highway": "primary", "name": "Main Street"}])
    canvas.set_ground(prepare_ground({"roads": street}))
    canvas.show_box((100.0, 0.0, 300.0, 100.0))
    words = canvas.palette_now.words.rgb()

    def is_written():
        image = canvas.grab().toImage()
        return any(image.pixel(x, y) == words for x in range(60, 340) for y in range(110, 190))

    qtbot.waitUntil(is_written)


def test_that_a_block_of_houses_is_outlined_quieter_than_a_district():
    ground = prepare_ground({"areas": layer("areas", [box(100, 100, 200, 200), box(20, 20, 480, 480)], [{}, {}])})
    image = QImage(512, 512, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_ground(painter, ground, ShownMap(frozenset({"areas"})), TILE, 1.0)
    painter.end()
    block, district = (
        min(image.pixelColor(x, 512 - middle + beside).lightness() for x in range(130, 170) for beside in (-1, 0))
        for middle in (100, 20)
    )
    assert district < block < 255
