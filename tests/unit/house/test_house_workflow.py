"""Use cases over ports: importing twice, confirming, and what is refused."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import shapely
from faked_ports import faked
from project_values import CRS, layer_of, small_town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.project.journal import EarlierNote
from lhasaplan.core.project.project import Project, TerrainRecord
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.workflow.demonstration import StepClock
from lhasaplan.workflow.import_checks import SAME_IDS, SAME_NAME
from lhasaplan.workflow.projects import note


@dataclass(frozen=True)
class Found:
    """What a reader found, as a test says it."""

    crs: str = CRS
    layers: tuple = ()
    cameras: tuple = ()
    baseline: tuple = ()
    terrain: tuple = ()
    record: InputRecord = field(default_factory=lambda: InputRecord("city.pbf", "00", 1))
    remarks: tuple = ()
    columns: tuple = ()


@dataclass
class Reader:
    """A reader that gives what it was told, and remembers what it was asked."""

    found: Found
    asked: dict = field(default_factory=dict)

    def __call__(self, path, **asked):
        self.asked = asked
        return self.found


AROUND_TOWN = (384_900.0, 6_669_900.0, 385_100.0, 6_670_100.0)


def rooms_reading(found):
    return faked(open_services(), read_file=Reader(found), today=lambda: "2026-03-04")


def imported(project, **found):
    return workflow.import_file(rooms_reading(Found(**found)), project, Path("city.pbf"))[0]


def house(number):
    return shapely.box(number, 0, number + 1, 1)


def test_that_a_second_import_of_a_file_replaces_what_it_brought_before():
    first = imported(Project(), layers=(layer_of("buildings", [house(0), house(5)], ids=["way/1", "way/2"]),))
    second = imported(first, layers=(layer_of("buildings", [house(9)], ids=["way/2"]),))
    assert list(second.layers["buildings"].ids) == ["way/2"]
    assert second.layers["buildings"].geometry[0] == house(9)
    assert [record.path for record in second.inputs] == ["city.pbf"]


def test_that_files_add_up_and_the_newer_one_stands_where_they_share_an_id():
    first = imported(Project(), layers=(layer_of("buildings", [house(0), house(5)], ids=["way/1", "way/2"]),))
    other = InputRecord("north.pbf", "11", 2)
    both = imported(first, record=other, layers=(layer_of("buildings", [house(7), house(8)], ids=["way/2", "way/3"]),))
    layer = both.layers["buildings"]
    assert list(layer.ids) == ["way/1", "way/2", "way/3"]
    assert layer.source == ("city.pbf", "north.pbf", "north.pbf")
    assert layer.geometry[1] == house(7)


def test_that_a_layer_that_a_file_no_longer_has_goes_with_its_next_import():
    first = imported(Project(), layers=(layer_of("trees", [shapely.Point(0, 0)]),))
    without = Found(layers=(layer_of("roads", [house(0)]),))
    with pytest.raises(InputError, match=r"had 1 features of trees; this one would leave 0.*--replace"):
        workflow.import_file(rooms_reading(without), first, Path("city.pbf"))
    after, _ = workflow.import_file(rooms_reading(without), first, Path("city.pbf"), replace_more=True)
    assert set(after.layers) == {"roads"}


@pytest.mark.parametrize(("count", "is_refused"), [(6, False), (4, False), (3, True), (1, True)])
def test_that_a_file_that_would_leave_half_of_what_one_of_its_name_brought_asks_for_a_word(count, is_refused):
    first = imported(Project(), layers=(layer_of("trees", [shapely.Point(k, 0) for k in range(6)]),))
    fresh = rooms_reading(Found(layers=(layer_of("trees", [shapely.Point(k, 0) for k in range(count)]),)))
    if is_refused:
        with pytest.raises(InputError, match=f"had 6 features of trees; this one would leave {count}"):
            workflow.import_file(fresh, first, Path("city.pbf"))
    assert len(workflow.import_file(fresh, first, Path("city.pbf"), replace_more=is_refused)[0].layers["trees"]) == count


def test_that_a_file_of_which_nothing_is_left_is_refused():
    with pytest.raises(InputError, match="nothing in this file could be imported"):
        imported(Project())


def test_that_corrections_by_hand_outlive_a_second_import():
    turned = Camera("C", 0, 0, azimuth_deg=90.0, corrections=(Correction("azimuth_deg", "10", "visit", "2026-02-01"),))
    after = imported(Project(cameras=(turned,)), cameras=(Camera("C", 1, 0, azimuth_deg=10.0, name="new"),)).cameras[0]
    assert (after.azimuth_deg, after.name, after.x_m) == (90.0, "new", 1)
    assert after.corrections == turned.corrections


def test_that_a_camera_that_its_file_no_longer_has_goes_unless_a_hand_corrected_it():
    turned = Camera("B", 0, 0, corrections=(Correction("name", "", "visit", "2026-02-01"),))
    first = imported(Project(cameras=(turned,)), cameras=(Camera("A", 0, 0), Camera("B", 0, 0), Camera("C", 0, 0)))
    other = imported(first, record=InputRecord("north.pbf", "11", 1), cameras=(Camera("N", 0, 0),))
    again = imported(other, cameras=(Camera("C", 5, 0), Camera("D", 0, 0)))
    assert [camera.camera_id for camera in again.cameras] == ["B", "C", "N", "D"]


def test_that_decisions_outlive_a_second_import():
    decided = replace(small_town(), layers={}, cameras=(), confirmations=(Confirmation("p", "a", "b", "c", "d", "2026-01-01"),))
    after = imported(decided, layers=(layer_of("roads", [house(0)]),))
    assert [(each.decision, each.subject, each.why) for each in after.suspended] == [
        ("confirmation", "p", "gone")
    ]  # kept, not counted


def test_that_the_first_import_fixes_the_crs_and_later_ones_are_read_in_it():
    services = rooms_reading(Found(crs="EPSG:3067", cameras=(Camera("C", 385_000.0, 6_670_000.0),)))
    first, _ = workflow.import_file(services, Project(packs=("eu-gdpr",)), Path("city.pbf"))
    assert first.crs == "EPSG:3067"
    workflow.import_file(services, first, Path("city.pbf"))
    assert services.files.read_file.asked["project_crs"] == "EPSG:3067"


def test_that_a_raster_is_kept_as_it_came(tmp_path):
    (tmp_path / "hill.tif").write_bytes(b"raster")
    found = Found(terrain=(TerrainRecord("hill.tif", AROUND_TOWN, 1.0, "00"),), record=InputRecord("hill.tif", "00", 1))
    project, report = workflow.import_file(rooms_reading(found), small_town(), tmp_path / "hill.tif")
    assert project.terrain[0].content == b"raster"
    assert report.counts == {"terrain": 1}


def test_that_every_edit_is_in_the_journal_with_its_date():
    project = imported(Project(), cameras=(Camera("C", 0, 0),))
    (entry,) = project.journal
    assert (entry.event.file, entry.event.counts, entry.when) == ("city.pbf", {"cameras": 1}, "2026-03-04")


def test_that_a_geographic_crs_is_refused_for_a_new_project():
    with pytest.raises(InputError):
        workflow.new_project(open_services(), ("eu-gdpr",), "EPSG:4326")


def test_that_a_new_project_stands_under_a_pack():
    with pytest.raises(InputError, match=r"at least one rule pack; there are: .*eu-gdpr"):
        workflow.new_project(open_services(), ())


def test_that_an_empty_project_cannot_be_audited():
    with pytest.raises(InputError, match="import city layers"):
        workflow.audit(open_services(), Project(packs=("eu-gdpr",)))


def test_that_a_confirmation_without_a_reason_or_a_name_is_refused():
    with pytest.raises(InputError) as caught:
        workflow.confirm(
            open_services(),
            small_town(),
            workflow.CandidateSelection(("p",)),
            purpose="traffic",
            reason=" ",
            milder="signs",
            by="",
        )
    assert [fault.params["field"] for fault in caught.value.faults] == ["reason", "by"]


def test_that_only_a_confirmed_part_can_be_excused():
    with pytest.raises(InputError, match="not confirmed"):
        workflow.excuse(open_services(), small_town(), "p", reason="closed", by="A. B.")


def test_that_a_declared_fact_carries_its_name_and_date():
    services = rooms_reading(Found())
    declared = workflow.declare(services, small_town(), ("way/1",), workflow.Said("not_dwelling", "", "A. B.")).declarations
    assert [(d.subject, d.fact, d.by, d.date) for d in declared] == [("way/1", "not_dwelling", "A. B.", "2026-03-04")]


@pytest.mark.parametrize(
    ("subject", "fact", "said"),
    [
        ("way/77", "not_dwelling", "no building way/77"),
        ("way/1", "no_buildings", "way/1 is not a cell"),
        ("way/1", "not_a_dwelling", "no part way/1"),
    ],
)
def test_that_a_fact_that_would_change_nothing_is_refused(subject, fact, said):
    with pytest.raises(InputError, match=said):
        workflow.declare(open_services(), small_town(), (subject,), workflow.Said(fact, "", "A. B."))


def test_that_a_decision_bears_a_day_or_none():
    with pytest.raises(InputError, match="yesterday is no day"):
        workflow.declare(open_services(), small_town(), ("way/1",), workflow.Said("not_dwelling", "", "A. B.", "yesterday"))


def test_that_an_unknown_format_writes_nothing(tmp_path):
    with pytest.raises(InputError, match="odt"):
        workflow.export(open_services(), small_town(), None, ("html", "odt"), tmp_path / "out", language="en")
    assert not (tmp_path / "out").exists()


def test_that_an_area_that_is_not_there_is_said():
    with pytest.raises(InputError, match="no area Nowhere"):
        workflow.export(open_services(), small_town(), None, ("html",), Path("out"), language="en", area="Nowhere")


def test_that_the_seconds_of_steps_add_up_to_all_steps():
    clock = StepClock()
    for step in ("read", "sight", "read", "write"):
        clock(0.5, step)
    timings = clock.timings_s()
    assert [step for step, _ in timings] == ["read", "sight", "write", "all steps"]
    assert sum(seconds for _, seconds in timings[:-1]) == pytest.approx(timings[-1][1])


def test_that_a_removed_camera_stays_removed_when_a_hand_said_so():
    gone = Camera("C", 0, 0, status=Status.REMOVED, corrections=(Correction("status", "operating", "visit", "2026-02-01"),))
    assert imported(Project(cameras=(gone,)), cameras=(Camera("C", 0, 0),)).cameras[0].status is Status.REMOVED


def test_that_a_file_with_faults_leaves_the_project_value_as_it_was():
    def refuse(path, **asked):
        raise InputError(Fault("no", Where(path.name)))

    before = small_town()
    with pytest.raises(InputError):
        workflow.import_file(faked(open_services(), read_file=refuse), before, Path("a.csv"))
    assert before.inputs == small_town().inputs


def approved(camera_id, on, azimuth_deg=0.0):
    return Camera(camera_id, 0.0, 0.0, azimuth_deg=azimuth_deg, approved_on=on)


def test_that_every_version_of_an_approval_is_kept_and_a_file_replaces_its_own():
    first = imported(Project(), baseline=(approved("a", "2024-01-01"), approved("b", "2024-01-01")))
    other = replace(first, baseline=tuple(replace(each, input_file="older.csv") for each in first.baseline))
    second = imported(other, baseline=(approved("a", "2026-01-01", 40.0),))
    assert [(each.camera_id, each.approved_on) for each in second.baseline] == [
        ("a", "2024-01-01"),
        ("b", "2024-01-01"),
        ("a", "2026-01-01"),
    ]
    third = imported(second, baseline=(approved("a", "2026-01-01", 50.0),))
    assert [each.azimuth_deg for each in third.baseline if each.approved_on == "2026-01-01"] == [50.0]
    assert third.cameras == ()


def remarks_of(project, name, sha256="11", **found):
    record = InputRecord(name, sha256, 1)
    return workflow.import_file(rooms_reading(Found(record=record, **found)), project, Path(name))


def test_that_a_camera_that_takes_the_place_of_one_of_another_file_is_told():
    first, quiet = remarks_of(Project(), "north.csv", cameras=(Camera("1", 0.0, 0.0), Camera("2", 9.0, 0.0)))
    second, reported = remarks_of(first, "south.csv", cameras=(Camera("2", 900.0, 0.0), Camera("3", 910.0, 0.0)))
    assert quiet.remarks == ()
    assert [(fault.template, fault.params) for fault in reported.remarks] == [
        (SAME_IDS, {"count": 1, "file": "north.csv", "ids": "2"})
    ]
    assert [camera.x_m for camera in second.cameras] == [0.0, 900.0, 910.0]


def test_that_a_file_that_takes_the_place_of_another_of_its_name_is_told_and_the_same_file_is_not():
    first, _ = remarks_of(Project(), "cameras.csv", cameras=(Camera("1", 0.0, 0.0),))
    _, again = remarks_of(first, "cameras.csv", cameras=(Camera("1", 0.0, 0.0),))
    _, other = remarks_of(first, "cameras.csv", sha256="22", cameras=(Camera("9", 0.0, 0.0),))
    assert again.remarks == ()
    assert [(fault.template, fault.params) for fault in other.remarks] == [(SAME_NAME, {"before": 1, "count": 1})]


def test_that_one_camera_on_another_continent_is_named_in_a_first_import():
    cameras = (*(Camera(f"C{k}", 400_000.0 + k, 5e6) for k in range(6)), Camera("swapped", 5_000_000.0, 900_000.0))
    with pytest.raises(InputError, match="swapped"):
        remarks_of(Project(), "cameras.csv", cameras=cameras)


def test_that_a_building_at_null_island_is_named_and_keeps_the_file_out():
    boxes = [shapely.box(400_000 + 20 * k, 5e6, 400_010 + 20 * k, 5_000_010) for k in range(6)] + [shapely.box(0, 0, 9, 9)]
    with pytest.raises(InputError, match=r"1 features lie more than 1000 km .*way/7"):
        remarks_of(Project(), "town.geojson", layers=(layer_of("buildings", boxes),))


def test_that_a_start_does_not_write_over_what_another_start_did_meanwhile(tmp_path):
    path = tmp_path / "town.gpkg"
    first, second = open_services(), open_services()
    first.stores.open(path).save(workflow.new_project(first, ("eu-gdpr",), ""))
    mine, theirs = workflow.open_project(first, path), workflow.open_project(second, path)
    workflow.save(theirs.holding(note(theirs.project, second, EarlierNote("their step"))))
    with pytest.raises(InputError, match="Another start changed this project"):
        workflow.save(mine.holding(note(mine.project, first, EarlierNote("my step"))))
