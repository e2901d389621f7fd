"""When two states of a thing are the same thing, and when two outlines are one building; ``data/identity.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """What ground must share and what may differ; these are the shipped figures, and the loosest that data may set.

    Parameters
    ----------
    share : of two grounds, what both have over what any has.
    apart_m : how far a point, or the middle of a part that is drawn round one, may have moved.
    storeys_more : how many storeys more a building may have and still be the one of which a use was declared.
    """

    share: float = 0.5
    apart_m: float = 5.0
    storeys_more: float = 1.0
