"""Protected places that users draw: find them, take them out of the layers to be encrypted, and put them back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.model.layer import InputRecord, Layer, is_drawn, may_say_drawn, take
from lhasaplan.core.project.journal import ClosedFileImported, FileImported, JournalEntry
from lhasaplan.core.project.project import Project


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """The drawn places of a project, and the records of files that brought nothing else."""

    layers: Mapping[str, Layer] = field(default_factory=dict)
    inputs: tuple[InputRecord, ...] = ()

    def __len__(self) -> int:
        return sum(len(layer) for layer in self.layers.values())


def disclosed_inputs(project: Project) -> tuple[InputRecord, ...]:
    """Return the records of files that outputs may name: a file of drawn places alone may be named after one."""
    private = _private_files(project, _rows(project))
    return tuple(record for record in project.inputs if record.path not in private)


def disclosed_journal(project: Project) -> tuple[JournalEntry, ...]:
    """Return the journal without the names of files that brought drawn places alone."""
    private = _private_files(project, _rows(project))
    return tuple(_silenced(entry, private) for entry in project.journal)


def count_drawn(project: Project) -> int:
    """Return how many drawn protected places lie open in the layers."""
    return sum(int(drawn_rows(layer).sum()) for layer in project.layers.values())


def drawn_files(project: Project) -> Mapping[str, int]:
    """Return how many drawn places lie open in the layers, by the name of the file that brought them."""
    found: dict[str, int] = {}
    for layer in project.layers.values():
        for source, drawn in zip(layer.source or ("",) * len(layer), drawn_rows(layer).tolist(), strict=True):
            found[source] = found.get(source, 0) + int(drawn)
    return {source: count for source, count in sorted(found.items()) if count}


def without_drawn(project: Project, files: Collection[str] | None = None) -> tuple[Project, Drawn]:
    """Return the project without its drawn places, and these; a name of a file that brought them alone goes with them.

    Parameters
    ----------
    files : names of the files whose drawn places go; None for all.
    """
    rows = {
        name: keep if files is None else keep & _brought(project.layers[name], files) for name, keep in _rows(project).items()
    }
    inside = {name: take(layer, rows[name]) for name, layer in project.layers.items() if rows[name].any()}
    rest = {name: take(layer, ~rows[name]) for name, layer in project.layers.items()}
    private = _private_files(project, rows)
    records = tuple(record for record in project.inputs if record.path in private)
    bare = replace(
        project,
        layers={name: layer for name, layer in rest.items() if len(layer) or name not in inside},
        inputs=tuple(record for record in project.inputs if record.path not in private),
        journal=tuple(_silenced(entry, private) for entry in project.journal),
    )
    return bare, Drawn(inside, records)


def with_drawn(project: Project, drawn: Drawn) -> Project:
    """Return the project with drawn places in its layers again, after all else; an id that was taken meanwhile gets a mark."""
    layers = dict(project.layers)
    for name, layer in drawn.layers.items():
        layers[name] = _joined(layers[name], layer) if name in layers else layer
    known = {record.path for record in project.inputs}
    records = tuple(record for record in drawn.inputs if record.path not in known)
    return replace(project, layers=layers, inputs=(*project.inputs, *records))


def _brought(layer: Layer, files: Collection[str]) -> BoolArray:
    return np.fromiter((source in files for source in layer.source or ("",) * len(layer)), bool, len(layer))


def drawn_rows(layer: Layer) -> BoolArray:
    """Return the rows that users drew; most layers have no key that says so, and none of their rows is looked at."""
    saying = {key for key in set().union(*layer.tags) if may_say_drawn(key)}
    if not saying:
        return np.zeros(len(layer), bool)
    return np.fromiter((not saying.isdisjoint(tags) and is_drawn(tags) for tags in layer.tags), bool, len(layer))


def _rows(project: Project) -> Mapping[str, BoolArray]:
    return {name: drawn_rows(layer) for name, layer in project.layers.items()}


def _private_files(project: Project, rows: Mapping[str, BoolArray]) -> set[str]:
    """Return the names of files that brought drawn places and nothing else."""
    both: tuple[set[str], set[str]] = ({camera.input_file for camera in (*project.cameras, *project.baseline)}, set())
    for name, layer in project.layers.items():
        if rows[name].any():
            for source, drawn in zip(layer.source, rows[name].tolist(), strict=False):
                both[drawn].add(source)
        else:
            both[False].update(layer.source)
    return both[True] - both[False]


def _silenced(entry: JournalEntry, private: set[str]) -> JournalEntry:
    is_named = isinstance(entry.event, FileImported) and entry.event.file in private
    return replace(entry, event=ClosedFileImported()) if is_named else entry


def _joined(layer: Layer, drawn: Layer) -> Layer:
    """Return both; a feature that was given the id of a closed one must not take its place."""
    taken = set(layer.ids)
    ids = np.empty(len(drawn), object)
    ids[:] = [f"{each}/drawn" if each in taken else each for each in drawn.ids]
    sources = (*(layer.source or ("",) * len(layer)), *(drawn.source or ("",) * len(drawn)))
    return Layer(
        layer.name,
        np.concatenate([layer.ids, ids]),
        np.concatenate([layer.geometry, drawn.geometry]),
        (*layer.tags, *drawn.tags),
        sources if any(sources) else (),
    )
