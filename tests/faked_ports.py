"""Services of which some answers are a test's own."""

from dataclasses import replace
from types import SimpleNamespace

from lhasaplan import ports

PORTS = {
    "stores": ports.ProjectStores,
    "files": ports.Files,
    "content": ports.Content,
    "drafts": ports.Drafts,
    "compute": ports.Compute,
}


class Faked(SimpleNamespace):
    """A port with answers of its own; all others are those of the port behind it."""

    def __getattr__(self, name):
        return getattr(self.behind, name)


def faked(services, **answers):
    """The services with these answers, whichever port has them: ``faked(services, read_file=fail)``."""
    for name, answer in answers.items():
        port = next((port for port, protocol in PORTS.items() if hasattr(protocol, name)), None)
        made = {name: answer} if port is None else {port: Faked(behind=getattr(services, port), **{name: answer})}
        services = replace(services, **made)
    return services
