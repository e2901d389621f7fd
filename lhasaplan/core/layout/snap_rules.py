"""What a camera that is drawn by hand snaps to: which tags are poles and crossings, and how far from a kerb a pole stands."""

from dataclasses import dataclass

from lhasaplan.core.rules.unusual_rules import TagValues


@dataclass(frozen=True, eq=False, slots=True)
class SnapRules:
    """Figures and tags of ``data/snapping.toml``.

    Parameters
    ----------
    kerb_m : how far behind the edge of a carriageway a pole stands.
    crossing_reach_m : how near to the middle of a street a crossing is one of that street.
    poles, crossings : by tags; ``*`` is any value but no.
    """

    kerb_m: float
    crossing_reach_m: float
    poles: TagValues
    crossings: TagValues
