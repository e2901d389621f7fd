"""The colours that a legend tells apart are told apart by people who see colours otherwise too."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from colour_vision import VISION, ciede2000, difference, over, seen
from gui_colours import contrast
from PySide6.QtGui import QColor

from lhasaplan.app.map import style
from lhasaplan.app.map.style import DARK, DARK_CLEAR, LIGHT, LIGHT_CLEAR, PRINT
from lhasaplan.core.results.finding import Severity

PALETTES = {"light": LIGHT, "dark": DARK, "print": PRINT, "light, clear": LIGHT_CLEAR, "dark, clear": DARK_CLEAR}
GRADES = (Severity.NOTE, Severity.DUE, Severity.ERROR)
LINES = ("note", "due", "severe", "part", "gap_line", "overlap_line", "accent")
# What is told by colour alone, since its form is the same; and the least difference (CIEDE2000; 2.3 is just noticed).
GROUPS = ("bands of density", "counts of cameras", "lines", "cameras", "areas", "sides of the swipe")


def group_of(name, palette):
    """Return the colours of a group and the least difference between any two."""
    return {
        "bands of density": (dict(zip(("25", "62.5", "125", "250"), palette.ramp, strict=True)), 6.0),
        "counts of cameras": ({**dict(zip(("1", "2", "3", "5", "10"), palette.counts, strict=True)), "none": palette.paper}, 8.0),
        "sides of the swipe": (
            {"line": palette.accent, "seen": palette.ramp[-1], "possible": palette.possible, "ground": palette.paper},
            4.5,  # a wash has a line round it
        ),
        "lines": ({name: getattr(palette, name) for name in LINES}, 12.0),
        "cameras": ({"operating": palette.camera, "planned": palette.planned, "selected": palette.accent}, 15.0),
        "areas": (
            {
                "unasked": palette.unasked,
                "gap": palette.gap,
                "overlap": palette.overlap,
                "possible": palette.possible,
                "seen": palette.ramp[0],
            },
            5.0,
        ),
    }[name]


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("scheme", PALETTES)
def test_that_classes_of_a_legend_are_told_apart(scheme, group, vision):
    palette = PALETTES[scheme]
    colours, least = group_of(group, palette)
    paper = np.array(palette.paper.getRgbF()[:3])
    shown = {name: seen(over(colour, paper), vision) for name, colour in colours.items()}
    close = {(a, b): d for a, b in combinations(shown, 2) if (d := difference(shown[a], shown[b])) < least}
    assert not close


@pytest.mark.parametrize("scheme", PALETTES)
def test_that_every_kind_of_line_stands_out_three_to_one_from_each_ground_it_lies_on(scheme):
    palette = PALETTES[scheme]
    grounds = {"paper": palette.paper, **palette.cover, **palette.roads}
    grounds |= {f"building {step}": fill for step, fill in enumerate(palette.building_fills)}
    for name in ("paper", "street", "walk", "green", "square", "paved"):  # in front of facades, possibly in view
        grounds[f"{name}, in view"] = QColor.fromRgbF(*over(palette.possible, grounds[name].getRgbF()[:3]))
    found = {(line, name): contrast(getattr(palette, line), ground) for line in LINES for name, ground in grounds.items()}
    assert not {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 3.0}


def test_that_grades_are_told_apart_by_their_width_too():
    widths = [style.GRADE_WIDTH[grade] for grade in GRADES]
    assert all(graver >= 1.4 * milder for milder, graver in pairwise(widths))


@pytest.mark.parametrize("scheme", PALETTES)
def test_that_streets_water_and_parks_stay_apart_under_a_wash_of_possible_sight(scheme):
    palette = PALETTES[scheme]
    grounds = {name: palette.cover[name] for name in ("water", "green")} | {
        name: palette.roads[name] for name in ("motorway", "primary", "street")
    }
    washed = {name: over(palette.possible, ground.getRgbF()[:3]) for name, ground in grounds.items()}
    close = {(a, b): d for a, b in combinations(washed, 2) if (d := difference(washed[a], washed[b])) < 5.0}
    assert not close


def test_that_red_and_green_of_one_lightness_are_not_told_apart_without_green_cones():
    red, green = np.array([0.78, 0.33, 0.16]), np.array([0.42, 0.47, 0.14])
    assert difference(seen(red, "usual"), seen(green, "usual")) > 35
    assert difference(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < 12


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # from the table of Sharma, Wu and Dalal
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_that_the_difference_is_that_of_the_published_table(one, other, expected):
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
