"""The list of rule packs, completion in the shell, exit codes that possible findings give, folders that are not there."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from faked_ports import faked
from made_once import made_once
from sources import ROOT

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main


def _rows(text):
    """Return the cells of each row of a printed table, by the pack that it begins with."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    return {row[0]: row for row in rows if row[0]}


def test_that_packs_lists_every_pack_with_planning_territory_and_seal(capsys):
    assert main(["packs"]) == 0
    rows = _rows(capsys.readouterr().out)
    assert rows.keys() == set(open_services().content.available_packs())
    assert rows["cn-limits"][2:] == ["never", "China", "unchanged"]
    assert rows["de-bdsg"][2:] == ["yes", "Germany", "unchanged"]
    assert rows["hilltown-fiction"][3] == "fictitious: its own sample alone"
    assert rows["municipal-safety"][3] == "everywhere"


def test_that_a_pack_that_was_changed_or_is_not_shipped_is_listed_as_such(capsys):
    services = open_services()

    def load(names):
        changes = {"de-bdsg": {"changed": True}, "fr-csi": {"shipped": False}}
        return tuple(replace(pack, **changes.get(pack.name, {})) for pack in services.content.load_packs(names))

    assert main(["packs"], faked(services, load_packs=load)) == 0
    rows = _rows(capsys.readouterr().out)
    assert (rows["de-bdsg"][4], rows["fr-csi"][4], rows["eu-gdpr"][4]) == ("changed", "not shipped", "unchanged")


def _shell(arguments, tmp_path, **environment):
    """Run the program in a process of its own, at home in an empty folder."""
    code = "import sys; from lhasaplan.cli import main; sys.exit(main(sys.argv[1:]))"
    own = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=own, capture_output=True, text=True, check=False, cwd=tmp_path
    )


def test_that_completion_installs_and_completes_verbs_and_options(tmp_path):
    # Whatever shell runs the tests: the one that is named counts.
    installed = _shell(["--install-completion", "bash"], tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert installed.returncode == 0
    assert any("_LHASAPLAN_COMPLETE" in path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    for line, word, wanted in (("lhasaplan im", 1, ["import"]), ("lhasaplan audit --stri", 2, ["--strict"])):
        done = _shell([], tmp_path, COMP_WORDS=line, COMP_CWORD=str(word), _LHASAPLAN_COMPLETE="complete_bash")
        assert done.stdout.split() == wanted


HOUSE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"building":"house","height":"6"},"geometry":'
    '{"type":"Polygon","coordinates":[[[24.9410,60.17],[24.9414,60.17],[24.9414,60.1702],[24.941,60.1702],[24.941,60.17]]]}}]}'
)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A project whose one camera, of unknown direction, stands 15 m from a house and has a purpose, a sign and a retention."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LHASAPLAN_LANG", raising=False)
    return made_once(tmp_path, __name__, make_asked)


def make_asked():
    Path("houses.geojson").write_text(HOUSE)
    Path("cameras.csv").write_text(
        "camera_id,lon,lat,mount,purpose,retention_days,sign,owner,installed_on\n"
        "C1,24.9412,60.16987,pole,traffic,2,yes,City,2020-01-01\n"
    )
    assert main(["new", "town.gpkg", "--rules", "eu-gdpr"]) == 0
    assert main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"]) == 0


def test_that_possible_findings_give_exit_code_1_only_when_asked_for(asked):
    assert main(["audit", "town.gpkg"]) == 0
    assert main(["audit", "town.gpkg", "--strict"]) == 1
    Path("cameras.csv").write_text(Path("cameras.csv").read_text().replace("60.16987", "60.17987"))  # a kilometre away
    assert main(["import", "town.gpkg", "cameras.csv", "--as", "cameras"]) == 0
    assert main(["audit", "town.gpkg", "--strict"]) == 0


def test_that_json_in_a_folder_that_is_not_there_is_bad_input_and_makes_none(asked, capsys):
    assert main(["audit", "town.gpkg", "--json", "not/there/audit.json"]) == 2
    assert "there is no folder not/there; make it first" in capsys.readouterr().err
    assert not Path("not").exists()


def test_that_import_names_every_column_that_it_does_not_understand(asked, capsys):
    columns = [f"odd{number}" for number in range(12)]
    Path("more.csv").write_text(f"camera_id,lon,lat,{','.join(columns)}\nC2,24.9412,60.1698,{','.join('x' * 12)}\n")
    assert main(["import", "town.gpkg", "more.csv", "--as", "cameras"]) == 0
    reported = capsys.readouterr().err
    assert f"columns kept but not understood (12): {', '.join(columns)}" in reported
