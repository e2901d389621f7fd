"""Say on the first page of a plan where on Earth it lies, and what the gate is."""

import io

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure as Canvas

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.plan_location import Whereabouts
from lhasaplan.report.text.document import Figure

GATE_IS = marked(
    "The gate is a check of declarations: of what the mandate states, of sealed data and of geometry. It cannot know whether "
    "they are true, nor whether the coordinates are those of this city."
)
LOCATOR = marked("Where the coordinates put this plan: the cross, among the outlines of countries")
ROUNDING = 3  # of degrees: a hundred metres
_INCHES = 2.2


def where_rows(assessment: Assessment, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return the coordinate system, the place on Earth and the country, as rows of a table, and what the gate is."""
    gate = (wording(marked("Planning gate")), wording(GATE_IS))
    where = assessment.where
    if where is None:
        return (gate,)
    return (
        (wording(marked("Coordinate system")), where.system),
        (wording(marked("Place on Earth")), f"{_degrees(where.lat, 'N', 'S')}, {_degrees(where.lon, 'E', 'W')}"),
        (wording(marked("Country at this place")), _countries(where, wording)),
        gate,
    )


def where_line(assessment: Assessment, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return place, country and system as one row, for a page without room; no row where nobody knows them."""
    if assessment.where is None:
        return ()
    (_, system), (title, place), (_, country), _ = where_rows(assessment, wording)
    return ((title, f"{place}; {country}; {system}"),)


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.{ROUNDING}f}° {positive if value >= 0 else negative}"


def _countries(where: Whereabouts, wording: Wording) -> str:
    named = [f"{name} ({code})" if name else code for code, name in where.countries]
    return ", ".join(named) or wording(marked("none: open sea, or a country whose outline the program does not have"))


def locator(assessment: Assessment, wording: Wording, width: float = 0.3) -> list[Figure]:
    """Return a small map of the outlines round the plan, with a cross at its middle."""
    where = assessment.where
    if where is None:
        return []
    return [Figure(_drawn(where), wording(LOCATOR), width, wording(LOCATOR))]


def _drawn(where: Whereabouts) -> bytes:
    west, south, east, north = where.box_deg
    canvas = Canvas(figsize=(_INCHES, _INCHES))
    axes = canvas.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    axes.set_aspect("auto")
    lines = [np.asarray(shapely.get_coordinates(line)) for line in shapely.get_parts(where.outlines)]
    axes.add_collection(LineCollection([line for line in lines if len(line) > 1], colors="#555555", linewidths=0.6))
    axes.plot([where.lon], [where.lat], marker="+", markersize=14, markeredgewidth=2.0, color="#c0392b")
    stream = io.BytesIO()
    canvas.savefig(stream, format="png", dpi=150, metadata={"Software": None})
    return stream.getvalue()
