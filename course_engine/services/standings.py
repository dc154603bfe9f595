"""How many runs of one cohort stand at once: the same rule that each learner's own pages ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.access import Access, Outline, access, outline
from course_engine.domain.cohorts import Cohort, Session
from course_engine.domain.course import Course
from course_engine.domain.pace import Override, Pace
from course_engine.domain.progress import History, Run
from course_engine.engine import Engine
from course_engine.services.runs import Stands, keep_each, pace_of_cohort
from course_engine.storage import runs as stored_runs
from course_engine.storage import standings


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of one run that the rule reads."""

    run: Run
    course: Course
    history: History
    pace: Pace
    overrides: tuple[Override, ...]

    def at(self, now: datetime, overrides: Sequence[Override] | None = None) -> Outline:
        """How it stands, or would with other overrides."""
        changes = self.overrides if overrides is None else overrides
        return outline(self.course, self.history, self.pace, changes, now)

    def stands(self, now: datetime) -> Stands:
        """How it stands, beside what of it is written down already."""
        return Stands(self.run.id, self.history, self.overrides, self.at(now))

    def whole(self, now: datetime) -> Access:
        """How it stands, every step and module too."""
        return access(self.course, self.history, self.pace, self.overrides, now)


def of(
    engine: Engine, cohort: Cohort, sessions: Sequence[Session], runs: Sequence[Run], language: str
) -> dict[str, Standing]:
    """The facts of these runs, by run. Three queries for up to 500."""
    if not runs:
        return {}
    pace = pace_of_cohort(cohort, sessions)
    histories = standings.histories(runs)
    overrides = standings.overrides(cohort.id, runs)
    return {
        run.id: Standing(
            run, engine.shelf.course(run.edition, language), histories[run.id], pace, overrides[run.id]
        )
        for run in runs
    }


def count(outlines: Mapping[str, Outline]) -> None:
    """Keep the facts by which boards sort and filter, of these runs."""
    stored_runs.count({run: (one.reached, one.waits_until) for run, one in outlines.items()})


def keep_all(engine: Engine, cohort: Cohort, sessions: Sequence[Session], now: datetime) -> None:
    """What `runs.changing` does for one run, for everybody in a cohort with as many queries."""
    inside = stored_runs.of_cohort(cohort.id)
    found = of(engine, cohort, sessions, inside, engine.config.locale).values()
    keep_each([one.stands(now) for one in found])
