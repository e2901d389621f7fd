"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "cce3a4764dda62a7326fd4ed2437935e59e28981b740646cdbc5de2cdc0e275e"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "cce3a4764dda62a7326fd4ed2437935e59e28981b740646cdbc5de2cdc0e275e"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "6e8b7f9188d556887d42fc6df0388016e9a377e63312deeae9e1e5d6d609f931"
RELEASED_REPORTS_SHA256 = "6e8b7f9188d556887d42fc6df0388016e9a377e63312deeae9e1e5d6d609f931"
