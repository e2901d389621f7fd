"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "e8ce65ae3ee3a99919feedf4f4c6e3b1f0b0471a832528b5109013c6cc4974e0"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "e8ce65ae3ee3a99919feedf4f4c6e3b1f0b0471a832528b5109013c6cc4974e0"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "9a3af89723916f096db6ca903970c3e4ef5876df50a7e34813240a7b1782cc3e"
RELEASED_REPORTS_SHA256 = "9a3af89723916f096db6ca903970c3e4ef5876df50a7e34813240a7b1782cc3e"
