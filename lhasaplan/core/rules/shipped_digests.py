"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e741aefbe96c76da6fe1ae03661a5acf63c85308e00ec57ccec916264d84da46"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "03404a0a5fb0536e2f7fee569f5d0af1236eadd118c4b310dc910c5208b76dbf"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "07277271c6d6dfb170a784a54d541e182e5cd01f5461a55ff53dc54fd1114678"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "e6fbd403a8fb418c5db1d895e2a4dd7d2290cfaff8f287fe61ad824f1b8a1940"
RELEASED_REPORTS_SHA256 = "f932a39de34229591d60541fd48b8d4d31831b0395c1d26eb8c5c294393aa166"
