"""Places, directions and classes of new cameras scored, dominated ones dropped, beside the engine asked for each of them."""

import resource
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.demand.columns import shown_demand
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.live.live_answers import Live, make_live
from lhasaplan.core.mitigation.new_mounts import Spot
from lhasaplan.core.model.camera import Mount
from lhasaplan.core.rules.audit_policy import SitingRules
from lhasaplan.core.siting.positions import looking
from lhasaplan.core.siting.states import CandidateTown
from lhasaplan.workflow.answers import reference_data

from ..audit_city import Size, city
from ..row import Row, measured
from ..setting import Setting

PARTS, NEAR_M, SAMPLE = 400, 45.0, 24
POLE_M = 4.5


def candidates(setting: Setting) -> Iterator[Row]:
    """Yield poles round the parts of a made-up city, every direction in steps and towards each part, in each class."""
    services = open_services()
    rules = services.content.load_siting_rules()
    poles = setting.count(100_000, 5_000)
    project = city(Size(buildings=setting.count(20_000, 4_000), places=2_000, cameras=0))
    town = set_up(project, reference_data(services, project))
    found = find_candidates(town)
    live = make_live(town, request(town, replace(found, confirmed=found.parts[:PARTS])))
    spots = _round_parts(live, poles)
    CandidateTown(live, rules).scored(spots[:50])  # compiled, which a user does once
    start = time.process_time()
    scored = CandidateTown(live, rules).scored(spots)
    ours = time.process_time() - start
    one_s = _one_by_one(live, rules, spots[:SAMPLE])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    steps, classes = int(360.0 / rules.azimuth_step_deg), len(rules.classes)
    size = f"made-up city (synthetic), {poles:,} poles x {steps} azimuths x {classes} classes, {len(live.demand.part):,} points"
    note = f"{scored.tried:,} directions with those towards parts, {len(scored.place):,} left that no other of its place serves "
    note += f"as well; peak {peak:.1f} GB; the rival is scaled from {SAMPLE} poles and drops none"
    aim = "30 s, 4 GB"
    rival = one_s * poles / SAMPLE
    yield measured("candidates scored", size, ours, rival, "s CPU", note, "the engine asked for each direction", aim)


def _round_parts(live: Live, poles: int) -> list[Spot]:
    """Return poles by chance within reach of points of the demand."""
    chance = np.random.default_rng(3)
    at = live.demand.xyz_m[chance.integers(0, len(live.demand.xyz_m), poles), :2]
    angle, away = chance.uniform(0.0, 2.0 * np.pi, poles), NEAR_M * np.sqrt(chance.random(poles))
    x, y = at[:, 0] + away * np.sin(angle), at[:, 1] + away * np.cos(angle)
    return [Spot(*each, Mount.POLE, POLE_M) for each in zip(x.tolist(), y.tolist(), strict=True)]


def _one_by_one(live: Live, rules: SitingRules, spots: list[Spot]) -> float:
    """Return the processor time of the engine for every direction in steps and class of some places."""
    azimuths = np.arange(0.0, 360.0, rules.azimuth_step_deg).tolist()
    cameras = [looking(spot, azimuth, 10.0, lens, live.city) for spot in spots for azimuth in azimuths for lens in rules.classes]
    start = time.process_time()
    shown_demand(set_in(live.city, cameras), live.demand.xyz_m)
    return time.process_time() - start
