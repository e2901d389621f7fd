"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "e66eb245a9bc4df9a5d4b6e31a91ecdeadd378ca9f3170fee9f775d8134ed4a2"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "e66eb245a9bc4df9a5d4b6e31a91ecdeadd378ca9f3170fee9f775d8134ed4a2"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "9773dd2f86beb27c092ee731bcb9f53094ba71c1e8904b2445929aad4c0376e5"
RELEASED_REPORTS_SHA256 = "9773dd2f86beb27c092ee731bcb9f53094ba71c1e8904b2445929aad4c0376e5"
