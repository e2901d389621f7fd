"""The seal of the shipped data, and what the core holds whatever the data say."""

import re
import shutil
from contextlib import contextmanager

import pytest
from amounts import some_by_day
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import sampled_from

from lhasaplan.content import content_digests, content_folder, release_module
from lhasaplan.core.base.translations import AS_SHIPPED, LANGUAGES, DataState, Translations
from lhasaplan.core.demand.outdoor_parts import Granted
from lhasaplan.core.gate.planning_ground import countries_of, is_never, planning_grounds
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.model.layer import pairs_of
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.rules.pack import LEAST
from lhasaplan.errors import InputError
from lhasaplan.io.content import catalogue
from lhasaplan.io.content import packs as packs_room
from lhasaplan.io.content import packs as territory_room
from lhasaplan.io.content.catalogue import DATA, REPORTS, Release, load_data_state, load_translations, load_translations_state
from lhasaplan.io.content.layer_spec import load_height_rules, load_layer_specs
from lhasaplan.io.content.packs import available_packs, load_packs
from lhasaplan.io.content.policy_files import load_camera_classes
from lhasaplan.report.text.words import OWN_BUILD, data_banners

ROOT = content_folder("data").parent
FILES, WORDED = sorted(content_digests(ROOT, DATA)), sorted(content_digests(ROOT, REPORTS))


def released(root, version="0.1.0"):
    """What a wheel or an archive would carry that is built from this tree now: the module that hatch_build.py writes."""
    made = {}
    exec(release_module(root, version), made)
    return Release(made["RELEASE"], made["SHA256"])


@contextmanager
def as_if_built(release):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "this_release", lambda: release)
        patch.setattr(packs_room, "this_release", lambda: release)
        yield


@pytest.fixture(scope="module", autouse=True)
def _built():
    with as_if_built(released(ROOT)):
        yield


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A copy of the content folders, as a wheel has them, with the rules of the samples alone."""
    root = tmp_path_factory.mktemp("wheel") / "_bundled"
    for name in ("data", "layers"):
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("*.pbf", "*.geojson", "*.csv", "*.gpkg", "*.xlsx")
        )
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


def test_that_a_release_with_nothing_changed_is_as_shipped():
    assert load_data_state() == AS_SHIPPED
    assert {load_translations_state(language) for language in LANGUAGES} == {AS_SHIPPED}
    assert {load_translations(language).state for language in LANGUAGES} == {AS_SHIPPED}


def test_that_a_wheel_is_judged_as_an_archive_is(shipped):
    assert load_data_state(shipped) == AS_SHIPPED


@pytest.mark.parametrize("path", some_by_day(FILES, FILES[::5]))
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


def test_that_what_anybody_builds_is_an_own_build_and_still_names_what_is_changed_in_it(edited):
    (edited / "data" / "audit.toml").write_text("other = 1\n", encoding="utf-8")
    with as_if_built(released(edited, version="")):
        assert load_data_state(edited) == DataState(own_build=True)  # what was other before it was built is not known
        with changed(edited / "data" / "limits.toml"):
            state = load_data_state(edited)
    (own, named) = data_banners(state, Translations("en", {}))
    assert own.startswith("Own build")
    assert named.endswith("data/limits.toml")


def test_that_a_checkout_is_an_own_build_in_every_language_and_compares_nothing(shipped):
    with as_if_built(None), changed(shipped / "data" / "audit.toml"):
        assert load_data_state(shipped) == DataState(own_build=True)
        heads = {language: data_banners(AS_SHIPPED, load_translations(language)) for language in LANGUAGES}
        unsaid = data_banners(AS_SHIPPED, Translations("fr", {OWN_BUILD: "ok"}, DataState(own_build=True), {OWN_BUILD: "ok"}))
    assert all("Own build" in head for (head,) in heads.values())
    assert heads["fr"][0].startswith("Compilation locale")
    assert unsaid == ("ok (Own build)",)


# --- what opens the gate, with or without a release -------------------------------------------------------------------------


@pytest.fixture(params=["release", "own build", "checkout"])
def any_build(request):
    with as_if_built({"release": released(ROOT), "own build": released(ROOT, version=""), "checkout": None}[request.param]):
        yield


@pytest.fixture
def elsewhere(edited, monkeypatch):
    """A program whose content lies in a folder that may be edited."""
    for room in (packs_room, territory_room):
        monkeypatch.setattr(room, "content_folder", lambda name: edited / name)
    return edited


def test_that_content_as_it_was_opens_the_gate_of_every_build(any_build, elsewhere):
    assert "eu-gdpr" in territory_room.load_territory.__wrapped__().shipped


@pytest.mark.parametrize("path", ["countries.npz", "countries-10m.topojson.gz"])
def test_that_edited_outlines_of_countries_open_nothing(path, any_build, elsewhere):
    with changed(elsewhere / "data" / "territory" / path):
        assert territory_room.load_territory.__wrapped__().shipped == {}


def test_that_a_pack_that_never_plans_cannot_be_edited_to_plan(any_build, elsewhere):
    path = elsewhere / "data" / "rules" / "cn-limits.toml"
    text = path.read_text(encoding="utf-8").replace(
        'planning = "never"', 'planning = "yes"\nauthorities = ["Public Security Bureau"]'
    )
    path.write_text(text, encoding="utf-8")
    (pack,) = load_packs(["cn-limits"])
    territory = territory_room.load_territory.__wrapped__()
    assert (pack.planning, pack.changed) == ("yes", True)
    assert is_never(pack, territory)
    assert planning_grounds([pack], territory) == ()


def test_that_a_shipped_pack_edited_to_another_country_plans_where_it_did_alone(any_build, elsewhere):
    path = elsewhere / "data" / "rules" / "uk-sccop.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('["826"]', '["826", "156"]'), encoding="utf-8")
    (pack,) = load_packs(["uk-sccop"])
    (ground,) = planning_grounds([pack], territory_room.load_territory.__wrapped__())
    assert (pack.changed, pack.countries, countries_of(ground)) == (True, ("826", "156"), {"826"})


def test_that_a_pack_with_other_duties_is_changed_so_that_its_parts_have_no_exception(any_build, elsewhere):
    path = elsewhere / "data" / "rules" / "municipal-safety.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("railway=level_crossing", "building=house"), encoding="utf-8")
    (pack,) = load_packs(["municipal-safety"])
    assert (pack.shipped, pack.changed) == (True, True)
    assert Granted(packs=[pack]).shipped == frozenset()


def test_that_an_edited_table_of_terms_opens_nothing(any_build, elsewhere):
    path = elsewhere / "data" / "planning_terms.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('planning = "never"', 'planning = "yes"'), encoding="utf-8")
    territory = territory_room.load_territory.__wrapped__()
    assert territory.shipped == {}
    assert planning_grounds(load_packs(available_packs()), territory) == ()


# --- translations and templates ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def as_translated(tmp_path_factory):
    """A copy of translations and templates for all that leave it as it was."""
    return shutil.copytree(ROOT / "reports", tmp_path_factory.mktemp("translations") / "reports").parent


@pytest.mark.parametrize("path", some_by_day(WORDED, WORDED[::20]))
def test_that_changed_translations_are_named_in_the_languages_that_rest_on_it(path, as_translated):
    own = [language for language in LANGUAGES if f"/{language}/" in path] or LANGUAGES
    with changed(as_translated / path):
        named = {language: load_translations_state(language, as_translated).changed for language in LANGUAGES}
    assert named == {language: (path,) if language in own else () for language in LANGUAGES}


def test_that_added_translations_are_named(tmp_path):
    worded = shutil.copytree(ROOT / "reports", tmp_path / "copy" / "reports").parent
    (worded / "reports/translations/fr/zzz.toml").write_text('"Severity" = "Rien"\n', encoding="utf-8")
    assert load_translations_state("fr", worded).changed == ("reports/translations/fr/zzz.toml",)
    assert load_translations_state("en", worded) == AS_SHIPPED


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
