"""What parts rest on, what would serve them, other mitigations and necessity figures: the same in every readable draft."""

import json
from dataclasses import replace

import openpyxl
import pyogrio
import pytest
from amounts import some_by_day
from assessment_values import assessment_json
from map_areas import features
from report_factory import EVIL, X, Y, a_check, a_part, a_project, an_assessment

from lhasaplan.core.audit.totals import sums_of
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Status
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.draft_facts import of_area
from lhasaplan.report.chapters.motions import council_motions
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan
from lhasaplan.report.documents.camera_pages import compose_camera_pages
from lhasaplan.report.documents.letter import compose_letters
from lhasaplan.report.facts.necessity import in_view_text, mitigation_grid
from lhasaplan.report.facts.summary import summarise
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import page
from lhasaplan.report.formats.xlsx import write_xlsx

CHECK = a_check(totals={**an_assessment().totals, "parts_by": sums_of((a_part(),))})
TURN = "Turn camera cam-1 to 102.5 degrees (a turn of 12.5 degrees)."
OTHERS = "Also ends it, computed: Remove the camera. Turn the camera to 121.5 degrees (a turn of 31.5 degrees). It keeps 88 %"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path, *_ = write_xlsx(a_project(), CHECK, tmp_path_factory.mktemp("book"), Translations())
    return openpyxl.load_workbook(path)


def rows(book, sheet):
    head, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


@pytest.fixture(scope="module")
def plan():
    return compose_plan(a_project(), CHECK, Translations()).text()


def test_that_what_would_serve_a_part_is_the_same_in_json_workbook_and_plan(book, plan):
    [part] = assessment_json(CHECK)["parts"]
    sheet = rows(book, "what would serve")
    assert [row["Share served then"] for row in sheet] == [each["share_after"] for each in part["service"]] == [0.95, 0.88]
    assert [row["no part asks for then (m²)"] for row in sheet] == [280.4, 120.0]
    named = TURN.replace("cam-1", f"“1 · {EVIL}”")
    assert sheet[0]["What would serve it"] == named
    assert f"Bridge {EVIL} | {named} | 0.950 | met | homes: note 2 | 280.4" in plan
    assert "A new camera on the facade of way/3 14.2 m away" in plan


def test_that_a_part_says_who_shows_it_and_what_stands_in_the_way(book, plan):
    shown = "86 % at the needed density, 90 % at 25 px/m, best density 120 px/m. With planned camera “P1 · Camera”: "
    assert f"1 · {EVIL}: {shown}" in plan
    assert "behind a building way/1 (2), out of the angle of view (1)" in plan
    views = [(row["Camera"], row["State"], row["Share at the needed density"]) for row in rows(book, "views of parts")]
    assert views == [("cam-1", "operating", 0.857), ("plan-1", "planned", 0.5)]


def test_that_a_part_that_nothing_would_serve_says_how_much_was_tried():
    none = replace(CHECK, parts=(replace(a_part(), service=()),))
    text = compose_plan(a_project(), none, Translations()).text()
    assert "21 changes were computed, and none would serve it (turn the camera 12, a new camera 9)." in text


def test_that_verdicts_are_summed_before_and_after(book, plan):
    [category, area, responsible] = rows(book, "sums")
    assert (category["Name"], category["partial, today"], category["met, with planned"]) == ("bridge", 1, 1)
    assert (area["Name"], responsible["Name"]) == ("not known", "not known")
    assert "Category | bridge | 1 | partial 1 | met 1" in plan


def test_that_other_mitigations_stand_in_audit_page_letter_and_workbook(book):
    for draft in (compose_audit, compose_camera_pages):
        text = draft(a_project(), CHECK, Translations()).text()
        assert OTHERS in text
        assert "May also end it, not computed: End the need" in text
    letter = compose_letters(a_project(), CHECK, Translations())[0].draft.text()
    assert "Or: Remove the camera. Or: Turn the camera to 121.5 degrees" in letter
    assert "End the need" not in letter
    assert [(row["Rank"], row["Was computed"]) for row in rows(book, "other remedies")] == [
        (1, "not computed"),
        (2, "computed"),
        (3, "computed"),
    ]


def test_that_necessity_figures_agree_in_json_workbook_audit_page_and_plan(book, plan):
    reported = assessment_json(CHECK)["cameras"][0]["necessity"]
    [row] = [row for row in rows(book, "necessity") if row["Camera"] == "cam-1"]
    assert row["no part asks for (%)"] == round(100 * reported["unasked_share"]) == 38
    assert row["in range at night (%)"] == 100 * reported["night_share"] == 25
    assert row["Homes in view"] == "due 2, note 1"
    assert "86 % served" in row["Lost without this camera"]
    assert row["Milder camera for the same"] == "node/42"
    assert "No confirmed part asks for 38 % of what it can see." in compose_audit(a_project(), CHECK, Translations()).text()
    for draft in (compose_audit, compose_camera_pages):
        text = draft(a_project(), CHECK, Translations()).text()
        assert "25 % of it is within range at night. Lost without it:" in text
        assert "Camera 2 · Camera alone serves the same parts and can see less of protected places." in text
    assert f"1 · {EVIL} | operating | 800 | 38 | 25 | due 2, note 1 | – |" in plan


def test_that_the_map_package_has_an_option_where_its_camera_stands(tmp_path):
    [path] = write_gpkg(a_project(), CHECK, tmp_path, Translations())
    layer = pyogrio.read_dataframe(path, layer="service")
    assert list(layer.action) == ["turn", "new"]
    assert list(zip(layer.share_after, layer.unasked_m2, strict=True)) == [(0.95, 280.4), (0.88, 120.0)]
    assert (layer.geometry.x[0], layer.geometry.y[0]) == (X, Y)


def test_that_a_council_is_told_shares_and_milder_cameras():
    text = compose_audit(a_project(), CHECK, Translations()).text() + "\n".join(
        each.text for each in council_motions(CHECK, Translations())
    )
    assert "Share of the certain ground that no confirmed part asks for | 74 %" in text
    assert "(1): it serves the same parts and can see less of protected places." in text


def test_that_the_map_says_what_would_serve_a_part_and_names_no_building_in_the_way():
    text = page(a_project(), CHECK, Translations())
    reported = "\n".join(each["properties"]["text"] for each in features(text))
    # What it costs stands beside what it serves.
    assert "Then served: 95 %. Ground that no part asks for: 280 m². Protected places in view: homes: note 2." in reported
    assert "behind a building (2)" in reported
    assert '<td class="text">partial 1</td><td class="text">met 1</td>' in text


# By day one of them: that no translation is missing is held without a draft (test_report_translations.py).
@pytest.mark.parametrize("language", some_by_day(("fr", "zh_CN", "de"), {"zh_CN"}))
def test_that_every_word_of_the_evidence_is_translated(language):
    text = compose_plan(a_project(), CHECK, load_translations(language)).text()
    for english in ("Turn camera", "served then", "Shown by", "Summed by", "Lost without", "computed", "behind a"):
        assert english not in text


def test_that_an_audit_outside_the_gate_has_no_word_of_service():
    audit = an_assessment()
    assert "would serve" not in compose_audit(a_project(), audit, Translations()).text()
    assert "would serve" not in json.dumps(assessment_json(audit))
    assert "would serve" not in page(a_project(), audit, Translations())


def test_that_who_answers_for_a_part_is_named_in_the_reader_s_language():
    owned = replace(a_part(), part=replace(a_part().part, responsible="road authority"))
    terms = {**CHECK.terms, "responsible:road authority": {"en": "road authority", "fr": "gestionnaire de la voirie"}}
    check = replace(CHECK, parts=(owned,), terms=terms, totals={**CHECK.totals, "parts_by": sums_of((owned,))})
    text = compose_plan(a_project(), check, load_translations("fr")).text()
    assert "gestionnaire de la voirie" in text
    assert "road authority" not in text


def test_that_the_draft_of_an_area_sums_the_ground_that_its_cameras_can_see():
    cameras = tuple(replace(result, area_names=("North",)) for result in CHECK.cameras)
    check = replace(CHECK, cameras=cameras)
    lines = {line.key: line.value for line in summarise(of_area(check, "North"))}
    today = [result for result in cameras if result.placed.camera.status is Status.OPERATING]
    assert 0 < len(today) < len(cameras)
    assert lines["seen_summed_m2"] == pytest.approx(sum(result.area_m2 for result in today), abs=0.1)
    assert lines["unasked_summed_m2"] == pytest.approx(sum(result.unasked_m2 for result in today), abs=0.1)
    assert "area_seen_certain_m2" not in lines  # of the whole city it is known, of an area it is not
    assert (
        "Ground that they can see for certain" not in compose_plan(a_project(), check, Translations(), DraftOrder("North")).text()
    )


def test_that_what_may_only_be_in_view_is_never_counted_as_a_fact():
    view = CHECK.cameras[0].sightings[0]
    assumed = replace(view, basis="assumed", places_by_grade={"error": 1})
    both = replace(CHECK.cameras[0], sightings=(view, assumed))
    assert in_view_text(both, "home", Translations()) == "due 2, note 1; possibly up to: severe 1"
    assert in_view_text(replace(both, sightings=(assumed,)), "home", Translations()) == "possibly up to: severe 1"
    assert in_view_text(replace(both, sightings=()), "home", Translations()) == "–"


def test_that_remedies_have_no_column_of_zeros():
    grid = mitigation_grid(CHECK, Translations())
    assert grid.rows
    assert all(any(row[column] != "0" for row in grid.rows) for column in range(1, len(grid.headings)))
    assert {len(row) for row in grid.rows} == {len(grid.headings)} == {len(grid.widths)}
