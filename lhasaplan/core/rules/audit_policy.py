"""Figures of the audit that no law sets: height bands, tolerances of an approval, where a sign must stand."""

from dataclasses import dataclass, field

from lhasaplan.core.rules.mandate_check import MandateRules
from lhasaplan.core.rules.pack import Terms


@dataclass(frozen=True, slots=True)
class HeightBand:
    """A band of heights above the ground before a facade; it ends at ``to_m``, the last one never (None)."""

    name: str
    to_m: float | None = None
    term: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalSlack:
    """What may differ between an approval and the camera as measurement."""

    angle_deg: float = 5.0
    lens_deg: float = 5.0
    lens_share: float = 0.1
    place_m: float = 2.0


@dataclass(frozen=True, slots=True)
class SignRule:
    """Where a sign must stand: near the entry along the way, near the way; and what is a gap in a view, not its end."""

    before_m: float = 15.0
    beside_m: float = 5.0
    gap_m: float = 15.0


@dataclass(frozen=True, slots=True)
class RecordWords:
    """What people write into a record where nothing is there, and where nothing is known; compared as ``plain`` has it."""

    no: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()


BANDS = (
    HeightBand("ground_floor", 3.0),
    HeightBand("upper_floors", 9.0),
    HeightBand("above", None),
)


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """The policy of this program (``data/audit.toml``); these are the shipped figures, and the loosest that data may set."""

    bands: tuple[HeightBand, ...] = BANDS
    entrance_reach_m: float = 1.0
    approval: ApprovalSlack = field(default_factory=ApprovalSlack)
    signs: SignRule = field(default_factory=SignRule)
    words: RecordWords = field(default_factory=RecordWords)
    mandate: MandateRules = field(default_factory=MandateRules)


SHIPPED = AuditPolicy()
