"""Values that an output may show: they come from one place alone, and writers take no others.

A value of these types went through ``report/redaction.py``, public or with ``--private``; the type checker and a test that
walks the writers' signatures hold that nothing else reaches a file or a screen.
"""

from typing import NewType

from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment

ShownProject = NewType("ShownProject", Project)
ShownAssessment = NewType("ShownAssessment", Assessment)
