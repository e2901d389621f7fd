"""Facts about the content files of the readers: layers, columns and translations are whole."""

import ast
import re
import shutil
import string
import tomllib

import pytest
from sources import ROOT

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.errors import InputError
from lhasaplan.io.content.layer_spec import ORDER, load_height_rules, load_layer_specs
from lhasaplan.io.tables.columns import folded, load_columns

MODULES = (
    *("content/layer_spec", "importing/importer"),
    *("maps/layer_cleaning", "maps/map_file", "maps/vector_file", "maps/vector_rows", "osm/cameras"),
    *("osm/features", "parse/cell_values", "parse/raw_import", "parse/tags", "parse/text_encoding"),
    *("tables/camera_table", "tables/columns", "tables/positions", "tables/table_file"),
    "terrain/raster",
)


def constants(tree):
    return {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def templates():
    """Return every sentence that the readers hand to a Fault, found in their source."""
    files = [ROOT / "lhasaplan" / "io" / f"{name}.py" for name in MODULES]
    found = set()
    for path in [*files, ROOT / "lhasaplan/core/base/crs.py", ROOT / "lhasaplan/core/city/building_heights.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault" and node.args:
                first = node.args[0]
                found.add(first.value if isinstance(first, ast.Constant) else named.get(getattr(first, "id", ""), ""))
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and path.name == "crs.py":
                found.add(node.value.value)
        found |= {
            value
            for name, value in named.items()
            if name in {"_USED_IN_ROW", "_USED_IN_FEATURE", "text"} and isinstance(value, str)
        }
    return {text for text in found if isinstance(text, str) and " " in text}


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_of_the_readers_is_worded_with_the_same_fields(language):
    folder = ROOT / "reports" / "translations" / language
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))]
    catalogue = {key: text for each in texts for key, text in tomllib.loads(each).items()}
    sentences = templates()
    assert len(sentences) > 40
    assert sentences - set(catalogue) == set()
    assert [key for key, text in catalogue.items() if fields(key) != fields(text)] == []


def test_that_every_layer_has_a_colour_and_a_name_in_every_language():
    specs = load_layer_specs()
    for name in ORDER:
        legend = specs[name].legend
        assert set(legend.term) == set(LANGUAGES)
        assert all(len(colour) == 7 and colour.startswith("#") for colour in (legend.colour, legend.line))


def test_that_no_heading_means_two_columns():
    seen = {}
    for column in load_columns().values():
        for heading in {folded(each) for each in (*column.headings, *column.weak)}:
            seen.setdefault(heading, []).append(column.name)
    assert {heading: names for heading, names in seen.items() if len(names) > 1} == {}


def test_that_no_word_means_two_values_of_a_column():
    for column in load_columns().values():
        words = [each for name, also in column.words.items() for each in {folded(text) for text in (name, *also)}]
        assert len(words) == len(set(words))


def test_that_columns_are_those_of_a_camera():
    from dataclasses import fields as fields_of

    from lhasaplan.core.model.camera import Camera

    names = {each.name for each in fields_of(Camera)} - {"extra", "corrections", "mask_px", "input_file", "approved_on"} | {
        "lon",
        "lat",
        "wkt",
        "coordinate_system",
        "mask_px_wkt",
    }
    assert {name for name, column in load_columns().items() if not column.is_record} == names


def test_that_default_heights_are_between_two_and_a_hundred_metres():
    rules = load_height_rules()
    assert all(2.0 <= height <= 100.0 for height in rules.default_m.values())
    assert rules.storey_m == 3.0
    assert "roof" in rules.roof_kinds


def changed(tmp_path, name, before, after):
    folder = tmp_path / "layers"
    shutil.copytree(content_folder("layers"), folder)
    path = folder / "specs" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def test_that_a_whole_number_is_a_height_too(tmp_path):
    assert load_height_rules(changed(tmp_path, "buildings.toml", "storey_m = 3.0", "storey_m = 4")).storey_m == 4.0


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("roads.toml", "[legend]", "[legends]"),
        ("roads.toml", "[legend]", "[legend"),
        ("roads.toml", '"highway=*", "!highway=no', '"!highway=no'),
    ],
)
def test_that_a_broken_layer_file_is_named(tmp_path, name, before, after):
    with pytest.raises(InputError, match=r"roads\.toml"):
        load_layer_specs(changed(tmp_path, name, before, after))


@pytest.mark.parametrize(("before", "after"), [("storey_m = 3.0", 'storey_m = "high"'), ("storey_m = 3.0", "")])
def test_that_broken_heights_are_named(tmp_path, before, after):
    with pytest.raises(InputError, match=r"buildings\.toml"):
        load_height_rules(changed(tmp_path, "buildings.toml", before, after))


def conditions_of(value):
    """Return every list of tag conditions in a rules file: entries of ``match``, and each single entry of ``tags``."""
    if isinstance(value, list):
        return [found for each in value for found in conditions_of(each)]
    if not isinstance(value, dict):
        return []
    own = [list(each) for each in value.get("match", []) if isinstance(each, list)]
    own += [[each] for each in value.get("tags", []) if isinstance(each, str)]
    return own + [found for each in value.values() for found in conditions_of(each)]


def examples(conditions):
    """Return one example of tags for each value that the conditions name."""
    pairs = [text.partition("=")[::2] for text in conditions if not text.startswith("!")]
    values = [[value.replace("*", "any") for value in text.split("|")] for _, text in pairs]
    longest = max(map(len, values))
    return [{key: some[turn % len(some)] for (key, _), some in zip(pairs, values, strict=True)} for turn in range(longest)]


@pytest.mark.parametrize("name", ["protected.toml", "rules/municipal-safety.toml"])
def test_that_every_tag_that_rules_ask_for_survives_the_reading(name):
    specs = load_layer_specs()
    conditions = conditions_of(tomllib.loads((ROOT / "data" / name).read_text(encoding="utf-8")))
    assert len(conditions) > 10
    lost = []
    for tags in (each for group in conditions for each in examples(group)):
        claims = [specs.claim(tags, shape) for shape in ("point", "line", "polygon")]
        if "kind" not in tags and not any(spec and spec.kept(tags) == tags for spec in claims):
            lost.append(tags)  # ``kind`` is a column of a user's own file, not a tag of a map
    assert lost == []


def test_that_the_page_on_input_files_names_every_column_of_a_camera_table_and_every_word():
    page = (ROOT / "docs" / "input-files.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == set(load_columns())
    words = {word for column in load_columns().values() for word in column.words}
    assert {word for word in words if not any(word in row for row in rows)} == set()
