"""In which forms drafts are written: one row each, from which the command line, the window and the writers take them."""

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
FORMATS = tuple(each.key for each in DRAFT_FORMATS)
PLAN_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_plan)
PAPER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.is_paper)
LAYER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_layers)
OPTION_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_options)
CONFORMITY_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_conformity)
