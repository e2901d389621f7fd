"""What stands in the picture of a camera, with the real sight: a camera between two houses, looking north."""

from dataclasses import replace

import numpy as np
import pytest
from gui_town import town
from shapely.geometry import LineString

from lhasaplan.app.look.language import Language
from lhasaplan.app.map.lens import FAR, GROUND, MASKED, SKY, WIDTH_PX, drawable, picture_of
from lhasaplan.app.map.sight import seen_of
from lhasaplan.app.map.style import GRADES
from lhasaplan.app.shell.window import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.app.tools.picture.panel import CAPTION
from lhasaplan.app.tools.picture.pictures import NONE_CHOSEN, NOT_RECORDED
from lhasaplan.app.work.engine import Engine
from lhasaplan.core.live.live_answers import make_live, with_cameras
from lhasaplan.core.results.finding import Severity

FOCAL = WIDTH_PX / 2 / np.tan(np.radians(30.0))  # of the drawing, for 60 degrees


@pytest.fixture(scope="module")
def city():
    return Engine().open_city(town(), lambda _share, _step: None)


def picture(city, graded=(), **changes):
    """Return the picture of the camera at (50, 40), 4 m high, level unless told otherwise."""
    known = replace(town().cameras[0], **{"tilt_deg": 0.0, **changes})
    live = with_cameras(make_live(city), [known])
    return picture_of(drawable(seen_of(live.results["known"]).placed.views), city, graded)


def column(east_m, north_m):
    """Return the column of a place seen from (50, 40) to the north."""
    return round(WIDTH_PX / 2 + FOCAL * (east_m - 50) / (north_m - 40) - 0.5)


def row(metres_ahead, drop_m):
    return round(135 / 2 + FOCAL * drop_m / metres_ahead - 0.5)


def colour(pixel):
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def test_that_the_houses_stand_left_and_right_and_the_street_between_them_is_free(city):
    drawn = picture(city)
    eye = row(20.0, 0.0)  # level with the lens: 4 m up, below the roofs; free sight goes to the sky there
    assert colour(drawn[eye - 1, column(50, 60)]) == SKY
    left, right = drawn[eye - 1, column(39, 60)], drawn[eye - 1, column(61, 60)]
    assert colour(left) == colour(right) != SKY


def test_that_ground_has_the_colour_of_its_density_and_none_beyond_the_range(city):
    drawn = picture(city)
    # The lens has 1920 / 2 / tan 30 = 1663 px: 128 px/m at 13 m, 83 at 20 m, and 30 m is the range.
    assert colour(drawn[row(13.0, 4.0), WIDTH_PX // 2]) == GROUND[125.0]
    assert colour(drawn[row(20.0, 4.0), WIDTH_PX // 2]) == GROUND[62.5]
    assert colour(drawn[row(45.0, 4.0), WIDTH_PX // 2]) == FAR


def test_that_a_masked_sector_is_black_from_top_to_bottom(city):
    drawn = picture(city, mask_sector_deg=((10.0, 20.0),))
    inside = round(WIDTH_PX / 2 + FOCAL * np.tan(np.radians(15.0)))
    assert {colour(pixel) for pixel in drawn[:, inside]} == {MASKED}
    assert MASKED not in {colour(pixel) for pixel in drawn[:, WIDTH_PX // 2]}


def test_that_seen_frontage_has_the_colour_of_its_grade(city):
    frontage = LineString([(60, 60), (63, 60)])
    drawn = picture(city, graded=[(frontage, Severity.ERROR)])
    error = GRADES[Severity.ERROR].name()
    assert colour(drawn[row(20.0, 2.0), column(61, 60)]) == error
    assert colour(drawn[row(20.0, 2.0), column(39, 60)]) != error


@pytest.fixture
def real(qtbot):
    engine = Engine()
    window = MainWindow(engine, Language(engine.wording), "2026-11-25")
    qtbot.addWidget(window, before_close_func=lambda w: w.session.history.setClean())
    window.show()
    window.commands.opening.take(town())
    qtbot.waitUntil(lambda: len(window.bench.sight.sight.seen) == 2, timeout=60_000)
    window.docks.docks["picture"].raise_()
    return window


def test_that_the_picture_follows_the_camera_at_hand_and_says_why_there_is_none(qtbot, real):
    qtbot.waitUntil(lambda: real.docks.panels["picture"].caption.text() == NONE_CHOSEN)
    assert "picture" in real.docks.in_front
    real.session.select("known")
    qtbot.waitUntil(lambda: not real.docks.panels["picture"].drawing.image.isNull())
    assert real.docks.panels["picture"].caption.text() == CAPTION
    before = real.docks.panels["picture"].drawing.image
    real.session.edit("Turn camera", edits.turned("known", 90.0, real.session.author))
    qtbot.waitUntil(lambda: real.docks.panels["picture"].drawing.image != before, timeout=20_000)
    real.session.select("bare")
    qtbot.waitUntil(lambda: real.docks.panels["picture"].caption.text() == NOT_RECORDED)


def test_that_no_picture_is_made_while_its_panel_lies_behind_another(qtbot, window):
    """With the town's engine: the record of a camera comes forward where no picture is looked at."""
    assert "picture" not in window.docks.in_front
    window.session.select("known")
    qtbot.wait(50)
    assert window.docks.panels["picture"].caption.text() == ""
    assert not window.bench.jobs.is_busy("picture")
