"""Columns of a file that have words of protected places in their values, and that nobody reads as a use."""

from collections.abc import Iterator, Mapping, Sequence

from lhasaplan.core.model.said_of_files import UNREAD_USE
from lhasaplan.core.recognition.protected_names import is_name
from lhasaplan.errors import Fault, Where
from lhasaplan.io.content.layer_spec import LayerSpecs

_ASKED_AS = ("building", "amenity", "class", "leisure", "landuse")  # under any of these the words would be read
_NO_PLACES = frozenset({"roads", "trees", "poles", "floor_walls", "cameras", "terrain"})
_NO_USE = (
    "addr:", "note", "source", "operator", "owner", "wiki", "brand", "website", "url", "contact", "ref", "image", "religion",
    "denomination", "@id",
)  # fmt: skip
_EXAMPLES, _MOST_VALUES = 3, 20_000


def remarks_on_unread(  # noqa: PLR0917 - a layer as its reader has it
    headings: Sequence[str],
    columns: Sequence[Sequence[str]],
    meant: Mapping[str, str],
    specs: LayerSpecs,
    where: Where,
    layer: str = "",
) -> tuple[Fault, ...]:
    """Return a remark for each column with such words, with examples.

    Parameters
    ----------
    meant : heading -> tag key of the headings that were understood.
    layer : what the features became; streets and trees have no use.
    """
    if layer in _NO_PLACES:
        return ()
    read = specs.keep()
    asked = (
        (heading, values)
        for heading, values in zip(headings, columns, strict=True)
        if heading not in meant and heading not in read and not is_name(heading) and not heading.casefold().startswith(_NO_USE)
    )
    return tuple(
        Fault(UNREAD_USE, where, {"column": heading, "count": len(found), "examples": ", ".join(found[:_EXAMPLES])})
        for heading, values in asked
        if (found := list(_protected_words(heading, values, specs)))
    )


def _protected_words(heading: str, values: Sequence[str], specs: LayerSpecs) -> Iterator[str]:
    for value in sorted({value for value in values if value})[:_MOST_VALUES]:
        if not specs.protects({heading: value}) and any(specs.protects({key: value}) for key in _ASKED_AS):
            yield value
