"""Packs are data: what is wrong with one is said by file and key, and nothing may loosen the core."""

import re
import shutil
from dataclasses import replace

import pytest
import samples
from pydantic import TypeAdapter, ValidationError

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import SPOKEN, SpokenLanguage
from lhasaplan.core.gate.decide import NO_PLANNING_PACK
from lhasaplan.core.gate.planning_ground import OUTLINES_SHA256
from lhasaplan.core.rules.pack import How, Thresholds, loosened
from lhasaplan.errors import InputError
from lhasaplan.io.content.packs import available_packs, load_packs, load_shipped, outlines_sha256, table_text
from lhasaplan.io.parse.validation import Texts

SHIPPED = ("eu-gdpr", "cn-limits", "municipal-safety")

MADE_UP = """
name = "moon-law"
version = "1"
planning = "yes"
countries = ["999"]
authorities = ["Crater Board"]
[title]
en = "Moon"
zh_CN = "月球"
fr = "Lune"
"""

ARTICLE = """
[[articles]]
number = "Moon 1"
how = "computed"
mark = "P"
findings = ["view_home"]
term = { en = "No crater", zh_CN = "无", fr = "Aucun" }
"""


def write(folder, text, name="moon-law"):
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder, text, name="moon-law"):
    with pytest.raises(InputError) as raised:
        load_packs([name], write(folder, text, name))
    return [str(fault) for fault in raised.value.faults]


def edited(folder, before, after, name="eu-gdpr"):
    text = (content_folder("data") / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    assert before in text
    return write(folder, text.replace(before, after), name)


@pytest.mark.parametrize("name", available_packs())
def test_that_every_shipped_pack_is_valid_sealed_and_unchanged(name):
    (pack,) = load_packs([name])
    assert (pack.shipped, pack.changed) == (True, False), "run python tools/write_planning_terms.py"


def test_that_the_table_of_terms_is_what_the_packs_say_and_the_core_knows_it():
    text = (content_folder("data") / "planning_terms.toml").read_bytes().replace(b"\r\n", b"\n").decode()
    assert text == table_text(load_packs(available_packs())), "run python tools/write_planning_terms.py"
    assert set(load_shipped()) == set(available_packs()), "set PLANNING_TERMS_SHA256 in core/gate/planning_ground.py"
    assert outlines_sha256(content_folder("data").parent) == OUTLINES_SHA256, "set it in core/gate/planning_ground.py"


def test_that_packs_come_in_the_order_asked_for_and_once():
    assert [pack.name for pack in load_packs(["municipal-safety", "eu-gdpr", "municipal-safety"])] == [
        "municipal-safety",
        "eu-gdpr",
    ]


def test_that_an_unknown_name_is_told_what_there_is():
    with pytest.raises(InputError) as raised:
        load_packs(["eu-gdpr", "atlantis", "mu"])
    assert [fault.params["pack"] for fault in raised.value.faults] == ["atlantis", "mu"]
    assert "cn-limits" in str(raised.value)


def test_that_the_three_packs_plan_as_the_rules_say():
    assert [pack.planning for pack in load_packs(SHIPPED)] == ["yes", "never", "duties"]


def test_that_no_law_cites_nothing_and_lets_nobody_plan_alone_or_with_duties():
    hilltown = samples.sample("hilltown")
    for packs in (("no-law",), ("no-law", "municipal-safety")):
        checked = workflow.check(open_services(), replace(hilltown, packs=packs))
        assert not checked.gate.open
        assert NO_PLANNING_PACK in [template for template, _ in checked.gate.missing]
        assert checked.parts is None
        assert {each.pack for each in checked.findings} <= {"", *packs[1:]}  # the duties pack cites its own policy
        assert {each.kind for each in checked.findings} >= {"view_home", "view_protected"}


def test_that_no_law_beside_a_law_takes_nothing_from_it():
    """It is the absence of rules and forbids nothing: the pack that is the law there decides."""
    hilltown = samples.sample("hilltown")
    beside = workflow.check(open_services(), replace(hilltown, packs=(*hilltown.packs, "no-law")))
    assert beside.gate == samples.checked().gate
    assert {each.article for each in beside.findings} == {each.article for each in samples.checked().findings}


def test_that_a_made_up_pack_loads_and_is_not_shipped(tmp_path):
    (pack,) = load_packs(["moon-law"], write(tmp_path, MADE_UP + ARTICLE))
    assert (pack.shipped, pack.changed, pack.articles[0].how) == (False, False, How.COMPUTED)


def test_that_an_edited_pack_is_called_changed(tmp_path):
    (pack,) = load_packs(["eu-gdpr"], edited(tmp_path, "retention_reason_days = 3.0", "retention_reason_days = 2.0"))
    assert (pack.shipped, pack.changed, pack.thresholds.retention_reason_days) == (True, True, 2.0)


def test_that_a_row_in_the_table_of_languages_is_all_that_a_text_needs_to_have_one_more(monkeypatch):
    text = {"en": "Moon", "zh_CN": "月球", "fr": "Lune", "it": "Luna"}
    with pytest.raises(ValidationError, match=r"\nit\n"):
        TypeAdapter(Texts).validate_python(text)
    monkeypatch.setitem(SPOKEN, "it", SpokenLanguage("Italiano", "it", "it-IT"))
    assert TypeAdapter(Texts).validate_python(text) == {**text, "de": "Moon"}


def test_that_windows_line_ends_are_no_change(tmp_path):
    text = (content_folder("data") / "rules" / "eu-gdpr.toml").read_bytes().replace(b"\r\n", b"\n")
    (tmp_path / "eu-gdpr.toml").write_bytes(text.replace(b"\n", b"\r\n"))
    assert not load_packs(["eu-gdpr"], tmp_path)[0].changed


@pytest.mark.parametrize(
    ("key", "looser", "tighter"),
    [
        ("note_px_m", 25.1, 20.0),
        ("due_px_m", 62.6, 40.0),
        ("error_px_m", 126.0, 100.0),
        ("frontage_m", 1.5, 0.5),
        ("unasked_distance_m", 11.0, 5.0),
    ],
)
def test_that_a_pack_may_tighten_and_never_loosen(tmp_path, key, looser, tighter):
    (said,) = faults(tmp_path, MADE_UP + f"[thresholds]\n{key} = {looser}\n")
    assert said.startswith(f"moon-law.toml, thresholds.{key}: {looser} is looser than the")
    (pack,) = load_packs(["moon-law"], write(tmp_path, MADE_UP + f"[thresholds]\n{key} = {tighter}\n"))
    assert getattr(pack.thresholds, key) == tighter


def test_that_every_loosened_figure_is_named_at_once(tmp_path):
    assert len(faults(tmp_path, MADE_UP + "[thresholds]\nnote_px_m = 30.0\ndue_px_m = 70.0\n")) == 2


@pytest.mark.parametrize("value", ["nan", "inf", "-1.0"])
def test_that_a_threshold_is_a_finite_number(tmp_path, value):
    assert faults(tmp_path, MADE_UP + f"[thresholds]\nnote_px_m = {value}\n")


def test_that_nan_is_looser_than_anything():
    assert loosened(Thresholds(note_px_m=float("nan"))) == ("note_px_m",)


def test_that_all_faults_of_a_file_come_at_once_with_their_key(tmp_path):
    text = MADE_UP.replace('version = "1"', 'version = 1\nscore = "high"') + ARTICLE.replace('"P"', '"X"').replace(
        "fr = ", "la = "
    )
    assert faults(tmp_path, text) == [
        "moon-law.toml, version: 1 must be text in quotes.",
        "moon-law.toml, articles[Moon 1].term.fr: This key is missing.",
        "moon-law.toml, articles[Moon 1].term.la: This key is not known.",
        "moon-law.toml, articles[Moon 1].mark: X must be one of 'V', 'M', 'U' or 'P'.",
        "moon-law.toml, score: This key is not known.",
    ]


def test_that_an_article_out_of_reach_needs_a_reason(tmp_path):
    assert faults(tmp_path, MADE_UP + ARTICLE.replace("computed", "out_of_reach")) == [
        "moon-law.toml, articles[Moon 1]: An article out of reach needs a reason."
    ]


def test_that_a_finding_must_exist(tmp_path):
    (said,) = faults(tmp_path, MADE_UP + ARTICLE.replace("view_home", "view_neighbourhood"))
    assert said == "moon-law.toml, articles[Moon 1].findings[0]: No finding is called view_neighbourhood."


def test_that_an_article_is_given_once(tmp_path):
    assert faults(tmp_path, MADE_UP + ARTICLE + ARTICLE) == ["moon-law.toml: Given twice: Moon 1."]


def test_that_a_planning_pack_without_authority_is_refused(tmp_path):
    assert faults(tmp_path, MADE_UP.replace('"Crater Board"', "")) == [
        "moon-law.toml: A planning pack needs countries and supervisory authorities."
    ]


def test_that_a_pack_is_called_as_its_file(tmp_path):
    assert faults(tmp_path, MADE_UP, "eu-gdpr") == [
        "eu-gdpr.toml, name: The pack calls itself moon-law, but its file is called eu-gdpr."
    ]


def test_that_a_file_that_is_no_toml_is_named(tmp_path):
    (said,) = faults(tmp_path, "name = ")
    assert said.startswith("moon-law.toml: The file is not valid TOML")


@pytest.mark.parametrize("condition", ["religion=buddhist", "Religion=x|y", "religion=*"])
def test_that_no_category_may_ask_for_religion(tmp_path, condition):
    text = (content_folder("data") / "rules" / "municipal-safety.toml").read_text(encoding="utf-8")
    (said,) = faults(tmp_path, text.replace("railway=level_crossing", condition), "municipal-safety")
    assert re.search(r"categories\[\w+\]\.match\[0\]\[0\]: The tag religion is never read; ", said)


@pytest.mark.parametrize("density", [125.0, 250.0, 0.0])
def test_that_the_recognition_class_is_no_default(tmp_path, density):
    text = (content_folder("data") / "rules" / "municipal-safety.toml").read_text(encoding="utf-8")
    assert faults(tmp_path, text.replace("density_px_m = 12.5", f"density_px_m = {density}"), "municipal-safety")


def test_that_an_edited_table_is_no_table(tmp_path):
    table = tmp_path / "planning_terms.toml"
    shutil.copy(content_folder("data") / "planning_terms.toml", table)
    assert set(SHIPPED) <= set(load_shipped(table))
    table.write_text(table.read_text(encoding="utf-8").replace('planning = "never"', 'planning = "yes"'), encoding="utf-8")
    assert load_shipped(table) == {}


def test_that_a_missing_table_is_no_table(tmp_path):
    assert load_shipped(tmp_path / "planning_terms.toml") == {}


def test_that_the_limits_pack_hides_positions_and_carries_its_cautions():
    (pack,) = load_packs(["cn-limits"])
    assert pack.public_precision_deg == 0.01
    assert set(pack.cautions) == {"caveat", "removal", "auditor_safety", "no_oversight"}
    assert not pack.categories
    assert not pack.authorities


@pytest.mark.parametrize("line", ["", "public_precision_deg = 0.001"])
def test_that_the_limits_pack_cannot_be_edited_to_show_positions(tmp_path, line):
    edited(tmp_path, "public_precision_deg = 0.01", line, "cn-limits")
    with pytest.raises(InputError, match="positions may only be made coarser"):
        load_packs(["cn-limits"], tmp_path)


def test_that_positions_may_be_made_coarser(tmp_path):
    edited(tmp_path, "public_precision_deg = 0.01", "public_precision_deg = 0.1", "cn-limits")
    assert load_packs(["cn-limits"], tmp_path)[0].public_precision_deg == 0.1


def test_that_duties_ask_for_the_lowest_class_that_serves():
    (pack,) = load_packs(["municipal-safety"])
    assert {category.required.density_px_m for category in pack.categories} <= {12.5, 25.0}
    assert len(pack.categories) >= 11
