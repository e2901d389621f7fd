"""The numbers of the slides, read back from the file, are those of the Word file, the workbook and the JSON."""

import json
import re
from dataclasses import replace
from itertools import product

import docx
import openpyxl
import pptx
import pytest
import samples
from amounts import some_by_day

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.facts.tables import SHEETS
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.formats.pptx import write_pptx
from lhasaplan.report.formats.xlsx import write_xlsx

FEW = 12  # cameras of Helsinki: its 221 take longer and tell no more


@pytest.fixture(scope="module")
def cities():
    services = open_services()
    town = samples.sample("hilltown")
    city = workflow.open_sample(services, services.content.read_sample("helsinki"))
    city = replace(city, cameras=city.cameras[:FEW])
    return {"hilltown": (town, samples.checked()), "helsinki": (city, workflow.audit(services, city))}


@pytest.fixture(scope="module")
def no_maps():
    """Maps cost more than all the rest and hold no figure that is read back here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lhasaplan.report.chapters.camera_chapter.camera_map", lambda *_, **__: None)
        for module in ("chapters.audit_chapters", "slides.deck_chapters"):
            patch.setattr(f"lhasaplan.report.{module}.overview_map", lambda *_, **__: None)
        yield


# By day the longer check in the language without spaces; figures go one way into each.
DAILY = {("hilltown", "zh_CN")}
PAIRS = some_by_day(product(("hilltown", "helsinki"), LANGUAGES), DAILY)


@pytest.fixture(scope="module", params=PAIRS, ids=str)
def drafts(request, cities, no_maps, tmp_path_factory):
    """Return words, folder of the drafts and the JSON of one city in one language."""
    city, language = request.param
    project, assessment = cities[city]
    folder, translations = tmp_path_factory.mktemp("drafts"), load_translations(language)
    for write in (write_docx, write_xlsx, write_pptx):
        write(project, assessment, folder, translations)
    write_json(assessment, folder / "check.json")
    return translations, folder, json.loads((folder / "check.json").read_text("utf-8"))


def plain(text):
    return text.replace("\u200b", "").replace("\xa0", " ")


def rows_of(table):
    return [[plain(cell.text) for cell in row.cells] for row in table.rows]


def slides_of(folder, name):
    return list(pptx.Presentation(folder / f"{name}.pptx").slides)


def shown(slides):
    return [rows_of(shape.table) for slide in slides for shape in slide.shapes if shape.has_table]


def written(folder, name):
    return [rows_of(table) for table in docx.Document(folder / f"{name}.docx").tables]


def the(tables, heading):
    return next(table for table in tables if heading in table[0])


def names(folder):
    return [name for name in ("audit", "plan") if (folder / f"{name}.pptx").exists()]


def number(text):
    return float(re.sub(r"[^\d.,-]", "", text).replace(",", "."))


def test_that_views_options_and_assumptions_stand_in_tables_as_in_the_word_file(drafts):
    translations, folder, _ = drafts
    for name, headings in {"audit": ("Cameras that can see", "Assumed"), "plan": ("Cameras that can see", "Option")}.items():
        for heading in headings if name in names(folder) else ():
            there, here = ([t for t in tables if t[0][0] == translations(heading)] for tables in _both(folder, name))
            assert here == there != []


def _both(folder, name):
    return written(folder, name), shown(slides_of(folder, name))


def test_that_the_bars_are_as_long_as_the_table_beside_them_says(drafts):
    translations, folder, _ = drafts
    for name in names(folder):
        for slide in slides_of(folder, name):
            charts = [shape.chart for shape in slide.shapes if shape.has_chart]
            for chart in charts:
                series = {one.name: tuple(one.values) for one in chart.plots[0].series}
                if (
                    translations("can be seen (m²)") in series
                    or translations("certain: {grade}", grade=translations("due")) in series
                ):
                    table = next(rows_of(shape.table) for shape in slide.shapes if shape.has_table)
                    assert list(chart.plots[0].categories) == [row[0] for row in table[1:]]
                    for title, values in series.items():
                        assert list(values) == [number(row[table[0].index(title)]) for row in table[1:]]


def test_that_ground_seen_and_unasked_is_that_of_the_workbook_and_of_the_json(drafts):
    translations, folder, data = drafts
    book = openpyxl.load_workbook(folder / "audit.xlsx")[translations(SHEETS["summary"])]
    rows = list(book.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[-1] == translations("Name in the JSON file"))
    sheet = {row[-1]: row[1] for row in rows[head + 1 :]}
    for name in names(folder):
        table = the(shown(slides_of(folder, name)), translations("can be seen (m²)"))
        kinds = [kind for kind in ("certain", "possible") if sheet[f"area_seen_{kind}_m2"] > 0]  # no zeros beside what there is
        for row, kind in zip(table[1:], kinds, strict=True):
            keys = f"area_seen_{kind}_m2", f"unasked_{kind}_m2"
            assert [number(cell) for cell in row[1:3]] == [float(round(sheet[key])) for key in keys]
            assert [number(cell) for cell in row[1:3]] == [pytest.approx(data["totals"][key], abs=0.51) for key in keys]


def numbered(cameras):
    """Return the cameras by the numbers that maps and lists give them: those in operation, then the planned ones."""
    kinds = {sign: [each for each in cameras if (each["status"] == "planned") is bool(sign)] for sign in ("", "P")}
    return {f"{sign}{n}": each for sign, some in kinds.items() for n, each in enumerate(some, 1)}


def test_that_the_cameras_with_the_most_unasked_ground_have_the_ground_of_the_json(drafts):
    translations, folder, data = drafts
    area = {number: (camera["area_m2"], camera["unasked_m2"]) for number, camera in numbered(data["cameras"]).items()}
    for name in names(folder):
        tables = [t for t in shown(slides_of(folder, name)) if translations("Optics and direction") in t[0]]
        [found] = [{row[0]: tuple(number(cell) for cell in row[-2:]) for row in table[1:]} for table in tables]
        assert found == {camera: pytest.approx(area[camera], abs=0.051) for camera in found}
        ranked = {n: each for n, each in numbered(data["cameras"]).items() if name == "plan" or each["status"] == "operating"}
        rest = [camera["unasked_m2"] for number, camera in ranked.items() if number not in found]
        assert len(found) == 8
        assert min(unasked for _, unasked in found.values()) >= max(rest) - 0.1


def test_that_verdicts_in_the_chart_of_options_are_those_of_the_json(drafts):
    translations, folder, data = drafts
    if "plan" not in names(folder):
        assert data["parts"] is None or not data["gate"]["open"]
        return
    charts = [shape.chart for slide in slides_of(folder, "plan") for shape in slide.shapes if shape.has_chart]
    chart = next(one for one in charts if translations("No camera") in one.plots[0].categories)
    bars = {one.name: tuple(one.values) for one in chart.plots[0].series}
    today = [part["verdict"] for part in data["parts"]]
    assert bars[translations("met")][1] == today.count("met")
    assert bars[translations("gap")][1] == today.count("gap")
    assert sum(values[0] for values in bars.values()) == len(today)


def test_that_what_ends_the_views_is_counted_as_in_the_json(drafts):
    translations, folder, data = drafts
    operating = [camera for camera in data["cameras"] if camera["status"] == "operating"]
    views = [view for camera in operating for view in camera["sightings"]]
    grave = [view for view in views if view["basis"] == "recorded" and view["severity"] in ("due", "error")]
    others = [view for view in views if not any(view is one for one in grave)]
    words = {"remove": "remove the camera", "ask": "ask the controller first"}
    heads = [
        translations("first remedy for certain views that are due or severe"),
        translations("first remedy for notes and possible views"),
    ]
    table = next(one for one in shown(slides_of(folder, "audit")) if set(heads) & set(one[0]))
    cells = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}
    for action, text in words.items():
        counts = [sum((view["cure"] or {}).get("action") == action for view in some) for some in (grave, others)]
        row = cells.get(translations(text), {})
        assert [int(row.get(head, "0")) for head in heads] == counts  # a column of zeros is left out
