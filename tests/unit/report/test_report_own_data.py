"""Data of the program that are not as shipped are named on every output."""

import json
import shutil
import subprocess
import zipfile

import pytest
from amounts import some_by_day
from report_factory import a_check, a_project, a_project_of_three

from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import DataState, Translations
from lhasaplan.core.model.file_kinds import FORMATS, PAPER_FORMATS
from lhasaplan.io.content.catalogue import sealed_lines
from lhasaplan.io.content.papers import load_dossiers
from lhasaplan.ports import DraftOrder
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.formats.xlsx import write_xlsx
from lhasaplan.report.text.words import DATA_CHANGED, FICTITIOUS, OWN_BUILD, banners

CHANGED = "data/cameras/classes.toml"
CHECK = a_check(data=DataState((CHANGED,), own_build=True))


def text_of(path):
    """Everything that a file says, roughly: the XML of packed formats, bytes of others."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return "".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist() if name.endswith(".xml"))
    if path.suffix == ".pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed, so a PDF cannot be read back here")
        return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    if path.suffix == ".geojson":
        return json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
    return path.read_bytes().decode("utf-8", "ignore")


def has_a_head(path):
    """Whether a file has words of its own: a picture has none, and the table of a questionnaire lies beside its workbook."""
    return path.suffix != ".png" and not (path.name.startswith("questionnaire") and path.suffix == ".csv")


# By day one of each way of writing: other papers have the same head as these.
WRITERS = {"docx", "pdf", "xlsx", "html", "pptx", "gpkg", "geojson", "register", "questionnaire", "impact", "minutes"}


@pytest.mark.parametrize("name", some_by_day(FORMATS, WRITERS))
def test_that_a_changed_file_and_an_own_build_are_named_in_every_format(name, tmp_path):
    order = DraftOrder(dossiers=tuple(load_dossiers()))
    files = list(open_services().writers[name](a_project(), CHECK, tmp_path, Translations(), order))
    assert files
    for path in filter(has_a_head, files):
        said = text_of(path)
        assert CHANGED in said, path.name
        assert "Own build" in said or '"own_build": true' in said, path.name


def test_that_changed_translations_cannot_unsay_what_stands_at_the_head():
    disclosed_views = dict.fromkeys((FICTITIOUS, DATA_CHANGED, OWN_BUILD), "all is well")
    changed = Translations("fr", disclosed_views, DataState(("reports/translations/fr/house.toml",), own_build=True))
    heads = banners(a_check(synthetic=True), changed)
    assert heads == (FICTITIOUS, OWN_BUILD, DATA_CHANGED.format(files="reports/translations/fr/house.toml"))


@pytest.mark.parametrize(("file", "start"), [("window", "Des données de ce"), ("guarding", "Data of this program")])
def test_that_the_line_of_changed_data_is_translated_where_its_own_file_is_as_sealed(file, start):
    state = DataState((f"reports/translations/fr/{file}.toml",))
    translations = Translations("fr", {}, state, sealed_lines("fr", state))
    (head,) = banners(a_check(), translations)
    assert head.startswith(start)
    assert head.endswith(f"reports/translations/fr/{file}.toml")


# By day the web page, whose head Word and PDF have too, and those with lines of their own.
WITH_WORDS = [name for name in FORMATS if name != "register"]
BY_DAY = {"html", "xlsx", "gpkg", "pptx", "geojson", "questionnaire", "minutes"}


@pytest.mark.parametrize("name", some_by_day(WITH_WORDS, BY_DAY))
def test_that_changed_translations_is_named_in_every_format_that_has_words(name, tmp_path):
    translations = Translations("fr", {}, DataState(("reports/translations/fr/house.toml",)))
    files = list(open_services().writers[name](a_project(), a_check(), tmp_path, translations, DraftOrder()))
    assert files or name in PAPER_FORMATS, "what needs a dossier has none here"
    for path in filter(has_a_head, files):
        assert "reports/translations/fr/house.toml" in text_of(path), path.name


def test_that_the_schedule_names_what_is_not_as_shipped(tmp_path):
    translations = Translations("fr", {}, DataState(("reports/translations/fr/house.toml",)))
    _, schedule = write_xlsx(a_project_of_three(), CHECK, tmp_path, translations, DraftOrder())
    assert schedule.name == "schedule.xlsx"
    said = text_of(schedule)
    assert "reports/translations/fr/house.toml" in said
    assert CHANGED in said
    assert "Own build" in said


def test_that_json_names_them(tmp_path):
    data = json.loads(write_json(CHECK, tmp_path / "out.json").read_text(encoding="utf-8"))
    assert data["data"] == {"own_build": True, "changed": [CHANGED]}
