"""What is unusual about a recorded camera is data: thresholds and tags that another file may state otherwise."""

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.model.camera import Camera, Kind
from lhasaplan.core.records.unusual import remarks_on
from lhasaplan.core.rules.audit_policy import has_any
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_camera_classes, load_unusual_rules

SHIPPED = (content_folder("data") / "cameras" / "unusual.toml").read_text(encoding="utf-8")
USUAL = load_camera_classes()[Kind.FIXED]


def edited(tmp_path, *changes):
    text = SHIPPED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "unusual.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_every_wrong_key_is_named_at_once(tmp_path):
    path = edited(
        tmp_path, ("range_times = 3.0", "range_times = 0.5"), ('bridge = ["*"]', "bridge = 7"), ("building_m", "wall_m")
    )
    with pytest.raises(InputError) as refused:
        load_unusual_rules(path)
    reported = str(refused.value)
    assert "unusual.toml" in reported
    for key in ("values.range_times", "water.crossings.bridge", "water.building_m", "water.wall_m"):
        assert key in reported


def test_that_the_file_says_from_where_on_a_range_is_remarked(tmp_path):
    farthest = max(USUAL.range_m.narrow, USUAL.range_m.typical, USUAL.range_m.wide)
    camera = Camera("K1", 0.0, 0.0, range_m=2.5 * farthest)
    assert remarks_on(camera, USUAL, {}, load_unusual_rules()) == ()
    stricter = load_unusual_rules(edited(tmp_path, ("\nrange_times = 3.0", "\nrange_times = 2.0")))
    (remark,) = remarks_on(camera, USUAL, {}, stricter)
    assert remark.params == {"value": f"{2.5 * farthest:g}", "usual": f"{farthest:g}"}


def test_that_a_star_is_any_value_but_no():
    wanted = load_unusual_rules().water.crossings
    assert has_any({"bridge": "viaduct"}, wanted)
    assert not has_any({"bridge": "no", "man_made": "tower"}, wanted)
    assert has_any({"man_made": "pier"}, wanted)


def test_that_a_camera_drawn_deep_inside_a_building_is_remarked_at_its_place():
    rules = load_unusual_rules()
    camera = Camera("K1", 0.0, 0.0)
    assert remarks_on(camera, USUAL, {}, rules, moved_m=0.9) == ()  # it hangs on the wall
    (remark,) = remarks_on(camera, USUAL, {}, rules, moved_m=4.25)
    assert (remark.where.column, remark.params) == ("x_m", {"moved": "4.2"})
