"""The count grid as a file: whole or not at all."""

import numpy as np
import pytest
import rasterio

from lhasaplan.core.base.translations import DataState
from lhasaplan.core.project.project import Project
from lhasaplan.core.sight import CellFrame
from lhasaplan.report.formats.masks import write_counts

FRAME = CellFrame(500_000.0, 5_400_003.0, 1.0, 4, 3)
COUNTS = np.array([[0, 1, 2, 0], [3, 0, 0, 1], [0, 0, 0, 700]], np.uint16)


def strips(cut=None):
    """Rows one by one, north to south, stopping with an error before row ``cut``."""
    for row in range(3):
        if row == cut:
            raise KeyboardInterrupt
        yield row, COUNTS[row : row + 1]


def test_that_the_grid_is_read_back_as_it_was_counted_in_its_place(tmp_path):
    write_counts(tmp_path / "counts.tif", FRAME, Project(crs="EPSG:32633"), strips())
    with rasterio.open(tmp_path / "counts.tif") as grid:
        assert grid.read(1).tolist() == COUNTS.tolist()
        assert (grid.bounds.left, grid.bounds.top, grid.crs.to_epsg(), grid.nodata) == (500_000.0, 5_400_003.0, 32633, 0)
        assert "FICTITIOUS" not in grid.tags()["TIFFTAG_IMAGEDESCRIPTION"]


def test_that_a_grid_of_made_up_data_says_so(tmp_path):
    write_counts(tmp_path / "counts.tif", FRAME, Project(crs="EPSG:32633", synthetic=True), strips())
    with rasterio.open(tmp_path / "counts.tif") as grid:
        assert grid.tags()["TIFFTAG_IMAGEDESCRIPTION"].startswith("FICTITIOUS / SYNTHETIC DATA")


def test_that_a_cancel_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    (tmp_path / "counts.tif").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_counts(tmp_path / "counts.tif", FRAME, Project(crs="EPSG:32633"), strips(cut=2))
    assert [path.name for path in tmp_path.iterdir()] == ["counts.tif"]
    assert (tmp_path / "counts.tif").read_text() == "old"


def test_that_a_grid_names_changed_data_and_an_own_build(tmp_path):
    data = DataState(("data/cameras/classes.toml",), own_build=True)
    write_counts(tmp_path / "counts.tif", FRAME, Project(crs="EPSG:32633"), strips(), data)
    with rasterio.open(tmp_path / "counts.tif") as grid:
        said = grid.tags()["TIFFTAG_IMAGEDESCRIPTION"]
    assert said.startswith("Own build")
    assert "data/cameras/classes.toml" in said
