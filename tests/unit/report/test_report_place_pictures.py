"""Pictures of candidates: outline, street names, scale, north; the same whatever is protected there."""

import io
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest
import shapely
from answers_town import CRS, box, house, layer
from matplotlib.colors import to_rgb

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import PictureRow, PlaceSheet
from lhasaplan.errors import Cancelled, GateError, InputError
from lhasaplan.report.formats.papers import SheetPictures, _frame, compose_places, write_place_sheet
from lhasaplan.report.maps.base_map import StreetLabels
from lhasaplan.report.text.style import load_style

SPOT = box(0, 0, 10, 10)
ROW = PictureRow("p/1", "level_crossing", "", "Long Street", (24.94, 60.17), 25.0, "not requested", SPOT)


def moved(xy):
    return xy + np.array([500_000.0, 6_670_000.0])


def road(number, *corners, **tags):
    line = shapely.transform(shapely.LineString(corners), moved)
    return f"way/{number}", line, {"highway": "residential", **tags}


def sheet(roads=(), buildings=(), rows=(ROW,), **changes):
    return PlaceSheet("town", {"roads": layer("roads", *roads), "buildings": layer("buildings", *buildings)}, rows, **changes)


def names(*roads):
    return [each.text for each in StreetLabels(layer("roads", *roads)).names(_frame(SPOT))]


def test_that_the_picture_has_the_outline_of_the_candidate():
    picture = matplotlib.image.imread(io.BytesIO(SheetPictures(sheet(), Translations()).png(SPOT)))[..., :3]
    edge = np.abs(picture - to_rgb(load_style()["colours"]["candidate"])).max(-1) < 0.1
    rows, columns = np.nonzero(edge)
    height, width = edge.shape
    # The frame is 120 m wide round a square of 10 m: a twelfth of the picture, in its middle.
    assert np.ptp(rows) / height == pytest.approx(10 / 120, rel=0.25)
    assert np.ptp(columns) / width == pytest.approx(10 / 120, rel=0.25)
    assert abs(rows.mean() / height - 0.5) < 0.02


def test_that_streets_are_named_once_and_paths_are_not():
    found = names(
        road(1, (-80, 20), (0, 20), name="Long Street"),
        road(2, (0, 20), (80, 20), name="Long Street"),
        road(3, (-80, -30), (80, -30), name="To the Refuge", highway="path"),
        road(4, (-80, -40), (80, -40)),
    )
    assert found == ["Long Street"]


@pytest.mark.parametrize("tags", [{"lhasaplan": "processional_way"}, {"kind": "processional_way"}])
def test_that_a_way_that_a_user_drew_is_not_named(tags):
    assert names(road(1, (-80, 20), (80, 20), name="Pilgrims' Way", **tags)) == []


def test_that_no_name_stands_on_another_or_on_the_candidate():
    roads = [road(n, (-80, 5 + 2 * n), (80, 5 + 2 * n), name=f"Street {n}") for n in range(-6, 7)]
    found = StreetLabels(layer("roads", *roads)).names(_frame(SPOT))
    spots = [(500_005.0, 6_670_005.0), *(each.at for each in found)]
    assert len(found) > 1
    assert min(np.hypot(*np.subtract(a, b)) for n, a in enumerate(spots) for b in spots[:n]) > 0.16 * 120


def test_that_a_name_reads_from_the_left_whichever_way_its_street_was_drawn():
    for corners in (((-80, 20), (80, 20)), ((80, 20), (-80, 20))):
        (name,) = StreetLabels(layer("roads", road(1, *corners, name="Long Street"))).names(_frame(SPOT))
        assert name.angle_deg == pytest.approx(0.0)


def test_that_made_up_data_are_called_so_at_the_head_and_in_the_picture():
    draft = compose_places(sheet(synthetic=True), Translations())
    assert draft.banners[0].startswith("FICTITIOUS")
    assert SheetPictures(sheet(synthetic=True), Translations()).png(SPOT) != SheetPictures(sheet(), Translations()).png(SPOT)


def test_that_the_caption_names_street_place_and_density():
    *_, figure, caption = compose_places(sheet(), Translations()).blocks
    assert caption.text == "Long Street · 24.94000, 60.17000 · 25 px/m · not requested · p/1"
    assert caption.text in figure.alt


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_that_a_sheet_is_a_pdf_or_a_page(ending, tmp_path):
    path = write_place_sheet(sheet(), tmp_path / f"places.{ending}", Translations())
    assert path.read_bytes()[:5] in (b"%PDF-", b"<!DOC")


def test_that_another_ending_is_refused_and_a_cancel_leaves_no_file(tmp_path):
    with pytest.raises(InputError):
        write_place_sheet(sheet(), tmp_path / "places.docx", Translations())

    def cancel(_share, _step):
        raise Cancelled

    with pytest.raises(Cancelled):
        write_place_sheet(sheet(), tmp_path / "places.pdf", Translations(), cancel)
    assert not list(tmp_path.iterdir())


# --- what is protected ----------------------------------------------------------------------------------------------------

TO_LAND_M = np.array([248.0, 70_248.0])  # 60.8 north 27 east, in the middle of a cell of 500 m
RAILWAY = ("node/9", box(50, 50, 51, 51).centroid, {"railway": "level_crossing"})
STREET = road(1, (-100, 50), (200, 50), name="Long Street")
RAILS = ("way/8", shapely.transform(shapely.LineString([(50, -100), (50, 200)]), moved),
         {"railway": "rail"})  # fmt: skip


def town_of(*places, use="yes"):
    """A town on land, within the territory of the authority that its mandate names: candidates are told behind the gate alone."""
    layers = {
        "buildings": layer("buildings", house(1, 40, 60, 60, 80, use)),
        "roads": layer("roads", STREET, RAILS),
        "places": layer("places", RAILWAY, *places),
    }
    on_land = {name: replace(each, geometry=translated(each.geometry)) for name, each in layers.items()}
    return Project("town", CRS, packs=("eu-gdpr", "municipal-safety"), layers=on_land, mandate=MANDATE)


def translated(shapes):
    return shapely.transform(shapes, lambda xy: xy + TO_LAND_M)


def mandate():
    corners = shapely.get_coordinates(translated(box(-200, -200, 200, 200)))
    area = shapely.Polygon(np.column_stack(Crs(CRS).to_lonlat(corners[:, 0], corners[:, 1]))).wkt
    return Mandate(
        controller="Town of Example",
        legal_basis="Town act 4",
        purposes=("Transport flows",),
        supervisory_authority="Data Protection Ombudsman",
        complaint_route="Administrative court",
        impact_assessment_officer="A. Example",
        impact_assessment_date="2026-05-01",
        retention_days=2.0,
        public_register="Town hall",
        plan_area_wkt=area,
        building_extent_wkt=area,
    )


MANDATE = mandate()


def services():
    return replace(open_services(), today=lambda: "2026-11-25")


def drawn(project):
    """What a sheet of a town says and shows, to the byte."""
    made = workflow.place_sheet(services(), project)
    return [getattr(block, "png", None) or block.text for block in compose_places(made, Translations()).blocks]


@pytest.fixture(scope="module")
def plain():
    return drawn(town_of())


def test_that_the_town_has_candidates_to_draw(plain):
    assert sum(isinstance(block, bytes) for block in plain) >= 1


def test_that_outside_the_gate_no_candidate_is_drawn():
    with pytest.raises(GateError, match="no mandate"):
        workflow.place_sheet(services(), replace(town_of(), mandate=None))


@pytest.mark.parametrize(
    "tags",
    [
        {"lhasaplan": "protected"},
        {"amenity": "womens_refuge"},
        {"office": "lawyer"},
        {"amenity": "place_of_worship"},
        {"amenity": "school"},
    ],
)
def test_that_no_protected_place_shows_in_pictures_or_captions(tags, plain):
    # On the crossing itself the guard refuses the candidate: even that is not told beside a picture.
    ground = ("way/5", box(30, 30, 70, 70), tags)
    assert drawn(town_of(ground)) == plain


@pytest.mark.parametrize("use", ["house", "church", "hospital", "retail"])
def test_that_a_building_is_drawn_alike_whatever_it_is(use, plain):
    assert drawn(town_of(use=use)) == plain


def test_that_a_pack_of_coarse_positions_gives_no_pictures():
    project = replace(town_of(), packs=(*town_of().packs, "cn-limits"))
    with pytest.raises(InputError, match="coarse positions"):
        workflow.place_sheet(services(), project)
