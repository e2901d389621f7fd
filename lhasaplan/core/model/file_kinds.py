"""Kinds of files: what a user may say of one that is taken in, and in which forms drafts are written.

A form is one row here, from which the command line, the window and the writers take it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.translations import marked

MODELS = "models"  # a catalogue of makers and models of cameras
ANSWERS = "answers"  # a questionnaire that a controller filled in
DECISIONS = "decisions"  # a schedule that the office filled in, or the minutes of a meeting
REASONS = "reasons"  # a district's table of differences from the city's plan, with the reasons that the office filled in
# The kinds of data that a user may say a file holds, and what each is called.
KIND_NAMES: Mapping[str, str] = {
    "osm": marked("OpenStreetMap extract"),
    "buildings": marked("Buildings"),
    "roads": marked("Roads"),
    "places": marked("Places"),
    "areas": marked("Areas"),
    "terrain": marked("Terrain"),
    "trees": marked("Trees"),
    "poles": marked("Poles and lamps"),
    "floor_walls": marked("Walls of floor plans"),
    "surveys": marked("Areas where cameras were surveyed"),
    "cameras": marked("Cameras"),
    "baseline": marked("Cameras as they were approved"),
    "signs": marked("Signs that announce cameras"),
    MODELS: marked("Catalogue of camera models"),
    ANSWERS: marked("Questionnaires filled in by controllers"),
    DECISIONS: marked("Filled-in schedule or minutes"),
    REASONS: marked("Reasons why a district's plan differs"),
}
KINDS = tuple(KIND_NAMES)
FILLED_IN_KINDS = (ANSWERS, DECISIONS, REASONS)  # tables that go out, are filled in elsewhere and come back
READ_KINDS = tuple(kind for kind in KINDS if kind not in (MODELS, *FILLED_IN_KINDS))  # the others say more of what is there
# A remark of readers that is a question: nothing is taken in until somebody answers it.
UNREAD_USE = marked(
    "the column {column} is not read as a use, but {count} of its values have words of protected places "
    "({examples}). If it says what the things are, rename it class in a copy of the file and import the copy"
)
ANY_COLUMN = "*"  # in the place of the names of columns: none of those that are asked about says what the things are
DATUMS = ("wgs84", "gcj02", "bd09")


@dataclass(frozen=True, slots=True)
class DraftFormat:
    """A form of drafts; ``lhasaplan.report`` has a writer ``write_KEY`` for each.

    ``size_kb`` and ``time_s`` are what it costs, of its own and for each camera, as measured on two samples.
    ``takes`` says what its writer is given beside project, answers and folder: nothing, of which cameras, or the whole order.
    ``has_plan``: it gives a plan beside the audit. ``is_paper``: its order and words are data. ``has_layers``: it gives the
    layers of the GeoPackage again, a file each. ``has_options``: it sets the options of a plan side by side.
    ``has_conformity``: it tells how a district's plan stands to the city's. ``has_maps``: it draws what cameras see, or gives
    what maps draw of it. ``by_name``: it is written only where it is asked for by its name, since it is large or holds the
    others.
    """

    key: str
    title: str
    size_kb: tuple[float, float] = (0.0, 0.0)
    time_s: tuple[float, float] = (0.0, 0.0)
    takes: str = "order"  # or "cameras", or "nothing"
    has_plan: bool = False
    is_paper: bool = False
    has_layers: bool = False
    has_options: bool = False
    has_conformity: bool = False
    has_maps: bool = True
    by_name: bool = False


# What a bundle says of itself, and its files that are read again; its form rises when their meaning changes.
BUNDLE_FORM, BUNDLE_CONTENTS, BUNDLE_CRATE = "lhasaplan-bundle/1", "bundle.json", "ro-crate-metadata.json"
BUNDLED_ANSWERS, BUNDLED_PROJECT = "audit.json", "project.gpkg"
MINUTES_FORMAT = "minutes"
# The same chapters and maps, written by one process: the first of them composes them. The PDF only sets them.
PDF, COMPOSING = "pdf", "docx"
COMPOSED_FORMATS = (COMPOSING, PDF, "html")
# Two processes write drafts, one from either end of the line. Beside each other stands what has the same maps or libraries;
# what takes longest stands at the ends, so that both are ready at about the same time.
FIRST_WRITTEN = (*COMPOSED_FORMATS, "impact", "authorisation", "pptx")
LAST_WRITTEN = (MINUTES_FORMAT, "letter", "summary", "pages")
BUNDLE_FORMAT = "bundle"  # takes in what is written with it, so it is written last
DRAFT_FORMATS = (
    DraftFormat("docx", marked("Word report"), (211.0, 6.1), (1.9, 0.038), has_plan=True, has_options=True, has_conformity=True),
    DraftFormat("xlsx", marked("Excel tables"), (3.0, 1.7), (0.0, 0.007), has_conformity=True, has_maps=False),
    DraftFormat("gpkg", marked("GeoPackage"), (0.0, 41.7), (0.5, 0.001), takes="nothing"),
    DraftFormat("fgb", marked("FlatGeobuf, a file a layer"), (0.0, 32.0), (0.1, 0.002), takes="nothing", has_layers=True),
    DraftFormat("geojson", marked("GeoJSON, a file a layer"), (0.0, 51.5), (0.0, 0.011), takes="nothing", has_layers=True),
    DraftFormat("kml", marked("KML, a file a layer"), (0.0, 50.0), (0.1, 0.012), takes="nothing", has_layers=True),
    DraftFormat(
        "html",
        marked("Report and map as web pages"),
        (437.0, 12.2),
        (0.0, 0.008),
        has_plan=True,
        has_options=True,
        has_conformity=True,
    ),
    DraftFormat(
        "pdf", marked("Reports as PDF"), (512.0, 8.9), (0.4, 0.001), has_plan=True, has_options=True, has_conformity=True
    ),
    DraftFormat(
        "pptx", marked("Slides for the council"), (168.0, 3.3), (1.0, 0.006), has_plan=True, has_options=True, has_conformity=True
    ),
    DraftFormat("pages", marked("One page for each of the gravest cameras"), (533.0, 25.6), (1.1, 0.007)),
    DraftFormat("summary", marked("One page for the council"), (290.0, 8.9), (0.1, 0.001), has_options=True),
    DraftFormat(
        "impact", marked("Impact assessment"), (778.0, 10.4), (0.6, 0.001), is_paper=True, has_options=True, has_conformity=True
    ),
    DraftFormat(
        "authorisation",
        marked("File for an authorisation, where a rule pack asks for one"),
        is_paper=True,
        has_options=True,
        has_conformity=True,
    ),
    DraftFormat(
        MINUTES_FORMAT,
        marked("Minutes of a meeting, to be taken back"),
        (47.0, 0.0),
        (0.1, 0.0),
        has_options=True,
        has_conformity=True,
        has_maps=False,
    ),
    DraftFormat("letter", marked("Letters to the controllers"), (0.0, 10.7), (0.5, 0.0)),
    DraftFormat("register", marked("Entries for a public register"), (0.0, 1.7), (0.0, 0.0), has_maps=False),
    DraftFormat(
        "questionnaire",
        marked("Questionnaires to the controllers, to be taken back"),
        (11.0, 0.1),
        (0.0, 0.0),
        takes="cameras",
        has_maps=False,
    ),
    DraftFormat(
        "masks",
        marked("Masks in formats of cameras and recorders"),
        (0.0, 300.0),
        (0.0, 0.05),
        takes="cameras",
        has_maps=False,
        by_name=True,
    ),
    DraftFormat(
        BUNDLE_FORMAT, marked("Bundle that its reader can check"), (350.0, 40.0), (1.0, 0.01), has_maps=False, by_name=True
    ),
)
# For whom drafts are written: what each reader opens, and no more. The last is all that there is.
COUNCIL = marked("a plan for the council"), ("docx", "pptx", "summary", MINUTES_FORMAT)
AUDIENCES = (
    (marked("a report to read"), ("docx", "html")),
    COUNCIL,
    (marked("papers for the controllers"), ("letter", "questionnaire", "register")),
    (marked("masks for the technician"), ("masks",)),
    (marked("files for GIS"), ("gpkg",)),
    (marked("a bundle that others can check"), ("html", BUNDLE_FORMAT)),
    (marked("everything"), tuple(each.key for each in DRAFT_FORMATS if not each.by_name)),
)


def estimated(formats: Sequence[str], cameras: int) -> tuple[float, float]:
    """Return about how many megabytes drafts will have, and how many seconds it takes to write them, of so many cameras.

    >>> estimated(("docx",), 0)
    (0.211, 1.9)
    """
    written = [each for each in DRAFT_FORMATS if each.key in formats]
    size_kb = sum(each.size_kb[0] + each.size_kb[1] * cameras for each in written)
    return size_kb / 1e3, sum(each.time_s[0] + each.time_s[1] * cameras for each in written)


FORMATS = tuple(each.key for each in DRAFT_FORMATS if not each.by_name)  # what an audit writes unasked
PLAN_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_plan)
PAPER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.is_paper)
LAYER_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_layers)
OPTION_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_options)
MAP_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_maps)
CONFORMITY_FORMATS = tuple(each.key for each in DRAFT_FORMATS if each.has_conformity)
