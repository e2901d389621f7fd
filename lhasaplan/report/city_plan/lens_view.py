"""The view through the lens of a camera in its survey sheet: drawn from the map and the record, never a camera's own picture."""

import io
from collections.abc import Iterator

from PIL import Image

from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.maps.map_furniture import small_png
from lhasaplan.report.maps.printed_figure import printed_figure
from lhasaplan.report.text.document import Figure
from lhasaplan.report.text.numerals import short_number

WIDTH_CM, CM_PER_INCH = 11.0, 2.54
CAPTION = marked(
    "What camera {camera} would show as it is planned, drawn from the map and the record, no camera picture and nobody real; "
    "protected places are veiled"
)
PEOPLE = marked("{text}. Figures of people stand {distances} m from the lens.")


def lens_view(facts: PlanFacts, result: CameraResult) -> Iterator[Figure]:
    """Give the view of a camera whose pose is known."""
    camera_id, wording = result.placed.camera.camera_id, facts.wording
    picture = facts.order.picture_of(camera_id)
    if picture is None:
        return
    caption = wording(CAPTION, camera=facts.called.title(camera_id))
    distances = wording(marked(", ")).join(short_number(each.away_m, wording) for each in picture.people)
    alt = wording(PEOPLE, text=caption, distances=distances) if picture.people else caption
    stream = io.BytesIO()
    Image.fromarray(picture.rgb).save(stream, "PNG")
    dpi = round(picture.rgb.shape[1] * CM_PER_INCH / WIDTH_CM)
    yield printed_figure(small_png(stream.getvalue(), dpi=dpi), alt, alt)
