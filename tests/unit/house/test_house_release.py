"""A wheel carries the digests of its content: what is changed in it is named, and a release is what its script makes alone."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from sources import ROOT

from lhasaplan import __version__

STATES = """
import json, sys
from lhasaplan.io.content.packs import available_packs, load_packs
from lhasaplan.io.content.catalogue import load_data_state, load_translations_state
packs = [pack.name for pack in load_packs(available_packs()) if pack.changed]
states = load_data_state(), load_translations_state("fr")
print(json.dumps({"packs": packs, "changed": [each.changed for each in states], "own": [each.own_build for each in states]}))
"""


def built(folder, **settings):
    """Build the wheel and unpack it, as an installation lies there."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, env={**os.environ, **settings})
    (wheel,) = (folder / "dist").glob("*.whl")
    shutil.unpack_archive(wheel, folder / "site", "zip")
    return folder / "site"


def run(site, *words):
    own = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *os.environ.get("PYTHONPATH", "").split(os.pathsep)[1:]])}
    return subprocess.run([sys.executable, *words], cwd=site.parent, env=own, capture_output=True, text=True, check=False)


def states_of(site):
    done = run(site, "-c", STATES)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.nightly
@pytest.mark.parametrize(("settings", "is_own"), [({"LHASAPLAN_RELEASE": __version__}, False), ({"LHASAPLAN_RELEASE": ""}, True)])
def test_that_a_wheel_names_what_is_changed_in_it_and_audits(settings, is_own, tmp_path):
    pytest.importorskip("hatchling")
    site = built(tmp_path, **settings)
    assert states_of(site) == {"packs": [], "changed": [[], []], "own": [is_own, is_own]}
    for path in ("data/rules/eu-gdpr.toml", "reports/translations/fr/guarding.toml"):
        with (site / "lhasaplan" / "_bundled" / path).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    changed = [["data/rules/eu-gdpr.toml"], ["reports/translations/fr/guarding.toml"]]
    assert states_of(site) == {"packs": ["eu-gdpr"], "changed": changed, "own": [is_own, is_own]}
    assert run(site, "-m", "lhasaplan", "new", "town.gpkg", "--rules", "eu-gdpr").returncode == 0
    (tmp_path / "cameras.csv").write_text("camera_id,lon,lat,mount\nC1,24.9412,60.16987,pole\n")
    assert run(site, "-m", "lhasaplan", "import", "town.gpkg", "cameras.csv", "--as", "cameras").returncode == 0
    said = run(site, "-m", "lhasaplan", "audit", "town.gpkg", "--json", "audit.json")
    assert said.returncode == 0, said.stderr
    data = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["data"]
    assert data == {"own_build": is_own, "changed": ["data/rules/eu-gdpr.toml"]}


@pytest.mark.nightly
def test_that_a_wheel_is_not_called_a_release_of_another_version(tmp_path):
    pytest.importorskip("hatchling")
    with pytest.raises(subprocess.CalledProcessError):
        built(tmp_path, LHASAPLAN_RELEASE="9.9")


def test_that_a_release_is_made_of_a_tagged_clean_commit_alone(tmp_path):
    tree = shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=lambda _, names: {*names} - {"make_release.py"}).parent
    (tree / "lhasaplan").mkdir()
    (tree / "lhasaplan" / "__init__.py").write_text('__version__ = "0.1.0"\n')

    def git(*words):
        own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *names, *words], cwd=tree, check=True, capture_output=True, env={**os.environ, **own})

    def made():
        words = [sys.executable, "-P", str(tree / "tools" / "make_release.py")]
        bare = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # compiled modules would be changes that no commit has
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tree, env=bare)
        return done.returncode, done.stderr

    git("init")
    git("add", "-A")
    git("commit", "-m", "All")
    assert made() == (2, "No release is built: this commit has no tag v0.1.0.\n")
    git("tag", "v0.1.0")
    (tree / "new.txt").write_text("1")
    assert made() == (2, "No release is built: there are changes that no commit has.\n")
