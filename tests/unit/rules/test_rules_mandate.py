"""A mandate file: every fault of it at once, with file and key."""

import pytest
import shapely

from lhasaplan.content import content_folder
from lhasaplan.core.mandate import missing_fields
from lhasaplan.core.mandate_check import mandate_gaps
from lhasaplan.errors import InputError
from lhasaplan.io.mandate import read_mandate

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


def test_that_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml: The file cannot be read"):
        read_mandate(tmp_path / "nowhere.toml")
