"""Who can see what: visibility polygons, pixel densities at points, how many views a cell has, why a point is not seen.

Its offers are imported when first used; they stand in ``__init__.pyi``. Who needs a lens alone loads no lines of sight.
"""

from lhasaplan.deferred import names_offered, offered


def __getattr__(name: str) -> object:
    """Return what is asked for from its module."""
    return offered(__file__, name)


def __dir__() -> list[str]:
    return names_offered(__file__)
