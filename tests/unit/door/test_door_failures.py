"""An error of the program itself has an exit code of its own, and a broken template is told and not thrown."""

import random
import zipfile

import docx
import pptx
import pytest
from amounts import some_by_day
from faked_ports import faked

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.errors import InputError
from lhasaplan.report.formats.docx import open_template, template_faults

BROKEN_WAYS = ("cut", "zeros", "another", "empty", "gone", "text")


@pytest.fixture
def broken():
    """Services of which one fails as no one foresaw."""

    def fail(*_arguments, **_named):
        return 1 // 0

    return faked(open_services(), read_file=fail)


def test_that_an_error_of_the_program_has_an_exit_code_of_its_own(broken, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("camera_id,lon,lat\n1,2.35,48.85\n")
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr"]) == 0
    before = (tmp_path / "town.gpkg").read_bytes()
    assert main(["import", "town.gpkg", "a.csv"], broken) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError, test_door_failures.py:" in said or "ZeroDivisionError, imports.py:" in said
    assert "Traceback" not in said
    assert "LHASAPLAN_REPORT" in said
    assert (tmp_path / "town.gpkg").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "town.gpkg"]


def test_that_a_report_of_it_is_written_where_it_is_asked_for(broken, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("camera_id,lon,lat\n1,2.35,48.85\n")
    main(["new", "town.gpkg", "--rules", "eu-gdpr"])
    monkeypatch.setenv("LHASAPLAN_REPORT", str(tmp_path / "report.txt"))
    assert main(["import", "town.gpkg", "a.csv"], broken) == 70
    assert "ZeroDivisionError" in (tmp_path / "report.txt").read_text()
    monkeypatch.setenv("LHASAPLAN_REPORT", str(tmp_path / "nowhere" / "report.txt"))
    assert main(["import", "town.gpkg", "a.csv"], broken) == 70


def word(path):
    made = docx.Document()
    made.add_paragraph("[[content]]")
    made.save(path)


def slides(path):
    pptx.Presentation().save(path)


def spoiled(source, target, member, way, chance):
    """Write a copy of an office's file of which one part is broken."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            if name == member:
                cut = chance.randrange(len(content) or 1)
                changed = {
                    "cut": content[:cut],
                    "zeros": content[:cut] + bytes(20) + content[cut + 20 :],
                    "another": whole.read(chance.choice(whole.namelist())),
                    "empty": b"",
                    "gone": None,
                    "text": b"<a>none</a>",
                }[way]
                if changed is None:
                    continue
                content = changed
            copy.writestr(name, content)


# By day bytes that break a package, XML that ends within, and a part that is gone; slides, which have many parts, in one way.
SPOILED = [(make, name, way) for make, name in ((word, "own.docx"), (slides, "own.pptx")) for way in BROKEN_WAYS]
DAILY = {(word, "own.docx", "zeros"), (word, "own.docx", "gone"), (slides, "own.pptx", "cut")}


@pytest.mark.parametrize("spoiling", some_by_day(SPOILED, DAILY), ids=lambda reported: " ".join(reported[1:]))
def test_that_a_template_with_any_broken_part_is_told_and_not_thrown(tmp_path, spoiling):
    make, name, way = spoiling
    make(tmp_path / name)
    chance = random.Random(25)
    with zipfile.ZipFile(tmp_path / name) as whole:
        members = whole.namelist()
    for number, member in enumerate(members):
        (tmp_path / str(number)).mkdir()
        copy = tmp_path / str(number) / name
        spoiled(tmp_path / name, copy, member, way, chance)
        template_faults([copy])  # whatever is wrong is a fault, or nothing that a draft needs


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_that_a_template_that_is_cut_off_is_told(tmp_path, share):
    word(tmp_path / "own.docx")
    whole = (tmp_path / "own.docx").read_bytes()
    (tmp_path / "own.docx").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="not a Word file"):
        open_template(tmp_path / "own.docx")
