"""From a project to its assessment in one call: audit for everybody, check inside the gate."""

from lhasaplan.core.audit.pipeline import audit, check
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.context.audit_context import AuditContext, make_context
from lhasaplan.core.context.reference_data import ReferenceData
from lhasaplan.core.exposure.who_sees import Witness, who_sees

__all__ = ["AuditContext", "Progress", "ReferenceData", "Witness", "audit", "check", "make_context", "who_sees"]
