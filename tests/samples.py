"""Sample towns and what is found in them, worked out once a process: values are frozen, so every test may hold the same ones."""

from functools import cache

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.workflow.siting import Proposals


@cache
def sample(city: str) -> Project:
    """Return a shipped sample as ``demo`` opens it."""
    services = open_services()
    return workflow.open_sample(services, services.content.read_sample(city))


@cache
def checked() -> Assessment:
    """Return the check of hilltown, the sample with a mandate."""
    return workflow.check(open_services(), sample("hilltown"))


@cache
def audited() -> Assessment:
    """Return the audit of hilltown."""
    return workflow.audit(open_services(), sample("hilltown"))


@cache
def proposed() -> Proposals:
    """Return what is proposed for hilltown with two new cameras at most."""
    return workflow.propose(open_services(), sample("hilltown"), (), 2)
