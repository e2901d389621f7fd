"""The made-up sample as a city with districts, and its answers, made once."""

from dataclasses import replace
from functools import cache

import numpy as np
import shapely
from samples import sample

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.demand.guard import find_candidates
from lhasaplan.core.districts.clipping import district_project
from lhasaplan.core.live.live_answers import live_project
from lhasaplan.core.model.layer import Layer
from lhasaplan.io.content.policy_files import load_district_rules

RULES = load_district_rules()
# In metres of the sample: its cameras stand between these lines, the river runs at 4 982 940.
WEST, EAST, SOUTH, RIVER, NORTH = 499_650.0, 500_350.0, 4_982_670.0, 4_982_940.0, 4_983_330.0
MIDDLE = 500_040.0
THREE = {
    "Market": shapely.box(WEST, RIVER, MIDDLE, NORTH),
    "Fuel": shapely.box(MIDDLE, RIVER, EAST, NORTH),
    "Station": shapely.box(WEST, SOUTH, EAST, RIVER),
}


@cache
def city():
    return sample("hilltown")


@cache
def answers():
    """Return the live answers of the city and its confirmed parts."""
    live = live_project(city(), workflow.reference_data(open_services(), city()))
    return live, find_candidates(live.city).confirmed


def derived(areas, rules=RULES):
    """Return the project of each of these areas."""
    live, parts = answers()
    return {name: district_project(live, city(), (name, ground), parts, rules, "2027-01-15") for name, ground in areas.items()}


def with_areas(project, areas):
    ids = np.array([f"area/{number}" for number in range(len(areas))], object)
    tags = tuple({"name": name} for name in areas)
    layer = Layer("areas", ids, np.array(list(areas.values()), object), tags)
    return replace(project, layers={**project.layers, "areas": layer})


def changed(project, **cameras):
    """Return a project with fields of cameras set anew; a camera without any is gone."""
    ids = {name.replace("_", "-"): values for name, values in cameras.items()}
    kept = [camera for camera in project.cameras if ids.get(camera.camera_id) != {}]
    done = tuple(replace(camera, **ids.get(camera.camera_id, {})) for camera in kept)
    return replace(project, cameras=done)


def camera(project, camera_id):
    return next(each for each in project.cameras if each.camera_id == camera_id)
