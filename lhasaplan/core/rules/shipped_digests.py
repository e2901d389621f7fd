"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "6c253a9eea9bfabfe5f635bfc66f05bffb944551bbb24c8cb2c4a427568a0241"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "6c253a9eea9bfabfe5f635bfc66f05bffb944551bbb24c8cb2c4a427568a0241"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "f967b6c5c399bb1da3ec225dd84822c6884f5c70e1c61d1fd70ac37caf32d760"
RELEASED_REPORTS_SHA256 = "f967b6c5c399bb1da3ec225dd84822c6884f5c70e1c61d1fd70ac37caf32d760"
