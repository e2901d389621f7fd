"""The house stands as it is drawn: imports, style, types, and every sentence in every language."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from amounts import some_by_day
from translation_keys import ROOT, every_literal, placeholders, sentences

from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.io.content.catalogue import catalogue_files, entries, load_translations, singulars

TRANSLATED = [language for language in LANGUAGES if language != "en"]


def said_by(*words, **settings):
    """Run a tool of the environment in the checkout; return its exit code and what it said."""
    bin_folder = Path(sys.executable).parent
    done = subprocess.run([bin_folder / words[0], *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False, **settings)
    return done.returncode, done.stdout + done.stderr


def test_that_rooms_import_only_what_stands_below_them():
    code, said = said_by("lint-imports", "--no-cache")
    assert code == 0, said


def test_that_ruff_finds_nothing():
    code, said = said_by("ruff", "check", "--no-cache", ".")
    assert code == 0, said


def test_that_every_file_is_formatted():
    code, said = said_by("ruff", "format", "--no-cache", "--check", ".")
    assert code == 0, said


# By day the values that all else is made of: the whole takes as long as a room's tests, and is run before a change is kept.
VALUES = ("-p", "lhasaplan.core.base", "-p", "lhasaplan.core.model")


@pytest.mark.parametrize("packages", some_by_day(((), VALUES), {VALUES}), ids=len)
def test_that_every_room_is_typed_strictly(packages):
    code, said = said_by("mypy", *packages)
    assert code == 0, said


def test_that_content_folders_hold_no_python():
    assert not [path for name in ("data", "layers", "reports") for path in (ROOT / name).rglob("*.py")]


def test_that_the_base_loads_nothing_of_an_extra():
    rooms = "bootstrap, errors, workflow.samples, cli.run, cli.tables, api.answers, io.importing.importer, report.formats.gis"
    loads = ", ".join(f"lhasaplan.{room.strip()}" for room in rooms.split(","))
    known = "sys.modules.keys() & lhasaplan.errors.EXTRA_OF.keys() - {'PIL', 'lxml', 'xstatic'}"
    probe = f"import sys, {loads}; print(sorted({known}))"
    assert said_by("python", "-c", probe)[1].strip() == "[]"


# Found by name, called by libraries, offered to Python programs, or a smaller door to the same for tests.
CALLED_FROM_OUTSIDE = {
    "*Event": "Qt", "loadResource": "Qt", "mergeWith": "Qt", "columnCount": "Qt", "QItemSelectionRange": "Qt, a type in quotes",
    "find_class": "pickle", "persistent_*": "pickle", "__dir__": "Python", "__getattr__": "Python", "ProjectValue": "Typer",
    "explore": "api", "_repr_html_": "notebooks", "kept_outputs": "tests",
    "to_pandas": "api", "to_geopandas": "api", "district_plan": "api", "serve": "the reading process", "sheets_of": "the same",
    "mirror": "menus", "mirror_copies": "menus", "turn_alike": "menus", "set_on": "tests",
    "release_module": "hatch_build.py",
    "write_*": "the table of formats", "*_final_module": "numba", "get_pointer_to_function": "numba", "set_env": "numba",
    "load_overload": "numba", "get_source_stamp": "numba",
}  # fmt: skip


def test_that_nothing_is_left_that_nobody_calls():
    kinds = ("function", "class", "method", "property", "import")
    ignored = ["--ignore-names", ",".join(CALLED_FROM_OUTSIDE), "--ignore-decorators", "@*validator*,@*.command*"]
    words = [sys.executable, "-m", "vulture", *ignored, "lhasaplan", "tools", "main.py"]
    # In a process of its own: the trees of so many files are 240 MB, which one of tests would keep to its end.
    looked = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert looked.returncode in {0, 3}, looked.stderr  # 3: something unused, variables and attributes too
    found = looked.stdout.splitlines()
    left = [line for line in found if "unreachable" in line or any(f": unused {kind} " in line for kind in kinds)]
    assert not left, "\n".join(left)


@pytest.mark.parametrize("language", TRANSLATED)
def test_that_every_sentence_is_translated(language):
    catalogue = load_translations(language).catalogue
    missing = {text: file for text, file in sentences().items() if not catalogue.get(text)}
    assert not missing, "\n".join(f"{file}: {text}" for text, file in sorted(missing.items(), key=lambda item: item[1]))


@pytest.mark.parametrize("language", TRANSLATED)
def test_that_translations_keep_the_names_in_braces(language):
    catalogue = load_translations(language).catalogue
    differing = [text for text in sentences() if text in catalogue and placeholders(text) != placeholders(catalogue[text])]
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_that_no_sentence_is_translated_in_two_ways(language):
    first: dict[str, tuple[str, str]] = {}
    clashes = []
    for path in catalogue_files(language):
        for english, text in entries(path).items():
            other, file = first.setdefault(english, (text, path.name))
            if other != text:
                clashes.append(f"{english!r}: {file} {other!r}, {path.name} {text!r}")
    assert not clashes, "\n".join(clashes)


@pytest.mark.parametrize("language", TRANSLATED)
def test_that_the_catalogues_hold_no_sentence_that_nobody_shows(language):
    unused = [
        f"{path.name}: {english}"
        for path in catalogue_files(language)
        for english in entries(path)
        if english not in every_literal() and not _shown_from_data(english)
    ]
    assert not unused, "\n".join(unused)


def _shown_from_data(english: str) -> bool:
    """Tell whether a sentence stands in a content folder: titles of layers and legends are data."""
    return any(english in text for text in _content())


@cache
def _content() -> tuple[str, ...]:
    paths = [path for name in ("data", "layers", "reports") for path in (ROOT / name).rglob("*.toml")]
    return tuple(path.read_text("utf-8") for path in paths if "translations" not in path.parts)


def test_that_every_singular_is_of_a_sentence_that_counts_and_keeps_its_other_places():
    english = singulars("en")
    assert english.keys() <= every_literal()
    for others in (singulars("fr"), singulars("de")):
        assert english.keys() == others.keys()
        for text, (of, one) in english.items():
            same, other = others[text]
            assert of == same
            assert of in placeholders(text)
            assert placeholders(text) - {of} == placeholders(one) == placeholders(other), text


def test_that_every_sentence_that_begins_with_a_count_has_a_singular():
    bare = {"{count} of {parts}"}  # a share reads the same for one
    assert {text for text in sentences() if text.startswith("{count} ")} - bare <= singulars("en").keys()


def test_that_one_thing_is_not_told_as_many():
    text = "{count} cameras stand beyond the stored terrain; the height of its edge is used."
    said = {count: load_translations("en")(text, count=count).split()[:3] for count in (0, 1, "1", 2)}
    assert said[1] == said["1"] == ["1", "camera", "stands"]
    assert (said[0], said[2]) == (["0", "cameras", "stand"], ["2", "cameras", "stand"])


def test_that_one_is_told_as_one_whatever_the_number_is_called():
    text = "The review of camera {camera} was due on {until}, {days} days ago."
    assert load_translations("en")(text, camera="1", until="2026-11-26", days=1).endswith("1 day ago.")
    assert load_translations("fr")(text, camera="c", until="2026-11-26", days=1).endswith("il y a 1 jour.")
    assert load_translations("en")(text, camera="1", until="2026-11-26", days=11).endswith("11 days ago.")


def test_that_a_second_number_of_a_sentence_may_be_one_too():
    text = "{file}: {cameras} cameras with recorded direction and lens counted in cells of 1 m; not counted: {left}"
    one = {language: load_translations(language)(text, file="a.tif", cameras=1, left=1) for language in LANGUAGES}
    assert one["en"] == "a.tif: 1 camera with recorded direction and lens counted in cells of 1 m; not counted: 1"
    assert one["fr"].endswith("1 caméra à direction et objectif consignés comptée par cellules de 1 m ; non comptées : 1")
    assert one["zh_CN"].endswith("的摄像机 1 台；未计入：1 台")
