from lhasaplan.api.answers import Answer as Answer
from lhasaplan.api.answers import audit as audit
from lhasaplan.api.answers import check as check
from lhasaplan.api.drafts import export as export
from lhasaplan.api.pairs import Pairs as Pairs
from lhasaplan.api.pairs import sight as sight
from lhasaplan.api.projects import OpenProject as OpenProject
from lhasaplan.api.projects import open_project as open_project
from lhasaplan.api.projects import open_sample as open_sample

__version__: str
