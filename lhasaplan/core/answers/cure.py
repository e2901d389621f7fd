"""What ends a finding about a protected view: a mask, a turn or the removal, tried out before it is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lhasaplan.core.answers.azimuths import FULL_CIRCLE, Sectors, padded
from lhasaplan.core.answers.protection import Key
from lhasaplan.core.answers.trial import Outcome, Trial, Tryout
from lhasaplan.core.assessment import Sighting
from lhasaplan.core.camera import Basis, Camera, Placed, Status
from lhasaplan.core.finding import Cure, CureAction, Severity
from lhasaplan.core.protected import ProtectedClass

MASK_PADS_DEG = (1.0, 3.0, 8.0)  # a mask is drawn a little wider than what it hides; wider still if that does not do
TURNS_DEG = (10.0, 20.0, 30.0, 45.0, 60.0, 90.0)  # tried to both sides, the smallest that clears it is taken
NEARLY_ALL = 0.05  # a mask that leaves less of the seen ground than this leaves no camera worth keeping
_SHARPEST_FULL_CIRCLE_DEG = 300.0  # beyond it turning changes next to nothing


def apply_cure(camera: Camera, cure: Cure) -> Camera:
    """Return the camera as the cure leaves it; a question to the controller is applied by its mask."""
    match cure.action:
        case CureAction.MASK | CureAction.ASK:
            return replace(camera, mask_sector_deg=(*camera.mask_sector_deg, *cure.mask_sector_deg))
        case CureAction.TURN:
            return replace(camera, azimuth_deg=cure.values["azimuth_deg"])
        case CureAction.REMOVE | CureAction.END_NEED:
            return replace(camera, status=Status.REMOVED)
        case CureAction.RETENTION:
            return replace(camera, retention_days=cure.values["retention_days"])
        case _:
            return camera


def cure_sightings(sightings: Mapping[Key, Sighting], placed: Sequence[Placed], tryout: Tryout) -> dict[Key, Sighting]:
    """Return the sightings with their cures: due and error ones tried out, assumed ones as a question with its mask."""
    urgent = {
        key: each for key, each in sightings.items() if key[2] == "recorded" and each.grade in (Severity.DUE, Severity.ERROR)
    }
    cures = _tried_cures(urgent, placed, tryout)
    cures |= {key: _question(each, placed[key[0]]) for key, each in sightings.items() if _asks(each)}
    return {key: replace(each, cure=cures[key]) if key in cures else each for key, each in sightings.items()}


def _asks(sighting: Sighting) -> bool:
    return sighting.basis == "assumed" and sighting.cls is not ProtectedClass.USE_UNKNOWN


def _question(sighting: Sighting, placed: Placed) -> Cure:
    """Return the question that must be answered first, with the mask that would end the view whatever the answer."""
    return Cure(CureAction.ASK, padded(sighting.sector_deg, MASK_PADS_DEG[0]), {"questions": questions_of(placed)})


def questions_of(placed: Placed) -> tuple[str, ...]:
    """Return the camera fields to ask the controller for before a possible view can be judged."""
    sweep = ("sweep",) if any(view.basis is Basis.SWEEP for view in placed.views) else ()
    return (*placed.assumed, *sweep, "mask") if placed.assumed or sweep else ()


def _tried_cures(urgent: Mapping[Key, Sighting], placed: Sequence[Placed], tryout: Tryout) -> dict[Key, Cure]:
    masks = _first_that_ends(urgent, tryout, (_masks(urgent, placed, pad) for pad in MASK_PADS_DEG))
    turns = _first_that_ends(urgent, tryout, (_turns(urgent, placed, turn) for turn in TURNS_DEG))
    return {key: _choose(key, masks.get(key), turns.get(key), tryout) for key in urgent}


@dataclass(frozen=True, slots=True)
class _Option:
    cure: Cure
    outcome: Outcome


def _first_that_ends(urgent: Iterable[Key], tryout: Tryout, rounds: Iterable[list[Trial]]) -> dict[Key, _Option]:
    """Return, for each sighting, the first cure of the rounds that ends it and makes nothing else worse."""
    open_keys, ended = set(urgent), dict[Key, _Option]()
    for trials in rounds:
        todo = [trial for trial in trials if trial.key in open_keys]
        for trial, outcome in zip(todo, tryout.judge(todo) if todo else (), strict=True):
            if outcome.ends_it and trial.key in open_keys:
                ended[trial.key] = _Option(trial.cure, outcome)
                open_keys.discard(trial.key)
    return ended


def _masks(urgent: Mapping[Key, Sighting], placed: Sequence[Placed], pad_deg: float) -> list[Trial]:
    trials = []
    for key, sighting in urgent.items():
        sectors: Sectors = padded(sighting.sector_deg, pad_deg)
        if sectors != FULL_CIRCLE:
            cure = Cure(CureAction.MASK, sectors)
            trials.append(Trial(key, cure, apply_cure(placed[key[0]].camera, cure)))
    return trials


def _turns(urgent: Mapping[Key, Sighting], placed: Sequence[Placed], turn_deg: float) -> list[Trial]:
    trials = []
    for key in urgent:
        camera, view = placed[key[0]].camera, placed[key[0]].views[0]
        if camera.azimuth_deg is None or view.hfov_deg > _SHARPEST_FULL_CIRCLE_DEG:
            continue
        for by in (turn_deg, -turn_deg):
            cure = Cure(CureAction.TURN, (), {"azimuth_deg": (camera.azimuth_deg + by) % 360.0, "turn_deg": by})
            trials.append(Trial(key, cure, apply_cure(camera, cure)))
    return trials


def _choose(key: Key, mask: _Option | None, turn: _Option | None, tryout: Tryout) -> Cure:
    """Return the first cure in the order of RULES.md whose effect on the purpose is known; the others stand beside it.

    A camera that serves no confirmed part goes; a turn comes first only where confirmed parts show that it keeps what the
    camera is for; a mask that leaves nearly nothing is a removal.
    """
    options = [_with_figures(option) for option in (turn, mask) if option is not None]
    remove = Cure(CureAction.REMOVE)
    ordered = [remove, *options]
    if tryout.serves_nothing(key[0]) or mask is None or mask.outcome.area_left < NEARLY_ALL:
        best = _kept_turn(turn, tryout) or remove
    else:
        best = _kept_turn(turn, tryout) or _with_figures(mask)
    others = tuple(_plain(each) for each in ordered if each.action is not best.action)
    return replace(best, values={**best.values, "alternatives": others})


def _plain(cure: Cure) -> dict[str, Any]:
    """Return a cure as plain values, for the outputs' sake."""
    sectors = {"mask_sector_deg": cure.mask_sector_deg} if cure.mask_sector_deg else {}
    return {"action": str(cure.action), **sectors, **cure.values}


def _kept_turn(turn: _Option | None, tryout: Tryout) -> Cure | None:
    keeps = turn is not None and tryout.knows_parts and turn.outcome.duty_left is not None and turn.outcome.duty_left >= 1.0
    return _with_figures(turn) if keeps and turn is not None else None


def _with_figures(option: _Option) -> Cure:
    duty = option.outcome.duty_left
    figures = {"area_left_percent": round(100.0 * option.outcome.area_left)}
    figures |= {} if duty is None else {"duty_left_percent": round(100.0 * duty)}
    return replace(option.cure, values={**option.cure.values, **figures})
