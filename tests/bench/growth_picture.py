"""Draw how the cost of a camera grows with cameras, buildings and range: a line each, and what stays within a tenth."""

import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from .row import Row

PANELS = (  # how a job begins, where its size says how many, and what stands below the panel
    ("more cameras", r"([\d,]+) cameras", "cameras, as dense"),
    ("more buildings", r"([\d,]+) buildings", "buildings around 1,000 cameras"),
    ("camera of", r"camera of ([\d.]+) m", "range of a camera, m"),
)
INK, BAND = "#3b5ba5", "#c9d3e8"


def draw_growth(rows: Sequence[Row], path: Path) -> Path:
    """Write the picture; the band is a tenth more or less than the first size took."""
    figure = Figure(figsize=(9.6, 2.9), layout="constrained")
    for number, (begin, counted, below) in enumerate(PANELS, 1):
        axes = figure.add_subplot(1, len(PANELS), number)
        found = [row for row in rows if row.job.startswith(begin)]
        if found:
            at = [float(re.search(counted, f"{row.job}; {row.size}")[1].replace(",", "")) for row in found]
            cost = [row.ours for row in found]
            if begin != "camera of":  # more ground costs more
                axes.axhspan(0.9 * cost[0], 1.1 * cost[0], color=BAND, lw=0)
            axes.semilogx(at, cost, "o-", color=INK)
            axes.set_xticks(at, [f"{each:,.0f}" for each in at])
            axes.minorticks_off()
            axes.set_ylim(0.0, 1.25 * max(cost))
        axes.set_xlabel(below)
        axes.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylabel("ms CPU a camera")
    figure.savefig(path, dpi=100)
    return path
