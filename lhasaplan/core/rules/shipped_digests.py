"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "1f141c7b81a12896865c9644f92e43e32d9b922dc06d48f854ae177ff83621ee"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "db5c09769e01d816e034bd4d41288b06309f36a41ec556cdc2208bd8544b401f"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "db5c09769e01d816e034bd4d41288b06309f36a41ec556cdc2208bd8544b401f"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "cff7636881a71f9483db8939195f11021a6ea6f0a43f3e427a0bc22c25e34af7"
RELEASED_REPORTS_SHA256 = "cff7636881a71f9483db8939195f11021a6ea6f0a43f3e427a0bc22c25e34af7"
