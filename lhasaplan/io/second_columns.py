"""Columns that mean a key beside the one that was taken for it: what they say is kept where it is protected."""

from collections.abc import Iterable, Mapping

from lhasaplan.io.columns import folded
from lhasaplan.io.layer_spec import LayerSpec, LayerSpecs

_SAYS_LITTLE = "yes"


def with_second_columns(
    rows: tuple[dict[str, str], ...], headings: Iterable[str], spec: LayerSpec, specs: LayerSpecs
) -> tuple[dict[str, str], ...]:
    """Return the tags of rows with what ``headings``, which no key was taken from, say of protected places.

    A file has ``building`` and ``use``: a garage whose use is a home is both, whichever column comes first.
    """
    keys = {folded(each): key for key, synonyms in spec.columns.items() for each in (key, *synonyms)}
    beside = {heading: keys[folded(heading)] for heading in headings if folded(heading) in keys}
    return tuple(_with_protected(row, beside, specs) for row in rows) if beside else rows


def _with_protected(tags: dict[str, str], beside: Mapping[str, str], specs: LayerSpecs) -> dict[str, str]:
    for heading, key in beside.items():
        value = tags.get(heading, "")
        if value and specs.protects({key: value}):
            said = tags.get(key, _SAYS_LITTLE)
            tags = {**tags, key: value if said == _SAYS_LITTLE else f"{said};{value}"}
    return tags
