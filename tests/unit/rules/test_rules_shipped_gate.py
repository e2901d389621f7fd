"""The shipped packs, edited and combined in every way that might open the gate where it must stay shut."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from rules_world import buildings

from lhasaplan.content import content_folder
from lhasaplan.core.base.crs import Crs, choose_crs
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.gate.planning_ground import metric_area
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.io.content.packs import load_packs, load_territory, read_mandate

EXAMPLE = read_mandate(content_folder("data").parent / "docs" / "mandate-example.toml")
NEVER = "The rule pack cn-limits is loaded; it never allows planning."
OUTSIDE = "The plan area extends beyond the territory of the named authority."


def square(lon, lat, half):
    return shapely.box(lon - half, lat - half, lon + half, lat + half).wkt


def said(lon=24.945, lat=60.17, packs=("eu-gdpr", "municipal-safety"), folder=None, cameras=(), **mandate):
    """What the gate says about a small town at a place, with one house in every 500 m cell."""
    crs = Crs(choose_crs([lon], [lat]))
    here = replace(EXAMPLE, plan_area_wkt=square(lon, lat, 0.004), building_extent_wkt=square(lon, lat, 0.01), **mandate)
    west, south, east, north = metric_area(here.building_extent_wkt, crs).bounds
    x, y = (
        a.ravel() * 500.0 + 100.0
        for a in np.meshgrid(np.arange(west // 500, east // 500 + 1), np.arange(south // 500, north // 500 + 1))
    )
    town = Project(name="town", crs=crs.authority, packs=tuple(packs), mandate=here, cameras=tuple(cameras))
    houses = buildings(shapely.box(x, y, x + 10, y + 10))
    judged = judge_gate(town, load_packs(packs, folder), load_territory(), houses, (), crs, today="2026-11-25")
    return [template.format(**params) for template, params in judged.missing]


def edit(folder, name, *changes, as_name=None):
    text = (content_folder("data") / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / f"{as_name or name}.toml").write_text(
        text.replace(f'name = "{name}"', f'name = "{as_name or name}"'), encoding="utf-8"
    )
    return folder


OPENED = (
    ('planning = "never"', 'planning = "yes"'),
    ('countries = ["156"]', 'countries = ["156"]\nauthorities = ["Office of the Data Protection Ombudsman"]'),
)


def test_that_the_example_opens_in_helsinki():
    assert said() == []


@pytest.mark.parametrize("pack", ["eu-gdpr", "fr-csi", "de-bdsg", "uk-sccop"])
def test_that_the_same_mandate_opens_nothing_in_lhasa(pack):
    assert said(91.11, 29.65, (pack, "municipal-safety"))


def test_that_the_limits_pack_beside_planning_packs_refuses():
    assert said(packs=("cn-limits", "eu-gdpr", "municipal-safety")) == [NEVER]


def test_that_the_limits_pack_edited_to_plan_stays_never(tmp_path):
    folder = edit(tmp_path, "cn-limits", *OPENED)
    assert NEVER in said(91.11, 29.65, ("cn-limits", "municipal-safety"), folder)
    assert NEVER in said(packs=("cn-limits", "eu-gdpr"), folder=folder)


def test_that_the_limits_pack_under_another_name_plans_nothing_there(tmp_path):
    folder = edit(tmp_path, "cn-limits", *OPENED, as_name="lhasa-plan")
    assert OUTSIDE in said(91.11, 29.65, ("lhasa-plan", "municipal-safety"), folder)


def test_that_a_planning_pack_edited_to_reach_there_does_not(tmp_path):
    folder = edit(
        tmp_path, "eu-gdpr", ('"246", "248"', '"156", "246", "248"'), ('"246" = [', '"156" = ["Lhasa police"]\n"246" = [')
    )
    assert said(folder=folder) == []
    assert OUTSIDE in said(91.11, 29.65, folder=folder)
    assert said(91.11, 29.65, folder=folder, supervisory_authority="Lhasa police")


def test_that_a_planning_pack_edited_to_name_the_police_opens_nothing(tmp_path):
    folder = edit(tmp_path, "eu-gdpr", ('"246" = [', '"246" = ["Helsinki police", '))
    assert said(folder=folder, supervisory_authority="Helsinki police") == [
        "No loaded planning pack (eu-gdpr) lists the supervisory authority Helsinki police."
    ]


def test_that_another_countrys_authority_does_not_oversee_helsinki():
    (one,) = said(supervisory_authority="CNIL")
    assert one.startswith(OUTSIDE[:-1])
    assert "The authorities there are: Tietosuojavaltuutetun toimisto" in one


def test_that_monaco_lies_outside_though_france_is_around_it():
    assert OUTSIDE in said(7.42, 43.735, supervisory_authority="CNIL")
    assert said(7.36, 43.72, supervisory_authority="CNIL", packs=("eu-gdpr", "fr-csi")) == []


def test_that_a_planned_camera_in_lhasa_shuts_the_gate_of_helsinki():
    x, y = Crs(choose_crs([24.945], [60.17])).to_xy(91.11, 29.65)
    away = Camera("far", float(x), float(y), status=Status.PLANNED)
    assert "The planned camera far stands outside the territory of the named authority." in said(cameras=[away])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_that_a_planned_camera_nowhere_shuts_the_gate(value):
    assert said(cameras=[Camera("lost", value, value, status=Status.PLANNED)])
