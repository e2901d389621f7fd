import pytest

from lhasaplan.core.model.camera import Kind
from lhasaplan.errors import InputError
from lhasaplan.io.content.camera_classes import load_camera_classes


def test_that_every_kind_has_a_class():
    assert set(load_camera_classes()) == set(Kind)


def test_that_the_unknown_fixed_camera_spans_the_low_and_the_high_row():
    fixed = load_camera_classes()[Kind.FIXED]
    assert (fixed.hfov_deg.narrow, fixed.image_width_px.narrow) == (30.0, 3840)
    assert (fixed.hfov_deg.wide, fixed.image_width_px.wide) == (90.0, 1920)


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
