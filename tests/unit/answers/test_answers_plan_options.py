"""The options of a plan are proposals: their figures are those of an audit of the town as it would be."""

from dataclasses import replace

import pytest
import samples

from lhasaplan import workflow
from lhasaplan.app.look import Language
from lhasaplan.app.tools.siting.options import OptionsSheet
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.changes.work import Work
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.plan import as_today
from lhasaplan.core.project.plan_step import PlanVersion
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.draft_facts import facts_of
from lhasaplan.report.chapters.option_figures import option_figures
from lhasaplan.report.chapters.options_chapter import options_chapter
from lhasaplan.report.slides.council_slides import choice_slide
from lhasaplan.report.text.document import Figure, Grid
from lhasaplan.report.text.numerals import number_text
from lhasaplan.workflow.siting import disclosed_proposals


@pytest.fixture(scope="module")
def town():
    services = open_services()
    project = samples.sample("hilltown")
    assessment = samples.checked()
    return services, project, {each.key: each for each in workflow.plan_options(services, project, assessment)}


def met(services, project, cameras):
    found = workflow.check(services, replace(project, cameras=tuple(cameras)))
    return {result.part.part_id for result in found.parts if result.verdict_after == "met"}, found


def test_that_each_option_is_what_a_check_of_the_changed_town_says(town):
    services, project, options = town
    today = as_today(project)
    before, _ = met(services, project, today.cameras)
    for option in options.values():
        after, found = met(services, project, apply(option.proposal, today.cameras))
        assert set(option.effect.gained) == after - before
        assert set(option.effect.lost) == before - after
        standing = [one for one in found.cameras if one.placed.camera.status is not Status.REMOVED]
        assert len(standing) == option.cameras


def test_that_no_camera_ends_every_view_and_serves_nothing(town):
    none = town[2][OptionKey.NONE]
    assert none.cameras == 0
    assert none.effect.unasked_m2[1] == 0.0
    assert not any(after for _, after in none.effect.places_by_grade.values())


def test_that_fewer_cameras_serve_as_much_and_leave_less_ground_in_view(town):
    fewer = town[2][OptionKey.FEWER]
    assert not fewer.effect.parts
    assert fewer.effect.unasked_m2[1] < fewer.effect.unasked_m2[0]


def test_that_changing_the_existing_cameras_takes_none_away_and_adds_none(town):
    changed, today = town[2][OptionKey.CHANGED], as_today(town[1])
    after = apply(changed.proposal, today.cameras)
    assert [camera.camera_id for camera in after] == [camera.camera_id for camera in today.cameras]
    assert [camera.status for camera in after] == [camera.status for camera in today.cameras]


def test_that_a_price_that_is_not_stated_leaves_the_cost_open_and_one_that_is_makes_a_sum(town, tmp_path):
    services, project, options = town
    assert options[OptionKey.PROPOSED].effect.cost.total is None
    path = tmp_path / "prices.toml"
    path.write_text("[unit_prices]\nnew_on_pole = 4200\n")
    assessment = samples.checked()
    priced = {each.key: each for each in workflow.plan_options(services, project, assessment, path)}
    assert priced[OptionKey.PROPOSED].effect.cost.total == 4200.0
    assert priced[OptionKey.FEWER].effect.cost.total is None


def test_that_plans_that_were_kept_are_options_of_their_own_and_what_is_planned_already_is_none(town):
    services, project, options = town
    turned = [replace(each, azimuth_deg=90.0) if each.camera_id == "HT-01" else each for each in project.cameras]
    kept = PlanVersion("Turned", tuple(turned)), PlanVersion("Same", project.cameras)
    found = workflow.plan_options(services, replace(project, versions=kept), samples.checked())
    (option,) = [each for each in found if each.key is OptionKey.KEPT_PLAN]
    assert option.name == "Turned"
    assert option.cameras == options[OptionKey.PROPOSED].cameras
    assert "municipal-safety:pedestrian_crossing:node/5/1" in option.effect.lost  # docs/python.md turns the same camera
    assert [each.key for each in found if each.key is not OptionKey.KEPT_PLAN] == list(options)


def test_that_plan_and_deck_have_the_options_of_the_window_by_its_names_with_its_numbers(town, qapp):
    services, project, _ = town
    found = disclosed_proposals(samples.proposed(), private=False)
    order = DraftOrder(proposals=found, options=tuple(town[2].values()))
    facts = facts_of(project, samples.checked(), Translations(), order)
    window = OptionsSheet(Language(services.content.load_translations))
    window.set_rows(found.options)
    cells = [[window.index(row, column).data() for column in range(5)] for row in range(len(found.options))]
    changing = [row for row, each in zip(cells, found.options, strict=True) if each.option.proposal.changes]
    rows = {row.title(Translations()): row for row in option_figures(facts)}
    assert len(changing) == 4
    for name, cameras, met, _, unasked in changing:
        row = rows[name]
        assert (str(row.cameras), f"{row.met}/{sum(row.verdicts.values())}") == (cameras, met)
        assert number_text(row.unasked_m2, Translations()) == unasked
    rule, bars = choice_slide(facts, "plan.docx").blocks  # the title says that the rule stands below
    assert isinstance(bars, Figure)
    assert rule.text.startswith("One option is marked by a rule")
    (table,) = [block for block in options_chapter(facts) if isinstance(block, Grid) and block.anchor == "options"]
    for name, cameras, *_ in changing:
        assert f"{name}: parts met {rows[name].met}, ground" in bars.alt
        assert [row[1] for row in table.rows if row[0].startswith(name)] == [cameras]
    planned = rows["As drafted: with the planned cameras"]
    assert [str(planned.cameras), number_text(planned.unasked_m2, Translations())] == [cells[0][1], cells[0][4]]


def test_that_a_computed_option_costs_what_leads_to_it_from_today_at_the_prices_of_the_office(town):
    _, project, _ = town
    found = disclosed_proposals(samples.proposed(), private=False)
    order = DraftOrder(proposals=found, unit_prices={Work.TAKE_AWAY: 100.0, Work.NEW_ON_POLE: 4000.0})
    facts = facts_of(project, samples.checked(), Translations(), order)
    rows = {row.title(Translations()): row for row in option_figures(facts)}
    # Five of the cameras with the plan go; the planned one is among those or comes: it is no work of today, or a pole.
    fewer = next(each.option for each in found.options if each.option.allowance.name == "remove-only")
    planned = {each.camera_id for each in project.cameras if each.status is Status.PLANNED}
    gone = set(fewer.proposal.camera_ids)
    assert rows["Fewer: without the cameras that no part needs"].cost.total == 100.0 * len(gone - planned) + 4000.0 * len(
        planned - gone
    )
