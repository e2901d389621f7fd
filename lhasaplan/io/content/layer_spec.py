"""What each layer is, how it is recognised and drawn: the files in layers/specs as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import in_each_language, marked
from lhasaplan.core.city.building_heights import HeightRules, is_building, loosened
from lhasaplan.core.model.layer import ConditionIndex, is_drawn
from lhasaplan.core.protection.kind_types import COLUMNS, index_of
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.protection.protected_names import is_name
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.protected_kinds import elsewhere, with_words, word_keys
from lhasaplan.io.parse.tags import TagMatch, is_never_read
from lhasaplan.io.parse.toml_file import TomlTable, read_toml

# The first layer that recognises a feature gets it, so a building with an amenity is a building only.
ORDER = ("cameras", "buildings", "roads", "areas", "places", "trees", "poles", "floor_walls", "surveys")
PLACES, BUILDINGS = "places", "buildings"
WRONG_FORM = marked("the entry {key} is of another kind than in the shipped file; compare them")
_TEXTS, _LISTS, _TABLES = (
    {"name", "draw", "colour", "line"},
    {"file_names", "geometry", "match", "skip", "points", "keep"},
    {"term"},
)
_LISTS |= {"closed_polygon", "closed_line"}
BESIDE = "floor_walls"  # takes what it recognises whatever other layer has it too
DROPPING = ("trees", "poles", BESIDE)  # layers that may keep no tags of what they take
LOOSER = marked("{value} would take houses out of what stands on the ground; data may tighten, never loosen")


@dataclass(frozen=True, slots=True)
class SpecLegend:
    """Colours as #rrggbb and the layer's name in each language; without a German one the English stands for it."""

    colour: str
    line: str
    term: Mapping[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class LayerSpec:
    """One layer.

    Parameters
    ----------
    geometry : kinds of geometry taken from OpenStreetMap: point, line, polygon.
    match, skip : which OpenStreetMap features belong to it, and which of those do not.
    points : which points belong to it besides (a house that is mapped as a point is a place).
    parts : features that lend an outline their height.
    keep : tag keys kept: with ``keep_only`` those of the file alone, else those of ``kept_tags.toml`` too.
    columns : tag key -> headings of a table that mean it.
    default : kind of geometry -> tags given to a table's features that lack them.
    whole : value of ``amenity`` -> words in the name of a layer all of which is that, and the columns that are not read of it.
    mapping : further tables of the file's ``osm`` section, as the cameras' kinds and mounts.
    """

    name: str
    draw: str
    file_names: tuple[str, ...]
    legend: SpecLegend
    geometry: tuple[str, ...]
    match: TagMatch
    skip: TagMatch
    points: TagMatch
    parts: TagMatch
    closed_polygon: TagMatch
    closed_line: TagMatch
    keep: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    default: Mapping[str, Mapping[str, str]]
    mapping: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    whole: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)

    def takes(self, tags: Mapping[str, str], shape: str) -> bool:
        """Say whether a feature of this shape belongs here."""
        if shape not in self.geometry or self.skip.matches(tags):
            return False
        return self.match.matches(tags) or (shape == "point" and self.points.matches(tags))

    def is_ring_a_polygon(self, tags: Mapping[str, str]) -> bool:
        """Say whether a closed way with these tags is ground rather than a line that returns."""
        if "polygon" not in self.geometry:
            return False
        if tags.get("area") == "no" and self.name != "buildings":  # a house is one whatever else its outline is said to be
            return False
        if self.closed_polygon:
            return self.closed_polygon.matches(tags)
        return not self.closed_line.matches(tags)

    def kept(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Return the tags whose keys this layer keeps."""
        is_house = self.name == BUILDINGS
        return {key: value for key, value in tags.items() if key in self.keep or (is_house and is_name(key))}


@dataclass(frozen=True, eq=False, slots=True)
class LayerSpecs:
    """All layers, in the order in which they may claim a feature."""

    by_name: Mapping[str, LayerSpec]
    protecting: ConditionIndex = field(default_factory=lambda: ConditionIndex({}))

    def __getitem__(self, name: str) -> LayerSpec:
        return self.by_name[name]

    def keep(self) -> frozenset[str]:
        """Return the tag keys that any layer keeps."""
        return frozenset().union(*(spec.keep for spec in self.by_name.values()))

    def claim(self, tags: Mapping[str, str], shape: str) -> LayerSpec | None:
        """Return the first layer but the cameras that takes a feature of this shape, or None.

        What is protected is never left out: where no layer takes it in its shape, or one that drops its tags, it is a place.
        Nor is a building, whatever the files say: one that is drawn with its outline is in their layer.
        """
        found = next((self.by_name[name] for name in ORDER[1:] if self.by_name[name].takes(tags, shape)), None)
        if shape == "polygon" and is_building(tags) and BUILDINGS in self.by_name:
            return self.by_name[BUILDINGS]
        is_left = found is None or found.name in DROPPING
        return self.by_name[PLACES] if is_left and shape and PLACES in self.by_name and self.protects(tags) else found

    def protects(self, tags: Mapping[str, str]) -> bool:
        """Say whether a feature with these tags is a protected place, or drawn as one."""
        return bool(self.protecting.names(tags)) or is_drawn(tags)

    def claim_beside(self, tags: Mapping[str, str], shape: str) -> LayerSpec | None:
        """Return the layer that takes a feature beside the one that claims it, or None."""
        spec = self.by_name[BESIDE]
        return spec if spec.takes(tags, shape) and self.claim(tags, shape) is not spec else None


def load_layer_specs(folder: Path | None = None) -> LayerSpecs:
    """Return the layers described in ``layers/specs``, or in another folder of the same form.

    Raises
    ------
    InputError
        A file is missing, is no TOML, or lacks a section.
    """
    folder = folder or content_folder("layers")
    # What a person adds to data/protected.toml is read from maps, too; and its keys with a number, as mappers write.
    reported = _reported()
    keys = dict.fromkeys(text.partition("=")[0] for text in reported)
    protecting = (*reported, *(f"{key}{sign}{number}=*" for key in keys for sign in "_:" for number in (1, 2, 3)))
    index = _index(_reported())
    shared = _kept_tags(folder / "kept_tags.toml") | {text.partition("=")[0] for text in protecting} | {*COLUMNS, *word_keys()}
    return LayerSpecs({name: _spec(folder / "specs" / f"{name}.toml", shared, protecting) for name in ORDER}, index)


def load_legends() -> dict[str, SpecLegend]:
    """Return what ``layers/specs`` say of the look and the name of each layer."""
    return {name: spec.legend for name, spec in load_layer_specs().by_name.items()}


@cache
def load_camera_links() -> Mapping[str, str]:
    """Return the form of the address that a tag of a camera shows in a browser, by key (``layers/specs/cameras.toml``)."""
    return {key: forms[0] for key, forms in load_layer_specs()["cameras"].mapping["link"].items()}


@lru_cache(maxsize=4)
def _index(reported: tuple[str, ...]) -> ConditionIndex:
    """Return the finder of what is protected: what the program holds, and what a person adds."""
    return index_of(with_words(MINIMUM.values()), elsewhere(), reported)


def _reported() -> tuple[str, ...]:
    content, _ = read_toml(content_folder("data") / "protected.toml")
    kinds = (kind for kind in content.get("kind", ()) if isinstance(kind, dict))
    return tuple(str(text) for kind in kinds for text in kind.get("tags", ()))


def load_height_rules(folder: Path | None = None) -> HeightRules:
    """Return how building heights are read (``layers/specs/buildings.toml``).

    Raises
    ------
    InputError
        An entry is missing, or one that should be a number is none.
    """
    path = (folder or content_folder("layers")) / "specs" / "buildings.toml"
    content, _ = read_toml(path)
    try:
        return _heights(content["heights"])
    except KeyError as error:
        raise _missing(path, error) from error
    except (TypeError, ValueError) as error:
        raise InputError(Fault("an entry of heights is no number", Where(file=path.name))) from error


def _heights(entries: TomlTable) -> HeightRules:
    names = ("storey_m", "roof_level_m", "highest_m", "other_m", "roof_thickness_m")
    rules = HeightRules(
        **{name: float(entries[name]) for name in names},
        default_m={kind: float(height) for kind, height in entries["default_m"].items()},
        roof_kinds=frozenset(entries["roof_kinds"]),
        underground=frozenset((text.partition("=")[0], text.partition("=")[2]) for text in entries["underground"]),
    )
    if looser := loosened(rules):
        raise InputError(*(Fault(LOOSER, Where(file="buildings.toml", item=f"heights.{key}"), {"value": v}) for key, v in looser))
    return rules


def _missing(path: Path, error: KeyError) -> InputError:
    return InputError(Fault("the entry {key} is missing", Where(file=path.name), {"key": error.args[0]}))


def _spec(path: Path, shared: frozenset[str], protecting: tuple[str, ...]) -> LayerSpec:
    content, _ = read_toml(path)
    if odd := _odd_entries(content):
        raise InputError(*(Fault(WRONG_FORM, Where(file=path.name), {"key": key}) for key in odd))
    try:
        if path.stem == "places":
            content["osm"]["match"] += [[text] for text in protecting if not text.startswith("building=")]
        return _from_sections(content["layer"], content["legend"], content["osm"], content["table"], shared)
    except KeyError as error:
        raise _missing(path, error) from error
    except StopIteration as error:
        raise InputError(Fault("every match needs a condition that is not negated", Where(file=path.name))) from error


def _kept_tags(path: Path) -> frozenset[str]:
    """Return the tag keys that every layer keeps."""
    keep = read_toml(path)[0].get("keep")
    if not isinstance(keep, list) or not all(isinstance(each, str) for each in keep):
        raise InputError(Fault(WRONG_FORM, Where(file=path.name), {"key": "keep"}))
    return frozenset(keep)


def _odd_entries(content: TomlTable) -> list[str]:
    """Return the entries that are a number or a text where a list or a table belongs, and the reverse."""
    odd = [section for section in ("layer", "legend", "osm", "table") if not isinstance(content.get(section, {}), dict)]
    entries = [(name, key, value) for name in {"layer", "legend", "osm"} - {*odd} for key, value in content.get(name, {}).items()]
    odd += [f"{name}.{key}" for name, key, value in entries if not _fits(key, value)]
    for name, kind in (("columns", list), ("default", dict)):
        entry = {} if "table" in odd else content.get("table", {}).get(name, {})
        is_odd = not isinstance(entry, dict) or any(not isinstance(each, kind) for each in entry.values())
        odd += [f"table.{name}"] if is_odd else []
    return sorted(odd)


def _fits(key: str, value: object) -> bool:
    """Say whether an entry is of its kind; one that is not known here is a table of words (kinds, mounts)."""
    if key in _TEXTS:
        return isinstance(value, str)
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(each, str | list) for each in value)
    if key == "keep_only":
        return isinstance(value, bool)
    return isinstance(value, dict) and (key in _TABLES or all(isinstance(each, list) for each in value.values()))


def _from_sections(layer: TomlTable, legend: TomlTable, osm: TomlTable, table: TomlTable, shared: frozenset[str]) -> LayerSpec:
    known = {"geometry", "match", "skip", "points", "parts", "closed_polygon", "closed_line", "keep", "keep_only"}
    is_bare = bool(osm.get("keep_only")) and layer["name"] in (*DROPPING, ORDER[0])
    kept = frozenset(osm["keep"]) if is_bare else shared.union(osm["keep"])
    return LayerSpec(
        name=layer["name"],
        draw=layer["draw"],
        file_names=tuple(layer["file_names"]),
        legend=SpecLegend(legend["colour"], legend["line"], in_each_language(legend["term"])),
        geometry=tuple(osm["geometry"]),
        match=TagMatch(osm["match"]),
        skip=TagMatch(osm.get("skip", ())),
        points=TagMatch(osm.get("points", ())),
        parts=TagMatch(osm.get("parts", {}).get("match", ())),
        closed_polygon=TagMatch(osm.get("closed_polygon", ())),
        closed_line=TagMatch(osm.get("closed_line", ())),
        keep=frozenset(key for key in kept if not is_never_read(key)),
        columns={key: tuple(names) for key, names in table["columns"].items() if not is_never_read(key)},
        default=table["default"],
        mapping={key: {name: tuple(values) for name, values in each.items()} for key, each in osm.items() if key not in known},
        whole={value: (frozenset(row["names"]), frozenset(row["unread"])) for value, row in table.get("whole", {}).items()},
    )
