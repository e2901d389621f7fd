"""Small towns and any project at all, as values for tests."""

import numpy as np
import shapely
from hypothesis import strategies as st

from lhasaplan.core.changes.camera_change import AddCamera, ChangeMask, MoveCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.model.camera import Camera, Correction, Kind, Mount, Status
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Mandate, Resolution, Suspended, Thing
from lhasaplan.core.project.journal import (
    CamerasChanged,
    ClosedFileImported,
    DeclaredFact,
    DistrictMade,
    DistrictsMerged,
    DraftsExported,
    EarlierNote,
    FactsDeclared,
    FileImported,
    JournalEntry,
    MandateStated,
    NumbersHandedOut,
    PartExcused,
    PartsConfirmed,
    PlacesClosed,
    PlacesTakenOut,
    PlanDrafted,
    ProjectMade,
    ProjectOpened,
    ProjectsMerged,
    ProtectionLost,
    StepsTaken,
    SuspendedEnded,
)
from lhasaplan.core.project.plan_step import Action, GivenNumber, NumberBlock, PlanStep, PlanVersion, Series, Stage
from lhasaplan.core.project.project import District, Project, Reason, TerrainRecord

CRS = "EPSG:32635"


def layer_of(name, geometries, ids=None, tags=None, source=()):
    """Return a layer of these geometries."""
    geometry = np.empty(len(geometries), object)
    geometry[:] = geometries
    keys = np.empty(len(geometries), object)
    keys[:] = ids or [f"way/{number}" for number in range(1, len(geometries) + 1)]
    return Layer(name, keys, geometry, tuple(tags or ({},) * len(geometries)), tuple(source))


def small_town():
    """Return two houses, a street and two cameras near Helsinki."""
    houses = [shapely.box(385_000, 6_670_000, 385_010, 6_670_010), shapely.box(385_030, 6_670_000, 385_040, 6_670_012)]
    street = shapely.LineString([(384_990, 6_669_990), (385_060, 6_669_990)])
    cameras = (
        Camera("C1", 385_020.0, 6_669_995.0, name="広場 «A»", azimuth_deg=10.0, kind=Kind.FIXED, mount=Mount.POLE),
        Camera("C2", 385_025.5, 6_669_992.25, status=Status.REMOVED, mask_sector_deg=((10.0, 40.0),)),
    )
    return Project(
        name="small town",
        crs=CRS,
        packs=("eu-gdpr",),
        layers={
            "buildings": layer_of("buildings", houses, tags=[{"building": "yes"}, {"building": "house"}], source=["a.pbf"] * 2),
            "roads": layer_of("roads", [street], ids=["way/9"], tags=[{"highway": "residential"}], source=["a.pbf"]),
        },
        cameras=cameras,
        mandate=Mandate(controller="City", purposes=("traffic",), retention_days=3.0),
        inputs=(InputRecord("a.pbf", "00", 3, "2026-01-01", "ODbL", "osm"),),
        journal=(JournalEntry(FileImported("a.pbf", "osm", "00", {"buildings": 2, "roads": 1}), "2026-02-03", ""),),
    )


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
NUMBER = st.floats(-1e9, 1e9)
PERHAPS = st.none() | NUMBER
PAIRS = st.lists(st.tuples(NUMBER, NUMBER), max_size=3).map(tuple)
TAGS = st.dictionaries(TEXT, TEXT, max_size=2)
PIXELS = st.none() | st.integers(1, 8000)
POINT = st.builds(shapely.Point, NUMBER, NUMBER)
SHAPE = POINT | st.tuples(NUMBER, NUMBER, st.floats(1, 50)).map(lambda t: shapely.box(t[0], t[1], t[0] + t[2], t[1] + t[2]))


def values(cls, **extra):
    """Return a strategy for a value whose fields are texts, but for those given."""
    return st.builds(cls, **({name: TEXT for name, field in cls.__dataclass_fields__.items() if field.type is str} | extra))


SHEET_COLUMNS = ("decision", "outcome", "decided_by", "decided_in", "unit_price", "price_move", "currency", "phase", "priced_in")
STATED = st.sampled_from([{}, dict.fromkeys(SHEET_COLUMNS, "7"), {"decision": "refused", "phase": ""}])  # of a camera, in sheets
CAMERA = values(
    Camera,
    x_m=NUMBER,
    y_m=NUMBER,
    camera_id=st.text("abc", min_size=1, max_size=4),
    azimuth_deg=PERHAPS,
    mount_height_m=PERHAPS,
    hfov_deg=PERHAPS,
    tilt_deg=PERHAPS,
    range_m=PERHAPS,
    lens_z_m=PERHAPS,
    retention_days=PERHAPS,
    image_width_px=PIXELS,
    lens_class=st.none() | st.sampled_from(LensClass),
    kind=st.none() | st.sampled_from(Kind),
    mount=st.none() | st.sampled_from(Mount),
    status=st.sampled_from(Status),
    mask_px=st.lists(PAIRS, max_size=2).map(tuple),
    mask_sector_deg=PAIRS,
    extra=st.tuples(TAGS, STATED).map(lambda both: both[0] | both[1]),
    corrections=st.lists(values(Correction), max_size=2).map(tuple),
)


LISTED = st.lists(CAMERA, max_size=3, unique_by=lambda camera: camera.camera_id).map(tuple)  # a file refuses an id twice


def several(strategy):
    """Return a strategy for tuples of up to two."""
    return st.lists(strategy, max_size=2).map(tuple)


def changes():
    """Return a strategy for changes of cameras."""
    turn = st.builds(TurnCamera, TEXT, PERHAPS)
    mask = st.builds(ChangeMask, TEXT, st.lists(PAIRS, max_size=2).map(tuple), PAIRS)
    return turn | mask | st.builds(MoveCamera, TEXT, NUMBER, NUMBER) | st.builds(AddCamera, CAMERA)


def events():
    """Return a strategy for any event of a journal."""
    count = st.integers(0, 10**6)
    declared = st.builds(DeclaredFact, TEXT, several(TEXT), TEXT, TEXT)
    mandate = st.none() | values(Mandate, purposes=several(TEXT), retention_days=PERHAPS)
    proposal = st.builds(Proposal, several(changes()), TEXT, st.sampled_from(Source), TEXT)
    return st.one_of(
        st.builds(ProjectMade, several(TEXT)),
        st.builds(FileImported, TEXT, TEXT, TEXT, st.dictionaries(TEXT, count, max_size=2)),
        st.just(ClosedFileImported()),
        st.builds(ProtectionLost, count, count),
        st.builds(MandateStated, TEXT, mandate),
        st.builds(PartsConfirmed, several(TEXT), TEXT, TEXT, TEXT, TEXT),
        st.builds(PartExcused, TEXT, TEXT, TEXT),
        st.builds(FactsDeclared, several(declared), TEXT),
        st.builds(SuspendedEnded, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT),
        st.builds(PlacesClosed, count),
        st.builds(PlacesTakenOut, count),
        st.builds(CamerasChanged, proposal),
        st.builds(PlanDrafted, proposal),
        st.builds(StepsTaken, several(TEXT), st.sampled_from(["", *map(str, Stage)]), TEXT),
        st.builds(DraftsExported, several(TEXT), st.booleans()),
        st.builds(DistrictMade, TEXT, TEXT),
        st.builds(NumbersHandedOut, TEXT, several(st.builds(NumberBlock, st.sampled_from(Series), count, count))),
        st.builds(DistrictsMerged, st.dictionaries(TEXT, count, max_size=2)),
        st.builds(ProjectOpened, TEXT, st.booleans()),
        st.builds(ProjectsMerged, TEXT, st.dictionaries(TEXT, count, max_size=2)),
        st.builds(EarlierNote, TEXT),
    )


@st.composite
def layers(draw, name):
    """Return a strategy for a layer of up to three features."""
    geometries = draw(st.lists(SHAPE, max_size=3))
    count = len(geometries)
    ids = [f"way/{n}" for n in range(count)]
    tags = draw(st.lists(TAGS, min_size=count, max_size=count))
    source = draw(st.sampled_from([(), ("a.pbf",) * count])) if count else ()
    return layer_of(name, geometries, ids, tags, source)


SHED = Thing("a.pbf", "shed", "POINT (1 2)", 1.0)
THING = st.sampled_from([None, SHED])
LOST = (
    Suspended("confirmation", "p", "", "gone", "2026-01-01", confirmation=Confirmation("p", "traffic", "a", "b", "A.", "", SHED)),
    Suspended("excuse", "p", "", "other", "", excuse=Excuse("p", "works", "A. B.", "2025-02-01")),
    Suspended("declaration", "way/1", "dwelling", "gone", "", declaration=Declaration("way/1", "dwelling", "A.", "", "a", SHED)),
)


def districts():
    """Return a strategy for what the project of a district knows of the city's."""
    drawn = values(HandMadePart, density_px_m=NUMBER, min_views=st.integers(1, 3), min_share=NUMBER)
    return values(
        District,
        cameras=LISTED,
        confirmations=several(values(Confirmation)),
        excuses=several(values(Excuse)),
        declarations=several(values(Declaration)),
        hand_made_parts=several(drawn),
        left_out=several(TEXT),
        reasons=several(values(Reason)),
    )


def projects():
    """Return a strategy for any project."""
    return st.builds(
        Project,
        name=TEXT,
        crs=st.sampled_from([CRS, "EPSG:3067", "ESRI:102001", ""]),
        packs=several(TEXT),
        layers=st.fixed_dictionaries({}, optional={name: layers(name) for name in ("buildings", "roads", "areas")}),
        cameras=LISTED,
        baseline=st.lists(CAMERA, max_size=3, unique_by=lambda camera: (camera.camera_id, camera.approved_on)).map(tuple),
        mandate=st.none() | values(Mandate, purposes=several(TEXT), retention_days=PERHAPS),
        confirmations=several(values(Confirmation, thing=THING)),
        excuses=several(values(Excuse, thing=THING)),
        declarations=several(values(Declaration, thing=THING)),
        number_blocks=st.sampled_from([(), tuple(NumberBlock(series, 101, 199) for series in Series)]),
        resolutions=several(st.builds(Resolution, st.sampled_from(["option", "camera:gone"]), TEXT, TEXT, sheet=TEXT)),
        suspended=st.sampled_from([(), LOST[:1], LOST]),
        plan=several(values(PlanStep, action=st.sampled_from(Action), stage=st.sampled_from(Stage))),
        versions=several(values(PlanVersion, cameras=LISTED)),
        numbers=several(values(GivenNumber, series=st.sampled_from(Series), number=st.integers(1, 99))),
        hand_made_parts=several(values(HandMadePart, density_px_m=NUMBER, min_views=st.integers(1, 3), min_share=NUMBER)),
        terrain=several(
            values(
                TerrainRecord,
                bounds_m=st.tuples(NUMBER, NUMBER, NUMBER, NUMBER),
                resolution_m=NUMBER,
                content=st.binary(max_size=5),
            )
        ),
        inputs=several(values(InputRecord, features=st.integers(0, 9))),
        synthetic=st.booleans(),
        district=st.none() | districts(),
        journal=several(st.builds(JournalEntry, events(), TEXT, TEXT)),
    )


def same_layer(a, b):
    """Tell whether two layers hold the same, in the same order."""
    return (a.name, a.tags, a.source, list(a.ids)) == (b.name, b.tags, b.source, list(b.ids)) and all(
        x == y or (x.is_empty and y.is_empty) for x, y in zip(a.geometry, b.geometry, strict=True)
    )


def same_project(a, b):
    """Tell whether two projects are equal in every field."""
    plain = [name for name in Project.__dataclass_fields__ if name != "layers"]
    return (
        all(getattr(a, name) == getattr(b, name) for name in plain)
        and a.layers.keys() == b.layers.keys()
        and all(same_layer(a.layers[name], b.layers[name]) for name in a.layers)
    )
