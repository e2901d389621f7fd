"""Confirming candidates: who is meant, what the guard refuses, and the shipped town end to end."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import samples
import shapely
from project_values import layer_of, small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.errors import GuardError, InputError
from lhasaplan.io.content.protected_kinds import load_protected_kinds
from lhasaplan.workflow import decisions

GROUNDS = {"purpose": "traffic", "reason": "two collisions", "milder": "signs", "by": "A. B."}


def part(name, x_m, category="stop"):
    return Part(name, name, "", "pack", category, "apron", "area", shapely.Point(x_m, 0).buffer(1), Required(25.0))


PARTS = (part("a", 0), part("b", 10), part("c", 100, "bridge"))


@pytest.fixture
def judged(monkeypatch):
    """Three candidates; the guard refuses what it is told to, and notes what it was asked about."""
    state = SimpleNamespace(refuse=(), asked=[])

    def guard(parts):
        state.asked.append([each.part_id for each in parts])
        refused = tuple((each, "{part} lies on protected ground", {}) for each in parts if each.part_id in state.refuse)
        return SimpleNamespace(refused=refused)

    found = SimpleNamespace(
        parts=PARTS,
        drawn=(),
        drawn_apart=(),
        guard=guard,
        context=SimpleNamespace(reference_data=SimpleNamespace(kinds=load_protected_kinds())),
    )
    monkeypatch.setattr(decisions, "candidates", lambda services, project: found)
    monkeypatch.setattr(decisions, "refuse_closed", lambda city, parts: None)
    return state


def confirmed(project, *ids, categories=(), within=""):
    selection = workflow.CandidateSelection(ids, categories, within)
    changed, _ = workflow.confirm(replace(open_services(), today=lambda: "2026-03-04"), project, selection, **GROUNDS)
    return changed


def test_that_a_confirmation_keeps_purpose_reason_milder_means_name_and_date(judged):
    (one,) = confirmed(small_town(), "a").confirmations
    assert replace(one, thing=None) == Confirmation("a", "traffic", "two collisions", "signs", "A. B.", "2026-03-04")


def test_that_a_purpose_that_the_mandate_does_not_state_confirms_nothing(judged):
    with pytest.raises(InputError, match="not a purpose of the mandate; its purposes are: traffic"):
        workflow.confirm(open_services(), small_town(), workflow.CandidateSelection(("a",)), **{**GROUNDS, "purpose": "order"})


def test_that_a_category_means_all_its_candidates(judged):
    assert [one.part_id for one in confirmed(small_town(), categories=("stop",)).confirmations] == ["a", "b"]


def test_that_an_area_narrows_what_is_meant(judged):
    areas = layer_of("areas", [shapely.box(-5, -5, 5, 5)], tags=[{"name": "Old Town"}])
    project = replace(small_town(), layers={"areas": areas})
    assert [one.part_id for one in confirmed(project, categories=("stop",), within="Old Town").confirmations] == ["a"]


def test_that_every_unknown_id_is_told(judged):
    with pytest.raises(InputError) as caught:
        confirmed(small_town(), "a", "x", "y")
    assert [fault.params["id"] for fault in caught.value.faults] == ["x", "y"]


def test_that_nothing_is_confirmed_when_the_guard_refuses_one(judged):
    judged.refuse = ("b",)
    with pytest.raises(GuardError, match="b lies on protected ground"):
        confirmed(small_town(), "a", "b")


def test_that_new_parts_are_judged_together_with_those_confirmed_before(judged):
    confirmed(confirmed(small_town(), "a"), "b")
    assert judged.asked[-1] == ["a", "b"]


def test_that_confirming_again_replaces_the_earlier_grounds(judged):
    twice = confirmed(confirmed(small_town(), "a"), "a")
    assert len(twice.confirmations) == 1


def shown_town(services, folder, capsys):
    """Return the files of the demo of the shipped town, which says what it should."""
    assert main(["demo", "--city", "hilltown", "--out", str(folder)], services) == 0
    said = capsys.readouterr().out
    assert "FICTITIOUS" in said
    assert all(title in said for title in ("Confirmed parts", "Seen twice", "Cameras that can go", "all steps"))
    return {path.name for path in folder.iterdir()}


def test_that_the_shipped_town_gives_a_plan_and_ends_with_exit_code_0(tmp_path, capsys, monkeypatch):
    # What is proposed is worked out once for all tests.
    monkeypatch.setattr("lhasaplan.workflow.siting.propose", lambda *_: samples.proposed())
    services = open_services()
    few = replace(services, writers={name: services.writers[name] for name in ("xlsx", "gpkg")})
    files = shown_town(few, tmp_path, capsys)
    assert {"audit.xlsx", "schedule.xlsx", "audit.gpkg", "hilltown-project.gpkg"} <= files


@pytest.mark.nightly
def test_that_the_shipped_town_gives_every_draft(tmp_path, capsys):
    files = shown_town(open_services(), tmp_path, capsys)
    assert {"audit.docx", "plan.docx", "audit.xlsx", "audit.gpkg", "map.html", "audit.pptx", "hilltown-project.gpkg"} <= files


def test_that_the_project_of_the_demo_can_be_checked_like_any_other(tmp_path, capsys):
    services = open_services()
    path = tmp_path / "town.gpkg"
    services.stores.open(path).save(samples.sample("hilltown"))
    capsys.readouterr()
    assert main(["check", str(path)]) == 1
    assert "Confirmed parts" in capsys.readouterr().out
    assert main(["sight", str(path), "--out", str(tmp_path / "pairs.csv")]) == 0
    assert (tmp_path / "pairs.csv").read_text().count("\n") > 100


def test_that_the_shipped_town_names_its_own_licence():
    assert {record.licence for record in samples.sample("hilltown").inputs} == {"Fictitious data, CC0 1.0"}
