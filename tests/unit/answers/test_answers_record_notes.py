"""Notes on what records lack: one for each kind and controller, with the list of cameras."""

from collections import Counter
from dataclasses import replace

from answers_town import bare_camera, camera, house, reference_data, town
from assessment_values import assessment_json

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Status
from lhasaplan.core.records.record_findings import by_planned_camera, stated_by_plan
from lhasaplan.core.results.finding import Certainty, ChangeFigures, Finding, Mitigation, MitigationAction, Severity
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.redaction import public_values
from lhasaplan.report.text.finding_words import mitigation_text, sentence

FAR = house(1, -200, 200, -190, 210)


def a_camera(name, owner="", x=0.0, **changes):
    return replace(bare_camera(name, x=x), owner=owner, **changes)


def answers(*cameras):
    return audit(town(FAR, cameras=cameras), reference_data())


def notes(assessment, kind):
    return [each for each in assessment.findings if each.kind == kind]


def test_that_each_kind_is_told_once_for_each_controller_with_its_cameras():
    cameras = [a_camera("a", "City"), a_camera("b", "Port", 3), a_camera("c", "City", 6), a_camera("d", x=9)]
    for kind in ("no_purpose", "retention_unknown", "sign_unknown", "direction_unknown"):
        found = {each.params["controller"]: each.camera_ids for each in notes(answers(*cameras), kind)}
        assert found == {"City": ("a", "c"), "Port": ("b",), "": ("d",)}


def test_that_the_number_of_notes_does_not_grow_with_the_cameras_of_a_controller():
    few, many = (answers(*(a_camera(f"c{n}", "City", 3.0 * n) for n in range(count))) for count in (2, 6))
    kinds = ("no_purpose", "retention_unknown", "sign_unknown", "direction_unknown", "optics_unknown")
    for assessment in (few, many):
        counts = Counter(each.kind for each in assessment.findings)
        assert {counts[kind] for kind in kinds} == {1}
    assert sorted(notes(many, "no_purpose")[0].cameras) == [f"c{n}" for n in range(6)]


def test_that_the_sentence_names_the_first_cameras_and_counts_the_rest():
    (note,) = notes(answers(*(a_camera(f"c{n}", "City", 3.0 * n) for n in range(5))), "no_purpose")
    assert sentence(note, Translations()) == "No purpose is recorded for 5 cameras (City): c0, c1, c2 and 2 more."
    (note,) = notes(answers(*(a_camera(f"c{n}", x=3.0 * n) for n in range(4))), "no_purpose")
    text = sentence(note, load_translations("en"))
    assert text == "No purpose is recorded for 4 cameras (controller not recorded): c0, c1, c2 and 1 more."


def test_that_one_camera_alone_is_named_under_the_id_that_it_shares_with_others():
    (alone,), (both,) = (
        notes(answers(*cameras), "no_purpose") for cameras in ((a_camera("a"),), (a_camera("a"), a_camera("b", x=3)))
    )
    assert sentence(alone, Translations()) == "No purpose is recorded for camera a."
    assert alone.finding_id == both.finding_id


def test_that_a_plan_still_owes_for_each_camera():
    planned = [camera(name, status=Status.PLANNED) for name in "ab"]
    assert all(each.camera_id for each in notes(answers(*planned), "no_purpose"))


def test_that_json_gives_null_and_the_list_for_many_cameras_and_the_id_for_one():
    data = assessment_json(answers(a_camera("a"), a_camera("b", x=3), a_camera("c", "Port", 6)))
    reported = {tuple(each["cameras"]): each["camera"] for each in data["findings"] if each["kind"] == "no_purpose"}
    assert reported == {("a", "b"): None, ("c",): "c"}
    assert all(each["camera"] in (None, *each["cameras"]) for each in data["findings"])


def test_that_a_coarse_output_joins_notes_across_owners_so_that_none_tells_who_has_which():
    cameras = [a_camera("a", "City"), a_camera("b", "Port", 3), a_camera("c", "City", 6)]
    project, assessment = town(FAR, cameras=cameras), replace(answers(*cameras), public_precision_deg=0.01)
    (note,) = notes(public_values(project, assessment)[1], "no_purpose")
    assert note.cameras == ("camera-0001", "camera-0002", "camera-0003")
    assert "controller not recorded" in sentence(note, Translations())
    assert not {"City", "Port"} & set(map(str, note.params.values()))


def a_lack(kind, severity, article, field):
    asked = Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=(field,)))
    certain = Certainty.CERTAIN
    return Finding(f"{kind}:p", kind, severity, certain, "de-bdsg", article, "p", None, None, "", asked, None)


def test_that_what_a_planned_camera_owes_is_as_grave_as_the_gravest_of_it():
    lacks = [
        a_lack("fields_missing", Severity.NOTE, "Completeness", "owner"),
        a_lack("no_purpose", Severity.DUE, "BDSG 4", "purpose"),
    ]
    (joined,) = by_planned_camera(lacks, {"p"})
    assert (joined.severity, joined.fields, joined.also) == (Severity.DUE, ("owner", "purpose"), ("de-bdsg BDSG 4",))
    assert by_planned_camera(lacks, set()) == lacks


def test_that_what_a_planned_camera_lacks_is_to_be_stated_and_asked_of_nobody():
    lack = a_lack("no_purpose", Severity.DUE, "BDSG 4", "purpose")
    (stated,) = stated_by_plan([lack], {"p"})
    assert mitigation_text(stated.mitigation, Translations()) == "State in the plan: purpose."
    assert stated_by_plan([lack], {"q"}) == [lack]
    both = replace(lack, camera_id="", cameras=("p", "q"))  # one of them stands, and somebody controls that
    assert stated_by_plan([both], {"p"}) == [both]
