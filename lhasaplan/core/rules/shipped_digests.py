"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "f64e5220c69c9d863777f7a433cbc7a70a8b54cdc75487d24d6d10c6d56c6042"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "f64e5220c69c9d863777f7a433cbc7a70a8b54cdc75487d24d6d10c6d56c6042"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "5bbe687a2346fb668a6e13f6fdad4bda2b701e58cfe2c0e18a82ed2d85702991"
RELEASED_REPORTS_SHA256 = "5bbe687a2346fb668a6e13f6fdad4bda2b701e58cfe2c0e18a82ed2d85702991"
