"""Score answers of any tool against the truth: precision, recall, and how far densities are off.

A folder of answers has for each scene a table, ``SCENE.csv``, with ``camera_id, point_id, seen`` and, where the tool knows it,
``density_px_m``; or a raster for each camera, ``SCENE/CAMERA.tif``, above 0 where the ground is seen; or both. ``seconds.csv``
(``scene, seconds``) says what it took. Rasters are read with rasterio or GDAL, tables with nothing but Python.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "scenes"
FEWEST = 10
HIDDEN, VISIBLE, EDGE, NOT_IN_PICTURE, NOT_ASKED = 0, 1, 2, 3, 255  # what a cell of the truth may be


@dataclass(frozen=True)
class Score:
    """How answers about points, walls or cells compare; densities in percent of the true one, None where none is given."""

    asked: int
    seen: int
    right: int
    wrongly_seen: int
    density_off_percent: float | None = None

    @property
    def precision(self):
        """The share of what is said to be seen that is."""
        return self.right / (self.right + self.wrongly_seen) if self.right + self.wrongly_seen else 1.0

    @property
    def recall(self):
        """The share of what is seen that is said to be."""
        return self.right / self.seen if self.seen else 1.0


def score_rows(truth, answers):
    """Compare rows of a truth with rows of answers; a pair that is not answered counts as not seen.

    Pairs near an edge and points inside a solid are left out: there conventions differ, not answers.
    """
    said = {(row["camera_id"], row["point_id"]): row for row in answers if str(row["seen"]).lower() in ("1", "true")}
    asked = [row for row in truth if row["near_edge"] == "0" and row["reason"] != "inside a solid"]
    found = [(row, said.get((row["camera_id"], row["point_id"]))) for row in asked]
    seen = [(row, answer) for row, answer in found if row["seen"] == "1"]
    off = [
        abs(float(answer["density_px_m"]) / float(row["density_px_m"]) - 1.0) * 100.0
        for row, answer in seen
        if answer and answer.get("density_px_m")
    ]
    right = sum(answer is not None for _, answer in seen)
    wrong = sum(answer is not None for row, answer in found if row["seen"] == "0")
    return Score(len(asked), len(seen), right, wrong, max(off) if off else None)


def score_cells(truth, said, has_lens=True):
    """Compare cells of a truth with cells that a tool says are seen; of a tool without a lens only those in the picture."""
    asked = (truth == HIDDEN) | (truth == VISIBLE) | ((truth == NOT_IN_PICTURE) if has_lens else False)
    is_seen, says = truth == VISIBLE, said & asked
    return Score(int(asked.sum()), int(is_seen.sum()), int((says & is_seen).sum()), int((says & ~is_seen).sum()))


def score_scene(name, answers, has_lens=True):
    """Return the score of each thing that a folder answers in a scene: ``points``, ``walls``, ``cells``.

    A thing of which fewer than ``FEWEST`` are seen is left out, since one cell would be a tenth of the score.
    """
    found, table, folder = {}, answers / f"{name}.csv", FOLDER / name
    if table.exists():
        rows, truth = read_rows(table), read_rows(folder / "truth.csv")
        for what, letter in (("points", "p"), ("walls", "w")):
            of_it = [row for row in rows if row["point_id"].startswith(letter)]
            if of_it:
                found[what] = score_rows([row for row in truth if row["point_id"].startswith(letter)], of_it)
    pairs = [(path, answers / name / f"{path.stem.removeprefix('cells_')}.tif") for path in sorted(folder.glob("cells_*.tif"))]
    scores = [score_cells(read_raster(path)[0], cells_at(path, said), has_lens) for path, said in pairs if said.exists()]
    if scores:
        found["cells"] = _sum(scores)
    return {what: each for what, each in found.items() if each.seen >= FEWEST}


def asked_of(name):
    """Return what a scene asks as scores of a tool that sees nothing: points, walls, and cells in the picture."""
    truth, folder = read_rows(FOLDER / name / "truth.csv"), FOLDER / name
    found = {what: score_rows([row for row in truth if row["point_id"].startswith(what[0])], []) for what in ("points", "walls")}
    cells = [read_raster(path)[0] for path in sorted(folder.glob("cells_*.tif"))]
    return {**found, "cells": _sum([score_cells(each, each == NOT_ASKED, has_lens=False) for each in cells])}


def _sum(scores):
    return Score(*(sum(getattr(each, key) for each in scores) for key in ("asked", "seen", "right", "wrongly_seen")))


def cells_at(truth_path, said_path):
    """Return what a raster of any cell and extent says at the middles of the cells of a truth; nothing is seen outside of it."""
    truth, west, north, cell_m = read_raster(truth_path)
    said, its_west, its_north, its_cell_m = read_raster(said_path, nodata_is_0=True)
    x = west + cell_m * (np.arange(truth.shape[1]) + 0.5)
    y = north - cell_m * (np.arange(truth.shape[0]) + 0.5)
    columns, rows = np.floor((x - its_west) / its_cell_m).astype(int), np.floor((its_north - y) / its_cell_m).astype(int)
    padded = np.pad(np.nan_to_num(said) > 0, 1)
    return padded[np.clip(rows + 1, 0, said.shape[0] + 1)][:, np.clip(columns + 1, 0, said.shape[1] + 1)]


def read_raster(path, nodata_is_0=False):
    """Return the cells of the first band, their western and northern edge, and their side."""
    try:
        import rasterio
    except ImportError:
        from osgeo import gdal

        gdal.UseExceptions()
        data = gdal.Open(str(path))
        cells, where, nodata = data.GetRasterBand(1).ReadAsArray(), data.GetGeoTransform(), data.GetRasterBand(1).GetNoDataValue()
        west, side, _, north = where[:4]
    else:
        with rasterio.open(path) as data:
            cells, nodata, (side, _, west, _, _, north) = data.read(1), data.nodata, data.transform[:6]
    if nodata_is_0 and nodata is not None:
        cells = np.where(cells == nodata, 0, cells)
    return cells, west, north, side


def read_seconds(answers):
    """Return the seconds that a folder of answers says each scene took."""
    path = answers / "seconds.csv"
    return {row["scene"]: float(row["seconds"]) for row in read_rows(path)} if path.exists() else {}


def read_rows(path):
    """Return the rows of a table as mappings."""
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
