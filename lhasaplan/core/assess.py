"""The whole chain, from a project to one assessment: audit for everybody, check inside the gate."""

from lhasaplan.core.answers.chain import audit, check
from lhasaplan.core.answers.knowledge import Knowledge, Progress
from lhasaplan.core.answers.setting import Setting, make_setting
from lhasaplan.core.answers.who_sees import Witness, who_sees

__all__ = ["Knowledge", "Progress", "Setting", "Witness", "audit", "check", "make_setting", "who_sees"]
