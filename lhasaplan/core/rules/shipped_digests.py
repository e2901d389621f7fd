"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "6c253a9eea9bfabfe5f635bfc66f05bffb944551bbb24c8cb2c4a427568a0241"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "6c253a9eea9bfabfe5f635bfc66f05bffb944551bbb24c8cb2c4a427568a0241"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "073feafffedd17e4e0fb40647b92f770098e915a1e0e70661cc8c6987df4c834"
RELEASED_REPORTS_SHA256 = "073feafffedd17e4e0fb40647b92f770098e915a1e0e70661cc8c6987df4c834"
