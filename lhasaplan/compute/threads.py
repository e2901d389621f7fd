"""The usual workers: threads of this process, as many as it may use processors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, TypeVarTuple

from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.sight import Scene

Job = TypeVarTuple("Job")
Answer = TypeVar("Answer")

# A cancel waits for the batches that run: so many fields take about 2 ms, over relief some 30. Smaller batches pay more
# for array operations than for the views.
VIEWS_A_BATCH = 128


@dataclass(frozen=True, slots=True)
class Threads:
    """Runs jobs in threads of this process."""

    views_a_batch: int = VIEWS_A_BATCH

    def run(
        self, work: Callable[[Scene, *Job], Answer], scene: Scene, jobs: Sequence[tuple[*Job]], progress: Progress
    ) -> list[Answer]:
        """Return the answers in the order of the jobs."""
        return in_threads(lambda job: work(scene, *job), jobs, progress) if jobs else []
