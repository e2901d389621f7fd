"""Proposals for towns: unasked ground at equal service beside the optimum by number alone, and beside greedy."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Shares
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.live.live_answers import Live, make_live, with_cameras
from lhasaplan.core.project.project import Project
from lhasaplan.core.rules.audit_policy import SitingRules, Weights
from lhasaplan.core.siting.choosing import Allowance, ChosenStates
from lhasaplan.core.siting.options import OptionSolver
from lhasaplan.core.siting.states import table_of
from lhasaplan.ports import Services
from lhasaplan.workflow import import_file, live_answers, new_project
from lhasaplan.workflow.answers import reference_data
from lhasaplan.workflow.samples import open_sample
from lhasaplan.workflow.siting import EFFORT

from ..duel import ROOT
from ..row import Row, absent, measured
from ..setting import Setting

BY_NUMBER = Weights(unasked_m2=0.0, frontage_m=0.0, camera=1.0, change=0.0)
PARTS, QUICK_PARTS = 12, 6
MOST_SECONDS = 10.0  # of one exact search in a real city
BY_SCRIPT = "parts confirmed by this script, with no gate and no verification"
PACKS = ("eu-gdpr", "municipal-safety")


def towns(setting: Setting) -> Iterator[Row]:
    """Yield the fictitious town, whose parts its files confirm, and two real ones whose nearest parts this script confirms."""
    services = open_services()
    hilltown = open_sample(services, services.content.read_sample("hilltown"))
    yield from _rows("hilltown (fictitious)", live_answers(services, hilltown), hilltown, services.content.load_siting_rules())
    for name, project in _cities(services):
        if project is None:
            yield absent(f"unasked ground, {name}", "", None, "m2", f"{name} is not on this machine (LHASAPLAN_DATA)", "")
            continue
        live = _confirmed_by_script(services, project, setting.count(PARTS, QUICK_PARTS))
        effort = replace(EFFORT, limits=replace(EFFORT.limits, seconds=MOST_SECONDS))
        yield from _rows(name, live, project, services.content.load_siting_rules(), BY_SCRIPT, effort)


def _cities(services: Services) -> Iterator[tuple[str, Project | None]]:
    yield "Helsinki", open_sample(services, services.content.read_sample("helsinki"))
    path = Path(os.environ.get("LHASAPLAN_DATA") or ROOT.parent / "shared/data") / "monaco/monaco.osm.pbf"
    yield "Monaco", import_file(services, new_project(services, PACKS), path)[0] if path.exists() else None


def _confirmed_by_script(services: Services, project: Project, most: int) -> Live:
    """Return a city in which the parts nearest to the middle of all are demand, as far as the guard lets them be."""
    city = set_up(project, reference_data(services, project))
    candidates = find_candidates(city)
    middle = shapely.union_all([part.geometry.centroid for part in candidates.parts]).centroid
    nearest = sorted(candidates.parts, key=lambda part: (part.geometry.distance(middle), part.part_id))
    live = make_live(city, request(city, replace(candidates, confirmed=tuple(nearest[:most]))))
    return with_cameras(live, project.cameras)


def _rows(name: str, live: Live, project: Project, rules: SitingRules, said: str = "", effort: Effort = EFFORT) -> Iterator[Row]:
    """Yield unasked ground beside the optimum by number at equal service, and cameras beside greedy."""
    start = time.process_time()
    table = table_of(live, rules)
    table_s = time.process_time() - start
    council, by_number_alone = (
        OptionSolver(live, project, table, each, effort) for each in (rules, replace(rules, weights=BY_NUMBER))
    )
    allowance = Allowance("all", may_remove=True, may_change=True, most_new=len(live.demand.parts))
    start = time.process_time()
    (ours, refused), (fewest, _) = (_chosen(each, allowance, is_verified=not said) for each in (council, by_number_alone))
    choice_s = time.process_time() - start
    unasked, by_number = (sum(table.states[k].judged_m2 for k in each.states) for each in (ours, fewest))
    cost, least = ours.cost
    parts, tried = len(live.demand.parts), sum(table.tried.values())
    size = f"{name}, {parts} parts, {len(table.states)} states of {tried:,} tried"
    note = f"service {ours.service[0]:.2f} and {fewest.service[0]:.2f} of {parts}, at most {ours.service[1]:.2f}; "
    note += f"{1.0 - unasked / max(by_number, 1e-9):.0%} less; gap of cost {(cost - least) / max(cost, 1e-9):.2%}; "
    note += f"cameras {len(ours.states)} and {len(fewest.states)}, at least {ours.cameras[1]}; "
    note += f"states looked through {table_s:.1f} s, both choices {choice_s:.1f} s"
    plain = council.choice(allowance)
    plain_m2 = sum(table.states[k].judged_m2 for k in plain.states)
    before = f"before the guard {plain_m2:,.0f} m2, gap {(plain.cost[0] - plain.cost[1]) / max(plain.cost[0], 1e-9):.2%}; "
    verified = f"{before}verified by guard and audit, refused and solved anew {refused} times"
    note = f"{note}; {said or verified}"
    aim = "20 % less, gap under 1 %"
    yield measured("unasked ground at equal service", size, unasked, by_number, "m2", note, "optimum by number", aim)
    plain = _greedy(council.whole)
    note = f"greedy serves {council.whole.reached(plain).sum():.2f} and shows "
    note += f"{sum(table.states[k].judged_m2 for k in np.flatnonzero(plain).tolist()):,.0f} m2 unasked; "
    note += f"by number {len(fewest.states)} serve {fewest.service[0]:.2f}, at least {fewest.cameras[1]}"
    cameras = "cameras for the most service"
    yield measured(cameras, size, len(fewest.states), int(plain.sum()), "cameras", note, "greedy", "no more than greedy")


def _chosen(council: OptionSolver, allowance: Allowance, *, is_verified: bool) -> tuple[ChosenStates, int]:
    """Return the choice that guard and audit let stand and how often they did not, or where nobody may plan the first."""
    if not is_verified:
        return council.choice(allowance), 0
    option = council.option(allowance)
    return option.choice, len(option.refused)


def _greedy(shares: Shares) -> np.ndarray:
    """Return the states that a greedy choice takes: again and again the one that serves most of what is open."""
    is_chosen = np.zeros(len(shares.cost), bool)
    while True:
        now, best, gain = shares.reached(is_chosen).sum(), -1, 1e-9
        for column in np.flatnonzero(~is_chosen).tolist():
            if shares.one_of[column] in shares.one_of[is_chosen]:
                continue
            is_chosen[column] = True
            more = shares.reached(is_chosen).sum() - now
            is_chosen[column] = False
            if more > gain:
                best, gain = column, more
        if best < 0:
            return is_chosen
        is_chosen[best] = True
