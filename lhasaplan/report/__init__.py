"""Write drafts: one assessment, with the same numbers in every format.

Its offers are imported when first used; they stand in ``__init__.pyi``.
"""

from lhasaplan.deferred import names_offered, offered


def __getattr__(name: str) -> object:
    """Return a writer from its module."""
    return offered(__file__, name)


def __dir__() -> list[str]:
    return names_offered(__file__)
