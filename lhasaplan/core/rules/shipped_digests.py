"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "7f06eb03776c73f5c39bb14cd18dfd0736b77c68a61ec7787bb6643445ab73b8"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "7f06eb03776c73f5c39bb14cd18dfd0736b77c68a61ec7787bb6643445ab73b8"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "f1aa7b9467bdc46ab3ba2dfdf258fa4fda9cc0c4825236c4c05919af86d37da0"
RELEASED_REPORTS_SHA256 = "f1aa7b9467bdc46ab3ba2dfdf258fa4fda9cc0c4825236c4c05919af86d37da0"
