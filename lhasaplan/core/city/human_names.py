"""What a person calls a camera, a place or a part: its name, else what it is and the street, and only then its identifier."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count

import numpy as np
from shapely import Point

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.model.camera import Camera, Kind, Status
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.core.model.place import Part

CAMERAS: Mapping[Kind | None, str] = {
    None: marked("Camera"),
    Kind.FIXED: marked("Fixed camera"),
    Kind.DOME: marked("Dome camera"),
    Kind.FISHEYE: marked("Fisheye camera"),
    Kind.PANORAMA: marked("Panorama camera"),
    Kind.PAN_TILT: marked("Pan-tilt camera"),
    Kind.PLATE_READER: marked("Plate reader"),
}
BUILDING = marked("Building")
AT, OF_IT, NTH = marked("{what}, {street}"), marked("{place}: {what}"), marked("{name} ({number})")
NONE: Mapping[str, int] = {}
HOUSED = ("buildings", "places")


def human_name(name: str, what: str, street: str, ident: str, translations: Translations) -> str:
    """Return the name, else what it is with its street, else the identifier.

    >>> english = Translations()
    >>> human_name("", "Ambulance bay", "Lane 200", "way/1", english), human_name("", "Camera", "", "way/2", english)
    ('Ambulance bay, Lane 200', 'Camera way/2')
    """
    if name.strip():
        return name.strip()
    if street:
        return translations(AT, what=what, street=street) if what else street
    return " ".join(word for word in (what, ident) if word)


def camera_names(
    cameras: Sequence[Camera], streets: NearestStreet, translations: Translations, *, has_number: bool = False
) -> dict[str, str]:
    """Return what each camera is called, by id, where its number stands beside it: several may be called alike.

    ``has_number``: its number stands before the name and tells it apart. Then it is called by no identifier, and by its street
    alone where no kind is recorded.
    """
    places = streets.streets([Point(camera.x_m, camera.y_m) for camera in cameras])
    found = {}
    for camera, street in zip(cameras, places, strict=True):
        what = "" if has_number and street and camera.kind is None else translations(CAMERAS[camera.kind])
        ident = "" if has_number else camera.camera_id
        found[camera.camera_id] = human_name(camera.name, what, street, ident, translations)
    return found


def numbered_names(
    cameras: Sequence[Camera],
    streets: NearestStreet,
    translations: Translations,
    numbers: Mapping[str, str],
    alike: Collection[str] = (),
) -> dict[str, str]:
    """Return what each camera is called, by id, where nothing stands beside the name.

    A camera that people named is called by that alone. One without a name, or with one that others bear, has its number on the
    maps behind it, the same in a city and its districts. Where no street tells a camera apart, its identifier does; a planned one
    has its number even then, since its identifier was made up when it was drawn.

    Parameters
    ----------
    numbers : of cameras on maps and in lists, by id.
    alike : names that several cameras bear in a wider project, of which this one is a part.
    """
    called = camera_names(cameras, streets, translations)
    times = Counter(camera.name.strip() for camera in cameras)
    own = {each for each, count in times.items() if each and count == 1 and each not in alike}
    found = {}
    for camera, name in zip(cameras, called.values(), strict=True):
        number, is_unplaced = numbers.get(camera.camera_id), name == _unplaced(camera, translations)
        if is_unplaced and camera.status is Status.PLANNED:
            name = translations(CAMERAS[camera.kind])  # noqa: PLW2901 - what it is, without its identifier
            is_unplaced = not number
        is_numbered = number and camera.name.strip() not in own and not is_unplaced
        found[camera.camera_id] = translations(NTH, name=name, number=number) if is_numbered else name
    return found


def names_alike(cameras: Iterable[Camera]) -> tuple[str, ...]:
    """Return the names that several cameras bear, each once."""
    times = Counter(camera.name.strip() for camera in cameras)
    return tuple(name for name, count in times.items() if name and count > 1)


def _unplaced(camera: Camera, translations: Translations) -> str:
    """Return what a camera is called that nothing but its identifier tells apart."""
    return human_name("", translations(CAMERAS[camera.kind]), "", camera.camera_id, translations)


def part_names(
    parts: Sequence[Part],
    layers: Mapping[str, Layer],
    streets: NearestStreet,
    words: Mapping[str, str],
    translations: Translations,
    *,
    numbers: Mapping[str, int] = NONE,
) -> dict[str, str]:
    """Return what each part is called, by id: its name or what it is, and where.

    Parameters
    ----------
    layers : that the parts were found in; a feature that says its own address is called by that.
    words : what kinds and categories of parts are called in the reader's language, by their key.
    numbers : that were given to parts; of several that would be called alike each has its own.
    """
    places, addresses = streets.streets([part.geometry for part in parts]), own_addresses(layers, {part.source for part in parts})
    plain = []
    for part, street in zip(parts, places, strict=True):
        what = words.get(part.category) or words.get(part.kind) or part.category
        where, tail = addresses.get(part.source, street), part.part_id.rpartition(":")[2]
        plain.append((part, human_name(part.name, what[:1].upper() + what[1:], where, tail, translations)))
    times = Counter(name for _, name in plain)
    named = [
        (part, translations(OF_IT, place=name, what=kind) if times[name] > 1 and (kind := words.get(part.kind)) else name)
        for part, name in plain
    ]
    return distinguished([(part.part_id, name) for part, name in named], translations, numbers)


def building_names(
    ids: Sequence[str], addresses: Sequence[str], streets: Sequence[str], translations: Translations
) -> dict[str, str]:
    """Return what each building is called, by id: its own address, else the street that is nearest.

    >>> building_names(["way/1", "way/2"], ["Lane 3", ""], ["Lane", "Quay"], Translations())
    {'way/1': 'Building, Lane 3', 'way/2': 'Building, Quay'}
    """
    what = translations(BUILDING)
    places = zip(ids, addresses, streets, strict=True)
    return distinguished(
        [(ident, human_name("", what, address or street, ident, translations)) for ident, address, street in places], translations
    )


def wall_names(
    ids: Iterable[str], layers: Mapping[str, Layer], streets: NearestStreet, translations: Translations
) -> dict[str, str]:
    """Return by id what buildings are called that stand in a view: address or street, several of a street alike."""
    layer = layers.get("buildings")
    rows = np.flatnonzero(np.isin(layer.ids.astype(str), list(ids))) if layer is not None else ()
    if layer is None or not len(rows):
        return {}
    places, what = streets.streets([layer.geometry[row] for row in rows]), translations(BUILDING)
    return {
        (ident := str(layer.ids[row])): human_name("", what, address_of(layer.tags[row]) or street, ident, translations)
        for row, street in zip(rows, places, strict=True)
    }


def distinguished(
    named: Iterable[tuple[str, str]], translations: Translations, numbers: Mapping[str, int] = NONE
) -> dict[str, str]:
    """Return names by identifier, with a number behind each of those that are alike: its own, or the next that none has.

    >>> told_apart([("a", "Gate"), ("b", "Gate"), ("c", "Bridge")], Translations())
    {'a': 'Gate (1)', 'b': 'Gate (2)', 'c': 'Bridge'}
    >>> told_apart([("a", "Gate"), ("b", "Gate"), ("c", "Gate")], Translations(), {"b": 1, "c": 7})
    {'a': 'Gate (2)', 'b': 'Gate (1)', 'c': 'Gate (7)'}
    """
    pairs = list(named)
    alike, taken = Counter(name for _, name in pairs), set(numbers.values())
    free = {name: (number for number in count(1) if number not in taken) for name, times in alike.items() if times > 1}
    return {
        ident: translations(NTH, name=name, number=numbers.get(ident) or next(free[name])) if name in free else name
        for ident, name in pairs
    }


def address_of(tags: Tags) -> str:
    """Return street and number as a feature says them itself; empty where it does not."""
    street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    return f"{street} {number}".strip() if street else ""


def own_addresses(layers: Mapping[str, Layer], wanted: set[str]) -> dict[str, str]:
    """Return by id the addresses that these features say of themselves, buildings and places."""
    found: dict[str, str] = {}
    for layer in (layers[name] for name in HOUSED if name in layers):
        for row in np.flatnonzero(np.isin(layer.ids.astype(str), list(wanted))):
            if text := address_of(layer.tags[row]):
                found[str(layer.ids[row])] = text
    return found
