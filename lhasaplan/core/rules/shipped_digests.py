"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "aa3178cd7ee633ec06e3a3b90f28145d85ab23bae2dd740f8ba2bb11c2a6ddfb"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "aa3178cd7ee633ec06e3a3b90f28145d85ab23bae2dd740f8ba2bb11c2a6ddfb"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "965b9cb7b27b1ee35856e48684a1bc86301072e89e675203c41ff13b79e39cfc"
RELEASED_REPORTS_SHA256 = "965b9cb7b27b1ee35856e48684a1bc86301072e89e675203c41ff13b79e39cfc"
