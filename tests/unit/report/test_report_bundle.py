"""A bundle can be checked by its reader: it computes to the same values, says what was changed, and names no hidden place."""

import hashlib
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import samples
import shapely
from answers_town import SHED, X0, Y0, box, camera, house, layer, town

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.content import content_folder
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.decisions import Declaration, Thing
from lhasaplan.core.protection.undisclosed import disclosed_project
from lhasaplan.errors import InputError
from lhasaplan.workflow.verifying import ValueDifference, compare_answers

SHELTER = (
    "way/50",
    box(-30, 30, -20, 40),
    {"building": "yes", "social_facility": "shelter", "name": "Haus Zuflucht", "height": "5"},
)
SERVICES = replace(open_services(), today=lambda: "2027-03-31")


def built(*more, **others):
    made = town(SHED, house(1, -5, 20, 5, 30), *more, cameras=[camera("c1"), camera("c2", x=12.0, azimuth=90.0)], **others)
    return replace(made, packs=("eu-gdpr",))


def written(project, folder, **how):
    assessment = workflow.audit(SERVICES, project)
    workflow.export(SERVICES, project, assessment, ["bundle"], folder, language="en", **how)
    return folder / "bundle.zip"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return written(built(), tmp_path_factory.mktemp("bundle"))


def changed(bundle, folder, edit, *, name="audit.json", is_hidden=False):
    """Return the bundle with one file edited; with ``is_hidden`` its digest is stated anew, as a forger would."""
    path = folder / "changed.zip"
    with zipfile.ZipFile(bundle) as old:
        files = {each: old.read(each) for each in old.namelist()}
    files[name] = edit(files[name])
    if is_hidden:
        contents = json.loads(files["bundle.json"])
        contents["files"][name] = hashlib.sha256(files[name]).hexdigest()
        files["bundle.json"] = json.dumps(contents).encode()
    with zipfile.ZipFile(path, "w") as new:
        for each, content in files.items():
            new.writestr(each, content)
    return path


def test_that_every_value_of_a_bundle_comes_out_anew(plain):
    found = workflow.verify(SERVICES, plain)
    assert found.holds
    assert found.comparison.equal > 100
    assert (found.comparison.nearly, found.comparison.withheld, found.changed, found.versions) == (0, (), (), ())


def test_that_the_same_project_gives_the_same_bytes(plain, tmp_path):
    assert written(built(), tmp_path).read_bytes() == plain.read_bytes()


def test_that_the_day_of_the_answers_counts_and_not_the_day_of_the_check(tmp_path):
    expiring = built()
    expiring = replace(
        expiring, cameras=tuple(replace(c, extra={"authorisation_expires": "2027-04-15"}) for c in expiring.cameras)
    )
    bundle = written(expiring, tmp_path)
    later = replace(SERVICES, today=lambda: "2031-01-01")
    assert workflow.verify(later, bundle).holds


def test_that_a_changed_figure_is_named_with_what_it_should_be(plain, tmp_path):
    with zipfile.ZipFile(plain) as bundle:
        stated = json.loads(bundle.read("audit.json"))["cameras"][0]["area_m2"]

    def edit(text):
        answers = json.loads(text)
        answers["cameras"][0]["area_m2"] = 1.0
        return json.dumps(answers).encode()

    found = workflow.verify(SERVICES, changed(plain, tmp_path, edit, is_hidden=True))
    assert found.comparison.differences == (ValueDifference("cameras[c1].area_m2", 1.0, stated),)
    assert not found.holds
    assert found.changed == ()


def test_that_a_changed_paper_is_named_by_its_digest(plain, tmp_path):
    found = workflow.verify(SERVICES, changed(plain, tmp_path, lambda text: text + b" ", name="README.md"))
    assert (found.changed, found.holds) == (("README.md",), False)


def test_that_a_file_that_the_bundle_does_not_name_is_told(plain, tmp_path):
    path = tmp_path / "more.zip"
    path.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(path, "a") as bundle:
        bundle.writestr("papers/other.html", "x")
    assert workflow.verify(SERVICES, path).changed == ("papers/other.html",)


def test_that_no_file_of_a_bundle_knows_where_people_hide(tmp_path):
    point = layer("places", ("node/7", shapely.Point(X0 + 40, Y0 + 40), {"social_facility": "shelter", "name": "Haus Obhut"}))
    bundle = written(built(SHELTER, places=point), tmp_path)
    with zipfile.ZipFile(bundle) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            assert not [word for word in (b"Zuflucht", b"Obhut", b"node/7", b"shelter") if word in content], name
    found = workflow.verify(SERVICES, bundle)
    assert found.holds
    assert {path.rpartition(".")[2] for path in found.comparison.withheld if path.startswith("cameras")} <= {"undisclosed_px_m"}


def test_that_a_building_in_which_people_hide_still_hides_what_is_behind_it():
    kinds = SERVICES.content.load_protected_kinds()
    bare = disclosed_project(built(SHELTER), kinds).layers["buildings"]
    row = bare.ids.tolist().index("way/50")
    assert bare.tags[row] == {"building": "yes", "height": "5"}
    assert bare.geometry[row].equals(SHELTER[1])


def test_that_a_declaration_about_such_a_building_goes_without_its_reason_and_still_holds(tmp_path):
    said = Declaration("way/50", "not_dwelling", "A. Clerk", "2027-01-02", "the Zuflucht of the city", Thing(kind="shelter"))
    project = replace(built(SHELTER), declarations=(said,))
    bundle = written(project, tmp_path)
    with zipfile.ZipFile(bundle) as opened:
        assert not [name for name in opened.namelist() if b"Zuflucht" in opened.read(name) or b"shelter" in opened.read(name)]
    assert workflow.verify(SERVICES, bundle).holds


def test_that_drawn_places_and_what_brought_them_alone_are_in_no_bundle(tmp_path):
    drawn = layer("places", ("d1", box(30, 30, 35, 35), {"lhasaplan": "protected", "name": "Secret garden"}))
    drawn = replace(drawn, source=("drawn.geojson",))
    project = replace(built(places=drawn), inputs=(InputRecord("drawn.geojson", "0" * 64, 1),))
    with zipfile.ZipFile(written(project, tmp_path)) as bundle:
        assert not [
            name for name in bundle.namelist() if b"Secret garden" in bundle.read(name) or b"drawn.geojson" in bundle.read(name)
        ]


def test_that_a_coarse_bundle_has_no_project_and_says_so(tmp_path):
    found = workflow.verify(SERVICES, written(built(), tmp_path, level="public"))
    assert found.comparison is None
    assert "only coarse positions" in str(found.why_not)
    assert found.contents["date"] == ""


def test_that_what_is_private_goes_into_no_bundle(tmp_path):
    with pytest.raises(InputError, match="private"):
        written(built(), tmp_path, private=True)
    assert not (tmp_path / "bundle.zip").exists()


def test_that_inputs_are_read_again_and_a_camera_that_was_edited_is_counted(tmp_path):
    table = tmp_path / "in" / "cameras.csv"
    table.parent.mkdir()
    table.write_text("camera_id,lon,lat\nA,27.0001,60.1664\nB,27.0002,60.1665\n")
    project, _ = workflow.import_file(SERVICES, built(), table, kind="cameras")
    moved = tuple(replace(c, x_m=c.x_m + 5.0) if c.camera_id == "B" else c for c in project.cameras)
    bundle = written(replace(project, cameras=moved), tmp_path)
    (check,) = workflow.verify(SERVICES, bundle, table.parent).inputs
    assert (check.name, check.state, check.same, check.other) == ("cameras.csv", "equal", 1, 1)
    table.write_text("camera_id,lon,lat\nA,27.0001,60.1664\n")
    again = workflow.verify(SERVICES, bundle, table.parent)
    assert (again.inputs[0].state, again.holds) == ("different", False)
    table.unlink()
    assert workflow.verify(SERVICES, bundle, table.parent).inputs[0].state == "missing"


def test_that_papers_of_the_same_command_go_into_the_bundle_and_the_crate_names_every_file(tmp_path):
    project = built()
    assessment = workflow.audit(SERVICES, project)
    workflow.export(SERVICES, project, assessment, ["bundle", "html"], tmp_path, language="de")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        names, crate = set(bundle.namelist()), json.loads(bundle.read("ro-crate-metadata.json"))
        assert bundle.read("papers/audit.html") == (tmp_path / "audit.html").read_bytes()
    root = next(each for each in crate["@graph"] if each["@id"] == "./")
    assert {each["@id"] for each in root["hasPart"]} == names - {"ro-crate-metadata.json"}
    known = {each["@id"] for each in crate["@graph"]}
    assert {each["@id"] for key in ("hasPart", "mentions") for each in root[key]} <= known


@pytest.mark.parametrize(
    ("content", "reported"),
    [(b"no zip at all", "cannot be read"), (None, "no bundle")],
    ids=["no zip", "another zip"],
)
def test_that_what_is_no_bundle_is_refused_in_one_sentence(content, reported, tmp_path, capsys):
    path = tmp_path / "bundle.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as other:
            other.writestr("readme.txt", "x")
    else:
        path.write_bytes(content)
    assert main(["verify", str(path)]) == 2
    assert reported in " ".join(capsys.readouterr().err.split())


def test_that_a_zip_that_would_fill_the_disk_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("project.gpkg", "w", force_zip64=True) as target:
        for _ in range(150):  # megabytes
            target.write(bytes(1 << 20))
    with pytest.raises(InputError, match="too much for what it is"):
        workflow.verify(SERVICES, path)


def test_that_the_command_says_what_came_of_it(plain, capsys):
    assert main(["verify", str(plain)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "0 differ" in said
    assert "Everything that can be checked matches the bundle." in said


def test_that_answers_are_compared_thing_by_thing_wherever_it_stands():
    one = {"cameras": [{"id": "a", "m": 1.0}, {"id": "b", "m": np.nextafter(2.0, 3.0)}], "data": {"own_build": True}}
    other = {"cameras": [{"id": "b", "m": 2.0}, {"id": "a", "m": 1.0}], "data": {"own_build": False}}
    found = compare_answers(one, other)
    assert (found.equal, found.nearly, found.differences) == (3, 1, ())


def test_that_a_value_that_only_one_side_has_differs():
    found = compare_answers({"cameras": [{"id": "a"}]}, {"cameras": []})
    assert [each.path for each in found.differences] == ["cameras[a]"]


def test_that_a_withheld_place_excuses_no_figure_but_what_outputs_leave_out():
    near = {"id": "a", "undisclosed_px_m": 25, "area_m2": 10.0}
    found = compare_answers({"cameras": [near]}, {"cameras": [{**near, "undisclosed_px_m": None, "area_m2": 11.0}]})
    assert found.withheld == ("cameras[a].undisclosed_px_m",)
    assert [each.path for each in found.differences] == ["cameras[a].area_m2"]


def test_that_a_sample_for_a_council_computes_anew_and_its_cameras_are_found_in_their_file(tmp_path):
    bundle = written(samples.sample("hilltown"), tmp_path, level="council")
    found = workflow.verify(SERVICES, bundle, content_folder("data") / "samples" / "hilltown")
    assert found.holds
    assert [(each.name, each.same, each.other) for each in found.inputs] == [
        ("hilltown.osm.gz", 164, 0),
        ("districts.geojson", 3, 0),
        ("cameras.csv", 15, 0),
    ]
