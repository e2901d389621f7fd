"""The table of protected kinds, which data may tighten and never loosen."""

from lhasaplan.core.recognition.kind_types import Inside, LikelyEvidence, ProtectedKind, ProtectedKinds
from lhasaplan.core.recognition.minimum import KNOWN_USES, MINIMUM, loosened

__all__ = ["KNOWN_USES", "MINIMUM", "Inside", "LikelyEvidence", "ProtectedKind", "ProtectedKinds", "loosened"]
