"""Write changes of nodes for OpenStreetMap: as osmChange (.osc), or for JOSM (.osm) with the comment of the changeset."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lhasaplan.core.base.translations import marked
from lhasaplan.core.records.osm_changes import OsmChange
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.text.output_files import replacing

NO_SUCH_FORM = marked("changes for OpenStreetMap are written as .osc, or as .osm for JOSM")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
BY = "lhasaplan"


def write_osm_changes(path: Path, changes: Sequence[OsmChange], comment: str) -> Path:
    """Write the nodes with all their tags, those that change and those that stay, under the version that was read.

    A new node has no version: the map gives it one.
    """
    writers = {".osc": _osc, ".osm": _josm}
    lines = writers.get(path.suffix.casefold())
    if lines is None:
        raise InputError(Fault(NO_SUCH_FORM, Where(path.name)))
    with replacing(path) as draft:
        draft.write_text("\n".join((HEAD, *lines(changes, comment), "")), encoding="utf-8", newline="\n")
    return path


def _osc(changes: Sequence[OsmChange], comment: str) -> Iterator[str]:
    yield f"<!-- {re.sub('-{2,}', '-', comment).rstrip('-')} -->"  # two in a row would end a comment of XML
    yield f'<osmChange version="0.6" generator="{BY}">'
    for action, is_new in (("create", True), ("modify", False)):
        own = [each for each in changes if (each.node.version == 0) is is_new]
        if own:
            yield f"<{action}>"
            for each in own:
                yield from _node(each, "")
            yield f"</{action}>"
    yield "</osmChange>"


def _josm(changes: Sequence[OsmChange], comment: str) -> Iterator[str]:
    yield f'<osm version="0.6" generator="{BY}" upload="true">'
    yield f'<changeset><tag k="comment" v={quoteattr(comment)}/><tag k="created_by" v="{BY}"/></changeset>'
    for each in changes:
        yield from _node(each, ' action="modify"')
    yield "</osm>"


def _node(change: OsmChange, action: str) -> Iterator[str]:
    node = change.node
    version = f' version="{node.version}"' if node.version else ""
    yield f'<node id="{node.node_id}"{version} lat="{node.lat:.7f}" lon="{node.lon:.7f}"{action}>'
    for key, value in sorted(change.tags.items()):
        yield f"<tag k={quoteattr(key)} v={quoteattr(value)}/>"
    yield "</node>"
