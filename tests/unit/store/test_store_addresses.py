"""A project is opened at an address: a path, a file: URL, or a scheme that a store is registered for."""

import os
from pathlib import Path

import pytest
from project_values import small_town

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.errors import InputError
from lhasaplan.store.opening import Stores, path_of, scheme_of
from lhasaplan.workflow import open_project


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("town.gpkg", "town.gpkg"),
        ("a:b.gpkg", "a:b.gpkg"),
        ("100% planned #2?.gpkg", "100% planned #2?.gpkg"),
        ("file:town.gpkg", "town.gpkg"),
        ("file:/srv/town.gpkg", "/srv/town.gpkg"),
        ("file:///srv/town.gpkg", "/srv/town.gpkg"),
        ("FILE://localhost/srv/two%20towns.gpkg", "/srv/two towns.gpkg"),
        ("file:///srv/%E6%8B%89%E8%90%A8.gpkg", "/srv/拉萨.gpkg"),
        ("file:///srv/100%25%3F%23.gpkg", "/srv/100%?#.gpkg"),
        (Path("file:town.gpkg"), "file:town.gpkg"),
    ],
)
def test_that_paths_and_file_urls_name_a_file(address, path):
    assert (scheme_of(address), path_of(address)) == ("file", Path(path))


def test_that_a_name_that_is_no_utf_8_comes_through_a_url():
    assert os.fsencode(path_of("file:///srv/caf%E9.gpkg")) == b"/srv/caf\xe9.gpkg"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("file://office/srv/town.gpkg", "names the computer office"),
        ("file:///srv/town.gpkg?mode=ro", "after ?; in the name of a file write the sign as %3F"),
        ("file:///srv/town.gpkg#cameras", "after #; in the name of a file write the sign as %23"),
        ("file:", "names no file"),
        ("file://", "names no file"),
        ("file:///", "names no file"),
        ("file:///srv/town%00.gpkg", "names no file"),
    ],
)
def test_that_a_file_url_that_names_no_file_here_says_what_would(address, words):
    with pytest.raises(InputError) as caught:
        Stores().open(address)
    assert words in str(caught.value)


@pytest.mark.parametrize("address", ["mysql://ann:secret@office/town", "https://example.org/town.gpkg", "s3://b/town.gpkg"])
def test_that_an_unknown_scheme_is_refused_with_what_there_is_and_without_the_password(address):
    with pytest.raises(InputError) as caught:
        open_project(open_services(), address)
    scheme = address.partition(":")[0]
    head = f"A project cannot be kept at an address that begins with {scheme}:"
    assert str(caught.value) == f"{head}; name a file by its path, or one of: file:, postgresql:"


def test_that_a_project_opens_at_its_path_and_at_its_url(tmp_path):
    services, path = open_services(), tmp_path / "två städer.gpkg"
    services.stores.open(path).save(small_town())
    for address in (path, str(path), path.as_uri(), services.stores.open(path).address):
        assert open_project(services, address).project.name == "small town"


def test_that_a_link_and_its_target_are_one_project(tmp_path):
    services, path, link = open_services(), tmp_path / "town.gpkg", tmp_path / "link.gpkg"
    services.stores.open(path).save(small_town())
    link.symlink_to(path)
    assert services.stores.open(link) is services.stores.open(path)


def test_that_the_verbs_take_an_address(tmp_path, capsys):
    url = (tmp_path / "new town.gpkg").as_uri()
    assert main(["new", url, "--rules", "eu-gdpr"]) == 0
    assert (tmp_path / "new town.gpkg").is_file()
    assert main(["new", url, "--rules", "eu-gdpr"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert open_project(open_services(), url).project.name == "new town"
    assert main(["audit", "mysql://office/town"]) == 2
    assert "begins with mysql:" in capsys.readouterr().err
