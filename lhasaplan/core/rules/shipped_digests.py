"""Digests of the tables that seal the shipped data; ``tools/seal_packs.py`` writes all but those of the release."""

# The table says what each shipped pack may open. Edited, it opens nothing: code knows no country, but it knows its table.
SHIPPED_TABLE_SHA256 = "e3df709e58788b8083561837f614cd5290e0b07cb9e22266c3ed3aef9c3cfda8"
# The table of every file under data and layers.
DATA_SEAL_SHA256 = "a07226bccfed173eb34685e38ee629c53f89e8ed162a79fd0ebda4bcd6d0e595"
# The seal of the release, set by hand where it is made: whoever seals data of their own gets an own build, and outputs say so.
RELEASED_SEAL_SHA256 = "a07226bccfed173eb34685e38ee629c53f89e8ed162a79fd0ebda4bcd6d0e595"

# The table of every file under reports (wording and templates: they change more often, and no figure), and that of the release.
REPORTS_SEAL_SHA256 = "797bc552175d91473a788b2f62dfe9ae00c0187095c95e465b3eb41402b96a80"
RELEASED_REPORTS_SHA256 = "797bc552175d91473a788b2f62dfe9ae00c0187095c95e465b3eb41402b96a80"
