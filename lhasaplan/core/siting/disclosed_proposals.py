"""Proposals as plain values for JSON, without figures that would lead to a protected place of which outputs tell none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.changes.proposal import to_json
from lhasaplan.core.siting.option_words import StateReason, reasons
from lhasaplan.core.siting.options import Option, OptionSolver, Point
from lhasaplan.core.siting.robustness import Redundancy, doubts

SCHEMA = "lhasaplan-proposals/1"
_OF_PLACES = ("frontage_m", "places")


@dataclass(frozen=True, eq=False, slots=True)
class DisclosedOption:
    """An option with the figures that may be disclosed, and the reason for each camera that it changes or adds, by its id."""

    option: Option
    figures: Mapping[str, float]
    reasons: Mapping[str, StateReason]


@dataclass(frozen=True, eq=False, slots=True)
class DisclosedProposals:
    """All that may be disclosed of proposals: the options in their order, the trade-off, what is seen twice.

    ``discloses_all`` says whether figures of protected places may be disclosed.
    """

    council: OptionSolver
    options: tuple[DisclosedOption, ...]
    curve: tuple[Point, ...]
    overlap: Redundancy
    discloses_all: bool


def disclosed_options(council: OptionSolver, options: Sequence[Option], *, discloses_all: bool) -> tuple[DisclosedOption, ...]:
    """Return options with all that stands beside them."""
    return tuple(
        DisclosedOption(
            each,
            disclosed_figures(council, each, discloses_all=discloses_all),
            {reason.state.camera.camera_id: reason for reason in reasons(council, each)},
        )
        for each in options
    )


def may_disclose_all(council: OptionSolver, *, private: bool) -> bool:
    """Tell whether figures of protected places may be disclosed: nothing undisclosed is there, or the output is private."""
    return private or not any(place.is_undisclosed for place in council.live.city.protected)


def disclosed_figures(council: OptionSolver, option: Option, *, discloses_all: bool) -> Mapping[str, float]:
    """Return the figures of an option; those of protected places only where all may be disclosed."""
    figures = council.figures(option)
    return {name: value for name, value in figures.items() if discloses_all or name not in _OF_PLACES}


def option_json(council: OptionSolver, option: Option, *, discloses_all: bool) -> JsonObject:
    """Return one option with its proposal, bounds, reasons, and what depends on an assumption."""
    choice = option.choice
    bounds: JsonObject = {
        "service": {"value": choice.service[0], "at_most": choice.service[1]},
        "cameras": {"value": choice.cameras[0], "at_least": choice.cameras[1]},
    }
    if discloses_all:
        bounds["cost"] = {"value": choice.cost[0], "at_least": choice.cost[1]}
    hanging = doubts(council, option)
    doubled = council.changed_by_weights(option) if discloses_all and tells_doubled(option) else {}
    return {
        "option": option.allowance.name,
        "most_new": option.allowance.most_new,
        "figures": dict(disclosed_figures(council, option, discloses_all=discloses_all)),
        "bounds": bounds,
        "parts": dict(council.served_by_part(option)),
        "proposal": to_json(option.proposal),
        "reasons": [_reason(each, discloses_all=discloses_all) for each in reasons(council, option)],
        "intervals": [
            {"part": each.part_id, "low": each.low, "high": each.high, "cameras": list(each.cameras)}
            for each in hanging.intervals
        ],
        "find_out": [
            {
                "camera": each.camera_id,
                "fields": list(each.fields),
                "parts": list(each.parts),
                "share": each.share,
                "effort": each.effort,
            }
            for each in hanging.unknown
        ],
        "if_doubled": {name: list(cameras) for name, cameras in doubled.items()},
        "refused": [str(fault) for fault in option.refused],
    }


def tells_doubled(option: Option) -> bool:
    """Tell whether what a doubled weight would change stands beside an option: it does beside the one that may do all."""
    return option.allowance.may_remove and option.allowance.may_change and option.allowance.most_new > 0


def _reason(reason: StateReason, *, discloses_all: bool) -> JsonObject:
    plain: JsonObject = {
        "camera": reason.state.camera.camera_id,
        "action": reason.state.action,
        "class": reason.state.class_name,
        "masked": reason.state.has_new_mask,
        "serves": list(reason.serves),
        "alone": list(reason.alone),
        "unasked_m2": reason.state.unasked_m2,
        "not_mapped_m2": reason.state.not_mapped_m2,
        "others_that_would_do": reason.would_do,
    }
    if discloses_all:
        plain["frontage_m"] = reason.state.frontage_m
        plain["alternatives"] = [
            {
                "action": each.action,
                "x_m": each.x_m,
                "y_m": each.y_m,
                "azimuth_deg": each.azimuth_deg,
                "class": each.class_name,
                "worse_by": each.worse_by,
                "unasked_m2": each.unasked_m2,
                "not_mapped_m2": each.not_mapped_m2,
                "frontage_m": each.frontage_m,
            }
            for each in reason.alternatives
        ]
    return plain


def curve_json(council: OptionSolver, curve: tuple[Point, ...], *, discloses_all: bool) -> list[JsonObject]:
    """Return the trade-off, each point with its proposal."""
    return [
        {
            "new": each.new,
            "is_knee": each.is_knee,
            "figures": dict(disclosed_figures(council, each.option, discloses_all=discloses_all)),
            "proposal": to_json(each.option.proposal),
        }
        for each in curve
    ]


def overlap_json(overlap: Redundancy) -> JsonObject:
    """Return what is seen more than once."""
    return {
        "served_by": {str(count): weight for count, weight in overlap.served_by.items()},
        "spare": overlap.spare,
        "alone": dict(overlap.alone),
        "pairs": [
            {"a": each.a, "b": each.b, "area_m2": each.area_m2, "demand": each.demand, "across": list(each.across)}
            for each in overlap.pairs
        ],
        "can_go": list(overlap.can_go),
        "can_go_at_most": overlap.at_most,
    }
