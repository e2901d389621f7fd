"""In which forms drafts are written: one row each, from which the command line, the window and the writers take them."""

from collections.abc import Sequence
from dataclasses import dataclass

from lhasaplan.core.base.translations import marked


@dataclass(frozen=True, slots=True)
class DraftFormat:
    """A form of drafts; ``lhasaplan.report`` has a writer ``write_KEY`` for each.

    ``takes`` says what its writer is given beside project, answers and folder: nothing, of which cameras, or the whole order.
    ``has_plan``: it gives a plan beside the audit. ``is_paper``: its order and words are data. ``has_layers``: it gives the
    layers of the GeoPackage again, a file each. ``has_options``: it sets the options of a plan side by side.
    ``has_conformity``: it tells how a district's plan stands to the city's.
    """

    key: str
    title: str
    takes: str = "order"  # or "cameras", or "nothing"
    has_plan: bool = False
    is_paper: bool = False
    has_layers: bool = False
    has_options: bool = False
    has_conformity: bool = False


MINUTES_FORMAT = "minutes"
DRAFT_FORMATS = (
    DraftFormat("docx", marked("Word report"), has_plan=True, has_options=True, has_conformity=True),
    DraftFormat("xlsx", marked("Excel tables"), has_conformity=True),
    DraftFormat("gpkg", marked("GeoPackage"), takes="nothing"),
    DraftFormat("fgb", marked("FlatGeobuf, a file a layer"), takes="nothing", has_layers=True),
    DraftFormat("geojson", marked("GeoJSON, a file a layer"), takes="nothing", has_layers=True),
    DraftFormat("kml", marked("KML, a file a layer"), takes="nothing", has_layers=True),
    DraftFormat("html", marked("Report and map as web pages"), has_plan=True, has_options=True, has_conformity=True),
    DraftFormat("pdf", marked("Reports as PDF"), has_plan=True, has_options=True, has_conformity=True),
    DraftFormat("pptx", marked("Slides for the council"), has_plan=True, has_options=True, has_conformity=True),
    DraftFormat("pages", marked("One page for each of the gravest cameras")),
    DraftFormat("summary", marked("One page for the council")),
    DraftFormat("impact", marked("Impact assessment"), is_paper=True, has_options=True, has_conformity=True),
    DraftFormat(
        "authorisation",
        marked("File for an authorisation, where a rule pack asks for one"),
        is_paper=True,
        has_options=True,
        has_conformity=True,
    ),
    DraftFormat(MINUTES_FORMAT, marked("Minutes of a meeting, to be taken back"), has_options=True, has_conformity=True),
    DraftFormat("letter", marked("Letters to the controllers")),
    DraftFormat("register", marked("Entries for a public register")),
    DraftFormat("questionnaire", marked("Questionnaires to the controllers, to be taken back"), takes="cameras"),
)
# For whom drafts are written: what each reader opens, and no more. The last is all that there is.
AUDIENCES = (
    (marked("a report to read"), ("docx", "html")),
    (marked("a plan for the council"), ("docx", "pptx", "summary", MINUTES_FORMAT)),
    (marked("papers for the controllers"), ("letter", "questionnaire", "register")),
    (marked("files for GIS"), ("gpkg",)),
    (marked("everything"), tuple(each.key for each in DRAFT_FORMATS)),
)
# What a form costs, as measured on the two samples: kilobytes of its own and for each camera, seconds likewise.
_COSTS = {
    "docx": (211.0, 6.1, 1.9, 0.038),
    "xlsx": (3.0, 1.7, 0.0, 0.007),
    "gpkg": (0.0, 41.7, 0.5, 0.001),
    "fgb": (0.0, 32.0, 0.1, 0.002),
    "geojson": (0.0, 51.5, 0.0, 0.011),
    "html": (437.0, 12.2, 0.0, 0.008),
    "pdf": (512.0, 8.9, 0.4, 0.001),
    "pptx": (168.0, 3.3, 1.0, 0.006),
    "pages": (533.0, 25.6, 1.1, 0.007),
    "summary": (290.0, 8.9, 0.1, 0.001),
    "impact": (778.0, 10.4, 0.6, 0.001),
    "minutes": (47.0, 0.0, 0.1, 0.000),
    "letter": (0.0, 10.7, 0.5, 0.000),
    "register": (0.0, 1.7, 0.0, 0.000),
    "questionnaire": (11.0, 0.1, 0.0, 0.000),
    "kml": (0.0, 50.0, 0.1, 0.012),  # as GeoJSON
}


def estimated(formats: Sequence[str], cameras: int) -> tuple[float, float]:
    """Return about how many megabytes drafts will have, and how many seconds it takes to write them, of so many cameras.

    >>> estimated(("docx",), 0)
    (0.211, 1.9)
    """
    costs = [_COSTS[key] for key in formats if key in _COSTS]
    size_kb = sum(own + each * cameras for own, each, _, _ in costs)
    return size_kb / 1e3, sum(own + each * cameras for _, _, own, each in costs)


FORMATS = tuple(each.key for each in DRAFT_FORMATS)
PLAN_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_plan)
PAPER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.is_paper)
LAYER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_layers)
OPTION_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_options)
CONFORMITY_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_conformity)
