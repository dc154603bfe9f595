"""Whatever the days on which people come, nothing goes before its time or without a letter a month before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_engine.domain.people import Person, Theme
from course_engine.domain.progress import Run
from course_engine.domain.retention import LONGER, WARNING, Rules, months_after
from course_engine.domain.roles import Role
from course_engine.domain.work import Letter
from course_engine.engine import Engine, open_engine
from course_engine.services import letters, retention
from course_engine.storage import people as stored_people
from course_engine.storage import runs as stored_runs
from course_engine.storage import site
from course_engine.storage import tables as t
from tests.cast import BREAD, config_for

BEGIN = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Story:
    """Days since the beginning: visits, on which the site looks, on which letters go out; and the rule."""

    visits: frozenset[int]
    looks: frozenset[int]
    posts: frozenset[int]
    address: bool
    months: int


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Looks lie close around the days on which something could be due: that is where mistakes would be."""
    months = draw(st.sampled_from([6, 12, 24]))
    visits = draw(st.frozensets(st.integers(0, 400), max_size=2))
    last = max(visits, default=0)
    dues = [last + months * 30, last + (months + LONGER) * 30, min(visits, default=0) + months * 30]
    near = st.builds(lambda due, days: due + days, st.sampled_from(dues), st.integers(-50, 70))
    looks = draw(st.frozensets(near, min_size=2, max_size=7))
    posts = looks if draw(st.booleans()) else draw(st.frozensets(near, max_size=3))
    return Story(visits | draw(st.frozensets(near, max_size=1)), looks, posts, draw(st.booleans()), months)


@pytest.fixture(scope="module")
def engine(published_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One site for all stories: each begins with nobody in it."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "site.db").write_bytes(published_file.read_bytes())
    opened = open_engine(config_for(folder, f"sqlite:///{folder / 'site.db'}"))
    yield opened
    opened.close()


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories())
def test_a_course_goes_only_after_its_time_and_a_month_after_a_letter(engine: Engine, story: Story) -> None:
    _furnish(engine, story)
    went_out: list[datetime] = []
    last = BEGIN
    for day in sorted(story.visits | story.looks | story.posts):
        now = BEGIN + timedelta(days=day)
        if stored_runs.get("run") is None:
            break
        if day in story.visits:
            with engine.database.transaction():
                stored_runs.seen("run", now)
            last, went_out = now, []
        if day in story.looks:
            retention.tend(engine, now)
            if stored_runs.get("run") is None:
                _judge(story, last, went_out, now)
                break
        if day in story.posts:
            went_out += _post(engine, now)


def _judge(story: Story, last: datetime, went_out: list[datetime], now: datetime) -> None:
    """Whether it was right that it went now."""
    assert now >= months_after(last, story.months)
    if not story.address:
        assert went_out == []
        assert now >= months_after(last, story.months + LONGER)
    elif now < months_after(last, story.months + LONGER):
        assert went_out, "nobody was told"
    assert all(when <= now for when in went_out)
    looked = [BEGIN + timedelta(days=day) for day in story.looks]
    assert any(last < when <= now - WARNING for when in looked), "told less than a month before"


def _furnish(engine: Engine, story: Story) -> None:
    edition = str(t.Edition.select(t.Edition.digest).scalar())
    with engine.database.transaction():
        for table in (t.Person, t.Outbox, t.Audit, t.Site):
            table.delete().execute()
        site.put(retention.KEY, f'{{"run_months": {story.months}}}')
        email = "ada@example.org" if story.address else None
        ada = Person(
            "ada", "Ada", email, None if email else "ada", frozenset({Role.LEARNER}), "UTC", "en",
            Theme.SYSTEM, BEGIN,
        )  # fmt: skip
        stored_people.add(ada, "hash", b"key")
        stored_runs.add(Run("run", "ada", BREAD, edition, "free", None, BEGIN), BEGIN)
    assert retention.rules() == Rules(run_months=story.months)


def _post(engine: Engine, now: datetime) -> list[datetime]:
    taken: list[datetime] = []

    class Box:
        def send(self, letter: Letter) -> None:
            assert letter.to == "ada@example.org"
            taken.append(now)

    letters.send_waiting(replace(engine, mailer=Box()), lambda: now)
    return taken
