"""Random histories: no decision stands for another thing, none vanishes, no loss goes uncounted, no plan is today, and what
districts number apart keeps its number.

A town is a row of cells, each with at most one building on ground of its own size; what is true of it is known without the
program: which cell has which use, of which cell something was declared, which protected things were there and are not, and
which cameras stand, where they look, and what the plan does to each. Cameras come in a table without ids, in any order.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
import shapely
from amounts import some_by_day

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.changes.camera_change import AddCamera, ChangeStatus, RemoveCamera, TurnCamera
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.districts.merging import Choices, merge_districts
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import take
from lhasaplan.core.project.numbering import camera_labels, next_blocks, numbered, numbered_after, with_numbers_of
from lhasaplan.core.project.plan import Drafted, as_today, inventory, proposed_upon, with_all_steps, with_plan
from lhasaplan.core.project.project import DISTRICT, District
from lhasaplan.core.protection.lost_protection import all_losses, losses
from lhasaplan.workflow.new_states import as_rescued, into_state

X0, Y0, CELLS, CAMERAS = 385_000.0, 6_671_000.0, 8, 3
USES = ("yes", "yes", "yes", "garage", "house", "church")
PROTECTED = {"house", "church"}
STEPS = 12


def ground(cell):
    """Return the ground of a cell: each has a size of its own, so that no other has half of it wherever it lies."""
    west, size = X0 + 40.0 * cell, 4.0 + 3.0 * cell
    return shapely.box(west, Y0, west + size, Y0 + size)


@dataclass(frozen=True)
class Truth:
    """A state: the project, what is true of it, and what a person knows of its past.

    ``uses`` is the use of each cell, ``made`` the cell of each decision that was made, ``lost`` all protected things that went;
    ``stands`` the azimuth of each camera that stands, by its name, ``wished`` that with the plan.
    """

    project: object
    uses: dict
    made: dict
    lost: frozenset
    stands: dict
    wished: dict


def written(path, uses, rng, with_ids):
    """Write a town as a file, in any order, with ids that are dealt anew each time or none at all."""
    rows = list(uses.items())
    rng.shuffle(rows)
    ids = rng.sample(range(CELLS + 4), len(rows))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32635"}}
    features = [
        {
            "type": "Feature",
            "properties": {"building": use, **({"@id": f"way/{number}"} if with_ids else {})},
            "geometry": shapely.geometry.mapping(ground(cell)),
        }
        for (cell, use), number in zip(rows, ids, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8")
    return path


def gone(before, after):
    """Return the protected things of a state that another one has not: a use unknown may be any protected use since."""
    reported = {(cell, use) for cell, use in before.items() if use in PROTECTED and after.get(cell) != use}
    unknown = {cell for cell, use in before.items() if use == "yes"}
    return reported | {(cell, "yes") for cell in unknown if after.get(cell) not in {"yes", *PROTECTED}}


def other_uses(uses, rng):
    """Return a town in which some cells were built upon, cleared, or got another use; never half of it."""
    found = dict(uses)
    for _ in range(rng.randint(0, 2)):
        cell = rng.randrange(CELLS)
        if cell in found and rng.random() < 0.5 and len(found) > 3:
            del found[cell]
        else:
            found[cell] = rng.choice(USES)
    return found


class Town:
    """The steps that a history is made of."""

    def __init__(self, folder, seed):
        self.rng, self.folder = random.Random(seed), folder
        self.services = replace(open_services(), today=lambda: "2026-05-01")
        self.with_ids = self.rng.random() < 0.5
        self.number, self.handed = 0, []

    def begun(self):
        uses = {cell: self.rng.choice(USES) for cell in range(CELLS)}
        bare = workflow.new_project(self.services, ("eu-gdpr",), "EPSG:32635")
        stands = {f"c{number}": 10.0 * number for number in range(CAMERAS)}
        return self.surveyed(self.imported(Truth(bare, {}, {}, frozenset(), stands, dict(stands)), uses))

    def surveyed(self, state):
        """Take the same cameras in again, in another order: what was done since stays."""
        rows = [f"{X0 + 40.0 * number},{Y0 - 30.0},{10.0 * number},c{number}" for number in range(CAMERAS)]
        self.rng.shuffle(rows)
        path = self.folder / "cameras.csv"
        path.write_text("\n".join(("x_m,y_m,azimuth_deg,name", *rows)), encoding="utf-8")
        project, _ = workflow.import_file(self.services, state.project, path, kind="cameras", replace_more=True)
        return replace(state, project=project)

    def planned(self, state):
        """Put into the plan that a camera is turned, goes or comes: what stands is the same."""
        self.number += 1
        what, wished = self.rng.choice(("turn", "go", "come")), dict(state.wished)
        stands = [camera for camera in with_plan(state.project) if camera.status is not Status.REMOVED]
        if what == "come" or not stands:
            name = f"n{self.number}"
            wished[name] = 45.0
            at = X0 + 7.0 * self.number
            camera = Camera(f"new-{self.number}", at, Y0 - 60.0, name=name, azimuth_deg=45.0, status=Status.PLANNED)
            change = AddCamera(camera)
        else:
            camera = self.rng.choice(stands)
            change = TurnCamera(camera.camera_id, wished[camera.name] + 7.0)
            if what == "go":
                is_new = camera.status is Status.PLANNED
                change = RemoveCamera(camera.camera_id) if is_new else ChangeStatus(camera.camera_id, Status.REMOVED)
                del wished[camera.name]
            else:
                wished[camera.name] += 7.0
        after = proposed_upon(state.project, Proposal((change,)), Drafted(f"P. Planner {self.number}", "2026-05-01"))
        return replace(state, project=numbered_after(state.project, after), wished=wished)

    def staged(self, state):
        """Say of a step how far it is; what is done stands as it was planned, and nothing else does."""
        steps = [step for step in with_all_steps(state.project).plan if step.is_open]
        if not steps:
            return state
        step, stage = self.rng.choice(steps), self.rng.choice(("decided", "ordered", "done", "dropped"))
        names = {camera.camera_id: camera.name for camera in state.project.cameras}
        project = workflow.state_steps(self.services, state.project, [step.camera_id], stage, "Works office")
        stands, wished, name = dict(state.stands), dict(state.wished), names[step.camera_id]
        if stage == "done":
            _follow(stands, wished, name)
        elif stage == "dropped":
            _follow(wished, stands, name)
        return replace(state, project=project, stands=stands, wished=wished)

    def imported(self, state, uses=None):
        uses = other_uses(state.uses, self.rng) if uses is None else uses
        path = written(self.folder / "town.geojson", uses, self.rng, self.with_ids)
        project, _ = workflow.import_file(self.services, state.project, path, kind="buildings", replace_more=True)
        return replace(state, project=project, uses=uses, lost=state.lost | gone(state.uses, uses))

    def decided(self, state, taken=()):
        unknown = [cell for cell, use in state.uses.items() if use == "yes" and cell not in taken]
        if not unknown:
            return state
        cell, self.number = self.rng.choice(unknown), self.number + 1
        said = f"P. Clerk {self.number}"
        subject = subject_at(state.project, cell)
        project = workflow.declare(self.services, state.project, (subject,), workflow.Said("not_dwelling", "seen", said))
        standing = {name: at for name, at in state.made.items() if at != cell}
        return replace(state, project=project, made={**standing, said: cell})

    def ended(self, state):
        """Drop a suspended decision, or make it anew about another building of unknown use."""
        if not state.project.suspended:
            return state
        number = self.rng.randrange(len(state.project.suspended))
        made = dict(state.made)
        del made[state.project.suspended[number].made.by]
        self.number += 1
        said = workflow.Ending(f"P. Clerk {self.number}", "seen again")
        free = [cell for cell, use in state.uses.items() if use == "yes" and cell not in made.values()]
        if not free or self.rng.random() < 0.5:
            project = workflow.drop_suspended(self.services, state.project, str(number + 1), said)
            return replace(state, project=project, made=made)
        cell = self.rng.choice(free)
        subject = subject_at(state.project, cell)
        project = workflow.renew_suspended(self.services, state.project, str(number + 1), said, subject)
        return replace(state, project=project, made={**made, said.by: cell})

    def undone(self, state, before):
        """Take a step back: what it brought that is protected is lost."""
        lost = workflow.lost_by_undo(self.services, state.project, before.project)
        project = replace(before.project, losses=(*before.project.losses, *lost))
        return replace(before, project=project, lost=before.lost | gone(state.uses, before.uses))

    def merged(self, state):
        """Let a copy take another file in, and merge it back, preferring either side."""
        theirs = self.imported(state)
        # Of a thing of which something is said only one side says more: else a person would choose whose word counts.
        mine = self.decided(state, state.made.values()) if self.rng.random() < 0.5 else state
        side = self.rng.choice(("mine", "theirs"))
        named = [workflow.NamedProject(n, each.project) for n, each in (("b", state), ("m", mine), ("t", theirs))]
        found, _ = workflow.merge_projects(self.services, *named, {}, default=side)
        uses = uses_of(found.project)
        lost = theirs.lost | gone(state.uses, uses) | gone(theirs.uses, uses)
        return replace(mine, project=found.project, uses=uses, lost=lost)

    def districted(self, state):
        """Hand the town to two districts, let each plan a camera and one make garages of some houses, and take both back."""
        city, wished = replace(numbered(state.project), name="city"), dict(state.wished)
        west, east = self.handed_out(city, "West"), self.handed_out(city, "East")
        part = west.layers["buildings"]
        tags = tuple({"building": "garage"} if self.rng.random() < 0.3 else its for its in part.tags)
        west = replace(west, layers={"buildings": replace(part, tags=tags)})
        sides = [self.drafted(each, wished) for each in (west, east)]
        plan = merge_districts(city, sides, 2.0, Choices(default="West"))
        project, _, _ = into_state(self.services, [city], plan.project, DISTRICT)
        project, otherwise = with_numbers_of(project, [(each.district.area, each) for each in sides])
        assert otherwise == ()
        found = camera_labels(project)
        assert all(found[key] == label for each in sides for key, label in camera_labels(each).items() if key in found)
        uses = uses_of(project)
        return replace(state, project=project, uses=uses, lost=state.lost | gone(state.uses, uses), wished=wished)

    def handed_out(self, city, name):
        """Return the project of half of the town, with numbers that no district before got."""
        layer = city.layers["buildings"]
        inside = np.array([(cell_of(shape) < CELLS // 2) == (name == "West") for shape in layer.geometry], bool)
        part = take(layer, inside)
        kept = {str(each) for each in part.ids}
        said = tuple(each for each in city.declarations if each.subject in kept)
        middle = X0 + 20.0 * CELLS - 10.0
        ends = (X0 - 10.0, middle) if name == "West" else (middle, X0 + 40.0 * CELLS + 10.0)
        area = shapely.box(ends[0], Y0 - 10.0, ends[1], Y0 + 100.0).wkt
        blocks = next_blocks(city, self.handed)
        self.handed += blocks
        own = {"cameras": city.cameras, "declarations": said, "plan": city.plan, "suspended": city.suspended, "blocks": blocks}
        district = District("city", name, area, **own)
        layers = {"buildings": part}
        return replace(city, layers=layers, declarations=said, journal=(), losses=all_losses(city), district=district)

    def drafted(self, district, wished):
        """Return a district that plans one more camera."""
        self.number += 1
        name = f"n{self.number}"
        wished[name] = 45.0
        at = X0 + 7.0 * self.number
        camera = Camera(f"new-{self.number}", at, Y0 - 90.0, name=name, azimuth_deg=45.0, status=Status.PLANNED)
        after = proposed_upon(district, Proposal((AddCamera(camera),)), Drafted("D. Draft", "2026-05-01"))
        return numbered_after(district, after)

    def repaired(self, state):
        store = self.services.stores.open(self.folder / f"town{self.rng.randrange(10**9)}.gpkg")
        store.save(state.project)
        return replace(state, project=as_rescued(self.services, store.rescue()))


def subject_at(project, cell):
    """Return the id of the building of a cell."""
    layer = project.layers["buildings"]
    return str(layer.ids[int(np.flatnonzero(shapely.equals(layer.geometry, ground(cell)))[0])])


def cell_of(shape):
    return round((shapely.bounds(shape)[0] - X0) / 40.0)


def uses_of(project):
    layer = project.layers["buildings"]
    return {cell_of(shape): its["building"] for shape, its in zip(layer.geometry, layer.tags, strict=True)}


def _follow(one, other, name):
    """Let one list of cameras have of a camera what the other has."""
    if name in other:
        one[name] = other[name]
    else:
        one.pop(name, None)


def azimuths(cameras):
    return {camera.name: camera.azimuth_deg for camera in cameras if camera.status is not Status.REMOVED}


def check(state):
    """Compare the program's state with what is true."""
    project = state.project
    assert azimuths(inventory(project)) == azimuths(as_today(project).cameras) == state.stands
    assert azimuths(with_plan(project)) == state.wished
    given = [(each.series, each.number) for each in project.numbers]
    assert len(given) == len(set(given))
    assert uses_of(project) == state.uses
    layer = project.layers["buildings"]
    holding, waiting = {}, {each.declaration.by: each for each in project.suspended}
    for each in project.declarations:
        cells = {cell_of(shape) for key, shape in zip(layer.ids, layer.geometry, strict=True) if key == each.subject}
        assert cells == {state.made[each.by]}
        assert state.uses[state.made[each.by]] == "yes"  # of that use it was declared
        holding[each.by] = each
    assert Counter([*holding, *waiting]) == Counter([*state.made])
    known = sum(use != "yes" for _, use in state.lost)
    found = list(losses(project))
    assert (sum(loss.known for loss in found), sum(loss.unknown for loss in found)) == (known, len(state.lost) - known)


def live_through(folder, seed):
    town = Town(folder, seed)
    states, kept = [town.begun()], {}
    for _ in range(STEPS):
        steps = (town.imported, town.imported, town.decided, town.decided, town.merged, town.districted, town.repaired)
        steps += (town.surveyed, town.planned, town.planned, town.staged, town.ended)
        step = town.rng.choice((*steps, None))
        if step is None and len(states) > 1:
            now = states.pop()
            states[-1] = town.undone(now, states[-1])
        elif step is not None:
            states.append(step(states[-1]))
        check(states[-1])
        numbers = {(each.series, each.camera_id): each.number for each in states[-1].project.numbers}
        assert {key: numbers[key] for key in kept if key in numbers} == {key: kept[key] for key in kept if key in numbers}
        kept = numbers if step is None else {**kept, **numbers}


@pytest.mark.parametrize("seed", some_by_day(range(30), range(10)))
def test_that_no_history_moves_a_decision_forgets_a_loss_or_lets_a_plan_be_today(tmp_path, seed):
    live_through(tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1_000, 2_000, 50))
def test_that_no_history_of_a_thousand_does_either(tmp_path, seed):
    for each in range(seed, seed + 50):
        live_through(tmp_path, each)
