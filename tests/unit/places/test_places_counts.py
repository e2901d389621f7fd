"""Counts of protected objects and candidates in two real cities agree with counts by osmium alone (docs/counts.md)."""

import importlib.util
from collections import Counter
from functools import cache

import pytest
from amounts import some_by_day
from city_counts import CITIES, TAKES, read, slow_candidates, tagged
from osm_city import through_the_program
from places_town import KINDS
from protected_counts import slow_protected
from sources import ROOT

from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.protection.places import count_places, find_protected
from lhasaplan.io.content.packs import load_packs

# By day the smaller city: both are counted by the same two ways.
BY_DAY = some_by_day(CITIES, {"monaco"})


@cache
def places(city):
    layers, houses = through_the_program(city)
    return find_places(layers, houses, load_packs(["municipal-safety"]))


@pytest.mark.parametrize("city", BY_DAY)
def test_that_protected_objects_by_class_agree_with_osmium_alone(city):
    layers, houses = through_the_program(city)
    assert count_places(find_protected(layers, houses, KINDS)) == slow_protected(read(city).things)


@pytest.mark.parametrize("city", BY_DAY)
def test_that_candidates_of_each_category_agree_with_osmium_alone(city):
    found = Counter(place.category for place in places(city))
    assert {name: found[name] for name in TAKES} == slow_candidates(city)


@pytest.mark.parametrize("city", BY_DAY)
def test_that_every_tagged_thing_tells_of_one_place_and_of_no_second(city):
    # Junctions come from the road graph and stops may belong to a platform, so these two are counted together or left out.
    reported = Counter(place.category for place in places(city) for _ in place.sources)
    things = {name: len(items) for name, items in tagged(city).items()}
    alike = TAKES.keys() - {"junction", "platform", "stop"}
    assert {name: reported[name] for name in alike} == {name: things[name] for name in alike}
    assert reported["platform"] + reported["stop"] == things["platform"] + things["stop"]


def test_that_every_category_of_the_pack_has_a_count_of_its_own():
    (pack,) = load_packs(["municipal-safety"])
    assert [category.name for category in pack.categories] == list(TAKES)


@pytest.mark.nightly  # by day the counts of the smaller city agree, of which the page is made
def test_that_the_page_of_counts_is_what_both_counts_say():
    for city in CITIES:
        read(city)  # skips where the extract is absent
    spec = importlib.util.spec_from_file_location("make_counts", ROOT / "tools" / "make_counts.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs" / "counts.md").read_text(encoding="utf-8") == tool.page(), "run python tools/make_counts.py"
