"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "bdcce4bdf602e2ba70b89e4829a1f2a97a7737d944ca4314795a847a67480b6f"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "bdcce4bdf602e2ba70b89e4829a1f2a97a7737d944ca4314795a847a67480b6f"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "6efad348619155f471c499ae7773a0700e7ee71137ca7a903c66ff98f25c4df4"
RELEASED_REPORTS_SHA256 = "6efad348619155f471c499ae7773a0700e7ee71137ca7a903c66ff98f25c4df4"
