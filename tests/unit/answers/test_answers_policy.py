"""The figures of the audit that no law sets: data may make them stricter, never looser."""

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.rules.audit_policy import SHIPPED
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_audit_policy


def edited(tmp_path, old, new):
    text = (content_folder("data") / "audit.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "audit.toml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_that_the_shipped_figures_are_the_core_s():
    shipped = load_audit_policy()
    assert tuple((band.name, band.to_m) for band in shipped.bands) == tuple((band.name, band.to_m) for band in SHIPPED.bands)
    assert (shipped.entrance_reach_m, shipped.approval, shipped.signs) == (
        SHIPPED.entrance_reach_m,
        SHIPPED.approval,
        SHIPPED.signs,
    )


def test_that_a_word_for_nothing_is_data_and_is_compared_without_case(tmp_path):
    words = load_audit_policy(edited(tmp_path, '"fehlt"', '"Ohne Schild"')).words
    assert "ohne_schild" in words.no
    assert "fehlt" not in words.no


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("angle_deg = 5.0", "angle_deg = 30.0", "approval.angle_deg"),
        ("place_m = 2.0", "place_m = nan", "approval.place_m"),
        ("lens_share = 0.1", "lens_share = 0.5", "approval.lens_share"),
        ("before_m = 15.0", "before_m = 200.0", "signs.before_m"),
        ("gap_m = 15.0", "gap_m = 100.0", "signs.gap_m"),
        ("reach_m = 1.0", "reach_m = 0.1", "entrances.reach_m"),
    ],
)
def test_that_a_looser_figure_is_refused_with_its_key(tmp_path, old, new, key):
    with pytest.raises(InputError, match=key.replace(".", r"\.")):
        load_audit_policy(edited(tmp_path, old, new))


def test_that_stricter_figures_and_other_bands_are_taken(tmp_path):
    path = edited(tmp_path, "angle_deg = 5.0", "angle_deg = 2.0")
    path.write_text(path.read_text("utf-8").replace("to_m = 9.0", "to_m = 12.0"), "utf-8")
    policy = load_audit_policy(path)
    assert (policy.approval.angle_deg, policy.bands[1].to_m) == (2.0, 12.0)


@pytest.mark.parametrize(("old", "new"), [("to_m = 9.0", "to_m = 2.0"), ('name = "above"', 'name = "above"\nto_m = 99.0')])
def test_that_bands_out_of_order_or_with_an_end_are_refused(tmp_path, old, new):
    with pytest.raises(InputError, match="Height bands"):
        load_audit_policy(edited(tmp_path, old, new))


def test_that_a_file_without_words_for_no_answer_adds_none(tmp_path):
    path = edited(tmp_path, "no_answer = []\n", "")
    assert load_audit_policy(path) == load_audit_policy()
