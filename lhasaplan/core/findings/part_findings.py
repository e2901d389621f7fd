"""Findings on parts, overlaps and removable cameras; of the same rank as ground that nobody asked for."""

from collections.abc import Iterator, Sequence

import shapely

from lhasaplan.core.results.assessment import CameraResult, Overlap, PartResult
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.finding_draft import Draft
from lhasaplan.core.results.usual_cures import removal
from lhasaplan.core.results.verdict import NOT_MET


def on_parts(parts: Sequence[PartResult]) -> Iterator[Draft]:
    """Give one finding per part that is not served, with the cameras concerned."""
    for result in parts:
        if result.verdict in NOT_MET:
            yield Draft(
                kind=result.verdict,
                severity=Severity.NOTE,
                camera_id="",
                measured=result.measured.share_served,
                required=result.part.required.min_share,
                unit="share",
                geometry=result.gap,
                subject=result.part.part_id,
                params=(
                    ("part", result.part.name or result.part.part_id),
                    ("category", result.part.category),
                    ("share_percent", round(100 * result.measured.share_served)),
                    ("cameras", result.cameras),
                ),
            )


def on_overlaps(overlaps: Sequence[Overlap]) -> Iterator[Draft]:
    """Give one finding per pair of cameras that serve the same demand."""
    for pair in overlaps:
        if pair.demand > 0:
            yield Draft(
                kind="overlap",
                severity=Severity.NOTE,
                camera_id=pair.a,
                measured=pair.area_m2,
                unit="m2",
                geometry=pair.geometry,
                subject=pair.b,
                params=(("other", pair.b), ("area_m2", round(pair.area_m2)), ("demand", round(pair.demand, 1))),
            )


def on_removable(results: Sequence[CameraResult]) -> Iterator[Draft]:
    """Give one finding per camera without which no part loses anything."""
    for result in results:
        if result.removable:
            camera = result.placed.camera
            yield Draft(
                "removable",
                Severity.NOTE,
                camera.camera_id,
                cure=removal(camera),
                geometry=shapely.Point(camera.x_m, camera.y_m),
            )
