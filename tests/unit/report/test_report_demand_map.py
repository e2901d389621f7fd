"""The map of confirmed parts by how many cameras show each: the window's classes, and the same counts in words."""

import io
from dataclasses import replace

import numpy as np
import shapely.affinity
from PIL import Image

from lhasaplan.app.map.style import COUNTED, LIGHT
from lhasaplan.core.base.translations import Translations
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.maps.plan_figures import counts_text, demand_map
from lhasaplan.report.text.style import load_style
from tests.unit.report.report_factory import a_part, a_project, an_assessment


def test_that_classes_and_colours_are_those_of_the_window():
    counts = load_style()["counts"]
    assert [int(low) for low in counts if low != "0"] == list(COUNTED)
    assert [counts[str(low)] for low in COUNTED] == [each.name() for each in LIGHT.counts]


def _moved(result, metres, cameras):
    geometry = shapely.affinity.translate(result.part.geometry, metres, 0.0)
    return replace(result, part=replace(result.part, geometry=geometry), cameras=("c",) * cameras)


def test_that_the_map_shows_each_class_that_its_words_count():
    parts = tuple(_moved(a_part(), metres=60.0 * n, cameras=n) for n in (0, 1, 4))
    reported = counts_text(parts, load_translations("en"))
    assert reported == "no camera in operation: 1; 1 camera: 1; 3 to 4 cameras: 1"
    picture = demand_map(BaseMap(a_project()), an_assessment(parts=parts), Translations())
    with Image.open(io.BytesIO(picture)) as image:
        pixels = np.asarray(image.convert("RGB"), int).reshape(-1, 3)
    drawn = {low: _pixels_like(pixels, text) for low, text in load_style()["counts"].items()}
    # Every class has its sign in the legend; those of the parts have a disc on the map besides.
    assert min(drawn[low] for low in ("0", "1", "3")) > 1.4 * max(drawn[low] for low in ("2", "5", "10"))


def _pixels_like(pixels, colour):
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return int((np.abs(pixels - wanted).max(axis=1) < 14).sum())  # a palette of 250 colours stands between


def test_that_without_a_place_there_is_no_map():
    assert demand_map(BaseMap(a_project()), an_assessment(parts=()), Translations()) is None
