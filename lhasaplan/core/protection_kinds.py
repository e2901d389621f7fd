"""Which kinds of place are protected: a table that data may tighten and never loosen; the face of the two modules behind it."""

from lhasaplan.core.protection_minimum import KNOWN_USES, MINIMUM, loosened
from lhasaplan.core.protection_types import Inside, LikelyEvidence, ProtectedKind, ProtectedKinds

__all__ = ["KNOWN_USES", "MINIMUM", "Inside", "LikelyEvidence", "ProtectedKind", "ProtectedKinds", "loosened"]
