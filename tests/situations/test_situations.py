"""Every situation is found as its lawyer reads it: kind, grade, article, figure and mitigation; and its mitigation ends it."""

import functools
from dataclasses import replace

import pytest
import shapely
from amounts import some_by_day
from article_table import PAGE, not_shown, section, shown
from situation import assess, known_of, project_of, situations, with_record

from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.findings.sentences import FINDINGS
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.results.finding import MitigationAction, Severity, alternatives_of
from lhasaplan.io.content.packs import available_packs, load_packs

EVERY = situations()
INSIDE = [name for name, said in EVERY.items() if said.get("gate") == "open"]
BESIDE = ("unasked_area",)
# How a situation tells forms of one action apart: by the value that such a mitigation carries.
FORMS = {
    "turn": "turn_deg",
    "tilt": "tilt_by_deg",
    "lens": "hfov_deg",
    "range": "range_m",
    "home view": "",
    "sector": "sector",
    "picture": "picture",
}


@functools.cache
def town(name):
    return project_of(EVERY[name])


@functools.cache
def answers(name):
    return assess(town(name), EVERY[name])


def names_of(found):
    """Return what a situation calls a finding: its id, of a note on many cameras one name for each of them."""
    return [f"{found.kind}:{camera}" for camera in found.cameras] or [found.finding_id]


def finding(assessment, finding_id):
    return next((each for each in assessment.findings if finding_id in names_of(each)), None)


def expected():
    return [(name, each["id"]) for name, said in EVERY.items() for each in said.get("found", ())]


def one_of_each():
    """Return the first finding of each kind, form of mitigation and fields that are answered: their questions are put by day."""
    first = {}
    for name, said in EVERY.items():
        for each in said.get("found", ()):
            kind, form = each["id"].split(":")[0], each.get("cure", {}).get("form")
            first.setdefault((kind, form, *sorted(each.get("answer", {}))), (name, each["id"]))
    return set(first.values())


def both(name, finding_id):
    """Return a finding and what the situation says of it."""
    said = next(each for each in EVERY[name]["found"] if each["id"] == finding_id)
    found = finding(answers(name), finding_id)
    assert found is not None, [each.finding_id for each in answers(name).findings]
    return found, said


def form_of(mitigation):
    """Return the word by which situations call a mitigation."""
    if "form" in mitigation.values:
        return mitigation.values["form"]
    named = next((word for word, key in FORMS.items() if key in mitigation.values), "")
    return named if named else "home view" if mitigation.action is MitigationAction.SHORTEN else str(mitigation.action)


def agrees(value, said):
    """Tell whether a value is the one said: exactly, or between the least and the most."""
    if isinstance(said, list) and len(said) == 2 and isinstance(said[0], (int, float)):
        return said[0] <= value <= said[1]
    if isinstance(said, list):
        return list(value) == said
    return value == (pytest.approx(said, abs=0.051) if isinstance(said, float) else said)


def check_mitigation(mitigation, said):
    assert form_of(mitigation) == said["form"]
    values = dict(mitigation.values)
    if len(mitigation.mask_sector_deg) == 1:
        values |= {"sector_from": mitigation.mask_sector_deg[0][0], "sector_to": mitigation.mask_sector_deg[0][1]}
    reported = {key: value for key, value in said.items() if key != "form"}
    assert {key: values.get(key) for key, value in reported.items() if not agrees(values.get(key), value)} == {}


@pytest.mark.parametrize("name", EVERY)
def test_that_the_situation_holds_exactly_what_is_said_of_it(name):
    said, result = EVERY[name], answers(name)
    assert result.gate.open == (said.get("gate") == "open"), result.gate.missing
    beside = said.get("beside", BESIDE)
    found = {name for each in result.findings if each.kind not in beside for name in names_of(each)}
    assert found == {each["id"] for each in said.get("found", ()) if each["id"].split(":")[0] not in beside}


@pytest.mark.parametrize("name", [name for name, said in EVERY.items() if said.get("gate") == "closed"])
def test_that_what_the_gate_misses_is_what_is_said(name):
    assert [template.format(**params) for template, params in answers(name).gate.missing] == EVERY[name]["missing"]
    assert answers(name).parts is None


@pytest.mark.parametrize("name", [name for name, said in EVERY.items() if "noted" in said])
def test_that_what_is_told_beside_the_findings_is_what_is_said(name):
    notes = {template: dict(params) for template, params in answers(name).notes}
    for key, said in EVERY[name]["noted"].items():
        assert {field: notes[NOTES[key]][field] for field in said} == said


@pytest.mark.parametrize("name", [name for name, said in EVERY.items() if "night_m2" in said])
def test_that_the_ground_within_the_range_at_night_is_what_is_said(name):
    for camera in answers(name).cameras:
        assert camera.night_m2 == pytest.approx(EVERY[name]["night_m2"], rel=0.002)


@pytest.mark.parametrize(("name", "finding_id"), expected())
def test_that_a_finding_has_its_grade_figure_and_article(name, finding_id):
    found, said = both(name, finding_id)
    assert (str(found.severity), str(found.certainty)) == (said["severity"], said.get("certainty", "certain"))
    assert f"{found.pack} {found.article}".strip() == said["article"]
    assert list(found.params.get("also", ())) == said.get("also", [])
    if "measured" in said:
        measured = list(found.measured) if isinstance(found.measured, tuple) else found.measured
        assert measured == pytest.approx(said["measured"], abs=said["within"])
        assert (found.required, found.unit) == (said.get("required"), said["unit"])
    front_m = max((each["length_m"] for each in found.params.get("sharpest", ())), default=0.0)
    reported = {"frontage_m": front_m, **found.params}
    assert all(agrees(reported[key], value) for key, value in said.get("says", {}).items()), reported


@pytest.mark.parametrize(
    ("name", "said"), [(name, each) for name, town in EVERY.items() for each in town.get("found", ()) if "in_view" in each]
)
def test_that_what_is_in_view_is_told_by_height_and_door(name, said):
    _, camera_id, cls = said["id"].split(":")
    (camera,) = [each for each in answers(name).cameras if each.placed.camera.camera_id == camera_id]
    (sighting,) = [each for each in camera.sightings if str(each.cls) == cls]
    assert {f"{each.surface} {each.band}".strip(): each for each in sighting.surfaces}.keys() == {
        each["what"] for each in said["in_view"]
    }
    for surface in sighting.surfaces:
        (reported,) = [each for each in said["in_view"] if each["what"] == f"{surface.surface} {surface.band}".strip()]
        assert (surface.count, surface.length_m) == (reported["count"], pytest.approx(reported["length_m"]))
        assert surface.nearest_m == pytest.approx(reported["nearest_m"], abs=0.01)


@pytest.mark.parametrize(("name", "finding_id"), expected())
def test_that_a_finding_has_its_mitigation_and_no_other(name, finding_id):
    found, said = both(name, finding_id)
    if "cure" not in said:
        assert found.mitigation is None
        return
    check_mitigation(found.mitigation, said["cure"])
    others = {form_of(each): each for each in alternatives_of(found.mitigation)}
    for other in said.get("alternatives", ()):
        check_mitigation(others[other["form"]], other)


def audited_with(name, changed):
    """Return the answers for the town with one camera changed."""
    project = town(name)
    cameras = tuple(changed if each.camera_id == changed.camera_id else each for each in project.cameras)
    return assess(replace(project, cameras=cameras), EVERY[name])


def camera_of(name, found):
    return next(each for each in town(name).cameras if each.camera_id == found.camera_id)


def is_tried(mitigation):
    """Tell whether a mitigation changes the camera; a question about its record changes nothing until it is answered."""
    asks = mitigation is not None and mitigation.action in (
        MitigationAction.ASK,
        MitigationAction.STATE,
        MitigationAction.SIGN,
    )  # a sign changes the street, not the camera
    return mitigation is not None and (not asks or bool(mitigation.mask_sector_deg))


@pytest.mark.parametrize(("name", "finding_id"), expected())
def test_that_the_mitigation_ends_its_finding_and_so_does_every_alternative_that_is_called_tried_and_raises_nothing(
    name, finding_id
):
    found, _ = both(name, finding_id)
    if not is_tried(found.mitigation):
        return
    tried = [each for each in alternatives_of(found.mitigation) if each.is_verified]
    for mitigation in (found.mitigation, *tried):
        after = audited_with(name, apply_mitigation(camera_of(name, found), mitigation))
        assert finding(after, finding_id) is None, mitigation
        assert raised(answers(name), after) == {}, mitigation


# What a mitigation may bring: a part served less and a camera that serves nothing (it says what duty it leaves), a picture that a
# narrower lens makes sharper. A month is more than 72 hours, and the approval of a camera that was removed still lists it.
FOLLOWING = {"gap", "weak", "partial", "removable", "sharper_than_needed", "retention_reason", "removed_since_approval"}
RANK = {Severity.NOTE: 1, Severity.DUE: 2, Severity.ERROR: 3}


def raised(before, after):
    """Return the findings that are new or graver, and the ground that nobody asks for where it grew."""
    was = {name: RANK[each.severity] for each in before.findings for name in names_of(each)}
    now = {name: each.severity for each in after.findings for name in names_of(each)}
    graver = {name: severity for name, severity in now.items() if RANK[severity] > was.get(name, 0)}
    ground = {each.placed.camera.camera_id: each.unasked_m2 for each in before.cameras}
    more = {c: each.unasked_m2 for each in after.cameras if each.unasked_m2 > ground[c := each.placed.camera.camera_id] + 1.0}
    return {key: value for key, value in (graver | more).items() if key.split(":")[0] not in FOLLOWING}


def protected_m2(name, result):
    """Return how much protected ground a camera shows at 25 px/m or better."""
    said = EVERY[name]
    context = make_context(town(name), known_of(tuple(said["packs"])), with_planned=False)
    ground = shapely.union_all([place.ground for place in context.protected])
    bands = [band for lower, band in result.cameras[0].certain.bands if lower >= 25.0]
    return shapely.area(shapely.intersection(shapely.union_all(bands), ground))


@pytest.mark.parametrize(
    "name",
    [
        "a school yard before a camera",
        "a playground mapped as a point has its ground",
        "the square before a temple is its ground for 25 metres",
    ],
)
def test_that_a_mask_over_open_ground_leaves_no_slit_between_the_points_that_it_is_read_at(name):
    (found,) = [each for each in answers(name).findings if each.kind == "view_protected"]
    masks = [each for each in (found.mitigation, *alternatives_of(found.mitigation)) if each.action is MitigationAction.MASK]
    assert {form_of(each) for each in masks} == {"sector", "picture"}
    for mask in masks:
        after = audited_with(name, apply_mitigation(camera_of(name, found), mask))
        assert protected_m2(name, after) <= 0.01 * protected_m2(name, answers(name))


@pytest.mark.parametrize("asked", some_by_day(expected(), one_of_each()), ids="-".join)
def test_that_the_answer_to_a_question_ends_its_finding(asked):
    name, finding_id = asked
    found, said = both(name, finding_id)
    if found.mitigation is None or is_tried(found.mitigation) or found.mitigation.action is MitigationAction.SIGN:
        assert "answer" not in said
        return
    after = audited_with(name, with_record(camera_of(name, found), said["answer"]))
    assert finding(after, finding_id) is None


@pytest.mark.parametrize("name", INSIDE)
def test_that_each_part_has_its_verdict(name):
    verdicts = {
        each.part.part_id: [each.verdict, each.verdict_after, pytest.approx(each.measured.share_served, abs=0.001)]
        for each in answers(name).parts
    }
    assert EVERY[name]["verdicts"] == verdicts


@pytest.mark.parametrize("name", [name for name in INSIDE if "serves" in EVERY[name]])
def test_that_what_would_serve_a_part_is_what_is_said(name):
    (part,) = answers(name).parts
    assert [each.action for each in part.service] == [each["form"] for each in EVERY[name]["serves"]]
    for option, said in zip(part.service, EVERY[name]["serves"], strict=True):
        reported = {key: value for key, value in said.items() if key not in ("form", "camera", "verdict")}
        assert (option.camera_id, option.verdict_after) == (said["camera"], said["verdict"])
        assert {key: option.values.get(key) for key, value in reported.items() if not agrees(option.values.get(key), value)} == {}


@pytest.mark.parametrize("name", INSIDE)
def test_that_what_would_serve_a_part_does_and_shows_nobody_s_home(name):
    project, grave = town(name), (Severity.DUE, Severity.ERROR)
    views = {each.finding_id for each in answers(name).findings if each.kind.startswith("view") and each.severity in grave}
    for part in answers(name).parts:
        for option in part.service:
            others = [each for each in project.cameras if each.camera_id != option.camera_id]
            after = assess(replace(project, cameras=(*others, option.as_changed)), EVERY[name])
            (now,) = [each for each in after.parts if each.part.part_id == part.part.part_id]
            assert (now.verdict_after, now.measured_after.share_served) == (
                option.verdict_after,
                pytest.approx(option.share_after),
            )
            graver = {each.finding_id for each in after.findings if each.kind.startswith("view") and each.severity in grave}
            assert graver <= views


def test_that_there_are_at_least_forty_situations():
    assert len(EVERY) >= 40


def test_that_every_kind_of_finding_has_a_situation():
    spoken_of = {finding_id.split(":")[0] for _, finding_id in expected()}
    assert {kind.split(":")[0] for kind in FINDINGS} - spoken_of == set()


def test_that_every_computed_article_of_every_shipped_pack_is_cited_by_every_kind_that_it_lists():
    assert not_shown() == []


def test_that_the_page_says_which_situation_shows_which_article():
    assert PAGE.read_text(encoding="utf-8").endswith(section()), "run python tests/situations/article_table.py"


def test_that_only_declared_articles_are_said_to_be_declared():
    declared = {
        f"{pack.name} {article.number}"
        for pack in load_packs(available_packs())
        for article in pack.articles
        if article.how == "declared"
    }
    assert {article for article, kind in shown() if not kind} <= declared


def test_that_every_mitigation_has_a_situation():
    said = [each for situation in EVERY.values() for each in situation.get("found", ())]
    forms = {
        mitigation["form"]
        for each in said
        for mitigation in (*each.get("alternatives", ()), *([each["cure"]] if "cure" in each else []))
    }
    actions = {
        str(action)
        for action in MitigationAction
        if action not in (MitigationAction.TURN, MitigationAction.SHORTEN, MitigationAction.MASK)
    }
    assert (actions | set(FORMS)) - forms == set()


def test_that_certain_and_possible_findings_of_both_lens_classes_and_every_mount_have_a_situation():
    certainties = {each.get("certainty", "certain") for said in EVERY.values() for each in said.get("found", ())}
    views = [
        (placed.mount, view.lens_class)
        for name in EVERY
        for c in answers(name).cameras
        for placed in [c.placed]
        for view in placed.views
    ]
    assert certainties == {"certain", "possible"}
    assert {str(mount) for mount, _ in views} == {"pole", "wall", "roof", "indoor"}
    assert {str(lens) for _, lens in views} == {"rectilinear", "equidistant"}
