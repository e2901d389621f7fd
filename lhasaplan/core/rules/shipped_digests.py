"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "23f229e022cbaf63d9a46de5b7453685593f2444d225e4c7542ba308a5181f26"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "07277271c6d6dfb170a784a54d541e182e5cd01f5461a55ff53dc54fd1114678"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "07277271c6d6dfb170a784a54d541e182e5cd01f5461a55ff53dc54fd1114678"

# The table of every file under reports (translations and templates, which change no figure), and that of the release.
REPORTS_SEAL_SHA256 = "d9e90245e0e712ec6ff969e8f3f3efa8f5f39b996920f79558bfc770e57d62c9"
RELEASED_REPORTS_SHA256 = "d9e90245e0e712ec6ff969e8f3f3efa8f5f39b996920f79558bfc770e57d62c9"
