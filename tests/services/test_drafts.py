"""Dov brings a course in: it is read apart, waits as a draft, and touches nobody before he publishes it."""

import io
import shutil
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from course_engine.domain.errors import BadInput, NotFound, Refused
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.services import catalogue, cohorts, drafts, editions, jobs, runs
from course_engine.services.drafts import Outcome
from course_engine.storage import audit, files
from course_engine.storage import editions as stored
from course_engine.storage import jobs as stored_jobs
from tests.cast import BREAD, COURSES, ZONE, Clock, do, week_steps

Bring = Callable[..., drafts.Brought]


def packed(folder: Path) -> bytes:
    """The folder as Dov packs it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, f"{BREAD}/{path.relative_to(folder)}")
    return held.getvalue()


def work(engine: Engine, clock: Clock, person: Person, asked: Job) -> Job:
    """Let the job be done."""
    jobs.run_next(engine, {drafts.KIND: drafts.make}, "a worker", clock)
    return jobs.own(person, asked.id)


def _killed(*_what: object) -> bool:
    raise KeyboardInterrupt


@pytest.fixture
def bread(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COURSES / BREAD, tmp_path / "new" / BREAD))


@pytest.fixture
def bring(engine: Engine, bread: Path, dov: Person, clock: Clock) -> Bring:
    """Change words in a file of the course and bring the whole in."""

    def brought(file: str = "", old: str = "", new: str = "") -> drafts.Brought:
        if file:
            path = bread / file
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), "utf-8")
        asked = drafts.ask_upload(engine, dov, packed(bread), "bread.zip", clock.move(minutes=1))
        return drafts.brought(dov, work(engine, clock, dov, asked).id)

    return brought


@pytest.fixture
def draft(bring: Bring) -> str:
    """The digest of a draft with one other title."""
    return bring("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar").digest


def acts(person: Person) -> list[str]:
    """What somebody did, newest first."""
    return [act for _at, actor, act, _whom, _detail in audit.newest() if actor == person.id]


def test_a_course_in_order_waits_as_a_draft_and_the_file_is_gone(
    engine: Engine, bring: Bring, dov: Person, ada: Person, clock: Clock
) -> None:
    before = editions.newest(BREAD)
    found = bring("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar")

    assert (found.outcome, found.name) == (Outcome.DRAFT, "bread.zip")
    draft = drafts.get(found.digest)
    assert (draft.course, draft.by, draft.at) == (BREAD, dov.id, clock())
    assert drafts.course(draft, "en").steps["what-lives"].title == "Who lives in the jar"
    assert drafts.languages(draft) == ("en", "es")
    assert editions.newest(BREAD) == before
    run = runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    assert run.edition == before
    (job,) = stored_jobs.of_person(dov.id)
    assert files.get(str(job.subject["upload"])) is None
    assert "edition.bring" in acts(dov)


def test_dov_is_told_what_came_of_it_though_the_worker_was_killed_at_the_very_end(
    engine: Engine, dov: Person, bread: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = drafts.ask_upload(engine, dov, packed(bread), "bread.zip", clock())
    with monkeypatch.context() as patched:
        patched.setattr(stored_jobs, "finish", _killed)
        with pytest.raises(KeyboardInterrupt):
            work(engine, clock, dov, asked)
    clock.move(minutes=5)

    found = drafts.brought(dov, work(engine, clock, dov, asked).id)
    assert (found.outcome, found.name) == (Outcome.IN_USE, "bread.zip")
    assert jobs.own(dov, asked.id).state is JobState.DONE


def test_a_course_with_faults_is_kept_in_no_part_and_every_place_is_told(
    engine: Engine, bring: Bring, bread: Path
) -> None:
    week = bread / "01-starter/week-1.md"
    week.write_text(week.read_text("utf-8").replace(".lesson .required", ".lecture", 1), "utf-8")
    found = bring("course.yaml", "pace: free", "pace: soon")

    assert found.outcome is Outcome.FAULTS
    assert any(one.startswith("course.yaml:") and "`pace`" in one for one in found.faults)
    assert any(one.startswith("01-starter/week-1.md:") for one in found.faults)
    assert stored.drafts() == []
    assert [one.digest for one in stored.every(BREAD)] == [editions.newest(BREAD)]


def test_the_edition_in_use_and_an_older_one_are_told_apart(
    engine: Engine, bring: Bring, bread: Path, clock: Clock
) -> None:
    first = bring()
    assert (first.outcome, first.digest) == (Outcome.IN_USE, editions.newest(BREAD))

    title = bread / "course.yaml"
    words = title.read_text("utf-8")
    title.write_text(words.replace("Slow bread, week by week", "Slower bread", 1), "utf-8")
    newer = editions.publish(engine, bread, clock.move(minutes=1))
    title.write_text(words, "utf-8")
    again = bring()
    assert (again.outcome, again.digest) == (Outcome.OLDER, first.digest)
    assert editions.newest(BREAD) == newer
    assert stored.drafts() == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Choose a file first."),
        (b"id: slow-bread", "no ZIP file"),
        (b"PK" + b"\0" * drafts.LARGEST, "larger than 8 MB"),
    ],
)
def test_what_cannot_be_a_course_is_told_at_once(
    engine: Engine, dov: Person, clock: Clock, data: bytes, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        drafts.ask_upload(engine, dov, data, "x.zip", clock())
    assert jobs.under_way(dov) == []


def test_a_file_cut_short_is_one_sentence(engine: Engine, dov: Person, bread: Path, clock: Clock) -> None:
    asked = drafts.ask_upload(engine, dov, packed(bread)[:4000], "cut.zip", clock())
    job = work(engine, clock, dov, asked)

    found = drafts.brought(dov, job.id)
    assert (job.state, found.outcome, found.name) == (JobState.DONE, Outcome.REFUSED, "cut.zip")
    assert "cut short" in found.sentence


def test_nobody_else_sees_what_came_of_it(
    engine: Engine, dov: Person, ben: Person, bread: Path, clock: Clock
) -> None:
    asked = drafts.ask_upload(engine, dov, packed(bread), "bread.zip", clock())
    with pytest.raises(NotFound):
        drafts.brought(dov, asked.id)
    work(engine, clock, dov, asked)
    with pytest.raises(NotFound):
        drafts.brought(ben, asked.id)


def test_a_cancelled_upload_leaves_nothing_behind(
    engine: Engine, dov: Person, bread: Path, clock: Clock
) -> None:
    bread.joinpath("course.yaml").write_text(
        (bread / "course.yaml").read_text().replace("Slow bread, week", "Quick bread, week")
    )
    asked = drafts.ask_upload(engine, dov, packed(bread), "bread.zip", clock())
    jobs.cancel(engine, dov, asked.id)
    job = work(engine, clock, dov, asked)

    assert job.state is JobState.CANCELLED
    assert stored.drafts() == []


def test_a_published_draft_is_for_whoever_begins_from_now_on(
    engine: Engine, draft: str, dov: Person, ada: Person, ben: Person, cleo: Person, clock: Clock
) -> None:
    before = editions.newest(BREAD)
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    inside = cohorts.add_member(engine, group, cleo, clock())
    alone = runs.join_alone(engine, ada, BREAD, PaceKind.WEEKLY, clock())

    made = drafts.publish(engine, draft, before, dov, clock.move(minutes=1))

    assert (made.digest, editions.newest(BREAD)) == (draft, draft)
    assert runs.own(engine, ada, alone.id).edition == before
    assert runs.own(engine, cleo, inside.id).edition == before
    do(engine, ada, alone, clock(), *week_steps(runs.position(engine, ada, alone, clock()), 1))
    assert runs.own(engine, ada, alone.id).edition == draft
    assert runs.own(engine, cleo, inside.id).edition == before
    new = cohorts.add(engine, ben, BREAD, "Tuesdays", clock.move(days=1), ZONE, 60, clock())
    assert new.edition == draft
    assert stored.drafts() == []
    assert acts(dov).count("edition.publish") == 1


def test_pressed_twice_it_is_published_once(engine: Engine, draft: str, dov: Person, clock: Clock) -> None:
    before = editions.newest(BREAD)
    first = drafts.publish(engine, draft, before, dov, clock.move(minutes=1))
    second = drafts.publish(engine, draft, before, dov, clock.move(minutes=1))

    assert first.published_at == second.published_at
    assert acts(dov).count("edition.publish") == 1


def test_of_two_admins_who_publish_at_once_the_second_looks_again(
    engine: Engine, bring: Bring, dov: Person, clock: Clock
) -> None:
    before = editions.newest(BREAD)
    one = bring("course.yaml", "Slow bread, week by week", "Slower bread").digest
    other = bring("course.yaml", "Slower bread", "Slowest bread").digest
    drafts.publish(engine, one, before, dov, clock.move(minutes=1))

    with pytest.raises(Refused, match="meanwhile"):
        drafts.publish(engine, other, before, dov, clock.move(minutes=1))
    assert editions.newest(BREAD) == one
    assert drafts.get(other).digest == other
    drafts.publish(engine, other, one, dov, clock.move(minutes=1))
    assert editions.newest(BREAD) == other


def test_a_forgotten_draft_is_gone_and_may_come_again(
    engine: Engine, draft: str, dov: Person, bring: Bring, clock: Clock
) -> None:
    drafts.forget(engine, draft, dov, clock())
    for ask in (lambda: drafts.get(draft), lambda: drafts.publish(engine, draft, "", dov, clock())):
        with pytest.raises(NotFound, match="no such draft"):
            ask()
    assert bring().digest == draft
    assert drafts.get(draft).digest == draft


def test_whom_a_draft_touches_is_told_by_group_and_by_number(
    engine: Engine, draft: str, run: Run, ben: Person, cleo: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    cohorts.add_member(engine, group, cleo, clock())
    ended = cohorts.add(engine, ben, BREAD, "Long ago", clock.move(days=1), ZONE, 60, clock())
    cohorts.end(engine, ended, ben, clock())
    found = catalogue.touched(BREAD, draft)

    assert [(one.name, one.people) for one in found.groups] == [("Mondays", 1)]
    assert (found.alone, found.names) == (1, ("Ada",))


def test_a_changed_folder_of_this_machine_comes_in_by_itself_only_when_asked(
    engine: Engine, bread: Path, dov: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "MODULES", bread.parent)
    before = editions.newest(BREAD)
    editions.publish(engine, bread, clock())
    assert [(one.course, one.changed) for one in drafts.on_this_machine(engine)] == [(BREAD, False)]

    path = bread / "course.yaml"
    path.write_text(path.read_text("utf-8").replace("Slow bread, week", "Very slow bread, week", 1), "utf-8")
    assert [one.changed for one in drafts.on_this_machine(engine)] == [True]
    asked = drafts.ask_folder(engine, dov, BREAD, clock.move(minutes=1))
    found = drafts.brought(dov, work(engine, clock, dov, asked).id)

    assert found.outcome is Outcome.DRAFT
    assert editions.newest(BREAD) == before
    assert [one.changed for one in drafts.on_this_machine(engine)] == [False]
    with pytest.raises(NotFound):
        drafts.ask_folder(engine, dov, "../../etc", clock())


def test_what_no_course_can_have_is_not_opened_to_see_whether_a_folder_has_changed(
    engine: Engine, bread: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "MODULES", bread.parent)
    editions.publish(engine, bread, clock())
    for name in (".git/objects/pack", "01-starter/talk.mp4", "a/b/c/d/e/notes.md", ".hidden.yaml"):
        (bread / name).parent.mkdir(parents=True, exist_ok=True)
        with (bread / name).open("wb") as file:
            file.truncate(600_000_000)
    assert [one.changed for one in drafts.on_this_machine(engine)] == [False]
    assert editions.publish_all(engine, clock.move(minutes=1)) == []

    for name in ("01-starter/picture.svg", "notes.md"):
        (bread / name).write_text("what a course can have", "utf-8")
        assert [one.changed for one in drafts.on_this_machine(engine)] == [True], name
        (bread / name).unlink()
    (bread / "linked.yaml").symlink_to(bread / "course.yaml")
    assert [one.changed for one in drafts.on_this_machine(engine)] == [True]


@pytest.fixture
def folder(engine: Engine, bread: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site that publishes its one folder by itself, and has done so."""
    monkeypatch.setattr(editions, "MODULES", bread.parent)
    editions.publish_all(engine, clock.move(minutes=1))
    return bread


def retitle(folder: Path, old: str, new: str) -> None:
    path = folder / "course.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_dov_published_is_not_replaced_by_a_start(
    engine: Engine, folder: Path, bread: Path, dov: Person, clock: Clock, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(bread, tmp_path / "own" / BREAD))
    retitle(own, "Slow bread, week by week", "Bread of our house")
    asked = drafts.ask_upload(engine, dov, packed(own), "own.zip", clock.move(minutes=1))
    draft = drafts.brought(dov, work(engine, clock, dov, asked).id).digest
    drafts.publish(engine, draft, editions.newest(BREAD), dov, clock.move(minutes=1))

    (folder / "notes.txt").write_text("nothing of the course", "utf-8")
    assert editions.publish_all(engine, clock.move(days=1)) == []
    retitle(folder, "Slow bread, week by week", "Slow bread of the next year")
    assert editions.publish_all(engine, clock.move(days=1)) == []

    assert editions.newest(BREAD) == draft
    (waiting,) = stored.drafts()
    assert (waiting.title, waiting.by) == ("Slow bread of the next year", None)
    assert editions.publish_all(engine, clock.move(days=1)) == []


def test_what_dov_withdrew_stays_so_until_the_folder_changes(
    engine: Engine, folder: Path, dov: Person, clock: Clock
) -> None:
    first = editions.newest(BREAD)
    catalogue.withdraw(engine, first, dov, clock())
    (folder / "notes.txt").write_text("nothing of the course", "utf-8")
    assert editions.publish_all(engine, clock.move(days=1)) == []
    with pytest.raises(NotFound, match="not offered at present"):
        editions.newest(BREAD)

    retitle(folder, "Slow bread, week by week", "Slow bread, mended")
    assert editions.publish_all(engine, clock.move(days=1)) == [BREAD]
    assert [course.title for course in editions.offered(engine, "en")] == ["Slow bread, mended"]


def test_two_admins_who_press_in_the_same_moment_publish_one_edition(
    engine: Engine, bring: Bring, dov: Person, clock: Clock
) -> None:
    before = editions.newest(BREAD)
    both = [
        bring("course.yaml", "Slow bread, week by week", "Slower bread").digest,
        bring("course.yaml", "Slower bread", "Slowest bread").digest,
    ]
    ready = Barrier(2)

    def press(digest: str) -> str:
        ready.wait()
        try:
            return drafts.publish(engine, digest, before, dov, clock()).digest
        except Refused:
            return ""

    with ThreadPoolExecutor(2) as hands:
        published = [digest for digest in hands.map(press, both) if digest]

    assert published == [editions.newest(BREAD)]
    assert len(stored.drafts()) == 1


def look(engine: Engine, dov: Person, clock: Clock) -> str:
    """Dov brings in what lies in the folder: the digest."""
    asked = drafts.ask_folder(engine, dov, BREAD, clock.move(minutes=1))
    return drafts.brought(dov, work(engine, clock, dov, asked).id).digest


def test_a_folder_dov_has_looked_at_is_still_published_by_itself_once_it_changes_again(
    engine: Engine, folder: Path, dov: Person, clock: Clock
) -> None:
    retitle(folder, "Slow bread, week by week", "Slower bread")
    draft = look(engine, dov, clock)
    drafts.forget(engine, draft, dov, clock())
    assert editions.publish_all(engine, clock.move(days=1)) == [], "what he let go stays away"
    (folder / "notes.txt").write_text("nothing of the course", "utf-8")
    (folder / "notes.txt").unlink()
    assert editions.publish_all(engine, clock.move(days=1)) == []

    retitle(folder, "Slower bread", "Slowest bread")
    assert editions.publish_all(engine, clock.move(days=1)) == [BREAD]
    retitle(folder, "Slowest bread", "The slowest bread")
    assert editions.publish_all(engine, clock.move(days=1)) == [BREAD]
    assert [one.title for one in editions.offered(engine, "en")] == ["The slowest bread"]
    assert stored.drafts() == []


def test_a_folder_whose_draft_dov_published_goes_on_by_itself_too(
    engine: Engine, folder: Path, dov: Person, clock: Clock
) -> None:
    retitle(folder, "Slow bread, week by week", "Slower bread")
    draft = look(engine, dov, clock)
    drafts.publish(engine, draft, editions.newest(BREAD), dov, clock.move(minutes=1))
    assert editions.publish_all(engine, clock.move(days=1)) == []
    assert editions.newest(BREAD) == draft

    retitle(folder, "Slower bread", "Slowest bread")
    assert editions.publish_all(engine, clock.move(days=1)) == [BREAD]


def test_looking_at_a_folder_does_not_let_it_replace_what_dov_published(
    engine: Engine, folder: Path, bread: Path, dov: Person, clock: Clock, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(bread, tmp_path / "own" / BREAD))
    retitle(own, "Slow bread, week by week", "Bread of our house")
    asked = drafts.ask_upload(engine, dov, packed(own), "own.zip", clock.move(minutes=1))
    chosen = drafts.brought(dov, work(engine, clock, dov, asked).id).digest
    drafts.publish(engine, chosen, editions.newest(BREAD), dov, clock.move(minutes=1))
    retitle(folder, "Slow bread, week by week", "Slower bread")
    drafts.forget(engine, look(engine, dov, clock), dov, clock())

    retitle(folder, "Slower bread", "Slowest bread")
    assert editions.publish_all(engine, clock.move(days=1)) == []
    assert editions.newest(BREAD) == chosen
    assert [one.title for one in stored.drafts()] == ["Slowest bread"]
