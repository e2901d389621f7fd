"""The use cases: a project in, a project or an answer out; no user interface, no file formats.

Names are imported when first used: opening a project must not wait for the sight engine. They stand in ``__init__.pyi``.
"""

from lhasaplan.deferred import names_offered, offered


def __getattr__(name: str) -> object:
    """Return a use case from its module."""
    return offered(__file__, name)


def __dir__() -> list[str]:
    return names_offered(__file__)
