"""A verb says that it has done something only when that is in the file; else a sentence and exit code 2."""

import json
import os

import pytest

from lhasaplan.cli import main
from lhasaplan.store import project_states

HOUSE = [[24.9410, 60.1700], [24.9414, 60.1700], [24.9414, 60.1702], [24.9410, 60.1702], [24.9410, 60.1700]]
RULES = ["--rules", "eu-gdpr,municipal-safety"]


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LHASAPLAN_LANG", raising=False)
    feature = {
        "type": "Feature",
        "id": "way/1",
        "properties": {"building": "yes", "height": "6"},
        "geometry": {"type": "Polygon", "coordinates": [HOUSE]},
    }
    (tmp_path / "houses.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (tmp_path / "mandate.toml").write_text('controller = "City"\n')
    assert main(["new", "town.gpkg", *RULES]) == 0
    assert main(["import", "town.gpkg", "houses.geojson", "--as", "buildings"]) == 0
    return tmp_path


CHANGES = [
    ["import", "town.gpkg", "houses.geojson", "--as", "buildings"],
    ["mandate", "town.gpkg", "mandate.toml"],
    ["confirm", "town.gpkg", "way/1", "--declare", "not_dwelling", "--by", "A. Example"],
]


@pytest.mark.parametrize("words", CHANGES, ids=lambda words: words[0])
def test_that_a_verb_that_saves_prints_no_success_when_saving_fails(town, words, capsys, monkeypatch):
    before = (town / "town.gpkg").read_bytes()
    capsys.readouterr()

    def without_room(target, *_states):
        """Change rows in a file that may not grow by a page, as on a full disk."""
        (pages,) = target.execute("PRAGMA page_count").fetchone()
        target.execute(f"PRAGMA max_page_count = {pages}")
        target.execute("CREATE TABLE too_large AS SELECT zeroblob(1000000) AS large")

    with monkeypatch.context() as patch:
        patch.setattr(project_states, "change_project", without_room)
        assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == "town.gpkg: There is no room left on the disk; make some and repeat the step"
    assert (town / "town.gpkg").read_bytes() == before
    assert not [name for name in os.listdir(town) if name.startswith(".")]
    assert main(words) == 0


def test_that_new_in_a_folder_that_is_not_there_is_a_sentence(town, capsys):
    capsys.readouterr()
    assert main(["new", "gone/town.gpkg", *RULES]) == 2
    assert capsys.readouterr() == ("", "town.gpkg: There is no such file or folder any more\n")


def test_that_an_audit_of_a_read_only_project_gives_its_answers_and_says_that_they_are_not_kept(town, capsys):
    (town / "town.gpkg").chmod(0o444)
    before = (town / "town.gpkg").read_bytes()
    capsys.readouterr()
    assert main(["audit", "town.gpkg", "--json", "audit.json"]) == 0
    out, err = capsys.readouterr()
    assert "wrote audit.json" in out
    assert "town.gpkg: The rights of this file" in err
    assert (town / "town.gpkg").read_bytes() == before


def test_that_an_error_of_the_system_is_told_with_its_file(town, capsys):
    (town / "points.csv").write_text("point_id,lon,lat\na,24.9412,60.1698\n")
    capsys.readouterr()
    assert main(["sight", "town.gpkg", "--points", "points.csv", "--out", "gone/pairs.csv"]) == 2
    assert capsys.readouterr().err == "gone/pairs.csv: There is no such file or folder any more\n"
