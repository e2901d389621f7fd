"""Files that no reader of the corpus opens, changed at random: taken, or refused in a sentence."""

import random

import pytest
from corpus.further_doors import DOORS
from corpus.mutation import mutated

from lhasaplan.errors import InputError
from lhasaplan.io.parse.foreign_kinds import foreign_kind, kind_of_json, kind_of_marks

DOORS_BY_NAME = {door.name: door for door in DOORS}


def tried(folder, door, count, seed):
    """Return how many of the changed files were taken."""
    path = folder / door.file
    door.write(path)
    whole, chance, taken = path.read_bytes(), random.Random(seed), 0
    for _ in range(count):
        path.write_bytes(mutated(whole, chance))
        try:
            door.read(path)
            taken += 1
        except InputError:
            pass
    return taken


@pytest.mark.parametrize("name", DOORS_BY_NAME)
def test_that_a_sound_file_is_taken(tmp_path, name):
    """What is refused from the start would be changed for nothing."""
    door = DOORS_BY_NAME[name]
    door.write(tmp_path / door.file)
    door.read(tmp_path / door.file)


@pytest.mark.parametrize("name", DOORS_BY_NAME)
def test_that_some_changed_files_are_taken_or_refused(tmp_path, name):
    tried(tmp_path, DOORS_BY_NAME[name], 3, 25)


@pytest.mark.nightly
@pytest.mark.parametrize("name", DOORS_BY_NAME)
def test_that_changed_files_are_taken_or_refused(tmp_path, name):
    taken = tried(tmp_path, DOORS_BY_NAME[name], 300, 26)
    print(f"{name}: 300 changed files, {taken} taken, the others refused in words")


def test_that_no_bytes_break_the_search_for_a_kind():
    """Words that the search knows, cut and mixed at random: whatever comes, it is a kind or none."""
    chance = random.Random(27)
    words = [
        b"<",
        b">",
        b"<osm",
        b' version="0.5"',
        b"<!--",
        b"<!DOCTYPE a [",
        b"]>",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b'"type"',
        b":",
    ]
    words += [
        b'"CityJSON"',
        b",",
        b"\\",
        b"\xff\xfe",
        b"\0",
        b"\x03\x7a\x01\x01",
        b"PAR1",
        b"ISO-10303-21",
        b"\n",
        b"FILE_SCHEMA(('",
        b"'",
    ]
    words += [
        b"o a\n",
        b"v 0 0\n",
        b"Version 300\n",
        b"Delimiter ",
        b'"error"',
        b'"message"',
        b"callback(",
        b"<ExceptionReport>",
        b"\xe2\x80",
    ]
    for _ in range(4_000):
        content = b"".join(chance.choices(words, k=chance.randrange(1, 30)))
        found = [foreign_kind("a.csv", content), kind_of_marks(content), kind_of_json(content)]
        assert all(each is None or each.sentence for each in found)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("word.csv", b"park", None),
        ("words.csv", b"name;use\rpark;k@k\r", None),  # lines that end as on old Macintoshes
        ("words.csv", "name;use\rcafé@k;%\r".encode(), None),
        ("cameras.csv", "camera_id,lon\r\nA,2.35\r\n".encode("cp500"), "text is in EBCDIC"),
        ("table.tsv", b"o\tname\nv\tvan Gogh\n", None),
        ("scene.txt", b"# made by hand\n\no house\nv 0.0 -1.5e1 2\nf 1 1 1\n", "3D model"),
        ("scene.obj", b"usemtl a\n", "3D model"),
    ],
)
def test_that_a_table_is_taken_for_no_text_of_a_mainframe_and_no_model(name, content, kind):
    found = foreign_kind(name, content)
    assert (found is None) if kind is None else kind in found.sentence


@pytest.mark.parametrize(
    ("text", "is_city_model"),
    [
        (b"<?xml?><!-- <rss> --><!DOCTYPE a [<!ELEMENT a (b)>]>\n<c:CityModel>", True),
        (b"<!DOCTYPE CityModel>\n<c:CityModel>", True),
        (b"<!-- " + b"<!-- <CityModel " * 9, False),
        (b"<!DOCTYPE a [" + b"<CityModel>", False),
    ],
)
def test_that_the_outermost_element_is_that_after_comments_and_declarations(text, is_city_model):
    assert (kind_of_marks(text) is not None) is is_city_model


@pytest.mark.parametrize(
    ("text", "is_lines"),
    [(b'{"a":1}\n{"a":2}', True), (b'{"a":1} \r\n\n {"a"', True), (b'{"a":1} {"a"', False), (b'{"a":1}\n,{"a"', False)],
)
def test_that_records_one_a_line_are_told_from_others(text, is_lines):
    assert (kind_of_json(text) is not None) is is_lines


def test_that_a_text_that_never_ends_leaves_the_keys_before_it():
    assert kind_of_json(b'{"stac_version": "1", "a": "' + b'\\"' * 9) is not None
