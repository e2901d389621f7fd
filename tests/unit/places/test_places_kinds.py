"""Data may tighten what is protected, never loosen it."""

from dataclasses import replace

import pytest
from places_town import KINDS

from lhasaplan.content import content_folder
from lhasaplan.core.city.streets import StreetWidths, number
from lhasaplan.core.protection.minimum import KNOWN_USES, MINIMUM, loosened
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_street_widths
from lhasaplan.io.content.protected_kinds import load_protected_kinds

TEXT = (content_folder("data") / "protected.toml").read_text(encoding="utf-8")


def edited(tmp_path, old, new):
    assert old in TEXT
    path = tmp_path / "protected.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def refusal(path):
    with pytest.raises(InputError) as caught:
        load_protected_kinds(path)
    return str(caught.value)


def test_that_the_shipped_file_is_as_strict_as_the_core():
    assert {kind.name for kind in KINDS.kinds} >= MINIMUM.keys()
    assert KINDS.known_uses <= KNOWN_USES
    assert loosened(KINDS, "protected.toml") == ()


def test_that_a_file_which_drops_a_kind_is_refused_with_file_and_key(tmp_path):
    text = refusal(edited(tmp_path, 'name = "cemetery"', 'name = "graves"'))
    assert "protected.toml, kind[cemetery]" in text


def test_that_a_file_which_drops_a_tag_is_refused_with_file_and_key(tmp_path):
    text = refusal(edited(tmp_path, "|mosque", ""))
    assert text == "protected.toml, kind[worship].tags: building=mosque is missing; data may add tags, never drop one"


def test_that_a_shorter_forecourt_is_refused(tmp_path):
    assert "kind[worship].forecourt_m" in refusal(edited(tmp_path, "forecourt_m = 25.0", "forecourt_m = 10.0"))


def test_that_a_longer_forecourt_and_a_new_kind_are_welcome(tmp_path):
    path = edited(tmp_path, "forecourt_m = 25.0", "forecourt_m = 40.0")
    path.write_text(path.read_text() + '\n[[kind]]\nname = "youth"\nclass = "protected"\ntags = ["amenity=community_centre"]\n')
    kinds = load_protected_kinds(path).by_name()
    assert kinds["worship"].forecourt_m == 40.0
    assert kinds["youth"].tags == ("amenity=community_centre",)


def test_that_the_tag_religion_is_refused(tmp_path):
    text = refusal(edited(tmp_path, '    "place_of_worship=*",', '    "place_of_worship=*",\n    "religion=*",'))
    assert "kind[worship].tags: the tag religion is never read" in text


def test_that_a_home_cannot_be_made_something_less(tmp_path):
    assert "kind[dwelling].class" in refusal(edited(tmp_path, 'class = "home"', 'class = "use_unknown"'))
    text = refusal(edited(tmp_path, 'name = "dwelling"\nclass = "home"', 'name = "dwelling"\nclass = "protected"'))
    assert "kind[dwelling].class: the class must be home" in text


def test_that_an_unknown_use_cannot_be_called_known(tmp_path):
    text = refusal(edited(tmp_path, "known_uses = [", 'known_uses = [\n    "yes",'))
    assert "building=yes may be lived in" in text


def test_that_shops_and_offices_stay_lived_above_from_the_third_storey(tmp_path):
    text = refusal(edited(tmp_path, "lived_above_storeys = 3", "lived_above_storeys = 4"))
    assert "lived_above_storeys: 4 storeys are more than 3" in text
    assert "lived_above: office is missing" in refusal(edited(tmp_path, '"commercial", "office"]', '"commercial"]'))


def test_that_all_faults_come_at_once(tmp_path):
    path = edited(tmp_path, "|mosque", "")
    path.write_text(path.read_text().replace('name = "cemetery"', 'name = "graves"'))
    assert len(refusal(path).splitlines()) == 2


def test_that_a_kind_with_an_unknown_key_is_refused(tmp_path):
    assert "kind[dwelling].colour" in refusal(edited(tmp_path, 'name = "dwelling"', 'name = "dwelling"\ncolour = "red"'))


def test_that_every_kind_of_the_core_is_tried_for_each_loosening():
    for name, least in MINIMUM.items():
        rest = tuple(kind for kind in KINDS.kinds if kind.name != name)
        assert loosened(replace(KINDS, kinds=rest), "f")
        for change in ({"tags": least.tags[1:] or ("amenity=none",)}, {"point_m": 0.0}, {"line_m": 0.0}):
            assert loosened(replace(KINDS, kinds=(*rest, replace(least, **change))), "f"), (name, change)


def test_that_a_kind_that_is_never_drawn_stays_so(tmp_path):
    text = refusal(edited(tmp_path, "hides_people = true", "hides_people = false"))
    assert text == "protected.toml, kind[processional_way].hides_people: places of this kind are never drawn"


def test_that_a_point_at_the_door_cannot_be_torn_from_its_building(tmp_path):
    assert "attach_m: 0.5 m is less than the minimum of 2.0 m" in refusal(edited(tmp_path, "attach_m = 2.0", "attach_m = 0.5"))


def test_that_a_street_of_no_width_is_refused(tmp_path):
    path = tmp_path / "streets.toml"
    path.write_text("lane_m = 0\npavements_m = 4.0\ndefault_m = 4.0\n[class_m]\n")
    with pytest.raises(InputError, match=r"streets\.toml, lane_m"):
        load_street_widths(path)


def test_that_the_shipped_street_widths_are_the_core_s():
    assert load_street_widths() == StreetWidths()


def test_that_a_width_tag_wins_over_lanes_and_class():
    widths = StreetWidths()
    assert widths.carriageway_m({"highway": "residential", "width": "9,5 m", "lanes": "2"}) == 9.5
    assert widths.carriageway_m({"highway": "residential", "lanes": "4"}) == 13.0
    assert widths.street_m({"highway": "residential"}) == 10.0  # 6 m and 4 m of pavements
    assert widths.street_m({"highway": "footway"}) == 2.0


def test_that_a_width_in_words_is_no_width():
    assert number("narrow") == number("") == number("-3") == number("0") == 0.0


def test_that_no_more_may_keep_to_its_own_spot_and_no_more_buildings_may_be_shared(tmp_path):
    assert "own_spot: amenity=clinic would end the protection of a building" in refusal(
        edited(tmp_path, '["amenity=pharmacy', '["amenity=clinic|pharmacy')
    )
    text = refusal(edited(tmp_path, '"building=train_station', '"building=apartments|train_station'))
    assert "shared_buildings: building=apartments would end the protection of a building" in text


def test_that_a_file_may_protect_every_station_whole(tmp_path):
    assert load_protected_kinds(edited(tmp_path, "own_spot = [", "own_spot = []  # [")).own_spot == ()


def test_that_evidence_of_a_dwelling_may_grow_and_never_shrink(tmp_path):
    assert "likely.tags: addr:housename=* is missing" in refusal(
        edited(tmp_path, 'tags = ["addr:housenumber=*", "addr:housename=*",', 'tags = ["addr:housenumber=*",')
    )
    assert "likely.entrances: 3 doors are more than 2" in refusal(edited(tmp_path, "entrances = 2", "entrances = 3"))
    assert "likely.against: building=yes would end" in refusal(
        edited(tmp_path, '"building=construction|', '"building=yes|construction|')
    )
    assert load_protected_kinds(edited(tmp_path, "entrances = 2", "entrances = 1")).likely.entrances == 1
    assert "likely.entrances: 0 must be at least 1" in refusal(edited(tmp_path, "entrances = 2", "entrances = 0"))
    assert "likely.exits: This key is not known." in refusal(edited(tmp_path, "entrances = 2", "exits = 2"))
