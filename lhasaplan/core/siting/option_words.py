"""Options in words: what each is called, and what no other plan can pass."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lhasaplan.core.base.wording import Wording, marked

if TYPE_CHECKING:
    from lhasaplan.core.siting.options import Council, Option
    from lhasaplan.core.siting.states import State

OPTIONS = {
    "none": marked("nothing changes"),
    "remove-only": marked("cameras go"),
    "change-only": marked("existing cameras change"),
    "budget": marked("changes and new cameras within the budget"),
    "all": marked("keep, change, remove and add"),
}
ACTIONS = {
    "turn": marked("turned or tilted"),
    "raise": marked("raised"),
    "lens": marked("another lens"),
    "unmask": marked("a mask lifted that no grade needs"),
    "new": marked("a new camera"),
}
NEW_MASKED = marked("a new camera with a mask")
MOST_SERVED = marked("{option}: of all that was tried nothing serves more; that is proved.")
MORE_SERVED = marked("{option}: nothing that was tried reaches more than {most} % of what is asked; this reaches {share} %.")
FEWEST = marked("{option}: of all that was tried no plan with fewer cameras than {least} serves as much of these parts.")
LEAST = marked("{option}: of all that serves as much nothing shows less unasked, by the weights; that is proved.")
NEAR_LEAST = marked("{option}: what is shown unasked, by the weights, is within {gap} % of the least there can be.")


def action_in_words(state: "State", wording: Wording) -> str:
    """Return what is done with one camera."""
    return wording(NEW_MASKED if state.has_new_mask else ACTIONS[state.action])


def bounds_in_words(council: "Council", option: "Option", wording: Wording, *, is_whole: bool) -> Iterator[str]:
    """Give what no other plan of this kind can pass; of weights, protected frontage among them, only if all may be told."""
    named, choice, parts = wording(OPTIONS[option.leave.name]), option.choice, len(council.live.demand.parts)
    value, most = choice.service
    if most - value <= 1e-3:
        yield wording(MOST_SERVED, option=named)
    else:
        shares = {"most": round(100.0 * most / parts, 1), "share": round(100.0 * value / parts, 1)}
        yield wording(MORE_SERVED, option=named, **shares)
    if option.leave.may_remove or option.leave.most_new:
        yield wording(FEWEST, option=named, least=choice.cameras[1])
    cost, least = choice.cost
    if is_whole and cost - least <= 1e-6 * max(cost, 1.0):
        yield wording(LEAST, option=named)
    elif is_whole:
        yield wording(NEAR_LEAST, option=named, gap=round(100.0 * (cost - least) / cost, 2))
