"""Compare the versions of requirements.lock with a file of known advisories that a person brings; no network is used.

    python tools/check_advisories.py FILE [--lock requirements.lock]

FILE is what OSV gives (one advisory, a list, an answer of its API, a report of osv-scanner, a zip of advisories as
``https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip``), a folder or a zip of records as JSON or YAML (a copy of
``github.com/pypa/advisory-database``), or what ``pip-audit --format json`` printed elsewhere.
Exit code: 0 nothing known, 1 a version is affected or cannot be told, 2 a file that cannot be read. docs/advisories.md says
how to get such a file and how to read what is printed.
"""

import argparse
import importlib
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
NONE, FOUND, BAD = 0, 1, 2
RECORDS = (".json", ".yaml", ".yml")
STUB = {"id", "modified"}  # all that an answer of querybatch has of an advisory
LOCKED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w, -]*\])?==([^\s;\\]+)", re.MULTILINE)
MOST_BYTES, LINE = 2_000_000_000, 160  # of the advisories in a zip or a folder, unpacked; letters of what one is about
BY_VERSION = ("ECOSYSTEM", "SEMVER")  # ranges of versions; those of GIT are of commits
AFFECTED, UNTOLD, OTHER = "affected", "cannot be told", "of another version"


class AdvisoryError(ValueError):
    """A file that is no list of advisories, in words for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An advisory that is about a locked version, or may be."""

    package: str
    version: str
    state: str
    ids: tuple[str, ...]
    summary: str = ""
    fixed: tuple[str, ...] = ()
    severity: str = ""  # in the word of the source, or as the vector of its score
    known: str = ""  # which versions the source knows to be affected, where its range has no end

    def __str__(self) -> str:
        names = self.ids[0] + (f" ({', '.join(self.ids[1:])})" if len(self.ids) > 1 else "")
        weight, about = f" ({self.severity})" if self.severity else "", f": {self.summary}" if self.summary else ""
        known = f"; known to be affected: {self.known}" if self.known else ""
        ends = f"; fixed in {', '.join(self.fixed)}" if self.fixed else ""
        return f"{self.package} {self.version}: {self.state}{weight}, {names}{about}{known}{ends}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a file of advisories says of a lock."""

    hits: tuple[Hit, ...]
    locked: int
    read: int
    withdrawn: int
    newest: str
    unlisted: tuple[str, ...] = ()  # locked versions that a file of results did not look at


def locked_versions(text: str) -> dict[str, tuple[str, ...]]:
    """Return the versions of each package of a lock; of one that is locked for several systems, all of them.

    >>> locked_versions("Pillow==13.0.0 \\n    --hash=sha256:0\\nnumpy==2.1 ; python_version < '3.11'")
    {'pillow': ('13.0.0',), 'numpy': ('2.1',)}
    """
    found: dict[str, list[str]] = {}
    for name, version in LOCKED.findall(text):
        found.setdefault(canonicalize_name(name), []).append(version)
    return {name: tuple(dict.fromkeys(versions)) for name, versions in found.items()}


def report_of(locked: Mapping[str, tuple[str, ...]], contents: Sequence[Any]) -> Report:
    """Return what advisories, or results of pip-audit, say of locked versions."""
    audits = [content for content in contents if _is_audit(content)]
    advisories = [each for content in contents if not _is_audit(content) for each in _advisories(content)]
    reported = {each["id"]: each for each in advisories}  # one advisory comes several times in the report of a scanner
    live = [each for each in reported.values() if not each.get("withdrawn")]
    hits = [hit for advisory in live for hit in _hits(advisory, locked)]
    hits += [hit for audit in audits for hit in _audited(audit, locked)]
    looked_at = {_looked_at(each) for audit in audits for each in _listed(audit, "dependencies") if not each.get("skip_reason")}
    own = [(name, version) for name in sorted(locked) for version in locked[name]]
    is_whole = not audits or bool(advisories)
    unlisted = () if is_whole else tuple(f"{name} {version}" for name, version in own if (name, version) not in looked_at)
    newest = max((str(each.get("modified", "")) for each in reported.values()), default="")
    return Report(_one_each(hits), len(locked), len(reported) + len(audits), len(reported) - len(live), newest, unlisted)


def _looked_at(dependency: Mapping[str, Any]) -> tuple[str, str]:
    return canonicalize_name(str(dependency.get("name", ""))), str(dependency.get("version", ""))


def _listed(holder: Mapping[str, Any], key: str, kind: type = dict) -> list[Any]:
    """Return the list under a key, empty where there is none; AdvisoryError where it is none or holds other things."""
    found = holder.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, kind) for each in found):
        name = holder.get("id") or holder.get("name") or "an entry"
        raise AdvisoryError(f"{key} of {name} is not the list that an advisory or pip-audit has there")
    return found


def _is_audit(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("dependencies"), list)


def _advisories(content: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the advisories of any of the forms that OSV has."""
    if isinstance(content, list):
        for each in content:
            yield from _advisories(each)
    elif isinstance(content, dict) and "affected" in content and "id" in content:
        yield _checked(content)
    elif isinstance(content, dict) and any(key in content for key in ("vulns", "vulnerabilities", "packages", "results")):
        for key in ("vulns", "vulnerabilities", "packages", "results"):
            yield from _advisories(content.get(key) or [])
    elif isinstance(content, dict) and set(content) == STUB:
        raise AdvisoryError("this names advisories and does not hold them, as an answer of querybatch; bring these, or all.zip")
    elif _is_record(content):  # of which nothing is said to be affected, as where it is withdrawn
        yield _checked(content)
    elif content not in ({}, []):
        raise AdvisoryError("this JSON holds no advisories: an OSV advisory has an id and what is affected")


def _is_record(content: Any) -> bool:
    """Say whether this is an advisory as OSV builds one: an id and a day are all that it must have."""
    return isinstance(content, dict) and "id" in content and ("modified" in content or "affected" in content)


def _checked(advisory: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an advisory; AdvisoryError where it is not built as one."""
    if not isinstance(advisory.get("id"), str):
        raise AdvisoryError(f"the id of an advisory is a text, and not {advisory.get('id')}")
    _listed(advisory, "aliases", str)
    for affected in _listed(advisory, "affected"):
        if not isinstance(affected.get("package") or {}, dict):
            raise AdvisoryError(f"package of {advisory['id']} is no object with a name and an ecosystem")
        _listed(affected, "versions", str)
        for each in _listed(affected, "ranges"):
            _listed(each, "events")
    return advisory


def _hits(advisory: Mapping[str, Any], locked: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    for affected in _listed(advisory, "affected"):
        package = affected.get("package") or {}
        name = canonicalize_name(str(package.get("name", "")))
        if str(package.get("ecosystem", "")).split(":")[0] != "PyPI" or name not in locked:
            continue
        for version in locked[name]:
            if state := _state(version, affected):
                ids = (str(advisory["id"]), *map(str, advisory.get("aliases") or ()))
                yield Hit(
                    name, version, state, ids, _about(advisory), _fixed(affected), _severity(advisory, affected), _known(affected)
                )


def _state(version: str, affected: Mapping[str, Any]) -> str:
    """Return whether a version is affected; empty where it is not."""
    try:
        own = Version(version)
        if any(own == _version(each) for each in affected.get("versions") or ()):
            return AFFECTED
        ranges = [each for each in affected.get("ranges") or () if each.get("type") in BY_VERSION]
        if any(_is_within(own, each.get("events") or ()) for each in ranges):
            return AFFECTED
    except (InvalidVersion, AttributeError, TypeError):
        return UNTOLD
    return "" if ranges or affected.get("versions") else UNTOLD


def _version(text: Any) -> Version | None:
    """Return a version that was published; None for one that Python's rules do not know, which nobody can have installed."""
    try:
        return Version(str(text))
    except InvalidVersion:
        return None


def _is_within(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """Say whether a version lies in a range of OSV: from what introduced it on, before its fix, up to the last one affected."""
    reported = ((kind, value) for each in events for kind, value in each.items() if (kind, value) != ("limit", "*"))
    steps = sorted(((_bound(value), kind) for kind, value in reported), key=lambda step: step[0])
    is_in = False
    for at, kind in steps:
        if kind == "introduced" and version >= at:
            is_in = True
        elif (kind in {"fixed", "limit"} and version >= at) or (kind == "last_affected" and version > at):
            is_in = False
    return is_in


def _bound(text: str) -> Version:
    return Version("0.dev0") if text == "0" else Version(text)


def _about(advisory: Mapping[str, Any]) -> str:
    """Return what an advisory is about in a line: those of the Python packages' own list have no summary, but details."""
    text = " ".join(str(advisory.get("summary") or advisory.get("details") or "").split())
    return text if len(text) <= LINE else f"{text[:LINE]} …"


def _severity(advisory: Mapping[str, Any], affected: Mapping[str, Any]) -> str:
    """Return how grave it is, as its source says, else by the vector of its score."""
    own = advisory.get("database_specific")
    word = own.get("severity") if isinstance(own, dict) else ""
    scores = [*_listed(affected, "severity"), *_listed(advisory, "severity")]
    return str(word or next((each.get("score") for each in scores), "") or "")


def _known(affected: Mapping[str, Any]) -> str:
    """Return up to which version GitHub knows it, where a range has no end because nobody published a fix."""
    own = affected.get("database_specific")
    return str(own.get("last_known_affected_version_range") or "") if isinstance(own, dict) else ""


def _fixed(affected: Mapping[str, Any]) -> tuple[str, ...]:
    events = (
        event for each in affected.get("ranges") or () if each.get("type") in BY_VERSION for event in each.get("events") or ()
    )
    return tuple(dict.fromkeys(str(event["fixed"]) for event in events if "fixed" in event))


def _audited(audit: Mapping[str, Any], locked: Mapping[str, tuple[str, ...]]) -> Iterator[Hit]:
    for each in _listed(audit, "dependencies"):
        name, looked_at = _looked_at(each)
        for found in _listed(each, "vulns") if name in locked else ():
            ids = (str(found.get("id", "?")), *_listed(found, "aliases", str))
            state = AFFECTED if looked_at in locked[name] else OTHER
            version = looked_at if state == AFFECTED else f"{', '.join(locked[name])} (looked at: {looked_at or '?'})"
            text = " ".join(str(found.get("description") or "").split())
            yield Hit(name, version, state, ids, text[:LINE], tuple(_listed(found, "fix_versions", str)))


def _one_each(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return each matter once: several lists tell of it under names that are aliases of each other."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda each: (each.package, each.version, each.state != AFFECTED, each.ids)):
        same = next((n for n, each in enumerate(kept) if _is_same(each, hit)), None)
        if same is None:
            kept.append(hit)
            continue
        first = kept[same]
        ids = tuple(dict.fromkeys((*first.ids, *hit.ids)))
        fixed = tuple(dict.fromkeys((*first.fixed, *hit.fixed)))
        more = {field: getattr(first, field) or getattr(hit, field) for field in ("summary", "severity", "known")}
        kept[same] = replace(first, ids=ids, fixed=fixed, **more)
    return tuple(kept)


def _is_same(one: Hit, other: Hit) -> bool:
    return (one.package, one.version) == (other.package, other.version) and not set(one.ids).isdisjoint(other.ids)


def contents_of(path: Path) -> list[Any]:
    """Return the JSON or YAML of a file, of each line of it, or of each record in a zip or a folder.

    Raises
    ------
    AdvisoryError
        It is none of these.
    """
    try:
        if path.is_dir():
            files = sorted(each for each in path.rglob("*") if each.suffix in RECORDS and each.is_file())
            return _records(((each.name, each.stat().st_size, each.read_bytes) for each in files), "folder")
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [each for each in archive.infolist() if each.filename.endswith(RECORDS)]
                return _records(((each.filename, each.file_size, partial(archive.read, each)) for each in members), "zip")
        if path.suffix in RECORDS[1:]:
            return [_loaded(path.name, path.read_bytes())]
        text = path.read_text(encoding="utf-8-sig")
        try:
            return [json.loads(text)]
        except json.JSONDecodeError:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, zipfile.BadZipFile, RecursionError) as error:
        if isinstance(error, AdvisoryError):
            raise
        raise AdvisoryError(f"this file cannot be read as JSON, as lines of it or as a zip of it: {error}") from error


def _records(members: Iterable[tuple[str, int, Callable[[], bytes]]], holder: str) -> list[Any]:
    """Return the advisories among files; others, as the settings of a copy of a repository, are passed over."""
    asked = list(members)
    if sum(size for _, size, _ in asked) > MOST_BYTES:
        raise AdvisoryError(f"unpacked, this {holder} would hold more than 2 GB; that is no list of advisories of one ecosystem")
    found = (_loaded(name, read()) for name, _, read in asked)
    return [each for each in found if not isinstance(each, dict) or _is_record(each)]


def _loaded(name: str, content: bytes) -> Any:
    text = content.decode("utf-8-sig")
    return json.loads(text) if name.endswith(".json") else _yaml(name, text)


def _yaml(name: str, text: str) -> Any:
    """Return YAML with each value as the text that stands there: a version such as 1.10 is no number."""
    try:
        yaml: Any = importlib.import_module("yaml")
    except ImportError as error:
        raise AdvisoryError(
            f"{name} is YAML, which needs PyYAML; it comes with `python3 main.py test`, or bring the same as JSON (all.zip)"
        ) from error
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # makes texts, lists and mappings alone
    except yaml.YAMLError as error:
        raise AdvisoryError(f"{name} cannot be read as YAML: {error}") from error


def reported(report: Report, lock: str) -> Iterator[str]:
    """Yield what is printed of a report."""
    yield from map(str, report.hits)
    date = f", changed last on {report.newest[:10]}" if report.newest else ""
    withdrawn = f", of which {report.withdrawn} are withdrawn and do not count" if report.withdrawn else ""
    yield f"{report.locked} packages of {lock} were compared with {report.read} advisories or results{date}{withdrawn}."
    if report.unlisted:
        yield f"The file does not say that these were looked at: {', '.join(report.unlisted)}."
    if report.hits:
        yield f"{len(report.hits)} to look at. Take a fixed version into the lock (CONTRIBUTING.md, Dependencies)."
    else:
        yield "None of them is about a locked version, as far as this file knows."


def main(words: Sequence[str]) -> int:
    """Compare and print; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--lock", type=Path, default=LOCK)
    asked = parser.parse_args(words)
    try:
        locked = locked_versions(asked.lock.read_text(encoding="utf-8"))
        report = report_of(locked, contents_of(asked.file))
    except (AdvisoryError, OSError) as error:
        print(f"{asked.file.name}: {error}", file=sys.stderr)
        return BAD
    if not locked or not report.read:
        print(f"{asked.file.name}: there is no advisory in this file, or no version in {asked.lock.name}", file=sys.stderr)
        return BAD
    print("\n".join(reported(report, asked.lock.name)))
    return FOUND if report.hits or report.unlisted else NONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
