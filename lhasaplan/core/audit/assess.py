"""The whole chain, from a project to one assessment: audit for everybody, check inside the gate."""

from lhasaplan.core.audit.pipeline import audit, check
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.context.audit_context import Setting, make_setting
from lhasaplan.core.context.reference_data import Knowledge
from lhasaplan.core.exposure.who_sees import Witness, who_sees

__all__ = ["Knowledge", "Progress", "Setting", "Witness", "audit", "check", "make_setting", "who_sees"]
