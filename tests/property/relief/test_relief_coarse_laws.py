"""Laws of coarse terrain: adding it never takes away a view of a protected place."""

from dataclasses import replace

import numpy as np
import test_answers_mitigations as mitigations
from amounts import examples
from answers_town import X0, Y0, camera, house, pack, reference_data, town
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.site.terrain import TerrainSheet, lay_over

HALF, CELL = 120.0, 10.0


@st.composite
def coarse_grounds(draw):
    """Any ground from cells of 30 m, up to 40 m high, drawn on 10 m cells."""
    knots = np.array(draw(st.lists(st.floats(0.0, 40.0), min_size=64, max_size=64))).reshape(8, 8)
    height = ndimage.zoom(knots, 3.0, order=1)
    return lay_over([TerrainSheet("coarse", 30.0, height)], X0 - HALF, Y0 + HALF, CELL)


@st.composite
def watched_towns(draw):
    """Up to five houses and sheds in a ring, two cameras between them that look anywhere, and one on or in a house."""
    built = []
    for k in range(draw(st.integers(1, 5))):
        x, y = 24.0 * np.cos(k * 1.3), 24.0 * np.sin(k * 1.3)
        kind, height = draw(st.sampled_from(["house", "shed", "church"])), draw(st.floats(2.0, 14.0))
        built.append(house(k, x - 5, y - 4, x + 5, y + 4, kind, height))
    looks = draw(st.lists(st.tuples(st.floats(0, 360), st.floats(-10, 40), st.floats(2.5, 9.0)), min_size=2, max_size=2))
    cameras = [
        camera(f"c{k}", 8.0 * k - 4.0, 0.0, azimuth, tilt_deg=tilt, mount_height_m=height)
        for k, (azimuth, tilt, height) in enumerate(looks)
    ]
    beside, azimuth, height = (
        draw(st.tuples(st.floats(-5.8, 5.8), st.floats(-4.8, 4.8))),
        draw(st.floats(0, 360)),
        draw(st.floats(2.5, 16)),
    )
    mounted = camera("m", 24.0 + beside[0], beside[1], azimuth, mount=None, mount_height_m=height)
    return town(*built, cameras=[*cameras, mounted])


def views_of(project, terrain=None):
    known = reference_data(pack())
    found = audit(project, known if terrain is None else replace(known, terrain=terrain))
    return {(s.camera_id, s.cls, s.basis): s for each in found.cameras for s in each.sightings}


@examples(6, nightly=150)
@given(watched_towns(), coarse_grounds())
def test_that_adding_coarse_terrain_never_takes_a_protected_view_away(project, terrain):
    level, rough = views_of(project), views_of(project, terrain)
    assert level.keys() <= rough.keys()
    for key, before in level.items():
        assert rough[key].places >= before.places
        assert rough[key].density_px_m[1] >= before.density_px_m[1] - 1e-6


@examples(3, nightly=60)
@given(mitigations.towns(), coarse_grounds())
def test_that_every_mitigation_over_coarse_terrain_ends_its_finding_and_makes_nothing_worse(project, terrain):
    mitigations.check_every_mitigation(project, lambda changed: audit(changed, replace(mitigations.RULES, terrain=terrain)))
