"""Answers of a stretch of cameras whose geometry is put away, so that a region is not held as shapes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.base.kept_shapes import Keeper, Shape, in_memory, kept_by_id, replace_kept
from lhasaplan.core.exposure.grading import Key
from lhasaplan.core.results.assessment import Field, Sighting
from lhasaplan.core.sight.visibility.density_bands import BandsOnDemand

Shapes = Mapping[int, Shape]  # what stands for a geometry, by its id


def kept_grounds(grounds: Sequence[SeenGround], keep: Keeper) -> Sequence[SeenGround]:
    """Return the grounds with their shapes put away, each once; the very same grounds where they stay in memory."""
    if keep is in_memory:
        return grounds
    fields = {id(field): field for each in grounds for field in _fields(each)}
    shapes = [field.geometry for field in fields.values()]
    shapes += [shape for each in grounds for shape in _shapes(each)]
    put = kept_by_id(shapes, keep)
    light = {number: _kept_field(field, put) for number, field in fields.items()}
    return [_kept_ground(each, put, light) for each in grounds]


def _fields(ground: SeenGround) -> tuple[Field, ...]:
    return (*((ground.certain,) if ground.certain is not None else ()), *ground.possible)


def _shapes(ground: SeenGround) -> tuple[Shape, ...]:
    bare = () if ground.not_mapped is None else (ground.not_mapped,)
    return (ground.seen, ground.unasked, ground.whole, ground.whole_unasked, *ground.swept, *bare)


def _kept_ground(ground: SeenGround, put: Shapes, light: Mapping[int, Field]) -> SeenGround:
    return SeenGround(
        certain=None if ground.certain is None else light[id(ground.certain)],
        possible=tuple(light[id(field)] for field in ground.possible),
        seen=put[id(ground.seen)],
        unasked=put[id(ground.unasked)],
        swept=tuple(put[id(shape)] for shape in ground.swept),
        whole=put[id(ground.whole)],
        whole_unasked=put[id(ground.whole_unasked)],
        not_mapped=None if ground.not_mapped is None else put[id(ground.not_mapped)],
    )


def _kept_field(field: Field, put: Shapes) -> Field:
    bands, ground = field.bands, put[id(field.geometry)]
    return replace(field, geometry=ground, bands=bands.over(ground) if isinstance(bands, BandsOnDemand) else bands)


def kept_sightings(found: Sequence[Mapping[Key, Sighting]], keep: Keeper) -> Sequence[Mapping[Key, Sighting]]:
    """Return several lists of sightings of the same cameras with their shapes put away; what they share is kept once."""
    if keep is in_memory:
        return found
    shapes = [shape for each in _all(found) for shape in (each.geometry, each.at_grade, each.open_ground) if shape is not None]
    put = kept_by_id(shapes, keep)
    light = {id(each): _kept_sighting(each, put) for each in _all(found)}
    return [{key: light[id(each)] for key, each in some.items()} for some in found]


def _all(found: Sequence[Mapping[Key, Sighting]]) -> Iterable[Sighting]:
    return (each for some in found for each in some.values())


def _kept_sighting(sighting: Sighting, put: Shapes) -> Sighting:
    shapes = {"geometry": sighting.geometry, "at_grade": sighting.at_grade, "open_ground": sighting.open_ground}
    kept = {name: put[id(shape)] for name, shape in shapes.items() if shape is not None}
    return replace_kept(sighting, **kept) if kept else sighting
