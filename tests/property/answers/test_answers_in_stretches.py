"""An audit and a check in small stretches, shapes put into a file, are those of all cameras at once, shapes in memory."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from dataclasses import replace
from unittest import mock

import numpy as np
import shapely
from amounts import examples
from answers_town import X0, Y0, article, bare_camera, box, camera, house, layer, pack, reference_data, town
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.audit import protected_in_view
from lhasaplan.core.audit.pipeline import assess_context, audit
from lhasaplan.core.base.kept_shapes import in_memory
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.protection.ground import protected_walls
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.site.terrain import TerrainSheet, lay_over
from lhasaplan.files.spooled_shapes import ShapeSpool

KINDS = ("house", "apartments", "yes", "retail", "hospital")
REFUGE = ("way/90", box(-5, 20, 5, 30), {"amenity": "womens_refuge"})
DOORS = tuple((f"node/{k}", shapely.Point(X0 + 16.0 * k + 4.0, Y0 + 0.713), {"entrance": "yes"}) for k in range(-2, 2))
PACKS = (pack("one", articles=[article("1", "home_in_view", "protected_in_view", "range_ends_view")]),)


@st.composite
def towns(draw):
    """Buildings of all uses on a raster with streets between; cameras with and without a record, masks and short ranges."""
    cells = draw(st.lists(st.tuples(st.integers(-3, 2), st.integers(-3, 2)), min_size=2, max_size=8, unique=True))
    houses = [
        house(n, 16 * x, 16 * y + 0.713, 16 * x + 9.31, 16 * y + 10, draw(st.sampled_from(KINDS)), 4.0 + 3.0 * (n % 4))
        for n, (x, y) in enumerate(cells)
    ]
    at, cameras = st.integers(-38, 38).map(lambda k: k + 0.137), []
    for number in range(draw(st.integers(2, 6))):
        x, y, turned = draw(at), draw(at), draw(st.integers(0, 359)) + 0.41
        lens = {"range_m": draw(st.sampled_from([12.0, 30.0, 60.0])), "hfov_deg": draw(st.sampled_from([40.0, 95.0]))}
        masks = {"mask_sector_deg": ((turned - 5.0) % 360.0, turned)} if draw(st.booleans()) else {}
        masks = {"mask_sector_deg": (masks["mask_sector_deg"],)} if masks else {}
        is_recorded = draw(st.integers(0, 3)) > 0
        cameras.append(
            camera(f"c{number}", x, y, turned, **lens, **masks) if is_recorded else bare_camera(f"c{number}", x, y, range_m=60.0)
        )
    places = layer("places", *DOORS, *([REFUGE] if draw(st.booleans()) else []))
    return town(*houses, cameras=cameras, places=places)


def known(relief):
    """Level, over hills that are known well, and over coarse ones."""
    x, y = np.meshgrid(np.arange(-80.0, 80.0, 4.0), np.arange(80.0, -80.0, -4.0))
    if relief == "level":
        return reference_data(*PACKS)
    sheet = TerrainSheet("made.tif", 30.0 if relief == "coarse" else 4.0, 2.0 * np.sin(x / 23.0) + 1.5 * np.cos(y / 17.0) + 5.0)
    return replace(reference_data(*PACKS), terrain=lay_over([sheet], X0 - 80.0, Y0 + 80.0, 4.0))


def deep(value):
    """Everything in a value, figures to the last digit and shapes to the last point; densities cut on demand apart."""
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkb(value)
    if isinstance(value, (str, bytes, enum.Enum)) or value is None:
        return value
    if dataclasses.is_dataclass(value):
        return [deep(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [(deep(key), deep(each)) for key, each in value.items()]
    return [deep(each) for each in value] if isinstance(value, Sequence) else value


def in_stretches(cameras, work):
    with mock.patch.object(protected_in_view, "CAMERAS_A_STRETCH", cameras):
        return deep(work())


@given(project=towns(), cameras=st.integers(1, 3), relief=st.sampled_from(["level", "fine", "coarse"]))
@examples(4, nightly=100)
def test_that_an_audit_in_stretches_says_to_the_last_digit_what_all_cameras_at_once_say(project, cameras, relief):
    data = known(relief)
    spooled = in_stretches(cameras, lambda: audit(project, data, keep=ShapeSpool()))
    assert spooled == in_stretches(1_000, lambda: audit(project, data))


def with_part(project):
    shape = box(-3.0, -3.0, 8.0, 6.0).wkt
    part = HandMadePart("p", "p", "junctions", "apron", "area", shape, 25.0, 1, 0.9, "A. Example", "2026-05-01")
    given_by = {"purpose": "flow", "reason": "two collisions", "milder_means": "signs", "by": "A. Example"}
    return replace(project, hand_made_parts=(part,), confirmations=(Confirmation("p", date="2026-05-01", **given_by),))


@given(project=towns().map(with_part), cameras=st.integers(1, 3))
@examples(3, nightly=50)
def test_that_a_check_in_stretches_ranks_the_same_mitigations_and_parts(project, cameras):
    context = make_context(project, known("level"), with_planned=True)
    candidates = find_candidates(context)
    wanted = request(context, candidates)

    def check(keep):
        return assess_context(context, Gate(True), candidates, wanted, no_progress, keep=keep)

    assert in_stretches(cameras, lambda: check(ShapeSpool())) == in_stretches(1_000, lambda: check(in_memory))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 9)), min_size=2, max_size=6, unique_by=lambda each: each[0]))
@examples(10, nightly=150)
def test_that_a_wall_is_cut_at_the_same_points_whatever_walls_come_before_it(sizes):
    houses = town(*(house(n, 60.0 * n, 0.0, 60.0 * n + 37.0 + w / 3e6, 16.0 + d / 7.0) for n, (w, d) in enumerate(sizes)))
    context = make_context(houses, reference_data(), with_planned=False)
    places = find_protected(houses.layers, context.buildings, context.reference_data.kinds)
    every = protected_walls(places, None, context.terrain, context.buildings)
    for number, place in enumerate(places):
        alone = protected_walls([place], None, context.terrain, context.buildings)
        mine = every.place == number
        assert len(alone) > 4  # walls longer than 16 m are cut
        assert np.array_equal(every.ends_m[mine], alone.ends_m)
        assert np.array_equal(every.top_m[mine], alone.top_m)
