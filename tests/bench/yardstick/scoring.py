"""Score answers against the truth: precision, recall, and how far densities are off.

An answer is a table with ``camera_id, point_id, seen`` and, where the tool knows it, ``density_px_m``; or a raster of 0 and 1
for each camera, which is asked at the points that lie 1.5 to 1.8 m above the ground.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Score:
    """How answers of one scene compare; densities in percent of the true one, None where the tool gives none."""

    seen: int
    right: int
    wrongly_seen: int
    missed: int
    density_off_percent: float | None

    @property
    def precision(self):
        """The share of what is said to be seen that is."""
        return self.right / (self.right + self.wrongly_seen) if self.right + self.wrongly_seen else 1.0

    @property
    def recall(self):
        """The share of what is seen that is said to be."""
        return self.right / self.seen if self.seen else 1.0


def score(truth, answers):
    """Compare rows of a truth with rows of answers; a pair that is not answered counts as not seen."""
    said = {(row["camera_id"], row["point_id"]): row for row in answers if str(row["seen"]) in ("1", "True", "true")}
    seen = right = wrong = missed = 0
    off = []
    for row in truth:
        key, is_seen = (row["camera_id"], row["point_id"]), str(row["seen"]) == "1"
        seen += is_seen
        right += is_seen and key in said
        wrong += not is_seen and key in said
        missed += is_seen and key not in said
        if is_seen and key in said and said[key].get("density_px_m"):
            true = float(row["density_px_m"])
            off.append(abs(float(said[key]["density_px_m"]) - true) / true * 100.0)
    return Score(seen, right, wrong, missed, float(np.max(off)) if off else None)


def rows_of_raster(camera_id, seen, west, north, cell_m, points):
    """Return the answer of a raster of 0 and 1, row 0 in the north, at points (point_id, x_m, y_m)."""
    rows = []
    for name, x, y in points:
        column, row = int((x - west) // cell_m), int((north - y) // cell_m)
        inside = 0 <= row < seen.shape[0] and 0 <= column < seen.shape[1]
        rows.append({"camera_id": camera_id, "point_id": name, "seen": int(inside and bool(seen[row, column]))})
    return rows
