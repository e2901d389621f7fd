"""Columns that mean a key beside the one that was taken for it: what they say is kept where it is protected."""

import re
from collections.abc import Iterable, Mapping

from lhasaplan.core.model.tag_conditions import ABSENT
from lhasaplan.core.recognition.minimum import KNOWN_USES
from lhasaplan.io.content.layer_spec import LayerSpec, LayerSpecs
from lhasaplan.io.tables.columns import folded

_SAYS_LITTLE = "yes"
_NUMBER = re.compile(r"(?<=\D)\d{1,2}$")  # the second of a family of columns: usage_2, Nutzung 3


def with_second_columns(
    rows: tuple[dict[str, str], ...], headings: Iterable[str], spec: LayerSpec, specs: LayerSpecs
) -> tuple[dict[str, str], ...]:
    """Return the tags of rows with what ``headings``, which no key was taken from, say of protected places.

    A file has ``building`` and ``use``: a garage whose use is a home is both, whichever column comes first. So is one whose
    second or third use is (``use_2``), and a further use of a building that is no known one is told beside the first.
    """
    keys = {folded(each): key for key, synonyms in spec.columns.items() for each in (key, *synonyms)}
    numbered = {heading: _NUMBER.sub("", folded(heading)) for heading in headings}
    beside = {heading: keys[family] for heading, family in numbered.items() if family in keys}
    further = frozenset(heading for heading in beside if numbered[heading] != folded(heading))
    return tuple(_with_protected(row, beside, further, specs) for row in rows) if beside else rows


def _with_protected(
    tags: dict[str, str], beside: Mapping[str, str], further: frozenset[str], specs: LayerSpecs
) -> dict[str, str]:
    for heading, key in beside.items():
        value = tags.get(heading, "")
        is_unknown = key == "building" and heading in further and value not in KNOWN_USES | ABSENT
        if value and (is_unknown or specs.protects({key: value})):
            said = tags.get(key, _SAYS_LITTLE)
            tags = {**tags, key: value if said == _SAYS_LITTLE else f"{said};{value}"}
    return tags
