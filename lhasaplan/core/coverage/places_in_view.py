"""How many protected places are in view of a camera, by class and grade."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Severity


def places_in_view(result: CameraResult) -> Mapping[str, Mapping[str, int]]:
    """Return how many protected places the camera can see, by class and grade; a possible view at its graver end."""
    return places_by_class(result.sightings)


def places_by_class(sightings: Sequence[Sighting]) -> Mapping[str, Mapping[str, int]]:
    """Return how many protected places are in view of one camera, by class and grade."""
    table: dict[str, dict[str, int]] = {}
    for sighting in sightings:
        row = table.setdefault(str(sighting.cls), dict.fromkeys(map(str, Severity), 0))
        for grade, number in sighting.places_by_grade.items():
            row[grade] = max(row[grade], number)  # a pan-tilt sees a place by its home view and in its sweep
    return table
