"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "23f229e022cbaf63d9a46de5b7453685593f2444d225e4c7542ba308a5181f26"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "8f47c0385b6f63ff3899442ad7344eb07757f4ccb663cc4828ac6f38b5961708"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "8f47c0385b6f63ff3899442ad7344eb07757f4ccb663cc4828ac6f38b5961708"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "acc92ba4a275e8945ac16ce52ef6cda282dcad0d22e0e3a8d54681fac2f02a53"
RELEASED_REPORTS_SHA256 = "acc92ba4a275e8945ac16ce52ef6cda282dcad0d22e0e3a8d54681fac2f02a53"
