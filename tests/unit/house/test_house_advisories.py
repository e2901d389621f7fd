"""Known advisories are compared with the locked versions, from a file that a person brings and without any network."""

import importlib.util
import json
import sys
import zipfile

import pytest
from sources import ROOT


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("check_advisories", ROOT / "tools" / "check_advisories.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LOCK = """Pillow==11.2.0 \\
    --hash=sha256:00
lxml==6.1.3 ; sys_platform == 'linux' \\
    --hash=sha256:00
psycopg[binary]==3.2.1
"""


def advisory(name="pillow", *events, number="GHSA-1", ecosystem="PyPI", **more):
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"name": name, "ecosystem": ecosystem}, "ranges": ranges, "versions": more.pop("versions", [])}
    return {"id": number, "modified": "2026-11-01T00:00:00Z", "summary": "a picture runs", "affected": [affected], **more}


def run(tool, tmp_path, capsys, content, lock=LOCK):
    (tmp_path / "lock").write_text(lock)
    path = tmp_path / "known.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    code = tool.main([str(path), "--lock", str(tmp_path / "lock")])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


FROM = {"introduced": "0"}


@pytest.mark.parametrize(
    ("events", "is_hit"),
    [
        ([FROM, {"fixed": "11.2.1"}], True),
        ([FROM, {"fixed": "11.2.0"}], False),  # the fix is locked
        ([{"introduced": "11.2.0"}, {"fixed": "12"}], True),
        ([{"introduced": "11.2.0.post1"}], False),
        ([{"introduced": "11.10"}], False),  # 11.10 comes after 11.2, though not by its letters
        ([FROM, {"last_affected": "11.2.0"}], True),
        ([FROM, {"last_affected": "11.1.9"}], False),
        ([FROM, {"fixed": "9"}, {"introduced": "11"}, {"fixed": "11.3"}], True),  # came back
        ([{"fixed": "11.3"}, {"introduced": "11"}, {"fixed": "9"}, FROM], True),  # in any order
        ([FROM, {"fixed": "9"}, {"introduced": "12"}], False),
        ([FROM], True),
    ],
)
def test_that_a_range_counts_from_what_introduced_it_to_its_fix(tool, tmp_path, capsys, events, is_hit):
    code, text = run(tool, tmp_path, capsys, advisory("Pillow", *events))
    assert code == (1 if is_hit else 0)
    assert ("pillow 11.2.0: affected, GHSA-1: a picture runs" in text) is is_hit


def test_that_a_version_in_the_list_is_affected_without_a_range(tool, tmp_path, capsys):
    code, text = run(tool, tmp_path, capsys, advisory("PILLOW", versions=["11.2", "0.1-odd-name"]))
    assert code == 1
    assert "pillow 11.2.0" in text


def test_that_what_is_fixed_is_named(tool, tmp_path, capsys):
    _, text = run(tool, tmp_path, capsys, advisory("pillow", FROM, {"fixed": "11.3.0"}))
    assert "fixed in 11.3.0" in text


def test_that_a_withdrawn_advisory_does_not_count_and_is_told(tool, tmp_path, capsys):
    code, text = run(tool, tmp_path, capsys, advisory("pillow", FROM, withdrawn="2026-01-01T00:00:00Z"))
    assert code == 0
    assert "1 are withdrawn" in text


@pytest.mark.parametrize("more", [{"ecosystem": "npm"}, {"name": "pillow-simd"}])
def test_that_another_package_is_none_of_ours(tool, tmp_path, capsys, more):
    name = more.pop("name", "pillow")
    assert run(tool, tmp_path, capsys, advisory(name, FROM, **more))[0] == 0


def test_that_a_range_of_commits_alone_cannot_be_told_and_is_to_be_looked_at(tool, tmp_path, capsys):
    reported = advisory("lxml")
    reported["affected"][0]["ranges"] = [{"type": "GIT", "events": [FROM]}]
    code, text = run(tool, tmp_path, capsys, reported)
    assert code == 1
    assert "lxml 6.1.3: cannot be told, GHSA-1" in text


def test_that_one_matter_under_several_names_is_told_once(tool, tmp_path, capsys):
    known = [
        advisory("pillow", FROM, number="PYSEC-9", aliases=["CVE-7"]),
        advisory("pillow", FROM, {"fixed": "11.3"}, number="GHSA-2", aliases=["CVE-7"]),
        advisory("pillow", FROM, number="GHSA-3"),
    ]
    code, text = run(tool, tmp_path, capsys, known)
    assert code == 1
    assert text.count("pillow 11.2.0") == 2
    assert "GHSA-2 (CVE-7, PYSEC-9)" in text
    assert "fixed in 11.3" in text
    assert "2 to look at" in text


@pytest.mark.parametrize(
    "form",
    [
        lambda a: a,
        lambda a: [a],
        lambda a: {"vulns": [a]},
        lambda a: {"results": [{"vulns": [a]}, {}]},
        lambda a: {"results": [{"packages": [{"package": {"name": "pillow"}, "vulnerabilities": [a]}]}]},
        lambda a: json.dumps(a) + "\n" + json.dumps(advisory("lxml", FROM, {"fixed": "2"}, number="GHSA-5")) + "\n",
    ],
)
def test_that_each_form_of_osv_is_read(tool, tmp_path, capsys, form):
    code, text = run(tool, tmp_path, capsys, form(advisory("pillow", FROM)))
    assert code == 1
    assert text.count("pillow 11.2.0: affected") == 1


def test_that_a_zip_of_advisories_is_read(tool, tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(advisory("pillow", FROM)))
        archive.writestr("GHSA-2.json", json.dumps(advisory("other", FROM, number="GHSA-2")))
    (tmp_path / "lock").write_text(LOCK)
    assert tool.main([str(tmp_path / "all.zip"), "--lock", str(tmp_path / "lock")]) == 1
    assert "3 packages of lock were compared with 2 advisories or results, changed last on 2026-11-01" in capsys.readouterr().out


def audit(*entries):
    return {"dependencies": [{"name": name, "version": version, "vulns": vulns} for name, version, vulns in entries], "fixes": []}


KNOWN = [{"id": "PYSEC-1", "fix_versions": ["11.3"], "aliases": ["CVE-1"], "description": "a\n picture"}]


def test_that_results_of_pip_audit_are_read(tool, tmp_path, capsys):
    content = audit(("Pillow", "11.2.0", KNOWN), ("lxml", "6.1.3", []), ("psycopg", "3.2.1", []))
    code, text = run(tool, tmp_path, capsys, content)
    assert code == 1
    assert "pillow 11.2.0: affected, PYSEC-1 (CVE-1): a picture; fixed in 11.3" in text


def test_that_results_of_another_version_or_without_a_package_are_told(tool, tmp_path, capsys):
    code, text = run(tool, tmp_path, capsys, audit(("pillow", "10.0", KNOWN), ("lxml", "6.1.3", [])))
    assert code == 1
    assert "pillow 11.2.0 (looked at: 10.0): of another version, PYSEC-1" in text
    assert "The file does not say that these were looked at: pillow 11.2.0, psycopg 3.2.1." in text


def test_that_results_of_all_versions_without_a_finding_are_nothing(tool, tmp_path, capsys):
    content = audit(("pillow", "11.2.0", []), ("lxml", "6.1.3", []), ("psycopg", "3.2.1", []))
    assert run(tool, tmp_path, capsys, content)[0] == 0


@pytest.mark.parametrize("content", ["", "no json", '{"a": 1}', "[]", "[1]", '{"vulns": []}', "{", '"text"'])
def test_that_a_file_without_advisories_is_refused(tool, tmp_path, capsys, content):
    code, text = run(tool, tmp_path, capsys, content)
    assert code == 2
    assert text.startswith("known.json: ")


@pytest.mark.parametrize(
    "lxml", [{"skip_reason": "no such package"}, {"version": "6.1.3", "skip_reason": "odd"}, {"version": "6.0"}]
)
def test_that_a_version_that_was_skipped_or_another_one_is_not_taken_for_a_clean_one(tool, tmp_path, capsys, lxml):
    content = audit(("pillow", "11.2.0", []), ("psycopg", "3.2.1", []))
    content["dependencies"].append({"name": "lxml", "vulns": [], **lxml})
    code, text = run(tool, tmp_path, capsys, content)
    assert code == 1
    assert "looked at: lxml 6.1.3." in text


@pytest.mark.parametrize(
    "content",
    [
        {"dependencies": [1]},
        {"dependencies": [{"name": "pillow", "version": "11.2.0", "vulns": [[]]}]},
        {"dependencies": [{"name": "pillow", "version": "11.2.0", "vulns": [{"aliases": 1}]}]},
        {"id": [], "affected": []},
        {"id": "A-1", "affected": [1]},
        {"id": "A-1", "affected": {"package": "pillow"}},
        {"id": "A-1", "affected": [{"package": "pillow"}]},
        {"id": "A-1", "affected": [{"package": {"name": "pillow", "ecosystem": "PyPI"}, "ranges": [{"events": [1]}]}]},
        {"id": "A-1", "aliases": 5, "affected": []},
        {"results": 5},
    ],
)
def test_that_json_of_another_build_is_refused_and_nothing_is_said_to_be_affected(tool, tmp_path, capsys, content):
    code, text = run(tool, tmp_path, capsys, content)
    assert code == 2
    assert text.startswith("known.json: ")


def test_that_each_package_of_the_shipped_lock_is_compared(tool):
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = tool.locked_versions(text)
    assert {"pillow", "lxml", "pyside6-essentials", "pyogrio", "rasterio", "openpyxl", "osmium", "ezdxf"} <= set(locked)
    assert sum(len(each) for each in locked.values()) == len([line for line in text.splitlines() if line[:1].isalnum()])


# As github.com/pypa/advisory-database writes a record: no summary, a range of commits besides, versions that look like numbers.
PYSEC = """id: PYSEC-2026-41
modified: 2026-11-03T10:29:41.505456Z
published: 2026-11-03T05:15:00Z
aliases:
- CVE-2026-4100
details: An issue was discovered in Pillow before 11.3.0. A long text takes
  all memory.
affected:
- package:
    ecosystem: PyPI
    name: pillow
    purl: pkg:pypi/pillow
  ranges:
  - type: GIT
    events:
    - introduced: "0"
    - fixed: 1fe1bb49c452b0318cad12ea9d97c3bef188e9a7
    repo: https://github.com/python-pillow/Pillow
  - type: ECOSYSTEM
    events:
    - introduced: "0"
    - fixed: 11.3.0
  versions:
  - "1.0"
  - 1.10
  - 11.2.0
references:
- type: FIX
  url: https://github.com/python-pillow/Pillow/commit/1fe1bb49
"""
# As GitHub writes one: how grave it is twice, and no end of the range.
GHSA = {
    "schema_version": "1.4.0",
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2026-11-20T00:00:00Z",
    "published": "2026-11-19T00:00:00Z",
    "aliases": ["CVE-2026-4200"],
    "summary": "lxml runs a sheet",
    "details": "### Impact\nmuch",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "lxml"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
            "database_specific": {"last_known_affected_version_range": "<= 6.1.3"},
        }
    ],
    "references": [{"type": "WEB", "url": "https://example.org"}],
    "database_specific": {"cwe_ids": ["CWE-91"], "severity": "CRITICAL", "github_reviewed": True},
}
PILLOW = (
    "pillow 11.2.0: affected, PYSEC-2026-41 (CVE-2026-4100): An issue was discovered in Pillow before 11.3.0. "
    "A long text takes all memory.; fixed in 11.3.0"
)
LXML = "lxml 6.1.3: affected (CRITICAL), GHSA-aaaa-bbbb-cccc (CVE-2026-4200): lxml runs a sheet; known to be affected: <= 6.1.3"


def compared(tool, tmp_path, capsys, path):
    (tmp_path / "lock").write_text(LOCK)
    code = tool.main([str(path), "--lock", str(tmp_path / "lock")])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_that_a_copy_of_the_list_of_python_packages_is_read_as_folder_and_as_zip(tool, tmp_path, capsys):
    folder = tmp_path / "advisory-database"
    (folder / "vulns" / "pillow").mkdir(parents=True)
    (folder / "vulns" / "pillow" / "PYSEC-2026-41.yaml").write_text(PYSEC)
    (folder / "vulns" / "GHSA.json").write_text(json.dumps(GHSA))
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "check.yaml").write_text("name: check\non: push\n")
    with zipfile.ZipFile(tmp_path / "main.zip", "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(tmp_path))
    for path in (folder, tmp_path / "main.zip"):
        code, text = compared(tool, tmp_path, capsys, path)
        assert code == 1
        assert text.splitlines()[:2] == [LXML, PILLOW]
        assert "compared with 2 advisories" in text


def test_that_one_record_of_each_kind_is_read(tool, tmp_path, capsys):
    (tmp_path / "a.yaml").write_text(PYSEC)
    (tmp_path / "a.json").write_text(json.dumps(GHSA))
    assert compared(tool, tmp_path, capsys, tmp_path / "a.yaml")[1].startswith(PILLOW)
    assert compared(tool, tmp_path, capsys, tmp_path / "a.json")[1].startswith(LXML)


def test_that_a_record_that_says_nothing_is_affected_is_read_and_hits_nothing(tool, tmp_path, capsys):
    bare = {"id": "PYSEC-1", "modified": "2026-11-01T00:00:00Z", "details": "moved"}
    code, text = run(tool, tmp_path, capsys, [bare, advisory("other", FROM, number="B-1")])
    assert (code, "compared with 2 advisories" in text) == (0, True)


def test_that_an_answer_that_only_names_advisories_is_refused(tool, tmp_path, capsys):
    batch = {"results": [{"vulns": [{"id": "GHSA-1", "modified": "2026-11-01T00:00:00Z"}]}]}
    code, text = run(tool, tmp_path, capsys, batch)
    assert (code, "as an answer of querybatch" in text) == (2, True)


@pytest.mark.parametrize(("limit", "is_hit"), [("*", True), ("12", True), ("11", False)])
def test_that_a_limit_ends_a_range_and_a_star_ends_none(tool, tmp_path, capsys, limit, is_hit):
    assert run(tool, tmp_path, capsys, advisory("pillow", FROM, {"limit": limit}))[0] == int(is_hit)


def test_that_yaml_that_is_none_and_an_empty_folder_are_refused(tool, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "b.yaml").write_text("a: [")
    assert compared(tool, tmp_path, capsys, tmp_path / "empty")[0] == 2
    assert "cannot be read as YAML" in compared(tool, tmp_path, capsys, tmp_path / "b.yaml")[1]
