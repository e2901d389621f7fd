"""The table of camera fields: how each is read, called, asked for, shown, changed and published.

Readers of tables, sheets and forms of the window, questionnaires, registers, drafts and documentation take theirs from here.
What other people's tables call a field stands in ``data/columns.toml``. In JSON, in the journal and in the project file
its name is its key.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Literal, get_type_hints

from lhasaplan.core.base.plain_values import without_none
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status

CellType = Literal["text", "number", "whole", "azimuth", "word", "date", "mask", "sector"]
MATTER = "record"  # what a level of disclosure withholds with most of a record; see core/results/finding.py


@dataclass(frozen=True, slots=True)
class Steps:
    """How the form of the window takes a number: its range, what one step changes, and decimals."""

    lowest: float
    highest: float
    step: float
    decimals: int = 1


@dataclass(frozen=True, slots=True)
class CameraField:
    """One field of a camera's record.

    Parameters
    ----------
    key : its name in :class:`Camera`, in JSON and in the project file; of ``is_extra`` in ``Camera.extra``.
    label : what running text calls it.
    type : how a cell of a table is read; a number lies from ``low``, or above ``above``, to ``high``, in ``unit``.
    words : what each value of a word is called.
    column : its column in camera tables, and the entry of its headings in ``data/columns.toml``, where that is not its key.
    title : its heading in sheets and tables of drafts; empty where none shows it. ``width_px`` is that of a sheet, which hides it
        at first unless ``is_shown``; ``drafted`` the group of columns in tables of drafts, 0 for none, and ``width`` there.
    form : its label in the form of the window; empty where it is changed elsewhere. A number is taken in ``steps``.
    group : what it belongs to, the heading of the form under which it stands; without one it stands above them all. What belongs
        to ``LENS`` changes with another lens (core/changes/camera_change.py).
    is_settable : many cameras can be given a value at once, by a sheet or by rows that are pasted.
    question : how its holder is asked for it; ``asked`` is its place in a questionnaire, 0 where none asks.
    register : its column in the public register; empty for none.
    survey : its line on the survey sheet of a camera that is to be built; empty where that does not say it.
    matter : with what a level of disclosure withholds it; empty where every level tells it.
    is_own : a copy of the camera as a plan does not take it over.
    drawn : what a camera has that is drawn with one click.
    tells_camera : a table of points with such a column is one of cameras.
    osm : the tags of OpenStreetMap that record it; what they say is read in io/osm/cameras.py, a text as it stands.
    help : what the table in docs/input-files.md says of it, and ``values`` of what it may hold, where its type does not say so.
    """

    key: str
    label: str
    type: CellType = "text"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    column: str = ""
    title: str = ""
    width_px: int = 96
    is_shown: bool = False
    drafted: int = 0
    width: int = 12
    form: str = ""
    group: str = ""
    steps: Steps | None = None
    is_settable: bool = False
    question: str = ""
    asked: int = 0
    register: str = ""
    survey: str = ""
    matter: str = MATTER
    is_own: bool = False
    drawn: object = None
    tells_camera: bool = False
    is_extra: bool = False
    osm: tuple[str, ...] = ()
    help: str = ""
    values: str = ""

    @property
    def is_number(self) -> bool:
        """Say whether its values are numbers."""
        return self.type in ("number", "whole", "azimuth")

    @property
    def is_text(self) -> bool:
        """Say whether a person writes its values as text, empty where it is not recorded."""
        return self.type in ("text", "date")

    def plain(self, camera: Camera) -> object:
        """Return the value that a camera has, a word as text; nothing that is recorded of text and words is empty."""
        value: object = getattr(camera, self.key)
        return str(value or "") if self.words else value


STATUSES = {"operating": marked("operating"), "planned": marked("planned"), "removed": marked("removed")}
KINDS = {
    "fixed": marked("fixed"),
    "dome": marked("dome"),
    "fisheye": marked("fisheye"),
    "panorama": marked("panorama"),
    "pan_tilt": marked("pan-tilt"),
    "plate_reader": marked("plate reader"),
}
MOUNTS = {"pole": marked("pole"), "wall": marked("wall"), "roof": marked("roof"), "indoor": marked("indoor")}
LENSES = {"rectilinear": marked("straight (rectilinear)"), "equidistant": marked("fisheye (equidistant)")}

HANGS = marked("Place and direction")
LENS = marked("Lens and picture")
REACH = marked("Range and masks")
FORM_GROUPS = HANGS, LENS, REACH  # from above to below

# In the order in which sheets and forms show them.
CAMERA_FIELDS: tuple[CameraField, ...] = (
    CameraField("camera_id", marked("camera"), title=marked("Camera id"), width_px=150, register="id", matter="",
        help="id; file and row if there is none", values="each once"),
    CameraField("name", marked("name"), title=marked("Name"), width_px=150, drafted=1, width=18, form=marked("Name"),
        is_settable=True, register="name", is_own=True, osm=("name",), help="what people call it"),
    CameraField("status", marked("status"), type="word", words=STATUSES, title=marked("State"), is_shown=True,
        drafted=1, width=10, register="status", matter="", drawn=Status.PLANNED,
        values="operating, planned (behind the gate only), removed"),
    CameraField("lens_class", marked("lens class"), type="word", words=LENSES, title=marked("Lens"), width_px=120,
        form=marked("Lens"), group=LENS, is_settable=True, question=marked("Is the lens an ordinary or a fisheye lens?"), asked=9,
        help="projection"),
    CameraField("kind", marked("kind of camera"), type="word", words=KINDS, title=marked("Kind"), width_px=84,
        is_shown=True, drafted=1, width=10, form=marked("Kind"), group=LENS, is_settable=True,
        question=marked("Is the camera fixed, a dome, a fisheye, a panorama or a pan-tilt?"), asked=4,
        register="type", drawn=Kind.FIXED, tells_camera=True, osm=("camera:type",)),
    CameraField("mount", marked("mount"), type="word", words=MOUNTS, title=marked("Mount"), width_px=76,
        is_shown=True, drafted=1, width=8, form=marked("Mount"), group=HANGS, is_settable=True,
        question=marked("Is the camera on a pole, a wall, a roof or indoors?"), asked=5, drawn=Mount.POLE,
        tells_camera=True, osm=("camera:mount",),
        survey=marked("Mount")),
    CameraField("level", marked("storey"), is_settable=True, osm=("level",), help="storey of a camera indoors"),
    CameraField("lens_z_m", marked("height of the lens"), type="number", unit="m", low=-500.0, high=9500.0,
        help="instead of the height above the ground: lens above the datum of the terrain"),
    CameraField("azimuth_deg", marked("direction"), type="azimuth", unit="°", low=0.0, high=360.0,
        title=marked("Azimuth"), width_px=84, is_shown=True, form=marked("Azimuth"), group=HANGS, steps=Steps(0.0, 359.9, 5.0),
        is_settable=True, question=marked("In which direction does the camera look?"), asked=1, drawn=0.0,
        tells_camera=True, osm=("camera:direction", "direction"), help="direction from true north, clockwise",
        values="0 to 360, or -180 to 0 anticlockwise (with a remark), or `NNE`, `south-west`, `nordost`, `东北`",
        survey=marked("Direction from true north (°)")),
    CameraField("tilt_deg", marked("tilt"), type="number", unit="°", low=-90.0, high=90.0, title=marked("Tilt"),
        width_px=70, is_shown=True, form=marked("Tilt below the horizon"), group=HANGS, steps=Steps(-90.0, 90.0, 1.0),
        is_settable=True, question=marked("How far is the camera tilted down?"), asked=2, drawn=15.0, osm=("camera:angle",),
        help="**down is positive**: 0 looks level, 90 straight down",
        survey=marked("Tilt (°)")),
    CameraField("hfov_deg", marked("angle of view"), type="number", unit="°", above=0.0, high=360.0,
        title=marked("Angle"), width_px=70, is_shown=True, form=marked("Horizontal angle"), group=LENS,
        steps=Steps(1.0, 360.0, 1.0), is_settable=True, question=marked("What is the horizontal angle of the lens?"),
        asked=6, drawn=70.0, tells_camera=True, help="horizontal angle of the lens, edge to edge",
        values="above 0; more than 120 only if equidistant",
        survey=marked("Angle of view (°)")),
    CameraField("vfov_deg", marked("vertical angle of view"), type="number", unit="°", above=0.0, high=360.0,
        group=LENS, is_settable=True, question=marked("What is the vertical angle of the lens?"),
        help="vertical angle; follows from square pixels if missing, and the horizontal one from it"),
    CameraField("sensor_width_mm", marked("sensor width"), type="number", unit="mm", above=0.0, high=100.0,
        group=LENS, is_settable=True,
        question=marked("How wide is the sensor, in millimetres? (with the focal length, in place of the angle)"),
        asked=7, help="with the focal length, instead of the angle"),
    CameraField("focal_length_mm", marked("focal length"), type="number", unit="mm", above=0.0, high=5000.0,
        group=LENS, is_settable=True, question=marked("What is the focal length, in millimetres?"), asked=8, tells_camera=True,
        help="with the width of the sensor, instead of the angle"),
    CameraField("mount_height_m", marked("mount height"), type="number", unit="m", above=0.0, high=600.0,
        title=marked("Height"), width_px=80, is_shown=True, form=marked("Mount height"), group=HANGS,
        steps=Steps(0.0, 300.0, 0.5), is_settable=True, question=marked("How high above the ground is the lens?"), asked=3,
        drawn=4.0, tells_camera=True, osm=("height",), help="lens above the ground",
        survey=marked("Height of the lens (m)")),
    CameraField("range_m", marked("range"), type="number", unit="m", above=0.0, high=20000.0, title=marked("Range"),
        width_px=76, is_shown=True, form=marked("Range"), group=REACH, steps=Steps(1.0, 2000.0, 5.0, 0), is_settable=True,
        question=marked("How far should the camera see?"), asked=12, drawn=40.0, tells_camera=True,
        help="how far the controller says it is used",
        survey=marked("Range (m)")),
    CameraField("night_range_m", marked("range at night"), type="number", unit="m", low=0.0, high=20000.0,
        title=marked("Range at night"), width_px=110, form=marked("Range at night"), group=REACH,
        steps=Steps(1.0, 2000.0, 5.0, 0), is_settable=True,
        question=marked("How far can the camera see at night, in metres? (0: not at all)"),
        asked=13, tells_camera=True, help="reach of its infrared light; 0 is none"),
    CameraField("image_width_px", marked("image width"), type="whole", unit="px", low=16.0, high=100000.0,
        title=marked("Picture width"), width_px=110, is_shown=True, form=marked("Picture width"), group=LENS,
        steps=Steps(1.0, 20000.0, 10.0, 0), is_settable=True, question=marked("How many pixels wide is the picture?"),
        asked=10, drawn=1920, help="width of the recorded picture"),
    CameraField("image_height_px", marked("image height"), type="whole", unit="px", low=16.0, high=100000.0,
        title=marked("Picture height"), width_px=110, form=marked("Picture height"), group=LENS,
        steps=Steps(1.0, 20000.0, 10.0, 0), is_settable=True, question=marked("How many pixels high is the picture?"),
        asked=11, drawn=1080, help="height of the recorded picture"),
    CameraField("mask_px", marked("masks in the picture"), type="mask", column="mask_px_wkt", matter="masks",
        help="masked part of the picture, origin top left", values="`POLYGON((x y, …))` in pixels"),
    CameraField("mask_sector_deg", marked("masked sectors"), type="sector", form=marked("Masked sectors"), group=REACH,
        question=marked(
            "Which sectors are permanently masked? Pairs of azimuths from true north, clockwise, e.g. 10,40; 300,320"
        ),
        asked=14, matter="masks", help="masked sectors, from and to azimuth", values="`350,20; 90,95`"),
    CameraField("owner", marked("owner"), title=marked("Owner"), width_px=130, is_shown=True, drafted=2,
        is_settable=True, question=marked("Who is responsible for the camera?"), register="operator",
        matter="controllers", is_own=True, osm=("operator",), help="who runs it"),
    CameraField("purpose", marked("purpose"), title=marked("Purpose"), width_px=150, is_shown=True, drafted=2,
        is_settable=True, question=marked("For which purpose is the camera used?"), asked=15, register="purpose",
        help="what for",
        survey=marked("Purpose")),
    CameraField("retention_days", marked("days of retention"), type="number", low=0.0, high=36500.0,
        title=marked("Days kept"), width_px=84, is_shown=True, is_settable=True,
        question=marked("For how many days are the pictures kept?"), asked=16, register="retention_days",
        help="how many days pictures are kept"),
    CameraField("sign", marked("sign"), title=marked("Sign"), width_px=90, is_shown=True, is_settable=True,
        question=marked("Where does a sign announce the camera?"), asked=17, register="sign", is_own=True,
        help="the sign that announces it"),
    CameraField("installed_on", marked("date of installation"), type="date", title=marked("Installed on"),
        is_settable=True, question=marked("Since when is the camera in use?"), asked=18, register="installed_on",
        is_own=True, help="since when it is in use"),
    CameraField("source", marked("source"), title=marked("Source"), width_px=130, drafted=3, is_settable=True,
        register="source", matter="sources", is_own=True, help="where the row comes from"),
    CameraField("source_date", marked("date of the source"), type="date", title=marked("Date of the source"),
        width_px=110, drafted=3, is_settable=True, register="source_date", matter="sources", is_own=True,
        help="of which day that is"),
    CameraField("x_m", marked("position to the east, m"), type="number", unit="m", form=marked("Place, east")),
    CameraField("y_m", marked("position to the north, m"), type="number", unit="m", form=marked("Place, north")),
    CameraField("extra", marked("columns that were kept as they are"), is_own=True),
    CameraField("corrections", marked("corrections"), matter="sources", is_own=True),
    CameraField("input_file", marked("file it came from"), matter="sources", is_own=True),
    CameraField("approved_on", marked("date of the approval"), type="date", is_own=True),
    CameraField("authorisation_expires", marked("end of the authorisation"), type="date",
        question=marked("Until when is the camera authorised, and was its renewal asked for?"), is_extra=True,
        help="when its authorisation ends"),
    CameraField("review_date", marked("date of the next review"), type="date",
        question=marked("When is the need for the camera reviewed, and what did the last review find?"),
        is_extra=True, help="when its review is due"),
    CameraField("end_date", marked("end of use"), type="date",
        question=marked("Until when is the camera needed, and who reviews that?"), is_extra=True,
        help="when its use ends"),
    CameraField("named_ground", marked("ground that it may show"),
        question=marked("Which ground may the camera show, and where is it drawn?"), is_extra=True,
        help="the area (by its name in the layer of areas) beyond which it may show nothing"),
    CameraField("assembly_off", marked("off during assemblies"), type="word",
        words={"yes": marked("yes"), "no": marked("no")},
        question=marked("Is the camera switched off before, during and after an assembly on the ground that it can see?"),
        is_extra=True, help="whether it is off during assemblies"),
    CameraField("incidents_served", marked("incidents served in a year"), type="number", low=0.0, high=1000000.0,
        question=marked("How many incidents did the camera serve last year, and what did it contribute?"),
        is_extra=True, help="incidents that it served in a year"),
    CameraField("observers", marked("who recorded it in a survey"), is_extra=True,
        help="who of those who looked recorded it, several with semicolons; counted, and named in no output"),
    CameraField("manufacturer", marked("maker"), is_extra=True, help="its maker"),
    CameraField("model", marked("model"), is_extra=True,
        help="its model, by which a [catalogue](#a-catalogue-of-models) narrows what is assumed"),
)  # fmt: skip
FieldValues = Mapping[str, object]  # of a camera, by the keys of its fields
FIELD: Mapping[str, CameraField] = {each.key: each for each in CAMERA_FIELDS}
# Of the fields that hold words of a list: what their values are of.
WORD_TYPES: Mapping[str, type[StrEnum]] = {
    name: bare
    for name, hint in get_type_hints(Camera).items()
    if isinstance(bare := without_none(hint), type) and issubclass(bare, StrEnum)
}


def typed(value: object, key: str) -> object:
    """Return what was read of a cell as its field has it: of a list of words the one that is meant."""
    return WORD_TYPES[key](str(value)) if key in WORD_TYPES and value is not None else value


def keys_where(is_meant: Callable[[CameraField], object]) -> tuple[str, ...]:
    """Return the keys of the fields that something holds for, in their order."""
    return tuple(each.key for each in CAMERA_FIELDS if is_meant(each))


def unrecorded(key: str) -> object:
    """Return what a field holds of which nothing is recorded."""
    own = next(each for each in fields(Camera) if each.name == key)
    return own.default if own.default_factory is MISSING else own.default_factory()
