"""What districts add apart keeps the numbers of their own papers when they are taken back, and no number is given twice."""

from dataclasses import replace

import pytest
from district_towns import THREE, city, with_areas

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.districts.merging import merge_districts
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.journal import NumbersHandedOut
from lhasaplan.core.project.numbering import Counting, camera_labels, next_blocks, numbered, with_numbers_of
from lhasaplan.core.project.plan_step import GivenNumber, NumberBlock, Series
from lhasaplan.core.project.project import District, Project
from lhasaplan.core.project.projects import join
from lhasaplan.ports import KeptProject

PLANNED = Series.PLANNED


def planned(project, *ids):
    new = tuple(Camera(each, 1.0 + n, 2.0, status=Status.PLANNED) for n, each in enumerate(ids))
    return numbered(replace(project, cameras=(*project.cameras, *new)))


def first(count, counting, *numbers):
    coming = counting.numbers(PLANNED, [GivenNumber(PLANNED, str(number), number) for number in numbers])
    return [next(coming) for _ in range(count)]


def test_that_a_city_leaves_what_it_handed_out_and_a_district_goes_on_in_its_own():
    block = NumberBlock(PLANNED, 4, 5)
    assert first(3, Counting(others=(block,)), 1, 2) == [3, 6, 7]
    assert first(3, Counting(others=(block,)), 1, 2, 4) == [3, 6, 7]  # 4 came back with the district
    assert first(4, Counting(own=(block,)), 1, 2) == [4, 5, 6, 7]  # beyond its block it goes on above
    assert first(2, Counting(own=(block,)), 1, 2, 4) == [5, 6]


@pytest.mark.parametrize(
    ("given", "expected"), [(0, (101, 199, 201, 299)), (14, (101, 199, 201, 299)), (100, (1001, 1999, 2001, 2999))]
)
def test_that_a_block_begins_behind_a_round_number_and_the_next_behind_it(given, expected):
    """A city that gave a hundred numbers hands out a thousand at a time."""
    town = Project(numbers=tuple(GivenNumber(PLANNED, str(n), n) for n in range(1, given + 1)))
    blocks = next_blocks(town, ())
    of_planned = [each for each in (*blocks, *next_blocks(town, blocks)) if each.series is PLANNED]
    assert tuple(number for each in of_planned for number in (each.first, each.last)) == expected


def test_that_two_districts_plan_apart_and_neither_is_renumbered_and_no_number_comes_twice():
    """The city has P1; two districts plan two each, the city one more meanwhile, and each plans again after the merge."""
    town = planned(Project(name="Town", crs="EPSG:32635"), "city-1")
    handed, sides = [], []
    for name in ("North", "South"):
        blocks = next_blocks(town, handed)
        handed += blocks
        area = District("Town", name, "POLYGON ((0 0, 9 0, 9 9, 0 0))", cameras=town.cameras, blocks=blocks)
        sides.append(planned(replace(town, district=area), f"{name}-a", f"{name}-b"))
    papers = {key: label for side in sides for key, label in camera_labels(side).items()}
    assert papers == {"city-1": "P1", "North-a": "P101", "North-b": "P102", "South-a": "P201", "South-b": "P202"}
    town = planned(replace(town, number_blocks=tuple(handed)), "city-2")
    plan = merge_districts(town, sides, near_m=0.1)
    whole, otherwise = with_numbers_of(plan.project, [(each.district.area, each) for each in sides])
    assert otherwise == ()
    assert camera_labels(whole) == {**papers, "city-2": "P2"}
    assert camera_labels(planned(whole, "city-3"))["city-3"] == "P3"
    assert camera_labels(planned(sides[1], "South-c"))["South-c"] == "P203"
    (third,) = (each for each in next_blocks(whole, handed) if each.series is PLANNED)
    assert third.first == 301


def test_that_the_citys_file_and_the_districts_know_the_block_and_the_next_district_gets_another(tmp_path):
    services = replace(open_services(), today=lambda: "2027-01-15")
    services.stores.open(tmp_path / "town.gpkg").save(with_areas(city(), THREE))
    opened = workflow.open_project(services, tmp_path / "town.gpkg")
    made = {}
    for name in ("Market", "Fuel"):  # the city's project stays the one that was opened before either
        district = workflow.make_district(services, opened, name, tmp_path)
        workflow.save(district)
        made[name] = services.stores.open(tmp_path / district.store.name).load().district.blocks
    assert [[(each.first, each.last) for each in blocks] for blocks in made.values()] == [[(101, 199)] * 3, [(201, 299)] * 3]
    again = workflow.open_project(services, tmp_path / "town.gpkg")
    assert again.project.number_blocks == (*made["Market"], *made["Fuel"])
    assert [entry.event for entry in again.store.logged()] == [NumbersHandedOut(name, blocks) for name, blocks in made.items()]
    workflow.save(replace(again, project=planned(again.project, "X")))
    assert services.stores.open(tmp_path / "town.gpkg").load().number_blocks == again.project.number_blocks
    services.stores.open(tmp_path / "copy.gpkg").save(again.project)  # under another name, without the log
    assert services.stores.open(tmp_path / "copy.gpkg").load().number_blocks == again.project.number_blocks


def test_that_a_hand_out_refuses_nobody_the_saving_of_what_was_opened_before(tmp_path):
    services = open_services()
    services.stores.open(tmp_path / "town.gpkg").save(with_areas(city(), THREE))
    mine = workflow.open_project(services, tmp_path / "town.gpkg")
    theirs = workflow.open_project(services, tmp_path / "town.gpkg")
    made = workflow.make_district(services, theirs, "Fuel", tmp_path)
    workflow.save(replace(mine, project=planned(mine.project, "X")))
    found = services.stores.open(tmp_path / "town.gpkg").load()
    assert found.number_blocks == made.project.district.blocks
    assert "X" in camera_labels(found)


def test_that_two_files_that_grew_from_one_know_together_what_both_handed_out():
    base = planned(Project(name="Town", crs="EPSG:32635"), "city-1")
    blocks = next_blocks(base, ())
    more = next_blocks(base, blocks)
    found = join(base, replace(base, number_blocks=blocks), replace(base, number_blocks=more))
    assert found.project.number_blocks == (*blocks, *more)


def test_that_a_city_of_which_nothing_can_be_logged_is_handed_out_all_the_same(tmp_path):
    services = open_services()
    nowhere = KeptProject(with_areas(city(), THREE), services.stores.open(tmp_path / "none.gpkg"))
    made = workflow.make_district(services, nowhere, "Fuel", tmp_path)
    assert {each.first for each in made.project.district.blocks} == {101}
