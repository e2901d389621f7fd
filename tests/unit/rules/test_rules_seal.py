"""The seal of the shipped data, and what the core holds whatever the data say."""

import re
import shutil
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import sampled_from

from lhasaplan.content import content_folder
from lhasaplan.core.base.data_state import AS_SHIPPED, DataState
from lhasaplan.core.base.translations import LANGUAGES, Translations
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.tag_conditions import pairs_of
from lhasaplan.core.recognition.minimum import MINIMUM
from lhasaplan.core.rules.least_allowed import LEAST
from lhasaplan.core.rules.shipped_digests import (
    DATA_SEAL_SHA256,
    RELEASED_REPORTS_SHA256,
    RELEASED_SEAL_SHA256,
    REPORTS_SEAL_SHA256,
)
from lhasaplan.errors import InputError
from lhasaplan.io.content import territory as territory_room
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.layer_spec import load_height_rules, load_layer_specs
from lhasaplan.io.content.shipped_data import REPORTS, file_digests, load_data_state, load_translations_state, seal_text
from lhasaplan.io.content.town_rules import load_camera_classes
from lhasaplan.report.text.words import data_banners

ROOT = content_folder("data").parent
FILES = sorted(file_digests(ROOT))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A copy of the content folders, as a wheel has them, without the samples."""
    root = tmp_path_factory.mktemp("wheel") / "_bundled"
    for name in ("data", "layers"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("samples"))
    return root


@contextmanager
def changed(path):
    """Let a file have a line more than it was shipped with while it is looked at."""
    was = path.read_bytes()
    path.write_bytes(was + b"\n# changed\n")
    yield
    path.write_bytes(was)


@pytest.fixture
def edited(shipped, tmp_path):
    return shutil.copytree(shipped, tmp_path / "copy")


def test_that_the_shipped_data_are_as_sealed_and_the_seal_is_the_released_one():
    assert (ROOT / "data" / "seal.toml").read_text(encoding="utf-8") == seal_text(ROOT), "run python tools/seal_packs.py"
    assert DATA_SEAL_SHA256 == RELEASED_SEAL_SHA256, (
        "a release sets RELEASED_SEAL_SHA256 in core/rules/shipped_digests.py by hand"
    )
    assert load_data_state() == AS_SHIPPED


def test_that_a_wheel_is_judged_as_a_checkout_is(shipped):
    assert load_data_state(shipped) == AS_SHIPPED


@pytest.mark.parametrize("path", FILES)
def test_that_every_changed_file_is_named(path, shipped):
    with changed(shipped / path):
        assert load_data_state(shipped).changed == (path,)


@pytest.mark.parametrize("path", ["data/protected.toml", "layers/specs/buildings.toml", "data/territory/NOTICE.md"])
def test_that_a_missing_file_is_named_and_so_is_an_added_one(path, edited):
    (edited / path).rename(edited / "data" / "more.toml")
    assert load_data_state(edited).changed == tuple(sorted((path, "data/more.toml")))


def test_that_line_ends_do_not_count(edited):
    path = edited / "data" / "audit.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_data_state(edited) == AS_SHIPPED


def test_that_an_edited_seal_vouches_for_nothing(edited):
    (edited / "data" / "audit.toml").write_text("other = 1\n", encoding="utf-8")
    (edited / "data" / "seal.toml").write_text(seal_text(edited), encoding="utf-8")
    state = load_data_state(edited)
    assert "data/seal.toml" in state.changed
    assert not state.has_territory


def test_that_a_new_seal_is_an_own_build_and_never_as_shipped(edited):
    state = load_data_state(edited, sealed_sha256="0" * 64)
    assert state.own_build
    (own, changed) = data_banners(state, Translations("en", {}))
    assert own.startswith("Own build")
    assert "data/seal.toml" in changed


# --- translations and templates ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def as_worded(tmp_path_factory):
    """A copy of translations and templates for all that leave it as it was."""
    return shutil.copytree(ROOT / "reports", tmp_path_factory.mktemp("translations") / "reports").parent


@pytest.fixture
def worded(tmp_path):
    return shutil.copytree(ROOT / "reports", tmp_path / "copy" / "reports").parent


def test_that_translations_and_templates_are_as_sealed_and_the_seal_is_the_released_one():
    text = seal_text(ROOT, REPORTS)
    assert (ROOT / "reports" / "seal.toml").read_text(encoding="utf-8") == text, "run python tools/seal_packs.py"
    assert REPORTS_SEAL_SHA256 == RELEASED_REPORTS_SHA256, "a release sets RELEASED_REPORTS_SHA256 by hand"
    assert {load_translations_state(language) for language in LANGUAGES} == {AS_SHIPPED}
    assert {load_translations(language).state for language in LANGUAGES} == {AS_SHIPPED}


@pytest.mark.parametrize("path", sorted(file_digests(ROOT, REPORTS)))
def test_that_changed_translations_is_named_in_the_languages_that_rest_on_it(path, as_worded):
    own = [language for language in LANGUAGES if f"/{language}/" in path] or LANGUAGES
    with changed(as_worded / path):
        named = {language: load_translations_state(language, as_worded).changed for language in LANGUAGES}
    assert named == {language: (path,) if language in own else () for language in LANGUAGES}


def test_that_added_translations_is_named_and_so_is_an_edited_table(worded):
    (worded / "reports/translations/fr/zzz.toml").write_text('"Severity" = "Rien"\n', encoding="utf-8")
    assert load_translations_state("fr", worded).changed == ("reports/translations/fr/zzz.toml",)
    (worded / "reports/seal.toml").write_text(seal_text(worded, REPORTS), encoding="utf-8")
    assert load_translations_state("fr", worded).changed == ("reports/seal.toml",)
    assert load_translations_state("en", worded).changed == ("reports/seal.toml",)


def test_that_a_new_seal_of_translations_is_an_own_build(worded):
    assert load_translations_state("zh_CN", worded, sealed_sha256="0" * 64).own_build


@pytest.mark.parametrize("path", ["countries.npz", "countries-10m.topojson.gz"])
def test_that_edited_outlines_of_countries_open_nothing(path, monkeypatch):
    monkeypatch.setattr(territory_room, "load_data_state", lambda: DataState((f"data/territory/{path}",)))
    territory = territory_room.load_territory.__wrapped__()
    assert territory.shipped == {}


# --- what specs take ------------------------------------------------------------------------------------------------------

PROTECTED = sorted({pair for kind in MINIMUM.values() for pair in pairs_of(kind.tags)})
FORBIDDING = "|".join(sorted({value for key, value in PROTECTED if key == "building" and value != "*"}))


@pytest.fixture(scope="module")
def loosened(tmp_path_factory):
    """Layer files that take as little as they can."""
    folder = shutil.copytree(ROOT / "layers", tmp_path_factory.mktemp("loose") / "layers")
    for path in (folder / "specs").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("!building=no|", f"!building={FORBIDDING}|yes|no|").replace(
            "keep = []", "keep = []\nkeep_only = true"
        )
        text = text.replace('  ["amenity=*"],\n', "").replace('  ["leisure=*"],\n', "").replace('  ["office=*"],\n', "")
        path.write_text(text, encoding="utf-8")
    return load_layer_specs(folder)


@given(sampled_from(PROTECTED), sampled_from(["polygon", "line", "point"]))
def test_that_no_layer_file_drops_what_is_protected_or_its_tags(loosened, pair, shape):
    key, value = pair
    tags = {key: "yes" if value == "*" else value}
    spec = loosened.claim(tags, shape)
    assert spec is not None
    assert spec.name not in ("trees", "floor_walls", "cameras")
    assert spec.kept(tags) == tags


@pytest.mark.parametrize("use", ["house", "church", "yes", "warehouse"])
def test_that_no_layer_file_drops_a_building(loosened, use):
    assert loosened.claim({"building": use}, "polygon").name == "buildings"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('roof_kinds = ["roof",', 'roof_kinds = ["house",'),
        ('underground = ["location=underground",', 'underground = ["building=house",'),
        ("house = 7.0", "house = 0.1"),
        ("other_m = 8.0", "other_m = 0.0"),
        ("storey_m = 3.0", "storey_m = 0.1"),
    ],
)
def test_that_no_layer_file_sinks_houses(old, new, tmp_path):
    folder = shutil.copytree(ROOT / "layers", tmp_path / "layers")
    path = folder / "specs" / "buildings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match="would take houses out"):
        load_height_rules(folder)


# --- assumed optics -------------------------------------------------------------------------------------------------------


def classes_with(folder, kind, key, narrow, typical, wide):
    """The shipped classes with one span written anew."""
    text = (ROOT / "data" / "cameras" / "classes.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition(f"[{kind.value}]\n")
    lines = rest.split("\n")
    row = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
    lines[row] = f"{key} = {{ narrow = {narrow}, typical = {typical}, wide = {wide} }}"
    path = folder / "classes.toml"
    path.write_text(f"{head}[{kind.value}]\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_that_the_shipped_classes_are_the_least():
    assert set(load_camera_classes()) == set(LEAST)


@pytest.mark.parametrize("kind", list(Kind))
@given(st.floats(0.5, 749.0))
def test_that_no_limit_of_range_can_make_a_finding_vanish(tmp_path_factory, kind, limit_m):
    shipped = (ROOT / "data" / "cameras" / "classes.toml").read_text(encoding="utf-8")
    head, _, rest = shipped.partition(f"[{kind.value}]\n")
    path = tmp_path_factory.mktemp("classes") / "classes.toml"
    less = re.sub(r"range_limit_m = [\d.]+", f"range_limit_m = {limit_m}", rest, count=1)
    path.write_text(f"{head}[{kind.value}]\n{less}", encoding="utf-8")
    with pytest.raises(InputError, match=f"{kind.value}.range_limit_m"):
        load_camera_classes(path)


@pytest.mark.parametrize(
    ("key", "ends"),
    [("hfov_deg", (60, 68, 90)), ("hfov_deg", (30, 50, 60)), ("image_width_px", (640, 640, 640)), ("tilt_deg", (60, 70, 80)),
     ("mount_height_m", (40, 50, 60))],
)  # fmt: skip
def test_that_no_assumption_takes_in_less_than_the_core_s(key, ends, tmp_path):
    with pytest.raises(InputError, match=f"fixed.{key}"):
        load_camera_classes(classes_with(tmp_path, Kind.FIXED, key, *ends))


def test_that_an_assumption_may_take_in_more(tmp_path):
    wider = load_camera_classes(classes_with(tmp_path, Kind.FIXED, "hfov_deg", 10, 68, 118))
    assert (wider[Kind.FIXED].hfov_deg.narrow, wider[Kind.FIXED].hfov_deg.wide) == (10.0, 118.0)
