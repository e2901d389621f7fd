"""Laws of the readers: all rows or all faults, round trips, exact inverses."""

import csv
import io
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.base.crs import Crs, choose_crs, gcj02_from_wgs84, undo_gcj02
from lhasaplan.core.city.building_heights import HeightRules, rise_of
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.cell_values import compass_deg, iso_date, mask_sectors, number
from lhasaplan.io.parse.tags import is_never_read, readable, unfolded

COLUMNS = ("lon", "lat", "azimuth_deg", "tilt_deg", "range_m", "kind", "installed_on")
GOOD = {
    "lon": st.floats(24.0, 25.0).map(lambda v: f"{v:.6f}"),
    "lat": st.floats(60.0, 61.0).map(lambda v: f"{v:.6f}"),
    "azimuth_deg": st.one_of(st.just(""), st.integers(-180, 360).map(str), st.sampled_from(["N", "nne", "south-west"])),
    "tilt_deg": st.one_of(st.just(""), st.floats(-90, 90).map(lambda v: f"{v:.3f}"), st.just("12,5")),
    "range_m": st.one_of(st.just(""), st.integers(1, 500).map(lambda v: f"{v} m"), st.just("60 ft")),
    "kind": st.sampled_from(["", "dome", "PTZ", "球机", "fixe"]),
    "installed_on": st.sampled_from(["", "2020-05-06", "24.12.2020", "2020年5月6日", "2019"]),
}
BAD = {
    "lon": st.sampled_from(["181", "east", "-180.5"]),
    "lat": st.sampled_from(["91", "x", "NaN"]),
    "azimuth_deg": st.sampled_from(["361", "-181", "up", "inf"]),
    "tilt_deg": st.sampled_from(["90.1", "steep"]),
    "range_m": st.sampled_from(["0", "-5", "60 furlongs"]),
    "kind": st.sampled_from(["drone", "42"]),
    "installed_on": st.sampled_from(["05/06/2020", "2020-13-01", "soon"]),
}


@st.composite
def tables(draw):
    rows, bad = [], set()
    for row in range(2, draw(st.integers(3, 7))):
        cells = []
        for column in COLUMNS:
            is_bad = draw(st.integers(0, 9)) == 0
            bad |= {(row, column)} if is_bad else set()
            cells.append(draw((BAD if is_bad else GOOD)[column]))
        rows.append(cells)
    return rows, bad


def read(rows, delimiter):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([COLUMNS, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cameras.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return read_file(path)


@given(tables(), st.sampled_from([",", ";", "\t", "|"]))
def test_that_a_table_gives_all_its_rows_or_all_its_faults(table, delimiter):
    rows, bad = table
    if bad:
        with pytest.raises(InputError) as caught:
            read(rows, delimiter)
        assert {(fault.where.row, fault.where.column) for fault in caught.value.faults} == bad
    else:
        found = read(rows, delimiter)
        assert len(found.cameras) == len(rows)
        assert len({camera.camera_id for camera in found.cameras}) == len(rows)


@given(st.binary(max_size=300))
def test_that_any_bytes_are_a_table_or_an_input_error(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cameras.csv"
        path.write_bytes(content)
        with suppress(InputError):
            assert read_file(path).cameras


@given(st.floats(-179.9, 179.9), st.floats(-79.0, 83.0))
def test_that_metres_and_back_is_the_same_place(lon, lat):
    crs = Crs(choose_crs(lon, lat))
    back = crs.to_lonlat(*crs.to_xy(lon, lat))
    assert [float(value) for value in back] == pytest.approx([lon, lat], abs=1e-8)


@given(st.lists(st.tuples(st.floats(73.0, 135.0), st.floats(18.0, 53.0)), min_size=1, max_size=20))
def test_that_gcj02_is_undone_to_less_than_a_millionth_of_a_degree(places):
    lon, lat = np.array(places).T
    back_lon, back_lat = undo_gcj02(*gcj02_from_wgs84(lon, lat))
    assert max(np.abs(back_lon - lon).max(), np.abs(back_lat - lat).max()) < 1e-6


HEIGHT_KEYS = ("height", "building:levels", "min_height", "building:min_level", "roof:height", "roof:levels", "building")


@given(
    st.dictionaries(st.sampled_from(HEIGHT_KEYS), st.one_of(st.text(max_size=8), st.floats(-5, 900).map(str), st.just("roof")))
)
def test_that_any_tags_give_a_prism_with_its_base_under_its_top(tags):
    rise = rise_of(tags, HeightRules(default_m={"roof": 4.0}, roof_kinds=frozenset({"roof"})))
    assert 0.0 <= rise.base_m < rise.top_m
    assert np.isfinite(rise.top_m)
    assert rise.source in {"height", "levels", "default"}


@given(
    st.dictionaries(st.text(max_size=12), st.text(max_size=5)),
    st.sampled_from(["religion", "RELIGION", "religion:en", "denomination"]),
)
def test_that_cleaned_tags_never_hold_the_faith_of_a_place(tags, key):
    assert key not in readable({**tags, key: "any"})
    assert not any(is_never_read(each) for each in unfolded({**tags, "other_tags": f'"{key}"=>"any"'}))


@given(st.text(max_size=20))
def test_that_any_text_is_a_value_or_none(text):
    value, azimuth, sectors = number(text), compass_deg(text), mask_sectors(text)
    iso_date(text)
    assert value is None or np.isfinite(value)
    assert azimuth is None or 0.0 <= azimuth <= 360.0
    assert sectors is None or all(0.0 <= end <= 360.0 for pair in sectors for end in pair)
