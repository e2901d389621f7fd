"""What a person meets first: an empty map, an empty list, results that are old."""

from dataclasses import replace

import pytest
from gui_town import TODAY, FakeContext, FakeDialogs, assessment_of, stand_in, town

from lhasaplan.app.look import Language
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.shell import MainWindow
from lhasaplan.app.state import edits
from lhasaplan.core.project.project import Project


class SampleContext(FakeContext):
    """Opens the town as its sample."""

    def open_sample(self, city):
        self.opened = city
        return town()


@pytest.fixture
def bare(qtbot, monkeypatch):
    """The window before anything is opened."""
    context = stand_in(SampleContext(), monkeypatch)
    made = MainWindow(context, Language(context.services.content.load_translations), TODAY, FakeDialogs())
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def audited(window):
    window.session.set_assessment(assessment_of(window.session.project, window.bench.context.gate), window.session.project)
    return window


def test_that_an_empty_map_offers_what_can_be_done_and_a_city_takes_the_offer_away(qtbot, bare):
    assert bare.start.isVisible()
    assert not bare.start.buttons["import"].isVisible()
    bare.start.buttons["sample_hilltown"].click()
    qtbot.waitUntil(lambda: not bare.start.isVisible())
    assert bare.bench.context.opened == "hilltown"
    assert not bare.session.is_dirty


def test_that_the_import_is_the_next_step_once_rules_are_chosen(bare):
    bare.commands.opening.take(Project(packs=("eu-gdpr",)), None)
    assert bare.start.buttons["import"].isVisible()


def test_that_an_empty_list_of_findings_says_why_and_starts_the_audit(qtbot, window):
    window.docks.bring("findings")
    assert window.docks.panels["findings"].bar.isVisible()
    with qtbot.waitSignal(window.session.assessment_changed):
        window.docks.panels["findings"].bar.run.click()
    assert not window.docks.panels["findings"].bar.isVisible()


def test_that_a_list_without_a_city_offers_no_audit(bare):
    bare.docks.bring("findings")
    assert bare.docks.panels["findings"].bar.isVisible()
    assert not bare.docks.panels["findings"].bar.run.isVisible()


def test_that_findings_of_a_changed_camera_are_struck_out_until_it_is_as_it_was(window):
    audited(window)

    def struck():
        model = window.docks.panels["findings"].model
        rows = (model.index(row, 0) for row in range(model.rowCount()))
        fonts = {index.data(ROW_ROLE).camera_id: index.data(6) for index in rows}  # 6: FontRole
        return {camera_id for camera_id, font in fonts.items() if font is not None and font.strikeOut()}

    assert struck() == set()
    window.session.edit("Turn camera", edits.turned("known", 90.0, window.session.author))
    assert struck() == {"known"}
    assert window.docks.panels["findings"].bar.isVisible()
    window.menus["undo"].trigger()
    assert struck() == set()
    assert not window.docks.panels["findings"].bar.isVisible()


def test_that_a_camera_taken_on_the_map_is_chosen_in_the_list_and_the_map_stays_where_it_is(window):
    audited(window)
    before = window.canvas.viewport
    window.session.select("bare")
    assert window.docks.panels["findings"].detail.finding.camera_id == "bare"
    assert window.canvas.viewport == before
    window.session.select("known")
    assert window.docks.panels["findings"].detail.finding.camera_id == "known"


@pytest.mark.nightly  # by day the list of findings and the map here
def test_that_the_list_can_be_narrowed_to_the_camera_at_hand(window):
    audited(window)
    window.session.select("bare")
    window.docks.panels["findings"].of_camera.setChecked(True)
    ids = {
        window.docks.panels["findings"].filter.index(row, 0).data(ROW_ROLE).camera_id
        for row in range(window.docks.panels["findings"].filter.rowCount())
    }
    assert ids == {"bare"}
    window.session.select("known")
    assert window.docks.panels["findings"].filter.index(0, 0).data(ROW_ROLE).camera_id == "known"


def test_that_the_chosen_finding_stays_chosen_when_the_audit_is_run_again(window):
    audited(window)
    window.session.select("bare")
    assert window.docks.panels["findings"].detail.finding.finding_id == "f2"
    audited(window)
    assert window.docks.panels["findings"].detail.finding.finding_id == "f2"


def test_that_the_window_is_no_larger_than_the_screen(bare):
    free = bare.screen().availableSize()
    bare.fit_screen()
    assert bare.width() <= max(free.width(), bare.minimumSizeHint().width())
    assert bare.height() <= max(free.height(), bare.minimumSizeHint().height())


def test_that_the_mark_of_a_finding_goes_from_the_map_with_the_finding(window):
    audited(window)
    window.docks.panels["findings"].table.selectRow(0)
    assert window.canvas.marks.highlight is not None
    without = replace(window.session.assessment, findings=window.session.assessment.findings[1:])
    window.session.set_assessment(without, window.session.project)
    assert window.canvas.marks.highlight is None


@pytest.mark.nightly  # by day the list of findings and the map here
def test_that_the_mark_of_a_finding_goes_when_another_camera_is_taken(window):
    audited(window)
    window.docks.panels["findings"].table.selectRow(0)
    window.session.select("bare")
    assert window.canvas.marks.highlight is None
