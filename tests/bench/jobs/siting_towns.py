"""Proposals for a shipped town: unasked ground at equal service beside the optimum by number alone, and beside greedy."""

import time
from collections.abc import Iterator

import numpy as np

from lhasaplan.bootstrap import open_services
from lhasaplan.core.covering.shares import Shares
from lhasaplan.core.rules.siting_rules import Weights
from lhasaplan.core.siting.options import Council, Leave
from lhasaplan.core.siting.states import table_of
from lhasaplan.workflow import live_answers
from lhasaplan.workflow.samples import open_sample
from lhasaplan.workflow.siting import EFFORT

from ..row import Row, measured
from ..setting import Setting

BY_NUMBER = Weights(unasked_m2=0.0, frontage_m=0.0, camera=1.0, change=0.0)


def towns(setting: Setting) -> Iterator[Row]:
    """Yield the fictitious town, whose parts its files confirm: nothing is confirmed for the bench."""
    services = open_services()
    project = open_sample(services, services.read_sample("hilltown"))
    live = live_answers(services, project)
    rules = services.load_siting_rules()
    start = time.process_time()
    table = table_of(live, rules)
    table_s = time.process_time() - start
    council = Council(live, project, table, rules, EFFORT)
    leave = Leave("all", may_remove=True, may_change=True, most_new=rules.options)
    start = time.process_time()
    ours = council.choice(leave)
    choice_s = time.process_time() - start
    fewest = council.choice(leave, weights=BY_NUMBER)
    unasked, by_number = (sum(table.states[k].unasked_m2 for k in each.states) for each in (ours, fewest))
    cost, least = ours.cost
    parts, tried = len(live.demand.parts), sum(table.tried.values())
    size = f"hilltown (fictitious), {parts} parts, {len(table.states)} states of {tried:,} tried"
    note = f"service {ours.service[0]:.2f} and {fewest.service[0]:.2f} of {parts}, at most {ours.service[1]:.2f}; "
    note += f"gap of cost {(cost - least) / cost:.2%}; cameras {len(ours.states)} and {len(fewest.states)}, "
    note += f"at least {ours.cameras[1]}; states looked through {table_s:.1f} s, choice {choice_s:.2f} s"
    yield measured(
        "unasked ground at equal service", size, unasked, by_number, "m2", note, "optimum by number", "20 % less, gap under 1 %"
    )
    plain = _greedy(council.whole)
    note = f"greedy serves {council.whole.reached(plain).sum():.2f}, ours {ours.service[0]:.2f}"
    yield measured(
        "cameras for the most service", size, len(ours.states), int(plain.sum()), "cameras", note, "greedy", "no more than greedy"
    )


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
