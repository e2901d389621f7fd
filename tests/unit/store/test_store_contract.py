"""Every store keeps a project in the same way, whatever stands behind its address; a new store is one line in KINDS."""

import copy
import pickle
from dataclasses import is_dataclass, replace
from typing import get_args, get_type_hints

import pytest
from amounts import examples
from hypothesis import HealthCheck, given
from memory_store import Cabinet, MemoryStore
from project_values import layer_of, projects, same_layer, same_project, small_town
from shapely import Point, box

from lhasaplan.core.project.journal import DraftsExported, JournalEntry
from lhasaplan.core.project.project import PlaceKey, Project
from lhasaplan.core.protection.drawn_places import with_drawn, without_drawn
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.errors import InputError
from lhasaplan.ports import KeptProject, SharedStore, Store
from lhasaplan.store import sealed
from lhasaplan.store.geopackage import GeoPackageStore
from lhasaplan.store.opening import BY_SCHEME, Stores
from lhasaplan.store.sealed import SealedStore, new_lock, open_box

PASSPHRASE = "seven grey herons at noon"
NAME = "Refuge of the Heron"


def _geopackage(folder, _request):
    return lambda: GeoPackageStore(folder / "town.gpkg")


def _memory(_folder, _request):
    cabinet = Cabinet()
    return lambda: MemoryStore(cabinet, "memory://cabinet/town")


def _sealed(folder, _request):
    salt, secret = b"s" * 16, b"k" * 32
    return lambda: SealedStore(folder / "town.gpkg", salt, secret)


def _postgis(_folder, request):
    server = request.getfixturevalue("postgis")
    from lhasaplan.store.shared.postgis import PostgisStore

    server.sql("DROP SCHEMA IF EXISTS town CASCADE")
    return lambda: PostgisStore(server.address("town"))


KINDS = {"geopackage": _geopackage, "memory": _memory, "sealed": _sealed, "postgis": _postgis}


@pytest.fixture(params=KINDS)
def another_start(request, tmp_path):
    """Return what opens the store of one address anew, as another start of the program does."""
    return KINDS[request.param](tmp_path, request)


@pytest.fixture
def store(another_start):
    return another_start()


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch):
    monkeypatch.setattr(sealed, "_WORK", 2**8)


def town_with_refuge():
    town = small_town()
    tags = [{"lhasaplan": "protected", "name": NAME}, {"amenity": "bench"}]
    drawn = layer_of("places", [box(0, 0, 5, 5), Point(9, 9)], ids=["places/1", "node/5"], tags=tags)
    return replace(town, layers={**town.layers, "places": drawn})


def under_lock(project, passphrase=PASSPHRASE):
    lock, key = new_lock(passphrase)
    return replace(project, closed=lock), key


def answers():
    return Assessment("town", "", False, (), Gate(False, ()), (), (), None, {}, None, (), {}, {}, {})


@examples(5, nightly=75, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(project=projects())
def test_that_a_project_comes_back_as_it_was_saved(another_start, project):
    start = another_start()
    if start.exists():  # of an earlier example: a shared store puts nothing over what it did not load
        start.load()
    start.save(project)
    assert same_project(another_start().load(), project)


def test_that_nothing_is_there_until_it_is_saved(store):
    assert not store.exists()
    for use in (store.load, store.has_results):
        with pytest.raises(InputError, match="new PROJECT"):
            use()
    store.save(small_town())
    assert store.exists()


def test_that_results_stay_until_the_project_is_saved_without_them(store):
    store.save(small_town(), answers())
    assert store.has_results()
    store.save(small_town())
    assert not store.has_results()


def test_that_what_left_the_project_is_kept_beside_it_whatever_is_saved(another_start):
    first, second = (JournalEntry(DraftsExported((name,), True), "2026-02-05") for name in ("pdf", "json"))
    here, there = another_start(), another_start()
    here.save(small_town())
    assert here.logged() == ()
    project = here.load()
    there.log(first)
    here.save(_step(project, "further"))
    here.log(second)
    here.save(project)
    assert another_start().logged() == (first, second)
    assert same_project(another_start().load(), small_town())


def test_that_nothing_leaves_a_project_that_is_kept_nowhere(store):
    for use in (store.logged, lambda: store.log(JournalEntry(DraftsExported(("pdf",)), "2026-02-05"))):
        with pytest.raises(InputError, match="new PROJECT"):
            use()
    assert not store.exists()


def test_that_what_another_start_did_meanwhile_is_not_written_over(another_start):
    here, there = another_start(), another_start()
    here.save(small_town())
    mine, theirs = here.load(), there.load()
    there.save(_step(theirs, "theirs"))
    with pytest.raises(InputError, match=r"Another start changed this project|changed this row since"):
        here.save(_step(mine, "mine"))
    assert another_start().load().name == "theirs"
    here.save(_step(here.load(), "both"))
    assert another_start().load().name == "both"


def test_that_one_start_alone_may_save_while_it_holds_the_project(another_start):
    here, there = another_start(), another_start()
    here.save(small_town())
    if isinstance(here, SharedStore):
        pytest.skip("several save at a time there: test_store_postgis.py")
    assert here.lock() == here.lock() == ()
    assert len(there.lock()) == 1
    with pytest.raises(InputError, match="has this project open"):
        there.save(_step(there.load(), "theirs"))
    here.save(_step(here.load(), "mine"))
    here.unlock()
    there.save(_step(there.load(), "both"))
    assert another_start().load().name == "both"


def test_that_a_project_that_is_whole_has_nothing_wrong_and_is_rescued_whole(store):
    store.save(small_town())
    assert store.examine() == store.remarks() == ()
    found = store.rescue()
    assert same_project(found.project, small_town())
    assert (found.logged, found.lost, found.lost_features) == ((), (), ())


def test_that_one_start_may_save_again_and_take_a_step_back(store):
    store.save(small_town())
    project = store.load()
    store.save(_step(project, "further"))
    store.save(project)
    assert same_project(store.load(), project)


def _step(project, name):
    return replace(project, name=name, journal=(*project.journal, replace(project.journal[-1], who=name)))


def test_that_closed_places_come_back_with_their_passphrase_alone(store):
    project, key = under_lock(town_with_refuge())
    store.save(project, key=key)
    found = store.load()
    assert (found.is_closed, found.closed_count, list(found.layers["places"].ids)) == (True, 1, ["node/5"])
    with pytest.raises(InputError, match="does not open"):
        open_box(found, PASSPHRASE.upper())
    opened, _ = open_box(found, PASSPHRASE)
    same = with_drawn(*without_drawn(town_with_refuge()))
    assert all(same_layer(opened.layers[name], layer) for name, layer in same.layers.items())


def test_that_opened_places_are_closed_again_by_each_saving(another_start):
    project, key = under_lock(town_with_refuge())
    another_start().save(project, key=key)
    store = another_start()
    opened, same_key = open_box(store.load(), PASSPHRASE)
    store.save(replace(opened, name="renamed"), key=same_key)
    found = another_start().load()
    assert (found.name, found.closed_count) == ("renamed", 1)
    assert len(open_box(found, PASSPHRASE)[0].layers["places"]) == 2


@pytest.mark.parametrize("key", [None, PlaceKey(b"other salt", b"k" * 32)], ids=["no key", "another key"])
def test_that_places_that_lie_open_are_never_kept_without_their_key(store, key):
    store.save(small_town())
    project, _ = under_lock(town_with_refuge())
    with pytest.raises(InputError, match="key is missing"):
        store.save(project, key=key)
    assert same_project(store.load(), small_town())


def test_that_no_results_are_kept_with_places_that_lie_open(store):
    project, key = under_lock(town_with_refuge())
    store.save(project, answers(), key=key)
    assert not store.has_results()
    locked = store.load()
    store.save(locked, answers())
    assert store.has_results()


def test_that_people_read_a_name_without_folders_or_computers(store):
    assert store.name in {"town.gpkg", "town"}
    assert store.address.endswith((f"/{store.name}", f"={store.name}"))


def test_that_the_same_address_gives_the_same_store(tmp_path):
    cabinet = Cabinet()
    stores = Stores({**BY_SCHEME, "memory": lambda address: MemoryStore(cabinet, address)})
    stores.open("memory://cabinet/town").save(small_town())
    assert stores.open("memory://cabinet/town").load().name == "small town"
    assert stores.open("memory://cabinet/town") is stores.open("memory://cabinet/town")
    path = tmp_path / "town.gpkg"
    assert stores.open(path) is stores.open(str(path)) is stores.open(path.as_uri())
    assert not stores.open(path).exists()


def test_that_neither_an_opened_project_nor_its_opening_carries_the_key_anywhere(store):
    project, key = under_lock(town_with_refuge())
    secret = key.reveal()
    reported = pickle.dumps(project) + repr(project).encode() + repr(key).encode()
    assert secret not in reported
    assert repr(secret).encode() not in reported
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            copied(key)
    assert key != PlaceKey(project.closed.salt, secret)
    store.save(project, key=key)
    assert open_box(store.load(), PASSPHRASE)[0].closed == replace(store.load().closed, lie_open=True)


def test_that_no_value_that_a_project_is_made_of_has_room_for_a_key():
    assert PlaceKey in _types_within(KeptProject)
    assert PlaceKey not in _types_within(Project)


def _types_within(hint, known=None):
    """Return every type that a value of this type may hold, however deep."""
    known = set() if known is None else known
    if hint in known:
        return known
    known.add(hint)
    for each in get_args(hint):
        _types_within(each, known)
    if is_dataclass(hint):
        names = {"Project": Project, "Store": Store, "PlaceKey": PlaceKey}  # what the ports name without importing it
        for each in get_type_hints(hint, localns=names).values():
            _types_within(each, known)
    return known
