import json

import pytest

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.changes.proposal import from_json
from lhasaplan.workflow.samples import open_sample


@pytest.fixture(scope="module")
def hilltown(tmp_path_factory):
    services = open_services()
    folder = tmp_path_factory.mktemp("propose")
    services.stores.open(folder / "town.gpkg").save(open_sample(services, services.content.read_sample("hilltown")))
    return folder


def test_that_an_option_is_told_with_its_bound_written_and_kept_as_a_plan(hilltown, monkeypatch, capsys):
    monkeypatch.chdir(hilltown)
    before = open_services().stores.open(hilltown / "town.gpkg").load()
    assert main(["propose", "town.gpkg", "--remove-only", "--json", "p.json", "--save", "fewer"]) == 0
    said = capsys.readouterr().out
    written = json.loads((hilltown / "p.json").read_text("utf-8"))
    cameras = written["options"][1]["figures"][
        "cameras"
    ]  # HT-12 among them: unknown direction, so no option counts or removes it
    assert f"it has {cameras} cameras; no computed plan serves these parts as well with fewer than {cameras}." in said
    assert [each["option"] for each in written["options"]] == ["none", "remove-only"]
    assert written["synthetic"]
    proposal = from_json(written["options"][1]["proposal"])
    after = open_services().stores.open(hilltown / "town.gpkg").load()
    assert after.cameras == before.cameras
    (version,) = after.versions
    assert version.name == "fewer"
    changed = {new.camera_id for old, new in zip(before.cameras, version.cameras, strict=True) if old != new}
    assert changed == set(proposal.camera_ids)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all", "--change-only"], "name one of"),
        (["--save", "x"], "--save keeps one option"),
        (["--budget", "-1"], "--budget takes a number"),
    ],
)
def test_that_what_cannot_be_meant_is_refused_before_any_work(hilltown, words, said, monkeypatch, capsys):
    monkeypatch.chdir(hilltown)
    assert main(["propose", "town.gpkg", *words]) == 2
    assert said in capsys.readouterr().err


def test_that_outside_the_gate_all_that_is_missing_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    services = open_services()
    from dataclasses import replace

    project = replace(open_sample(services, services.content.read_sample("hilltown")), mandate=None)
    services.stores.open(tmp_path / "shut.gpkg").save(project)
    assert main(["propose", "shut.gpkg"]) == 3
    assert capsys.readouterr().err
