"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "3a4292f035527937b13681274153e91534e56052577b6d11731aa31bdf47e45c"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "c2d253ca860274ea990eed260abbab43c2f0451a1bb8bc5e1e01a223c95b5afa"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "c2d253ca860274ea990eed260abbab43c2f0451a1bb8bc5e1e01a223c95b5afa"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "8e06ceb3de1ecea8fe55972365e616aad2abd46258be91046320fa29efe2f579"
RELEASED_REPORTS_SHA256 = "8e06ceb3de1ecea8fe55972365e616aad2abd46258be91046320fa29efe2f579"
