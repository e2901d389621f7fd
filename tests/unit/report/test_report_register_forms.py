"""The register in the forms of cities and states: their sheets and headings, nothing invented, nothing of unknown owners."""

from dataclasses import replace

import openpyxl
import pytest
from report_factory import a_check, a_project

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.rules.forms import COUNT, VALUES, FormField, FormSheet, RegisterForm, forms_for
from lhasaplan.errors import InputError
from lhasaplan.io.content.papers import load_register_forms
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.register import register_entries, rows_of, write_form, write_register

FORMS = {form.name: form for form in load_register_forms()}
# The bulk form of Amsterdam's register, heading by heading, as its source compares them.
HEAD = (
    *("Naam organisatie/bedrijf", "Postcode", "Huisnummer", "Toevoeging (niet verplicht)", "Straatnaam", "Plaatsnaam", "E-mail"),
    *("Telefoonnummer", "KVK-nummer (niet verplicht)", "Website (niet verplicht)", "Voornaam"),
    *("Tussenvoegsel (niet verplicht)", "Achternaam"),
)
SENSORS = (
    *("Referentie", "Kies soort / type sensor", "Latitude", "Longitude", "In welk gebied bevindt zich de mobiele sensor?"),
    *("Wat meet de sensor?", "Waarvoor meet u dat?", "Thema 1", *(f"Thema {n} (niet verplicht)" for n in range(2, 9))),
    *("Worden er persoonsgegevens verwerkt?", "Wettelijke grondslag", "Privacyverklaring"),
    *("Wanneer wordt de sensor verwijderd?", "Opmerking (niet verplicht)", "Project"),
)


def entry(camera_id, **values):
    return {**dict.fromkeys(VALUES), "id": camera_id, "status": "operating", **values}


def cells(path, sheet):
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].values]


def test_that_the_values_a_form_may_name_are_those_of_the_register():
    assert all(tuple(one) == VALUES for one in register_entries(a_project(), a_check()))


def test_that_the_workbook_of_amsterdam_has_its_sheets_and_headings(tmp_path):
    given = [entry("K1", operator="Waternet", lat=52.37, lon=4.89, purpose="sluice", end_date="2028-01-01", contact="info@w.nl")]
    (path,) = write_form(FORMS["amsterdam"], given, tmp_path, "2026-05-01")
    assert path.name == "register-amsterdam-01-waternet.xlsx"
    head = cells(path, "Uw gegevens")
    assert tuple(row[0] for row in head) == HEAD
    assert {row[0]: row[1] for row in head if row[1]} == {"Naam organisatie/bedrijf": "Waternet", "E-mail": "info@w.nl"}
    headings, row = cells(path, "Sensorregistratie")
    assert tuple(headings) == SENSORS
    said = {heading: value for heading, value in zip(headings, row, strict=True) if value not in {None, ""}}
    assert said == {
        **{"Referentie": "K1", "Kies soort / type sensor": "Optische / camera sensor", "Latitude": 52.37, "Longitude": 4.89},
        **{"Wat meet de sensor?": "Camerabeelden", "Waarvoor meet u dat?": "sluice"},
        **{"Worden er persoonsgegevens verwerkt?": "Ja", "Wanneer wordt de sensor verwijderd?": "2028-01-01"},
    }


def test_that_each_body_has_a_workbook_of_its_own_cameras_and_unknown_owners_none(tmp_path):
    given = [entry("1", operator="North"), entry("2", operator="South"), entry("3", operator="North"), entry("4", operator="")]
    paths = write_form(FORMS["amsterdam"], given, tmp_path, "")
    assert [path.name for path in paths] == ["register-amsterdam-01-north.xlsx", "register-amsterdam-02-south.xlsx"]
    assert [[row[0] for row in cells(path, "Sensorregistratie")[1:]] for path in paths] == [["1", "3"], ["2"]]


def test_that_planned_and_removed_cameras_are_in_no_form(tmp_path):
    given = [entry("1", operator="North", status="planned"), entry("2", operator="North", status="removed")]
    assert not [path for form in FORMS.values() for path in write_form(form, given, tmp_path, "")]


def test_that_the_public_list_of_france_has_a_row_an_authorisation(tmp_path):
    one = {"authorisation": "2024-17", "operator": "Ville", "retention_days": 30}
    given = [
        entry("1", name="Gare", **one),
        entry("2", name="Pont", **one),
        entry("3", name="Port", **{**one, "authorisation": "2025-2"}),
    ]
    (path,) = write_form(FORMS["france"], given, tmp_path, "")
    headings, *rows = cells(path, "Liste publique")
    at = {heading: column for column, heading in enumerate(headings)}
    shown = [[row[at[h]] for h in ("Autorisation", "Nombre de caméras", "Lieux", "Conservation (jours)")] for row in rows]
    assert shown == [["2024-17", 2, "Gare; Pont", 30], ["2025-2", 1, "Port", 30]]


def test_that_several_days_of_retention_stand_in_one_cell_as_a_reader_writes_them_the_fewest_first(tmp_path):
    one = {"authorisation": "2024-17", "operator": "Ville"}
    given = [entry(str(n), name="Gare", **one, retention_days=days) for n, days in enumerate((30.0, 7.0, 30.0, 2.5))]
    (path,) = write_form(FORMS["france"], given, tmp_path, "")
    headings, row = cells(path, "Liste publique")
    assert row[headings.index("Conservation (jours)")] == "2.5; 7; 30"


def test_that_the_chain_of_dtpr_has_its_categories_and_leaves_the_choice_of_technology_to_the_office(tmp_path):
    given = [entry("1", operator="City", purpose="traffic", lat=39.29, lon=-76.61, class_px_m=125.0, retention_days=14)]
    (path,) = write_form(FORMS["dtpr"], given, tmp_path, "")
    headings, row = cells(path, "Sensor")
    categories = {"Accountable", "Purpose", "Technology", "Data", "Process", "Access", "Storage", "Retention (days)"}
    said = {heading: value for heading, value in zip(headings, row, strict=True) if heading in categories and value}
    assert categories < set(headings)
    assert said == {"Accountable": "City", "Purpose": "traffic", "Data": "Pixel-based Image", "Retention (days)": 14}


def test_that_a_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    (path,) = write_form(FORMS["france"], [entry("1", name="=1+1")], tmp_path, "")
    sheet = openpyxl.load_workbook(path)["Liste publique"]
    assert [cell.data_type for cell in sheet[2] if cell.value == "=1+1"] in ([], ["s"])


def test_that_the_packs_of_the_project_say_which_forms_are_written(tmp_path):
    forms = forms_for(FORMS.values(), ["eu-gdpr", "fr-csi"])
    assert [form.name for form in forms] == ["france"]
    names = [path.name for path in write_register(a_project(), a_check(), tmp_path, Translations(), DraftOrder(forms=forms))]
    assert names == ["register.csv", "register.json", "register-france.xlsx"]
    assert not forms_for(FORMS.values(), ["eu-gdpr"])


def test_that_an_export_of_a_dutch_project_has_the_form_and_a_public_one_names_no_body(tmp_path):
    project = replace(a_project(), packs=("nl-gemeentewet",))
    names = {}
    for level in ("internal", "public"):
        written = workflow.export(
            open_services(), project, a_check(), ("register",), tmp_path / level, language="en", level=level
        )
        names[level] = sorted(path.name for path in written)
    own = {"register.csv", "register.json"}
    assert set(names["internal"]) - own == {"register-amsterdam-01-works-department.xlsx"}
    assert set(names["public"]) == own


def test_that_a_form_with_wrong_names_is_refused_with_all_of_them(tmp_path):
    (tmp_path / "a.toml").write_text(
        'name = "a"\npacks = ["x"]\nstatuses = ["operating"]\none_file_for = "owner"\n[[sheets]]\nname = "a/b"\n'
        'fields = [{ heading = "H", first_of = ["latitude"] }, { heading = "G", text = "x", first_of = ["id"] }]\n'
    )
    with pytest.raises(InputError) as caught:
        load_register_forms(tmp_path)
    text = str(caught.value)
    assert all(word in text for word in ("latitude is no value of the register", "the field G has a text", "owner", "a.toml"))


def test_that_a_row_for_several_cameras_names_each_value_once():
    sheet = FormSheet("s", (FormField("n", (COUNT,)), FormField("p", ("purpose",))), one_row_for=("operator",))
    given = [entry(str(n), operator="A", purpose=purpose) for n, purpose in enumerate(("x", "y", "x"))]
    assert rows_of(sheet, given) == [["n", "p"], [3, "x; y"]]
    assert RegisterForm("f", (), (), (sheet,)).one_file_for == ""


def test_that_a_value_that_is_told_comes_before_one_that_is_withheld():
    sheet = FormSheet("s", (FormField("place", ("name", "id")),))
    assert rows_of(sheet, [entry("camera-0001", name="withheld")]) == [["place"], ["camera-0001"]]
