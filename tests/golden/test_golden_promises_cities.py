"""The same promises in real cities: real walls, trees and homes; the records of the cameras (direction, lens) are made up."""

import collections
from dataclasses import replace

import numpy as np
import pytest
import shapely
from carried_out import imported, is_ended, is_kept, mitigations, options, reported_by
from sources import ROOT, shared_data

from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.workflow import (
    audit,
    candidates,
    check,
    import_file,
    mandate,
    new_project,
    open_sample,
)

ROOMS = open_services()
PARTS = 10
PLAN_AREA = "POLYGON ((24.940 60.167, 24.949 60.167, 24.949 60.173, 24.940 60.173, 24.940 60.167))"
FILE = "recorded.csv"


def helsinki():
    return mandate(ROOMS, open_sample(ROOMS, ROOMS.content.read_sample("helsinki")), ROOT / "docs/mandate-example.toml")


def monaco():
    project = new_project(ROOMS, ["eu-gdpr"])
    return import_file(ROOMS, project, shared_data("monaco/monaco.osm.pbf"))[0]


def recorded(project, most=200, seed=7):
    """Return rows of a camera list: where the city has cameras, with directions and lenses drawn by lot."""
    chance, cameras = np.random.default_rng(seed), project.cameras[:most]
    lon, lat = Crs(project.crs).to_lonlat([c.x_m for c in cameras], [c.y_m for c in cameras])
    return [
        {
            "camera_id": f"made-up-{n}",
            "lon": f"{x:.7f}",
            "lat": f"{y:.7f}",
            "mount_height_m": str(chance.choice([3.5, 4.5, 6.0])),
            "azimuth_deg": str(round(float(chance.uniform(0, 360)), 1)),
            "tilt_deg": str(chance.choice([5, 10, 20])),
            "hfov_deg": str(chance.choice([40, 68, 95])),
            "image_width_px": "1920",
            "image_height_px": "1080",
            "range_m": str(chance.choice([40, 80, 150])),
            "kind": "fixed",
            "status": "operating",
        }
        for n, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]


def with_records(project, rows, folder):
    """Return the city with the made-up records instead of its own cameras."""
    return imported(ROOMS, replace(project, cameras=()), rows, folder / FILE)


@pytest.mark.nightly
@pytest.mark.parametrize("city", [helsinki, monaco])
def test_that_every_mitigation_in_a_real_city_holds_when_its_row_is_imported(city, tmp_path):
    project = city()
    rows = recorded(project)
    city = with_records(project, rows, tmp_path)
    queues = collections.defaultdict(list)
    for promise in mitigations(reported_by(ROOMS, audit(ROOMS, city), tmp_path), rows):
        queues[promise.camera_id].append(promise)
    false, count = [], 0
    while any(queues.values()):  # cameras are answered one by one: a mitigation of each at a time
        batch = [queue.pop() for queue in queues.values() if queue]
        mended = {each.camera_id: next(row for row in each.rows if row["camera_id"] == each.camera_id) for each in batch}
        after = imported(ROOMS, city, [mended.get(row["camera_id"], row) for row in rows], tmp_path / FILE)
        now = reported_by(ROOMS, audit(ROOMS, after), tmp_path)
        false += [each.what for each in batch if not is_ended(each, now)]
        count += len(batch)
    print(f"{count} mitigations, {len(false)} did not hold: {false}")
    assert false == []
    assert count > 30


@pytest.mark.nightly
def test_that_every_option_in_a_real_city_holds_when_its_row_is_imported(tmp_path):
    project = helsinki()
    rows = recorded(project)
    city = with_confirmed_parts(with_records(project, rows, tmp_path))
    before = check(ROOMS, city)
    assert before.gate.open, before.gate.missing
    promises = list(options(reported_by(ROOMS, before, tmp_path), rows))
    after = (reported_by(ROOMS, check(ROOMS, imported(ROOMS, city, each.rows, tmp_path / FILE)), tmp_path) for each in promises)
    false = [each.what for each, now in zip(promises, after, strict=True) if not is_kept(each, now)]
    print(f"{len(promises)} options, {len(false)} did not hold: {false}")
    assert false == []
    assert len(promises) >= 5


def with_confirmed_parts(city):
    """Return the city with some candidates in the plan area confirmed for the purpose of its mandate."""
    inside = shapely.from_wkt(PLAN_AREA)
    kept = replace(city, mandate=replace(city.mandate, plan_area_wkt=PLAN_AREA))
    asked = [part for part in candidates(ROOMS, kept).parts if part.category in ("pedestrian_crossing", "junction")]
    middles = [shapely.centroid(part.geometry) for part in asked]
    lon, lat = Crs(city.crs).to_lonlat([p.x for p in middles], [p.y for p in middles])
    near = np.flatnonzero(shapely.contains_xy(inside, lon, lat))[:PARTS]
    said = (city.mandate.purposes[0], "made up for a test", "signs", "A. Example", "2026-05-01")
    return replace(kept, confirmations=tuple(Confirmation(asked[i].part_id, *said) for i in near))
