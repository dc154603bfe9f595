"""Ada, Ben and their course, written straight into storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from course_engine.domain.certificates import Certificate
from course_engine.domain.cohorts import Cohort
from course_engine.domain.people import Person, Theme
from course_engine.domain.progress import Run
from course_engine.domain.roles import Role
from course_engine.domain.work import Job, JobState, Letter
from course_engine.storage import cohorts, editions, people, runs

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)

ADA = Person(
    "ada0000000000000", "Ada", "ada@example.org", None, frozenset({Role.LEARNER}), "Europe/Lisbon", "en",
    Theme.SYSTEM, NOW,
)  # fmt: skip
BEN = replace(
    ADA, id="ben0000000000000", name="Ben", email=None, sign_in_name="ben",
    roles=frozenset({Role.FACILITATOR, Role.LEARNER}),
)  # fmt: skip
RUN = Run("run0000000000000", ADA.id, "slow-bread", "digest-1", "weekly", None, NOW)
COHORT = Cohort(
    "cohort0000000000", "Tuesdays", "slow-bread", "digest-1", "Europe/Lisbon", True, True, 3, (BEN.id,), NOW
)  # fmt: skip
CERTIFICATE = Certificate(
    "cert000000000000", "CODE1", RUN.id, ADA.id, 1, {"name": "Ada", "sessions": [1, 2]}, NOW
)
JOB = Job("job0000000000000", "pack", ADA.id, {"cohort": "x"}, JobState.WAITING, 0, 0, 4, {}, "", NOW)
LETTER = Letter("letter0000000000", "ada@example.org", "Hello", "Dear Ada", NOW)


def add_ada() -> None:
    """Ada, with a run of one course."""
    people.add(ADA, "hash", b"wrapped")
    editions.publish("digest-1", "slow-bread", "Slow bread", b"compiled", NOW)
    runs.add(RUN, NOW)


def add_ben() -> None:
    """Ben, who leads a cohort on Ada's course."""
    people.add(BEN, "hash", b"wrapped-too")
    cohorts.add(COHORT)
