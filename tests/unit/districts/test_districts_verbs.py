"""Three districts drafted, changed, explained, merged back and compared, by the verbs that a planner types."""

import json
import re
import shutil
from dataclasses import replace
from functools import cache

import docx
import openpyxl
import pytest
from district_towns import THREE, camera, changed, city, with_areas

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.project import Reason, with_reasons
from lhasaplan.workflow.drafting import NOTE

SENTENCE = "as in the city's plan"
NO_BREAK = "\N{NO-BREAK SPACE}"


def stored(path):
    return workflow.open_project(open_services(), path).project


def edited(path, change):
    opened = workflow.open_project(open_services(), path)
    opened.store.save(change(opened.project))


@cache
def town_of_three():
    return with_areas(city(), THREE)


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """The city with the drafts of its three districts, each made once; a test takes copies."""
    made = tmp_path_factory.mktemp("handed")
    open_services().stores.open(made / "city.gpkg").save(town_of_three())
    for name in THREE:
        out = made / name.casefold()
        assert main(["export", str(made / "city.gpkg"), "--plan", name, "--format", "xlsx", "--out", str(out)]) == 0
    return made


@pytest.fixture
def folder(handed, tmp_path, capsys):
    shutil.copy(handed / "city.gpkg", tmp_path)
    capsys.readouterr()
    return tmp_path


@pytest.fixture
def drafted(handed, folder):
    def take(name):
        """Give a test its own copy of a district's draft."""
        shutil.copytree(handed / name.casefold(), folder / name.casefold())
        return folder / name.casefold() / f"district-{name.casefold()}.gpkg"

    return take


def moved_and_added(project):
    """Return the district with its planned camera 4 m farther east, and a second one beside it."""
    old = camera(project, "HT-10")
    new = replace(old, camera_id="S-1", name="Platform west", x_m=old.x_m - 40.0, azimuth_deg=270.0)
    other = changed(project, HT_10={"x_m": old.x_m + 4.0}, HT_07={"status": Status.REMOVED})
    return replace(other, cameras=(*other.cameras, new))


def headings(path):
    return [each.text for each in docx.Document(path).paragraphs if each.style.name.startswith("Heading 1")]


def rows_of(path, first):
    tables = [
        [[cell.text.replace(NO_BREAK, " ") for cell in row.cells] for row in table.rows] for table in docx.Document(path).tables
    ]
    return next(rows[1:] for rows in tables if rows[0][0] == first)


@pytest.mark.nightly  # by day a district goes out and is merged back in the council's story (test_house_council_story.py)
def test_that_three_districts_are_drafted_changed_explained_and_merged_back(folder, drafted, capsys):
    paths = {name: drafted(name) for name in THREE}
    edited(paths["Station"], moved_and_added)
    edited(paths["Market"], lambda project: changed(project, HT_01={"azimuth_deg": 200.0}, HT_11={}))
    out = paths["Station"].parent
    export = [
        "export",
        str(paths["Station"]),
        "--plan",
        "Station",
        "--format",
        "docx,xlsx",
        "--out",
        str(out),
        "--date",
        "2027-03-01",
    ]
    assert main(export) == 0
    assert headings(out / "plan.docx")[0] == "Conformity with the city's plan"
    reported = {(row[0], row[1]): row[2:] for row in rows_of(out / "plan.docx", "Camera or part")}
    assert reported["P1 · Platform, planned", "moved"] == ["stands 4 m away", "to be filled in"]
    assert reported["P301 · Platform west", "added"][0] == "new: pole, 5 m high, looking to 270°"
    assert reported["Level crossing", "missing"] == ["operating in the city's plan, removed here", "to be filled in"]
    assert {row[1] for row in rows_of(out / "plan.docx", "Camera")} >= {SENTENCE}
    filled_in(out / "conformity.xlsx", "HT-10", "moved", "a drain lies there")
    assert main(["import", str(paths["Station"]), str(out / "conformity.xlsx")]) == 0
    assert "reasons taken: 1" in capsys.readouterr().err
    assert main(export) == 0
    reported = {(row[0], row[1]): row[2:] for row in rows_of(out / "plan.docx", "Camera or part")}
    assert reported["P1 · Platform, planned", "moved"][1] == "a drain lies there · B. Example · 1 February 2027"
    merged = folder / "merged.gpkg"
    assert main(["merge", str(folder / "city.gpkg"), *map(str, paths.values()), "--to", str(merged)]) == 0
    found = stored(merged)
    expected = {each.camera_id: each for each in city().cameras if each.camera_id != "HT-11"}
    assert {each.camera_id for each in found.cameras} == {*expected, "S-1"}
    assert camera(found, "HT-10").x_m == pytest.approx(camera(city(), "HT-10").x_m + 4.0)
    assert camera(found, "HT-07").status is Status.REMOVED
    assert camera(found, "HT-01").azimuth_deg == 200.0
    untouched = set(expected) - {"HT-10", "HT-07", "HT-01"}
    assert all(camera(found, each) == camera(city(), each) for each in untouched)
    assert re.search(r"together\D+11\D+2\D+14", capsys.readouterr().out)
    assert stored(folder / "city.gpkg").cameras == city().cameras
    assert main(["merge", str(folder / "city.gpkg"), str(paths["Fuel"]), "--to", str(merged)]) == 2  # it is there already
    assert stored(merged).cameras == found.cameras


def test_that_a_district_s_plan_is_not_final_while_a_difference_has_no_reason(folder, drafted, capsys, monkeypatch):
    monkeypatch.setattr(
        "lhasaplan.workflow.drafting.against_final", lambda *_: ()
    )  # what stands against any plan is tested elsewhere
    path = drafted("Station")
    edited(path, lambda project: changed(project, HT_07={"hfov_deg": 95.0}))
    export = ["export", str(path), "--plan", "Station", "--format", "docx", "--final", "--out", str(folder / "final")]
    assert main(export) == 3
    assert "Differences from the city's plan without a reason: 1" in capsys.readouterr().err
    assert not (folder / "final").exists()
    why = Reason("HT-07", "otherwise", "the barrier stands wider")
    edited(path, lambda project: replace(project, district=with_reasons(project.district, [why])))
    assert main(export) == 0


def filled_in(path, subject, difference, reason):
    book = openpyxl.load_workbook(path)
    sheet = book["conformity"]
    heads = [cell.value for cell in sheet[1]]
    row = next(
        r for r in range(2, sheet.max_row + 1) if (sheet.cell(r, 1).value, sheet.cell(r, 2).value) == (subject, difference)
    )
    for name, text in (("reason", reason), ("reason_by", "B. Example"), ("reason_on", "2027-02-01")):
        sheet.cell(row, heads.index(name) + 1).value = text
    book.save(path)


def test_that_nothing_is_written_while_a_conflict_is_open(folder, drafted, capsys):
    paths = [drafted(name) for name in ("Market", "Station")]
    edited(paths[0], lambda project: changed(project, HT_03={"azimuth_deg": 170.0}))
    edited(paths[1], lambda project: changed(project, HT_03={"azimuth_deg": 200.0}))
    before = (folder / "city.gpkg").read_bytes()
    merge = ["merge", str(folder / "city.gpkg"), *map(str, paths)]
    assert main(merge) == 2
    reported = capsys.readouterr()
    assert "turned from 188° to 170°" in reported.out
    assert "turned from 188° to 200°" in reported.out
    assert "Open conflicts: 1" in reported.err
    assert (folder / "city.gpkg").read_bytes() == before
    assert main([*merge, "--resolve", "HT-03=Nobody"]) == 2
    assert main([*merge, "--resolve", "HT-03"]) == 2
    assert (folder / "city.gpkg").read_bytes() == before
    assert main([*merge, "--resolve", "HT-03=Station"]) == 0
    assert camera(stored(folder / "city.gpkg"), "HT-03").azimuth_deg == 200.0
    assert main(["journal", str(folder / "city.gpkg")]) == 0
    assert "Took districts back" in capsys.readouterr().out


def test_that_a_district_s_project_is_not_written_over(folder, drafted, capsys):
    path = drafted("Fuel")
    edited(path, lambda project: changed(project, HT_09={"azimuth_deg": 1.0}))
    again = ["export", str(folder / "city.gpkg"), "--plan", "Fuel", "--format", "xlsx", "--out", str(path.parent)]
    assert main(again) == 2
    assert "there is already a project of this district" in capsys.readouterr().err
    assert camera(stored(path), "HT-09").azimuth_deg == 1.0


def test_that_outside_the_gate_the_audit_is_written_and_no_district(folder):
    edited(folder / "city.gpkg", lambda project: replace(project, mandate=None))
    out = folder / "out"
    assert main(["export", str(folder / "city.gpkg"), "--plan", "Fuel", "--format", "xlsx", "--out", str(out)]) == 3
    assert {each.name for each in out.iterdir()} == {"audit.xlsx", NOTE}


def test_that_two_plans_are_compared_in_words_on_a_map_and_as_json(folder, drafted, capsys):
    path = drafted("Station")
    edited(path, moved_and_added)
    files = [folder / name for name in ("map.png", "map.svg", "map.pdf")]
    for file in files:
        assert main(["compare", str(folder / "city.gpkg"), str(path), "--map", str(file), "--json", str(folder / "c.json")]) == 0
    assert [file.read_bytes()[:4] for file in files] == [b"\x89PNG", b"<?xm", b"%PDF"]
    reported = capsys.readouterr().out
    assert "moved by 4 m" in reported
    assert "HT-01" not in reported  # the district was never handed the cameras of the others
    found = json.loads((folder / "c.json").read_text("utf-8"))
    assert (found["schema"], found["same_town"], found["synthetic"]) == ("lhasaplan-comparison/1", True, True)
    assert [(each["change"], each.get("camera_id") or each["camera"]["camera_id"]) for each in found["changes"]["changes"]] == [
        ("status", "HT-07"),
        ("move", "HT-10"),
        ("add", "S-1"),
    ]
    assert main(["compare", str(folder / "city.gpkg"), str(folder / "city.gpkg")]) == 0
    assert "No camera differs between these two plans." in capsys.readouterr().out
    assert main(["compare", str(folder / "city.gpkg"), str(path), "--map", str(folder / "map.gif")]) == 2
    assert main(["compare", str(folder / "city.gpkg"), str(path), "--version", "none"]) == 2


def test_that_a_public_copy_of_a_district_s_plan_tells_counts_alone(folder, drafted):
    path = drafted("Station")
    edited(path, moved_and_added)
    out = folder / "public"
    export = ["export", str(path), "--plan", "Station", "--format", "docx,html,xlsx,pdf", "--level", "public", "--out", str(out)]
    assert main(export) == 0
    assert not (out / "conformity.xlsx").exists()
    html = (out / "plan.html").read_text("utf-8")
    assert "How often each difference occurs" in html
    assert rows_of(out / "plan.docx", "Difference")[3] == ["moved", "1"]
    for secret in ("HT-10", "S-1", "Platform west", "stands 4 m away", "looking to 270"):
        assert secret not in html


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        pytest.param("fr", "Conformité au plan de la ville", marks=pytest.mark.nightly),
        pytest.param("de", "Übereinstimmung mit dem Plan der Stadt", marks=pytest.mark.nightly),
        ("zh_CN", "与市规划的一致性"),
    ],
)
def test_that_the_district_s_plan_is_headed_by_its_conformity_in_each_language(folder, drafted, lang, title):
    path = drafted("Fuel")
    out = folder / lang
    export = ["--lang", lang, "export", str(path), "--plan", "Fuel", "--format", "docx", "--out", str(out)]
    assert main(export) == 0
    assert headings(out / "plan.docx")[0] == title


def test_that_reasons_are_refused_with_every_fault_and_by_a_city(folder, drafted, capsys):
    table = folder / "reasons.csv"
    table.write_text(
        "subject,difference,reason,reason_on\n,moved,why,\nHT-10,bigger,why,\nHT-10,moved,why,soon\nHT-07,moved,,\n", "utf-8"
    )
    path = drafted("Fuel")
    assert main(["import", str(path), str(table)]) == 2
    reported = capsys.readouterr().err
    assert "this row does not say which camera or part it is about" in reported
    assert "bigger is no difference" in reported
    assert "soon is no day" in reported
    table.write_text("subject,difference,reason\nHT-10,moved,why\n", "utf-8")
    assert main(["import", str(folder / "city.gpkg"), str(table)]) == 2
    assert "does not come from a city's project" in capsys.readouterr().err
