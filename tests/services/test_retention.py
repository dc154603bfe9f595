"""What nobody comes back to goes: told a month before, never earlier, and a visit keeps it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import sleep

import pytest

from course_engine.domain.cohorts import Cohort, Present
from course_engine.domain.errors import BadInput
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.domain.retention import BOUNDS, Counts, Rules, months_after, months_before
from course_engine.domain.roles import Role
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.services import (
    accounts,
    attendance,
    certificates,
    claims,
    cohorts,
    contacts,
    inviting,
    letters,
    members,
    people,
    retention,
    runs,
    verifying,
    ways_in,
    writings,
)
from course_engine.storage import audit, outbox, site
from course_engine.storage import people as stored_people
from course_engine.storage import retention as stored_retention
from course_engine.storage import runs as stored_runs
from course_engine.storage import tables as t
from course_engine.storage.due import Due
from tests.cast import BREAD, PASSWORD, ZONE, Clock, do, week_steps

NOTHING = Counts()
Mails = Callable[[], list[Letter]]


@pytest.fixture
def sent(engine: Engine, clock: Clock) -> Mails:
    """Send what waits, and tell what came out."""
    taken: list[Letter] = []

    class Box:
        def send(self, letter: Letter) -> None:
            taken.append(letter)

    def send() -> list[Letter]:
        taken.clear()
        letters.send_waiting(replace(engine, mailer=Box()), clock)
        return list(taken)

    return send


def gone(engine: Engine, now: datetime) -> Counts:
    """What went, but for old lines of the audit."""
    return replace(retention.tend(engine, now), audit=0)


def outlook(engine: Engine, now: datetime) -> retention.Outlook:
    """The outlook, but for lines of the audit."""
    found = retention.outlook(engine, now)
    return replace(found, next=replace(found.next, audit=0), last=replace(found.last, audit=0))


def finish(engine: Engine, person: Person, run: Run, clock: Clock) -> None:
    """Go to the end of the course."""
    for number in (1, 2, 3):
        at = runs.position(engine, person, runs.own(engine, person, run.id), clock())
        do(engine, person, run, clock(), *week_steps(at, number))
        clock.move(days=8)


@pytest.fixture
def ended(engine: Engine, ben: Person, ada: Person, clock: Clock) -> Cohort:
    """Ben's group with Ada, who asked for contact, after its end."""
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    cohorts.add_member(engine, group, ada, clock())
    contacts.ask(engine, ada, group, "Could we talk?", clock())
    cohorts.end(engine, group, ben, clock())
    return group


def test_ada_is_told_a_month_before_and_then_her_course_goes(
    engine: Engine, ada: Person, run: Run, clock: Clock, sent: Mails
) -> None:
    begun = clock()
    clock.now = months_after(begun, 24) - timedelta(days=31)
    assert gone(engine, clock()) == NOTHING
    assert sent() == []

    clock.move(days=2)
    assert gone(engine, clock()) == NOTHING
    (letter,) = sent()
    assert letter.to == "ada@example.org"
    assert "2 March 2028" not in letter.text  # a whole month after the letter is later than that
    assert f"/runs/{run.id}/today" in letter.text
    assert outlook(engine, clock()).next == Counts(runs=1)

    clock.move(days=29)
    assert gone(engine, clock()) == NOTHING
    clock.move(days=1)
    assert gone(engine, clock()) == Counts(runs=1)
    assert stored_runs.get(run.id) is None
    assert stored_people.get(ada.id) == ada
    assert sent() == []
    assert outlook(engine, clock()).last == Counts(runs=1)
    assert gone(engine, clock.move(days=1)) == NOTHING


def test_one_visit_keeps_it_and_the_time_begins_anew(
    engine: Engine, run: Run, clock: Clock, sent: Mails
) -> None:
    clock.now = months_after(clock(), 24)
    retention.tend(engine, clock())
    assert len(sent()) == 1
    with engine.database.transaction():
        stored_runs.seen(run.id, clock.move(days=20))

    for _month in range(22):
        assert gone(engine, clock.move(days=30)) == NOTHING
        assert sent() == []
    assert stored_runs.get(run.id) is not None
    retention.tend(engine, clock.move(days=60))
    assert len(sent()) == 1


def test_what_is_overdue_when_a_rule_is_shortened_is_told_first(
    engine: Engine, dov: Person, run: Run, clock: Clock, sent: Mails
) -> None:
    clock.move(days=400)
    assert gone(engine, clock()) == NOTHING
    retention.change(engine, dov, {**_as_numbers(Rules()), "run_months": 6}, clock())

    assert gone(engine, clock()) == NOTHING
    assert len(sent()) == 1
    assert gone(engine, clock.move(days=29)) == NOTHING
    assert gone(engine, clock.move(days=1)) == Counts(runs=1)


def test_a_letter_that_never_went_out_has_told_nobody(engine: Engine, run: Run, clock: Clock) -> None:
    clock.now = months_after(clock(), 24)
    retention.tend(engine, clock())

    assert gone(engine, clock.move(days=60)) == NOTHING
    assert outbox.waiting() == 1
    clock.now = months_after(clock(), 12)
    assert gone(engine, clock()) == Counts(runs=1)
    assert outbox.waiting() == 0


def test_without_an_address_or_without_mail_everything_waits_a_year_longer(
    engine: Engine, ada: Person, clock: Clock, sent: Mails
) -> None:
    eve = people.add(engine, "Eve", "eve.eve", PASSWORD, clock())
    begun = clock()
    runs.join_alone(engine, eve, BREAD, PaceKind.FREE, begun)
    clock.now = months_after(begun, 30)
    assert gone(engine, clock()) == NOTHING
    assert retention.outlook(engine, clock()).longer == 1
    clock.now = months_after(begun, 36) - timedelta(days=30)
    assert gone(engine, clock()) == NOTHING
    assert gone(engine, clock.move(days=31)) == Counts(runs=1)

    quiet = replace(engine, config=replace(engine.config, env="production", mail_url=None))
    runs.join_alone(engine, ada, BREAD, PaceKind.FREE, clock())
    begun = clock()
    for months in (24, 26, 35):
        clock.now = months_after(begun, months)
        assert gone(quiet, clock()) == NOTHING
    assert gone(quiet, clock.move(days=40)) == Counts(runs=1)
    assert sent() == []


def test_a_certificate_outlives_its_course_and_can_be_checked(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    for one in cohorts.sessions(group):
        attendance.attend(engine, group, one.number, ada.id, Present.PRESENT, ben, one.starts_at)
    finish(engine, ada, run, clock)
    made = certificates.award(engine, ada, runs.own(engine, ada, run.id), "Ada", clock())
    writings.write_entry(engine, ada, runs.own(engine, ada, run.id), "A secret loaf.", clock())
    clock.now = months_after(clock(), 24)
    retention.tend(engine, clock())
    _send_all(engine, clock)

    assert gone(engine, clock.move(days=31)) == Counts(emptied=1)

    assert verifying.verify(made.code).title == "Slow bread, week by week"
    kept = runs.own(engine, ada, run.id)
    assert (kept.cohort, kept.finished_at is not None) == (None, True)
    for table in (t.Completion, t.Journal, t.Answer, t.Attendance, t.Membership):
        assert not table.select().count(), table
    assert runs.position(engine, ada, kept, clock()).access.status == "finished"
    assert gone(engine, clock.move(days=100)) == NOTHING
    assert outbox.waiting() == 0


def test_requests_for_contact_go_after_the_group_has_ended_and_ben_was_told(
    engine: Engine, ended: Cohort, clock: Clock, sent: Mails
) -> None:
    sent()
    assert gone(engine, clock.move(days=59)) == NOTHING
    assert sent() == []
    assert gone(engine, clock.move(days=1)) == NOTHING
    (letter,) = sent()
    assert letter.to == "ben@example.org"
    assert "Mondays" in letter.text
    assert re.search(r"\bAda\b", letter.text + letter.subject) is None
    assert "Could we talk" not in letter.text
    assert outlook(engine, clock()).next == Counts(requests=1)

    assert gone(engine, clock.move(days=29)) == NOTHING
    assert gone(engine, clock.move(days=1)) == Counts(requests=1)
    assert contacts.remind(engine, clock()) == 0
    assert stored_runs.current(ended.facilitators[0]) is None


def test_a_group_that_goes_on_keeps_its_requests_and_ben_is_told_anew(
    engine: Engine, ben: Person, ended: Cohort, clock: Clock, sent: Mails
) -> None:
    retention.tend(engine, clock.move(days=61))
    cohorts.go_on(engine, cohorts.led(ben, ended.id), ben, clock())
    sent()

    assert gone(engine, clock.move(days=100)) == NOTHING
    assert t.ContactRequest.select().count() == 1
    (letter,) = sent()
    assert "“Mondays” has had its last session" in letter.text


def test_requests_of_a_group_that_nobody_ends_are_kept_from_its_last_session_on(
    engine: Engine, ben: Person, ada: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    cohorts.add_member(engine, group, ada, clock())
    contacts.ask(engine, ada, group, "Could we talk?", clock())
    sent()
    last = cohorts.sessions(group)[-1].starts_at
    clock.now = last + timedelta(days=59)
    assert gone(engine, clock()) == NOTHING
    assert sent() == []
    assert gone(engine, clock.move(days=1)) == NOTHING
    (letter,) = sent()
    assert "“Mondays” has had its last session" in letter.text
    assert outlook(engine, clock()).next == Counts(requests=1)
    assert gone(engine, clock.move(days=29)) == NOTHING
    assert gone(engine, clock.move(days=1)) == Counts(requests=1)
    assert not t.ContactRequest.select().count()


def test_who_is_still_in_talk_after_the_last_session_keeps_it_for_as_long_again(
    engine: Engine, ben: Person, ada: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    cohorts.add_member(engine, group, ada, clock())
    request = contacts.ask(engine, ada, group, "Could we talk?", clock())
    clock.now = cohorts.sessions(group)[-1].starts_at + timedelta(days=80)
    retention.tend(engine, clock())
    answered = clock.move(days=1)
    t.ContactRequest.update(changed_at=answered).where(t.ContactRequest.id == request.id).execute()
    sent()
    assert gone(engine, clock.move(days=80)) == NOTHING
    assert len(sent()) == 1, "the day that was told before is not the day any more"
    assert gone(engine, clock.move(days=29)) == NOTHING
    assert gone(engine, clock.move(days=1)) == Counts(requests=1)


def test_who_was_invited_and_never_came_is_told_and_forgotten(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    eve = members.somebody(engine, "Eve", "eve@example.org", "en", ZONE, clock())
    with engine.database.transaction():
        stored_people.add(eve, "", engine.keys.new_person_key())
        cohorts.add_member(engine, group, eve, clock(), started=False)
    inviting.write(engine, group, [eve], ben, clock())
    sent()
    clock.now = months_after(clock(), 12) - timedelta(days=30)
    assert gone(engine, clock()) == NOTHING
    (letter,) = sent()
    assert letter.to == "eve@example.org"
    assert gone(engine, clock.move(days=31)) == Counts(invited=1)
    assert stored_people.get(eve.id) is None


def test_who_was_at_the_sessions_without_an_account_is_not_forgotten_as_one_who_never_came(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    olga, eve = (_invited(engine, group, name, clock()) for name in ("Olga", "Eve"))
    begun = clock()
    for number in (1, 2, 3):
        attendance.attend(engine, group, number, olga.id, Present.PRESENT, ben, clock())
        attendance.attend(engine, group, number, eve.id, Present.NOT_HERE, ben, clock())
        clock.move(days=7)

    clock.now = months_after(begun, 12)
    assert gone(engine, clock()) == NOTHING
    assert [letter.to for letter in sent()] == ["eve@example.org"]
    assert gone(engine, clock.move(days=31)) == Counts(invited=1)
    assert stored_people.get(olga.id) == olga
    assert t.Attendance.select().count() == 3

    clock.now = months_after(begun, 24)
    retention.tend(engine, clock())
    assert len(sent()) == 1
    assert gone(engine, clock.move(days=31)) == Counts(runs=1)
    assert gone(engine, clock.move(days=1)) == NOTHING
    assert ["there is nothing you have to do" in letter.text for letter in sent()] == [True]
    assert gone(engine, clock.move(days=31)) == Counts(invited=1)


def test_olga_whose_presence_is_noted_late_is_told_anew_when_her_course_has_gone(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    olga, begun = _invited(engine, group, "Olga", clock()), clock()
    clock.now = months_after(begun, 12) - timedelta(days=30)
    retention.tend(engine, clock())
    attendance.attend(engine, group, 1, olga.id, Present.PRESENT, ben, clock())
    clock.now = months_after(begun, 24)
    retention.tend(engine, clock())
    sent()
    assert gone(engine, clock.move(days=31)) == Counts(runs=1)
    assert stored_people.get(olga.id) == olga
    assert gone(engine, clock.move(days=1)) == NOTHING
    assert len(sent()) == 1


def test_olga_who_looked_at_her_place_lately_is_not_forgotten(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    _invited(engine, group, "Olga", clock())
    clock.now = months_after(clock(), 12) - timedelta(days=30)
    retention.tend(engine, clock())
    sent()
    t.Run.update(seen_at=clock.move(days=5)).execute()
    assert gone(engine, clock.move(days=40)) == NOTHING


def test_a_new_link_keeps_eve_for_as_long_as_it_was_promised(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    eve = _invited(engine, group, "Eve", clock())
    clock.now = months_after(clock(), 12) - timedelta(days=30)
    retention.tend(engine, clock())
    assert "ask whoever invited you for a new link" in sent()[0].text
    (link,) = inviting.write(engine, group, [eve], ben, clock.move(days=28))
    code, given = link.address.rpartition("/")[2], clock()
    sent()

    while clock.move(days=10) < given + claims.LASTS:
        assert gone(engine, clock()) == NOTHING
        assert sent() == []
        assert claims.look(code, clock()).open
    assert gone(engine, clock()) == NOTHING
    assert [letter.to for letter in sent()] == ["eve@example.org"], "told anew, for the link has run out"
    assert gone(engine, clock.move(days=31)) == Counts(invited=1)


def test_a_second_invitation_from_dov_keeps_fay(
    engine: Engine, dov: Person, clock: Clock, sent: Mails
) -> None:
    roles = frozenset({Role.FACILITATOR})
    fay = ways_in.add(engine, dov, "Fay", "fay@example.org", roles, clock()).person
    sent()
    clock.now = months_after(clock(), 12) - timedelta(days=30)
    retention.tend(engine, clock())
    assert len(sent()) == 1
    ways_in.again(engine, dov, fay.id, clock.move(days=28))
    sent()
    assert gone(engine, clock.move(days=30)) == NOTHING
    assert stored_people.get(fay.id) == fay


def test_requests_wait_longer_where_only_a_locked_facilitator_could_be_told(
    engine: Engine, ben: Person, dov: Person, ended: Cohort, clock: Clock, sent: Mails
) -> None:
    sent()
    accounts.lock(engine, dov, ben.id, clock())
    retention.tend(engine, clock.move(days=61))
    assert sent() == []
    assert gone(engine, clock.move(days=100)) == NOTHING
    assert t.ContactRequest.select().count() == 1


def test_every_table_about_a_run_is_emptied_or_kept_for_a_reason() -> None:
    about = {table for table in t.ALL for key in table._meta.refs if table._meta.refs[key] is t.Run}
    named = (*stored_retention.EMPTIED, *stored_retention.KEPT)
    assert sorted(table.__name__ for table in named) == sorted(table.__name__ for table in about)


def test_who_takes_part_on_paper_or_has_a_password_is_not_forgotten(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    members.add_on_paper(engine, group, "Eve", ben, clock(), agreed=True)
    for _month in range(22):
        assert gone(engine, clock.move(days=30)) == NOTHING
    assert {one.name for one in stored_people.all()} == {"Ada", "Ben", "Eve"}


def test_zoe_is_not_forgotten_before_her_group_has_begun(
    engine: Engine, ben: Person, dov: Person, clock: Clock, sent: Mails
) -> None:
    retention.change(engine, dov, {**_as_numbers(Rules()), "invited_months": 6}, clock())
    first = clock() + timedelta(days=260)
    group = cohorts.add(engine, ben, BREAD, "Mondays", first, ZONE, 90, clock())
    zoe = _invited(engine, group, "Zoe", clock())
    for _days in range(25):
        assert gone(engine, clock.move(days=10)) == NOTHING
        assert sent() == []
        assert outlook(engine, clock()).next == NOTHING
    assert stored_people.get(zoe.id) == zoe

    clock.now = max(one.starts_at for one in cohorts.sessions(group)) + timedelta(days=1)
    assert gone(engine, clock()) == NOTHING
    assert [letter.to for letter in sent()] == ["zoe@example.org"]
    assert gone(engine, clock.move(days=30)) == Counts(invited=1)


def test_a_group_that_came_to_its_end_or_meets_no_more_keeps_nobody(
    engine: Engine, ben: Person, clock: Clock, sent: Mails
) -> None:
    first = clock() + timedelta(days=500)
    group = cohorts.add(engine, ben, BREAD, "Mondays", first, ZONE, 90, clock())
    _invited(engine, group, "Zoe", clock())
    cohorts.end(engine, group, ben, clock())
    other = cohorts.add(engine, ben, BREAD, "Tuesdays", first, ZONE, 90, clock())
    _invited(engine, other, "Eve", clock())
    t.Session.update(cancelled=True).where(t.Session.cohort == other.id).execute()

    retention.tend(engine, clock.move(days=366))
    assert {letter.to for letter in sent()} == {"zoe@example.org", "eve@example.org"}
    assert gone(engine, clock.move(days=31)) == Counts(invited=2)


def test_a_course_stays_while_its_group_still_meets(
    engine: Engine, ada: Person, ben: Person, clock: Clock, sent: Mails
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    run = cohorts.add_member(engine, group, ada, clock())
    retention.tend(engine, months_after(clock(), 24))
    assert len(sent()) == 1
    later = months_after(clock(), 30)
    third = (t.Session.cohort == group.id) & (t.Session.number == 3)
    t.Session.update(starts_at=later).where(third).execute()

    assert gone(engine, months_after(clock(), 29)) == NOTHING
    assert stored_runs.get(run.id) is not None
    assert gone(engine, later + timedelta(days=1)) == NOTHING
    assert len(sent()) == 1, "told anew, for the group has met since"
    assert gone(engine, later + timedelta(days=32)) == Counts(runs=1)


def test_ada_who_writes_at_the_very_moment_keeps_her_course(
    engine: Engine, ada: Person, run: Run, clock: Clock, sent: Mails
) -> None:
    clock.now = months_after(clock(), 24)
    retention.tend(engine, clock())
    sent()
    now = clock.move(days=31)
    due = Due(months_before(now, 24), now, now - timedelta(days=30), reached=True)
    assert [one.id for one in stored_retention.runs(due)] == [run.id]
    writing = Event()

    def write() -> None:
        with engine.database.transaction():
            t.Completion.insert(
                run=run.id, step="a", how="done", at=now, first_how="done", first_at=now, edition=run.edition
            ).execute()
            writing.set()
            sleep(0.4)

    hand = Thread(target=write)
    hand.start()
    assert writing.wait(10)
    with engine.database.transaction():
        found = stored_retention.delete_run(run.id, due)
    hand.join()

    assert found == ""
    assert stored_runs.get(run.id) is not None
    assert t.Completion.select().count() == 1


def test_a_rule_from_before_its_bounds_were_narrowed_is_kept_within_them(engine: Engine) -> None:
    with engine.database.transaction():
        site.put(retention.KEY, '{"invited_months": 3}')
    assert retention.rules() == Rules(invited_months=6)


def test_nobody_is_forgotten_while_their_link_is_good() -> None:
    begun = datetime(2026, 1, 31, tzinfo=UTC)
    assert months_after(begun, BOUNDS["invited_months"][0]) >= begun + claims.LASTS


def test_old_lines_of_the_audit_go_and_leave_one(engine: Engine, clock: Clock) -> None:
    with engine.database.transaction():
        for number in range(1203):
            audit.add(clock(), None, "cohort.add", None, {"n": number})
    clock.now = months_after(clock(), 24) + timedelta(days=1)

    assert retention.tend(engine, clock()) == Counts(audit=1204)
    assert {act for _at, _who, act, _whom, _detail in audit.newest()} == {"retention.audit"}
    assert retention.outlook(engine, clock()).last.audit == 1204


def test_rules_have_bounds_and_a_change_is_written_down(engine: Engine, dov: Person, clock: Clock) -> None:
    with pytest.raises(BadInput) as refused:
        retention.change(engine, dov, {**_as_numbers(Rules()), "run_months": 0, "letter_days": 999}, clock())
    assert set(refused.value.faults) == {"run_months", "letter_days"}
    assert retention.rules() == Rules()

    retention.change(engine, dov, {**_as_numbers(Rules()), "contact_days": 120}, clock())
    retention.change(engine, dov, {**_as_numbers(Rules()), "contact_days": 120}, clock())
    assert retention.rules() == Rules(contact_days=120)
    assert [line[4] for line in audit.newest() if line[2] == "retention.rules"] == [{"contact_days": 120}]


def test_a_rule_of_a_later_version_is_passed_over(engine: Engine) -> None:
    with engine.database.transaction():
        site.put(retention.KEY, '{"run_months": 36, "moons": 3}')
    assert retention.rules() == Rules(run_months=36)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2024-02-29", 12, "2023-02-28"), ("2026-01-15", 1, "2025-12-15")],
)
def test_months_are_those_of_the_calendar(day: str, months: int, before: str) -> None:
    found = months_before(datetime.fromisoformat(day).replace(tzinfo=UTC), months)
    assert found.date().isoformat() == before


def test_there_are_bounds_for_every_rule_and_the_defaults_lie_inside() -> None:
    numbers = _as_numbers(Rules())
    assert set(numbers) == set(BOUNDS)
    assert all(BOUNDS[name][0] <= value <= BOUNDS[name][1] for name, value in numbers.items())


def _as_numbers(rules: Rules) -> dict[str, int]:
    return {name: getattr(rules, name) for name in BOUNDS}


def _invited(engine: Engine, group: Cohort, name: str, now: datetime) -> Person:
    person = members.somebody(engine, name, f"{name.lower()}@example.org", "en", ZONE, now)
    with engine.database.transaction():
        stored_people.add(person, "", engine.keys.new_person_key())
        cohorts.add_member(engine, group, person, now, started=False)
    return person


def _send_all(engine: Engine, clock: Clock) -> None:
    class Box:
        def send(self, _letter: Letter) -> None:
            pass

    letters.send_waiting(replace(engine, mailer=Box()), clock)
