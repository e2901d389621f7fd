"""What a public output must not carry when a pack asks for coarse positions, in every format."""

import re
import sqlite3
import zipfile
from dataclasses import replace

import pytest
from assessment_values import assessment_json as json_of
from report_factory import LAT, LON, a_check, a_project, an_assessment
from test_report_pdf import read_back

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.assessment import Gate, Necessity
from lhasaplan.report.formats.docx import write_docx
from lhasaplan.report.formats.gis import write_gpkg
from lhasaplan.report.formats.html import write_html
from lhasaplan.report.formats.json_data import write_json
from lhasaplan.report.formats.papers import write_letter, write_pages, write_summary
from lhasaplan.report.formats.pdf import write_pdf
from lhasaplan.report.formats.pptx import write_pptx
from lhasaplan.report.formats.register import write_register
from lhasaplan.report.formats.xlsx import write_xlsx
from lhasaplan.report.redaction import public_values

COARSE = an_assessment(public_precision_deg=0.01)
# The exact position, the map feature, the owner, the camera's name, its sector, the hand that drew it, and the day of its record.
SECRETS = (
    "24.9283",
    "60.171",
    "385000",
    "385038",
    "6672000",
    "node/42",
    "cam-1",
    "Works Department",
    "alert",
    "80–95",
    "71 %",
    "A. Officer",
    "2023-01-01",
)


def assessment_json(assessment, private=False):
    return json_of(public_values(a_project(), assessment, private)[1])


BOTH = (assessment_json(COARSE), assessment_json(COARSE, private=True))


PAPERS = (
    *("audit.pptx", "audit.html", "camera-pages.html", "council-summary.html"),
    *("audit.pdf", "camera-pages.pdf", "council-summary.pdf", "letter-of-access.docx", "letter-of-access.pdf"),
    *("register.csv", "register.json"),
)


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """Return all text that the public outputs hold, by file name."""
    folder = tmp_path_factory.mktemp("public")
    project, shown = public_values(a_project(), COARSE)
    files = [write_json(shown, folder / "audit.json")]
    drafts = (write_docx, write_xlsx, write_gpkg, write_html, write_pdf, write_pptx)
    for write in (*drafts, write_pages, write_summary, write_letter, write_register):
        files += write(project, shown, folder, Translations())
    return {path.name: _text(path) for path in files}


def _text(path):
    if path.suffix in (".docx", ".xlsx", ".pptx"):
        with zipfile.ZipFile(path) as archive:
            parts = [
                archive.read(n).decode()
                for n in archive.namelist()
                if re.search(r"(document|header1|footer1|sharedStrings|sheet\d+|slide\d+|notesSlide\d+|chart\w*|core)\.xml$", n)
            ]
        return re.sub(r"<[^>]+>", " ", " ".join(parts))
    if path.suffix == ".gpkg":
        return " ".join(str(row) for table in _own_tables(path) for row in table)
    if path.suffix == ".pdf":
        return " ".join(read_back(path))
    text = path.read_text("utf-8")
    return (
        re.sub(r"<style>.*?</style>|<script>(?:(?!L\.geoJson).)*?</script>", " ", text, flags=re.DOTALL)
        if path.suffix == ".html"
        else text
    )


def _own_tables(path):
    with sqlite3.connect(path) as base:
        names = [n for (n,) in base.execute("select table_name from gpkg_contents")]
        return [base.execute(f'select * from "{name}"').fetchall() for name in names]


@pytest.mark.parametrize("name", ["audit.json", "audit.docx", "audit.xlsx", "audit.gpkg", "map.html", *PAPERS])
def test_that_no_public_format_tells_who_where_or_with_what(words, name):
    found = [secret for secret in SECRETS if re.search(rf"(?<![\w.]){re.escape(secret)}(?!\d)", words[name])]
    assert found == []


def test_that_public_positions_are_rounded_to_a_hundredth_of_a_degree():
    cameras = assessment_json(COARSE)["cameras"]
    assert {(c["lon"], c["lat"]) for c in cameras} == {(24.93, 60.17)}


def test_that_no_geometry_and_no_sector_is_left():
    data = assessment_json(COARSE)
    things = [*data["findings"], *(s for c in data["cameras"] for s in c["sightings"])]
    assert all(thing["geometry"] is None for thing in things)
    assert all(
        not s["sector_deg"] and not (s["cure"] or {}).get("mask_sector_deg") for c in data["cameras"] for s in c["sightings"]
    )


def test_that_no_distance_from_a_lens_to_a_home_is_left():
    """With a map of buildings a distance to 0.1 m leads to the place, and times the density it is the lens."""
    surfaces = [[u for c in data["cameras"] for s in c["sightings"] for u in s["surfaces"]] for data in BOTH]
    assert surfaces[0]
    assert {u["nearest_m"] for u in surfaces[0]} == {None}
    assert all(u["nearest_m"] for u in surfaces[1])
    assert sorted(u["count"] for u in surfaces[0]) == sorted(u["count"] for u in surfaces[1])


def test_that_counts_grades_and_areas_stay():
    public, exact = assessment_json(COARSE), assessment_json(COARSE, private=True)
    assert sorted(c["area_m2"] for c in public["cameras"]) == sorted(c["area_m2"] for c in exact["cameras"])
    assert sorted(f["severity"] for f in public["findings"]) == sorted(f["severity"] for f in exact["findings"])
    assert public["protected_counts"] == exact["protected_counts"]


def test_that_findings_still_name_their_camera_by_its_running_number():
    data = assessment_json(COARSE)
    assert {f["camera"] for f in data["findings"]} == {c["id"] for c in data["cameras"]} == {"camera-0001", "camera-0002"}


def test_that_private_and_other_packs_change_nothing():
    project, exact = a_project(), an_assessment()
    assert public_values(project, exact) == (project, exact)
    assert public_values(project, COARSE, private=True)[1].cameras == COARSE.cameras
    assert assessment_json(COARSE, private=True)["cameras"][0]["lon"] == pytest.approx(LON)
    assert assessment_json(COARSE, private=True)["cameras"][0]["lat"] == pytest.approx(LAT)


def test_that_a_check_is_coarse_too():
    data = assessment_json(a_check(public_precision_deg=0.01))
    assert data["parts"][0]["geometry"] is None
    assert data["parts"][0]["gap"] is None
    assert data["parts"][0]["name"] is None  # not told, which is not the same as none
    assert data["overlaps"][0]["a"].startswith("camera-")


def test_that_the_map_layers_of_the_project_do_not_leave_with_a_public_output():
    project, _ = public_values(a_project(), COARSE)
    assert dict(project.layers) == {}
    assert project.cameras == ()
    assert project.mandate is None


def test_that_the_order_of_the_source_does_not_tell_which_camera_is_which():
    turned = replace(COARSE, cameras=COARSE.cameras[::-1], findings=COARSE.findings[::-1])
    assert assessment_json(turned) == assessment_json(COARSE)


def test_that_a_public_mitigation_keeps_its_questions_but_no_sector():
    mitigations = [f["cure"] for f in assessment_json(COARSE)["findings"] if f["cure"]]
    assert {"action": "ask", "mask_sector_deg": [], "values": {"questions": ["azimuth_deg", "hfov_deg"]}} in mitigations
    assert {"action": "mask", "mask_sector_deg": [], "values": {}} in mitigations


def test_that_a_coarse_output_names_no_milder_camera_by_its_identifier():
    exact = an_assessment(public_precision_deg=0.01)
    known = [camera.placed.camera.camera_id for camera in exact.cameras]
    reported = [replace(c, necessity=Necessity(milder_camera=known[1], lost_without=())) for c in exact.cameras]
    public = assessment_json(replace(exact, cameras=tuple(reported)))
    assert {camera["necessity"]["milder_camera"] for camera in public["cameras"]} & set(known) == set()
    assert all(camera["necessity"]["lost_without"] is None for camera in public["cameras"])


def test_that_the_name_of_a_pack_is_no_secret():
    gate = Gate(False, (("The rule pack {pack} is loaded; it never allows planning.", {"pack": "cn-limits"}),))
    [missing] = assessment_json(an_assessment(public_precision_deg=0.01, gate=gate))["gate"]["missing"]
    assert missing["params"] == {"pack": "cn-limits"}
