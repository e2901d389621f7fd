"""A mandate file: every fault of it at once, with file and key."""

from dataclasses import replace
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import NO_ANSWER
from lhasaplan.core.project.decisions import Confirmation, Mandate, missing_fields, stands_for
from lhasaplan.core.rules.pack import mandate_gaps
from lhasaplan.errors import InputError
from lhasaplan.io.content.packs import read_mandate, write_mandate
from lhasaplan.io.content.policy_files import load_audit_policy

EXAMPLE = content_folder("data").parent / "docs" / "mandate-example.toml"


def read(folder, text):
    path = folder / "mandate.toml"
    path.write_text(text, encoding="utf-8")
    return read_mandate(path)


def faults(folder, text):
    with pytest.raises(InputError) as raised:
        read(folder, text)
    return [str(fault) for fault in raised.value.faults]


def test_that_the_example_is_whole():
    mandate = read_mandate(EXAMPLE)
    assert missing_fields(mandate) == ()
    assert mandate_gaps(mandate, "2026-11-25") == ()
    assert shapely.from_wkt(mandate.building_extent_wkt).covers(shapely.from_wkt(mandate.plan_area_wkt))


def test_that_a_missing_key_is_a_gap_of_the_gate_and_no_fault_of_the_file(tmp_path):
    mandate = read(tmp_path, 'controller = "Town"\n')
    assert (mandate.controller, len(missing_fields(mandate))) == ("Town", 8)


def test_that_all_faults_come_at_once(tmp_path):
    text = 'controler = "Town"\npurposes = "traffic"\nretention_days = "three"\n'
    text += 'impact_assessment_date = "May"\nplan_area_wkt = "here"\n'
    assert faults(tmp_path, text) == [
        "mandate.toml, purposes: traffic must be a list in square brackets.",
        "mandate.toml, impact_assessment_date: May is not a date of the form YYYY-MM-DD.",
        "mandate.toml, retention_days: three must be a number.",
        "mandate.toml, plan_area_wkt: This is not a valid WKT polygon in longitude and latitude.",
        "mandate.toml, controler: This key is not known.",
    ]


def test_that_a_date_may_be_written_as_toml_writes_dates(tmp_path):
    assert read(tmp_path, "impact_assessment_date = 2026-03-10\n").impact_assessment_date == "2026-03-10"


@pytest.mark.parametrize("value", ["2026-02-30", "2026-3-1", "20260301"])
def test_that_a_day_that_is_none_is_refused(tmp_path, value):
    assert faults(tmp_path, f'date = "{value}"\n')


def test_that_whole_days_and_parts_of_days_are_numbers(tmp_path):
    assert read(tmp_path, "retention_days = 3\n").retention_days == 3.0
    assert read(tmp_path, "retention_days = 0.5\n").retention_days == 0.5


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "true"])
def test_that_a_retention_that_is_no_number_of_days_is_refused(tmp_path, value):
    assert faults(tmp_path, f"retention_days = {value}\n")


def test_that_a_plan_area_in_metres_is_refused(tmp_path):
    assert faults(tmp_path, 'plan_area_wkt = "POLYGON ((385000 6671000, 386000 6671000, 386000 6672000, 385000 6671000))"\n')


def test_that_what_is_written_is_read_again(tmp_path):
    for stated in (GOOD, Mandate(), replace(GOOD, controller='Stadt "Ü" \\ 市', purposes=("a", 'b "c"'), retention_days=0.0)):
        write_mandate(tmp_path / "written.toml", stated)
        assert read_mandate(tmp_path / "written.toml") == stated


def test_that_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml: The file cannot be read"):
        read_mandate(tmp_path / "nowhere.toml")


GOOD = read_mandate(EXAMPLE)
TODAY = "2026-11-25"
TEXTS = [name for name in missing_fields(None) if name not in ("retention_days", "impact_assessment_date", "purposes")]
NOTHING = [
    "n/a",
    "N.A.",
    "none",
    "tbd",
    "T.B.D.",
    "unknown",
    "Unknown (tbd)",
    "keine",
    "keine Angabe",
    "néant",
    "无",
    "待定",
    "x x",
]
NOTHING += ["not known", "non renseigné", "k.a.", "unbekannt / offen", "— n/a —", "unkn\u043ewn", "ｎ／ａ", "нет", "없음", "12"]
NOTHING += [
    "non applicable",
    "N. N.",
    "no aplica",
    "não se aplica",
    "نامشخص",
    "لا يوجد",
    "לא ידוע",
    "ไม่มี",
    "không có",
    "該当なし",
    "해당 없음",
]


def gaps(**values):
    return [template.format(**params) for template, params in mandate_gaps(replace(GOOD, **values), TODAY)]


@pytest.mark.parametrize("key", TEXTS)
@given(st.sampled_from(NOTHING), st.sampled_from(["{}", " {} ", "({})", "{}."]))
def test_that_a_word_for_having_no_answer_is_refused_with_its_key(key, word, dress):
    (said,) = gaps(**{key: dress.format(word)})
    assert f"for {key}. That is not an answer" in said


def test_that_one_purpose_that_says_nothing_is_refused_beside_a_good_one():
    assert len(gaps(purposes=("safety of crossings", "tbd"))) == 1


@pytest.mark.parametrize(
    "text", ["None Road Residents' Board", "Office of Unknown Soldier Square", "无锡市政府", "CNIL", "Ofen, town of"]
)
def test_that_an_answer_with_such_a_word_in_it_is_an_answer(text):
    assert gaps(controller=text) == []


def test_that_all_that_cannot_be_is_refused_at_once_each_with_its_key():
    said = gaps(controller="n/a", retention_days=1_000_000.0, impact_assessment_date="0001-01-01", date="2099-01-01")
    assert said == [
        "The mandate says “n/a” for controller. That is not an answer.",
        "retention_days of the mandate is 1000000; the loaded limits allow 365 days at most.",
        "impact_assessment_date of the mandate is 0001-01-01, more than 5 years ago. Renew it.",
        "date of the mandate is 2099-01-01, a date in the future.",
    ]


@given(st.dates())
def test_that_only_an_assessment_of_the_last_years_counts(day):
    assert (gaps(impact_assessment_date=day.isoformat()) == []) == (date(2021, 11, 25) <= day <= date(2026, 11, 25))


def test_that_the_retention_of_a_loaded_pack_is_the_most():
    assert mandate_gaps(replace(GOOD, retention_days=30.0), TODAY, retention_days=30.0) == ()
    ((_, params),) = mandate_gaps(replace(GOOD, retention_days=30.5), TODAY, retention_days=30.0)
    assert params == {"days": "30.5", "most": "30"}


def test_that_words_of_the_tables_count_and_none_is_taken_away_by_data():
    rules = load_audit_policy().mandate
    assert {"nr", "nd", "ka", "keineangabe"} <= rules.no_answer
    assert rules.no_answer >= NO_ANSWER


@pytest.mark.parametrize("line", ["most_retention_days = 366", "assessment_years = 6", "mandate_years = 21"])
def test_that_data_may_tighten_what_a_mandate_says_and_never_loosen_it(line, tmp_path):
    shipped = (content_folder("data") / "audit.toml").read_text(encoding="utf-8")
    key = line.split()[0]
    changed = "\n".join(line if row.startswith(key) else row for row in shipped.split("\n"))
    (tmp_path / "audit.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match=key):
        load_audit_policy(tmp_path / "audit.toml")


def test_that_a_decision_without_an_answer_is_no_decision():
    whole = Confirmation("p", "crossings", "two collisions", "longer green came first", "A. Example", "2026-04-20")
    assert whole.is_grounded
    assert not any(replace(whole, **{key: "n/a"}).is_grounded for key in ("purpose", "reason", "milder_means", "by"))
    assert not stands_for("unknown", "2026-04-20")
