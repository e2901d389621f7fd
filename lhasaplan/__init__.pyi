from lhasaplan.api.answers import Answer as Answer
from lhasaplan.api.answers import audit as audit
from lhasaplan.api.answers import check as check
from lhasaplan.api.drafts import export as export
from lhasaplan.api.effects import Effect as Effect
from lhasaplan.api.pairs import Pairs as Pairs
from lhasaplan.api.pairs import sight as sight
from lhasaplan.api.projects import OpenProject as OpenProject
from lhasaplan.api.projects import import_files as import_files
from lhasaplan.api.projects import new_project as new_project
from lhasaplan.api.projects import open_project as open_project
from lhasaplan.api.projects import open_sample as open_sample
from lhasaplan.api.projects import save as save
from lhasaplan.api.proposals import evaluate as evaluate
from lhasaplan.core.changes import AddCamera as AddCamera
from lhasaplan.core.changes import ChangeLens as ChangeLens
from lhasaplan.core.changes import ChangeMask as ChangeMask
from lhasaplan.core.changes import ChangeMount as ChangeMount
from lhasaplan.core.changes import ChangeRange as ChangeRange
from lhasaplan.core.changes import ChangeStatus as ChangeStatus
from lhasaplan.core.changes import MoveCamera as MoveCamera
from lhasaplan.core.changes import Proposal as Proposal
from lhasaplan.core.changes import RemoveCamera as RemoveCamera
from lhasaplan.core.changes import TiltCamera as TiltCamera
from lhasaplan.core.changes import TurnCamera as TurnCamera
from lhasaplan.core.changes import Work as Work

__version__: str
