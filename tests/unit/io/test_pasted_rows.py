"""Rows from a spreadsheet: every cell is checked, and all faults are told, before anything counts."""

import pytest

from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.optics import LensClass
from lhasaplan.errors import Fault, InputError
from lhasaplan.io.tables.filled_table import PastedSaid, read_pasted, read_value

KNOWN = {"a", "b", "node/9"}


def faults_of(text, said=None):
    with pytest.raises(InputError) as raised:
        read_pasted(text, KNOWN, said)
    return [str(fault) for fault in raised.value.faults]


def test_that_cells_are_read_by_their_headings_and_an_empty_one_leaves_what_is_recorded():
    rows = read_pasted("camera_id\tAzimuth (°)\tKind\tOwner\na\t12,5\tdome\t\nnode/9\tNNE\t\tCity, north\n", KNOWN)
    assert rows.values == {"a": {"azimuth_deg": 12.5, "kind": Kind.DOME}, "node/9": {"azimuth_deg": 22.5, "owner": "City, north"}}
    assert rows.rows == {"a": 2, "node/9": 3}
    assert rows.left == ()


def test_that_cells_of_a_spreadsheet_that_are_quoted_keep_their_tabs_and_lines():
    rows = read_pasted('id\tpurpose\na\t"one\ttwo\nthree ""four"""\n', KNOWN)
    assert rows.values["a"]["purpose"] == 'one\ttwo\nthree "four"'


def test_that_other_units_of_a_heading_are_turned_into_ours():
    assert read_pasted("id\tmount height (ft)\na\t10\n", KNOWN).values["a"]["mount_height_m"] == pytest.approx(3.048)


def test_that_all_faults_of_all_cells_are_told_at_once_with_row_and_column():
    text = "id\tazimuth\trange (m)\tkind\nx\t400\t10\tdome\na\tsouth-ish\t-3\tpony\na\t5\t5\tdome\t!\n"
    assert faults_of(text) == [
        "row 2: There is no camera x",
        "row 2, column azimuth: 400 is outside 0 to 360",
        "row 3, column azimuth: south-ish is no azimuth; write degrees from true north or a compass point such as NNE",
        "row 3, column range (m): -3 must be above 0 and at most 20000",
        "row 3, column kind: pony is not known here; write one of fixed, dome, fisheye, panorama, pan_tilt, plate_reader",
        "row 4: The camera a stands in row 3 already",
        "row 4: This row has more cells than there are headings",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no rows with headings"),
        ("id\tazimuth\n", "holds no rows with headings"),
        ("azimuth\tkind\n5\tdome\n", "No heading says which cameras"),
        ("id\tlatitude\na\t5\n", "No heading names a value"),
    ],
)
def test_that_what_is_no_table_of_cameras_is_refused(text, said):
    assert said in faults_of(text)[0]


def test_that_place_state_and_masks_are_no_values_that_a_table_sets():
    rows = read_pasted("id\tlat\tlon\tstate\tmask_px_wkt\tsign\na\t1\t2\tplanned\tPOLYGON((0 0, 1 1, 1 0, 0 0))\tyes\n", KNOWN)
    assert rows.values == {"a": {"sign": "yes"}}
    assert rows.left == ("lat", "lon", "state", "mask_px_wkt")


def test_that_headings_and_words_of_a_window_are_understood():
    said = PastedSaid(
        {"方位": "azimuth_deg", "编": "camera_id", "镜头": "lens_class"}, {"lens_class": {"鱼眼（等距投影）": "equidistant"}}
    )
    rows = read_pasted("编\t方位\t镜头\na\t5\t鱼眼（等距投影）\n", KNOWN, said)
    assert rows.values == {"a": {"azimuth_deg": 5.0, "lens_class": LensClass.EQUIDISTANT}}


def test_that_one_value_is_read_as_cells_are_and_nothing_means_not_recorded():
    assert read_value("1920", "image_width_px") == 1920
    assert read_value(" ", "azimuth_deg") is None
    assert read_value("", "owner") == ""
    assert isinstance(read_value("abc", "range_m"), Fault)


def test_that_a_cell_that_never_ends_is_refused_by_its_row():
    with pytest.raises(InputError) as refused:
        read_pasted("camera_id\tname\n" + "A" * 131_073 + "\tGate\n", ("A",))
    assert [(fault.where.row, fault.params["most"]) for fault in refused.value.faults] == [(2, "131,072")]
