"""Read and write the table of shipped packs: what each may open, sealed by one digest in the code."""

from collections.abc import Iterable
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.city.territory import PackTerms
from lhasaplan.core.gate.planning_ground import terms_of
from lhasaplan.core.rules.pack import Pack
from lhasaplan.core.rules.shipped_digests import SHIPPED_TABLE_SHA256
from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml

TABLE_NAME = "digests.toml"
_HEAD = "# Written by tools/seal_packs.py from the shipped packs. Edited by hand it opens nothing: no pack may plan then.\n"


def load_shipped(path: Path | None = None, sealed_sha256: str = SHIPPED_TABLE_SHA256) -> dict[str, PackTerms]:
    """Return the terms of each shipped pack; none at all when the table is missing or is not the sealed one."""
    try:
        table, sha256 = read_toml(path or content_folder("data") / "rules" / TABLE_NAME)
    except InputError:
        return {}
    return {name: _terms(row) for name, row in table.items()} if sha256 == sealed_sha256 else {}


def table_text(packs: Iterable[Pack]) -> str:
    """Return the table of the packs as TOML, the same text for the same packs."""
    return _HEAD + "\n".join(_row(pack) for pack in sorted(packs, key=lambda pack: pack.name))


def _terms(row: dict[str, object]) -> PackTerms:
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    by_country = row.get("authority_of")
    if isinstance(by_country, dict):
        values["authority_of"] = {code: tuple(names) for code, names in by_country.items()}
    return PackTerms(**values)  # type: ignore[arg-type]


def _row(pack: Pack) -> str:
    terms = terms_of(pack)
    lines = [f'["{pack.name}"]', f"sha256 = {_quoted(terms.sha256)}", f"planning = {_quoted(terms.planning)}"]
    lines += [f"{key} = {_listed(getattr(terms, key))}" for key in ("countries", "authorities", "sample_digests")]
    lines += [f"{key} = {_quoted(getattr(terms, key))}" for key in ("territory_wkt", "excluded_wkt")]
    lines += [f"public_precision_deg = {terms.public_precision_deg}"] if terms.public_precision_deg else []
    lines += [f"[{_quoted(pack.name)}.authority_of]"] if terms.authority_of else []
    lines += [f"{_quoted(code)} = {_listed(names)}" for code, names in sorted(terms.authority_of.items())]
    return "\n".join(lines) + "\n"


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
