import re

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.model.camera import Kind
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_camera_classes


def test_that_every_kind_has_a_class():
    assert set(load_camera_classes()) == set(Kind)


def test_that_an_unknown_fixed_camera_may_have_any_lens_of_the_data_sheets():
    fixed = load_camera_classes()[Kind.FIXED]
    assert (fixed.hfov_deg.narrow, fixed.hfov_deg.wide) == (12.0, 110.0)  # 26 mm and 2.8 mm before common sensors
    assert (fixed.image_width_px.narrow, fixed.image_width_px.wide) == (3840, 640)


def shipped():
    return (content_folder("data") / "cameras" / "classes.toml").read_text(encoding="utf-8")


def test_that_a_file_without_a_limit_of_range_gets_the_programs(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text(re.sub(r"range_limit_m = [\d.]+\n", "", shipped()))
    assert load_camera_classes(path) == load_camera_classes()


def test_that_a_file_of_an_earlier_edition_is_told_what_it_must_take_in(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text(
        shipped().replace("narrow = 12.0, typical = 68.0, wide = 110.0", "narrow = 30.0, typical = 68.0, wide = 90.0")
    )
    with pytest.raises(InputError, match=r"fixed\.hfov_deg.*30–90 assumes less than the program's 12–110"):
        load_camera_classes(path)


def test_that_all_faults_of_the_file_are_named_with_their_keys(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text('[fixed]\nlens_class = "round"\nhfov_deg = { narrow = 1, wide = 2 }\n[drone]\n')
    with pytest.raises(InputError) as refusal:
        load_camera_classes(path)
    keys = {fault.where.item for fault in refusal.value.faults}
    assert {"fixed.lens_class", "fixed.hfov_deg", "fixed.range_m", "dome", "drone"} <= keys


def test_that_a_file_that_is_not_toml_is_named(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text("[fixed")
    with pytest.raises(InputError, match=r"classes\.toml: not valid TOML"):
        load_camera_classes(path)
