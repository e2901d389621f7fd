"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "cfe22ae990a5a094d4d12b85834ea4f7160bd4ebe464168da59e9e77db8536dd"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "cfe22ae990a5a094d4d12b85834ea4f7160bd4ebe464168da59e9e77db8536dd"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "82751ff01b7c66a21e428a16f277f492bc99d841e447520c7637ef8363ec0dce"
RELEASED_REPORTS_SHA256 = "82751ff01b7c66a21e428a16f277f492bc99d841e447520c7637ef8363ec0dce"
