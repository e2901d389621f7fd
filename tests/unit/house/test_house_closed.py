"""Drawn places behind a passphrase, from the command line: asked for, counted on every first page, and no plan without it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import shapely
from amounts import some_by_day
from evasion_town import GROUNDS, PART, answers, lonlat, make_town, run
from made_once import made_once

from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.file_kinds import FORMATS
from lhasaplan.store import sealed
from lhasaplan.workflow.projects import remarks_on_drawn

PASSPHRASE = "seven grey herons at noon"
NAME = "Heron Refuge"


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    monkeypatch.setattr(sealed, "_WORK", 2**8)
    monkeypatch.delenv("LHASAPLAN_PASSPHRASE", raising=False)


def refuge_file(folder, shape=None):
    """Write a refuge before camera C1 that looks north, as a user draws it."""
    outline = shapely.transform(shape or shapely.box(-4, -15, 4, -8), lambda xy: [lonlat(*each) for each in xy])
    place = {
        "type": "Feature",
        "properties": {"lhasaplan": "protected", "name": NAME},
        "geometry": shapely.geometry.mapping(outline),
    }
    path = folder / "heron_refuge.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [place]}), encoding="utf-8")
    return path


@pytest.fixture
def town(tmp_path):
    """A town that may plan, with a refuge that lies open."""
    return made_once(tmp_path / "town", __name__, make_open)


def make_open():
    folder = make_town(Path.cwd())
    assert run(folder, "import", refuge_file(folder), "--as", "places") == 0


@pytest.fixture
def closed(town, monkeypatch):
    """The same town with the refuge closed, and no passphrase at hand."""
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert run(town, "protect") == 0
    monkeypatch.delenv("LHASAPLAN_PASSPHRASE")
    return town


def seen(result):
    """Return how many places other than homes are in view of some camera."""
    return sum(s["places"] for camera in result["cameras"] for s in camera["sightings"] if s["class"] == "protected")


def test_that_a_user_is_told_of_drawn_places_that_lie_open(town, capsys):
    run(town, "import", refuge_file(town), "--as", "places", "--dry-run")
    assert "1 drawn protected place lies open in the project file" in capsys.readouterr().err


def test_that_a_closed_refuge_is_missing_and_the_audit_says_so_by_a_count_alone(town, closed, capsys):
    code, result = answers(closed, "audit")
    said = capsys.readouterr()
    assert (code, result["closed_places"]) == (1, 1)
    assert "1 drawn protected place is closed, so this audit lacks it" in said.out
    assert "1 drawn protected place is closed" in said.err
    assert NAME not in said.out + said.err + json.dumps(result)
    assert "heron" not in json.dumps(result)


def test_that_a_closed_refuge_is_looked_at_again_with_its_passphrase(closed, monkeypatch):
    without = seen(answers(closed, "audit", None, "--private")[1])
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    result = answers(closed, "audit", None, "--private")[1]
    assert (result["closed_places"], seen(result)) == (None, without + 1)
    # An output that others may read has no view onto it: only that undisclosed places are near.
    assert seen(answers(closed, "audit")[1]) == without


def test_that_the_gate_stays_shut_while_places_are_closed(closed, monkeypatch):
    code, result = answers(closed)
    assert (code, result["gate"]["open"], result["parts"]) == (3, False, None)
    assert [each["template"] for each in result["gate"]["missing"]] == [
        "{count} drawn protected places are closed. Without their passphrase demand could lie on one of them."
    ]
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert answers(closed)[1]["gate"]["open"]


def test_that_nothing_is_confirmed_while_places_are_closed(closed, monkeypatch, capsys):
    assert run(closed, "confirm", PART, *GROUNDS) == 3
    assert "demand could lie on it" in capsys.readouterr().err
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert run(closed, "confirm", PART, *GROUNDS) == 0


def test_that_the_verbs_keep_what_is_closed(closed, monkeypatch):
    assert run(closed, "import", closed / "cameras.csv", "--as", "cameras") == 0
    assert answers(closed, "audit")[1]["closed_places"] == 1
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert answers(closed, "audit")[1]["closed_places"] is None
    monkeypatch.delenv("LHASAPLAN_PASSPHRASE")
    assert answers(closed, "audit")[1]["closed_places"] == 1


def test_that_a_wrong_passphrase_is_bad_input(closed, monkeypatch, capsys):
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE + "!")
    assert run(closed, "audit") == 2
    assert "This passphrase does not open the closed places" in capsys.readouterr().err


def test_that_protect_asks_for_a_passphrase_where_none_is_given(town, capsys):
    assert run(town, "protect") == 2
    assert "or set LHASAPLAN_PASSPHRASE" in capsys.readouterr().err


def test_that_protect_says_when_there_is_nothing_to_close(tmp_path, monkeypatch, capsys):
    folder = make_town(tmp_path / "town")
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert run(folder, "protect") == 2
    assert "Nothing is drawn here that could be closed" in capsys.readouterr().err


def test_that_a_new_passphrase_needs_the_old_one(closed, monkeypatch):
    other = "nine white geese at dawn"
    monkeypatch.setenv("LHASAPLAN_NEW_PASSPHRASE", other)
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", "guessed by somebody")
    assert run(closed, "protect", "--change") == 2
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", PASSPHRASE)
    assert run(closed, "protect", "--change") == 0
    assert run(closed, "audit") == 2
    monkeypatch.setenv("LHASAPLAN_PASSPHRASE", other)
    assert run(closed, "audit") == 1


def test_that_no_passphrase_stands_on_the_command_line(closed, capsys):
    assert run(closed, "protect", "--passphrase", PASSPHRASE) == 2
    assert run(closed, "protect", PASSPHRASE) == 2


def test_that_a_place_drawn_while_others_are_closed_is_told_to_lie_open(closed, tmp_path, capsys):
    path = refuge_file(tmp_path, shapely.box(60, -40, 66, -34))
    path = path.rename(tmp_path / "second.geojson")
    assert run(closed, "import", path, "--as", "places") == 0
    assert "1 drawn protected place lies open" in capsys.readouterr().err
    services = open_services()
    project = services.stores.open(closed / "town.gpkg").load()
    assert [fault.params["count"] for fault in remarks_on_drawn(project)] == [1, 1]


@pytest.mark.parametrize("formats", some_by_day((("html", "register"), FORMATS), {("html", "register")}), ids=len)
def test_that_every_draft_says_that_places_are_missing(closed, formats):
    out = closed / "drafts"
    assert run(closed, "export", "--format", ",".join(formats), "--out", out) == 0
    page = (out / "audit.html").read_text(encoding="utf-8")
    assert page.index("INCOMPLETE: 1 drawn protected places") < page.index("<h1")
    assert "INCOMPLETE: 1 drawn protected places" in (out / "map.html").read_text(encoding="utf-8")
    assert json.loads((out / "register.json").read_text(encoding="utf-8"))["closed_places"] == 1


def test_that_a_project_without_closed_places_does_not_wait_for_the_library(tmp_path):
    folder = make_town(tmp_path / "town")
    probe = (
        "import sys; from lhasaplan.cli import main; code = main(['audit', sys.argv[1]]); "
        "print(code, any(name.startswith('cryptography') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", probe, folder / "town.gpkg"], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "1 False"
