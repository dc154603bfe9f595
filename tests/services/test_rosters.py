"""Ben takes a table of people into his group: changes are known before, and accounts stay their owners'."""

from dataclasses import replace

import pytest

from course_engine.domain.cohorts import Cohort
from course_engine.domain.errors import NotFound, Refused
from course_engine.domain.members import Entry
from course_engine.domain.pace import PaceKind
from course_engine.domain.people import Person
from course_engine.domain.work import Job, JobState
from course_engine.engine import Engine
from course_engine.jobs.tasks import HANDLERS
from course_engine.services import (
    boards,
    claims,
    cohorts,
    inviting,
    jobs,
    joining,
    members,
    people,
    roster_files,
    roster_uploads,
    rosters,
)
from course_engine.services.roster_rows import Deed
from course_engine.services.rosters import Plan
from course_engine.storage import outbox
from tests.cast import BREAD, ZONE, Clock


@pytest.fixture
def cohort(engine: Engine, ben: Person, clock: Clock) -> Cohort:
    made = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    return cohorts.led(ben, made.id)


def _take(engine: Engine, cohort: Cohort, ben: Person, clock: Clock, *lines: str, batch: str = "1") -> Plan:
    plan = rosters.plan(cohort, roster_files.read("\n".join(lines).encode()), batch)
    rosters.apply(engine, cohort, plan.changes, batch, ben, clock())
    return plan


def _deeds(plan: Plan) -> list[Deed]:
    return [one.deed for one in plan.changes]


def test_new_people_come_in_as_invited_or_on_paper_and_cannot_sign_in_yet(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(
        engine, cohort, ben, clock, "name,email,language,zone", "Zoe,Zoe@Example.org,es,Asia/Tokyo", "Piet,,,"
    )

    piet, zoe = members.of(cohort)
    assert (zoe.name, zoe.email, zoe.language, zoe.zone) == ("Zoe", "zoe@example.org", "es", "Asia/Tokyo")
    assert (piet.language, piet.zone) == (engine.config.locale, ZONE)
    assert (zoe.entry, piet.entry) == (Entry.INVITED, Entry.ON_PAPER_NOT_BEGUN)


def test_somebody_on_paper_who_was_removed_comes_back_with_the_same_table_and_is_the_same_person(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(engine, cohort, ben, clock, "name", "Piet", "Mia")
    piet = next(one for one in members.of(cohort) if one.name == "Piet")
    members.remove(engine, cohort, piet.id, ben, clock())
    again = _take(engine, cohort, ben, clock, "name", "Piet", "Mia")

    assert _deeds(again) == [Deed.INVITE, Deed.SAME]
    assert piet.id in {one.id for one in members.of(cohort)}


def test_what_was_exported_changes_nothing_when_it_is_taken_in(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    cohorts.add_member(engine, cohort, cleo, clock(), started=False)
    _take(engine, cohort, ben, clock, "name,email", "=SUM(A1),", "'quoted,q@example.org", "-1+1,", "Łucja,")

    plan = rosters.plan(cohort, roster_files.read(rosters.export(cohort)))

    assert len(plan.changes) == 6
    assert set(_deeds(plan)) == {Deed.SAME}


def test_an_account_is_invited_by_its_address_and_never_changed(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    cohorts.add_member(engine, cohort, ada, clock())
    plan = _take(
        engine, cohort, ben, clock, "name,email,zone",
        "Cleopatra,cleo@example.org,Asia/Tokyo", "Adelaide,ada@example.org,Asia/Tokyo",
    )  # fmt: skip

    assert _deeds(plan) == [Deed.INVITE, Deed.KEEP]
    assert people.get("cleo@example.org") == cleo
    assert people.get("ada@example.org") == ada
    shown = {one.called: one.entry for one in members.of(cohort)}
    assert shown == {"Cleopatra": Entry.INVITED, "Ada": Entry.JOINED}
    assert b"Cleo," not in rosters.export(cohort), "she has not agreed to be here yet"


def test_somebody_without_an_account_is_changed_by_id_or_address_and_empty_cells_change_nothing(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(engine, cohort, ben, clock, "name,email", "Zoe,zoe@example.org", "Piet,")
    piet, zoe = members.of(cohort)
    plan = _take(
        engine, cohort, ben, clock, "id,name,email",
        f"{piet.id},Pieter,piet@example.org", ",,zoe@example.org", batch="2",
    )  # fmt: skip

    assert _deeds(plan) == [Deed.CHANGE, Deed.SAME]
    assert plan.changes[0].fields == {"name": ("Piet", "Pieter"), "email": ("", "piet@example.org")}
    assert members.one(cohort, piet.id) == replace(
        piet, name="Pieter", email="piet@example.org", invited_as="Pieter"
    )
    assert members.one(cohort, zoe.id) == zoe


def test_somebody_who_is_in_another_group_too_is_not_changed(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(engine, cohort, ben, clock, "name,email", "Zoe,zoe@example.org")
    made = cohorts.add(engine, ben, BREAD, "Fridays", clock.move(days=4), ZONE, 90, clock())
    other = cohorts.led(ben, made.id)
    assert _deeds(_take(engine, other, ben, clock, "name,email", "Eve,zoe@example.org", batch="2")) == [
        Deed.INVITE
    ]
    assert _deeds(_take(engine, other, ben, clock, "name,email", "Eva,zoe@example.org", batch="2")) == [
        Deed.CHANGE
    ]
    assert people.get("zoe@example.org").name == "Zoe"
    assert [one.called for one in (*members.of(cohort), *members.of(other))] == ["Zoe", "Eva"]


def test_nobody_learns_from_an_invitation_whether_an_address_has_an_account(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    """Ada has an account here, Zoe has none: all that Ben sees of the two is the same."""

    def told(address: str) -> list[object]:
        shown: list[object] = []
        for lines in (
            ("name,email,language,zone", f"Mia,{address},es,Asia/Tokyo"),
            ("name,email,language", f"Mia,{address},pt"),
            ("name,email", f"Mia Lou,{address}"),
            ("email", address),
        ):
            plan = _take(engine, cohort, ben, clock, *lines, batch=f"{address}{lines[1]}")
            shown += [(plan.alike, one.name, one.fields) for one in plan.changes]
            if not plan.of(Deed.ADD, Deed.INVITE):
                shown += _deeds(plan)
        (mia,) = members.of(cohort)
        other_address = roster_files.read(f"id,email\n{mia.id},new@example.org".encode())
        shown += [one.reason for one in rosters.plan(cohort, other_address).changes]
        shown += [mia.called, mia.entry, rosters.export(cohort).decode().replace(mia.id, "ID")]
        (row,) = boards.board(engine, cohort, boards.Wanted(find="lou"), "en", clock()).rows
        shown += [row.name, row.on_paper]
        with pytest.raises(Refused) as refused:
            members.begin_on_paper(engine, cohort, mia.id, ben, clock())
        with pytest.raises(Refused) as alone:
            members.own_pace(engine, cohort, mia.id, PaceKind.FREE, ben, clock())
        shown += [str(refused.value), str(alone.value)]
        members.remove(engine, cohort, mia.id, ben, clock())
        shown.append(members.name_of_former(mia.id, mia.run))
        return [str(one).replace(address, "ADDRESS") for one in shown]

    of_ada = told("ada@example.org")
    assert of_ada == told("zoe@example.org")
    assert "Mia Lou" in of_ada
    assert people.get("ada@example.org") == ada


def test_what_ben_wrote_gives_way_to_her_own_name_when_ada_comes_in(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(engine, cohort, ben, clock, "name,email", "Tall Ada,ada@example.org")
    run = joining.member_run(cohort, ada)
    assert run is not None
    joining.begin(engine, ada, run, clock.move(minutes=5))
    assert [one.called for one in members.of(cohort)] == ["Ada"]
    assert b"Tall" not in rosters.export(cohort)


def test_rows_that_cannot_be_taken_come_back_with_a_reason_each_and_the_others_are_taken(
    engine: Engine, ada: Person, cleo: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    _take(engine, cohort, ben, clock, "name", "Piet")
    (piet,) = members.of(cohort)
    plan = _take(
        engine, cohort, ben, clock, "id,name,email,language,zone",
        ",Eve,eve@example.org,,", ",Eve,EVE@example.org,,", ",,,xx-nowhere,Mars/North",
        f"{ada.id},Ada,,,", ",Bad,no address,,", f"{piet.id},,cleo@example.org,,", ",Ben,ben@example.org,,",
        batch="2",
    )  # fmt: skip

    assert _deeds(plan) == [Deed.ADD, *[Deed.BAD] * 6]
    reasons = [one.reason for one in plan.of(Deed.BAD)]
    told = (
        "line 2 already",
        "language as a short code",
        "this id",
        "e-mail address",
        "somebody else",
        "leads",
    )
    for reason, words in zip(reasons, told, strict=True):
        assert words in reason
    again = roster_files.read(rosters.faults(plan))
    assert [row.cells() for row in again] == [one.row.cells() for one in plan.of(Deed.BAD)]
    assert b"reason" in rosters.faults(plan)
    assert {one.name for one in members.of(cohort)} == {"Piet", "Eve"}


def test_two_thousand_rows_are_a_job_that_can_begin_again_and_adds_nobody_twice(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    rows = [("", f"Person {n}", f"p{n}@example.org" if n % 2 else "", "", "") for n in range(2000)]
    upload = roster_uploads.keep(engine, cohort, ben, roster_files.write(rows), clock())
    job = roster_uploads.take(engine, cohort, ben, upload, clock(), letters=True)
    assert isinstance(job, Job)
    assert roster_uploads.take(engine, cohort, ben, upload, clock(), letters=True) == job
    seen: list[tuple[int, int]] = []

    def stops(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 500:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        roster_uploads.make(engine, job, stops, clock())
    assert jobs.run_next(engine, HANDLERS, "worker", clock)

    assert seen[:3] == [(0, 2000), (100, 2000), (200, 2000)]
    assert jobs.own(ben, job.id).state is JobState.DONE
    assert len(members.of(cohort)) == 2000
    assert outbox.waiting() == 1000


def test_the_file_of_another_is_not_there(
    engine: Engine, ben: Person, dov: Person, cohort: Cohort, clock: Clock
) -> None:
    upload = roster_uploads.keep(engine, cohort, ben, b"name\nZoe\n", clock())
    with pytest.raises(NotFound):
        roster_uploads.plan(engine, cohort, dov, upload)


def test_letters_to_invited_people_hold_a_way_in_that_works_once(
    engine: Engine, ada: Person, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    found = inviting.read(cohort, "Eve <eve@example.org>; nobody\nada@example.org, eve@example.org")
    assert [one.good for one in found] == [True, False, True, False]
    made = rosters.invite(engine, cohort, [one for one in found if one.good], ben, clock())
    links = {one.person.name: one for one in made}

    assert "/join/claim/" in links["Ada"].address
    token = links["Eve"].address.rpartition("/")[2]
    assert claims.look(token, clock()).person.email == "eve@example.org"
    assert outbox.waiting() == 2
    assert [one.here for one in inviting.read(cohort, "eve@example.org")] == [True]


def test_columns_are_known_by_their_common_names_and_others_are_told_of(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    for head in ("E-mail", "e-mail", "Email address", "mail", "EMAIL"):
        data = f"Name;{head};Phone;Time zone\nZoe;zoe@example.org;123;Asia/Tokyo\n".encode()
        (row,) = roster_files.read(data)
        assert (row.name, row.email, row.zone) == ("Zoe", "zoe@example.org", "Asia/Tokyo"), head
        upload = roster_uploads.keep(engine, cohort, ben, data, clock())
        assert roster_uploads.plan(engine, cohort, ben, upload).unknown == ("Phone",)
    assert roster_files.unknown(b"name,reason,\nZoe,none,\n") == ()


def test_a_name_on_paper_that_cannot_be_printed_is_told_at_its_row_and_others_are_left_to_their_owners(
    engine: Engine, ben: Person, cohort: Cohort
) -> None:
    rows = roster_files.read("name,email\nMüller-Łódź 王,\nZoë,\n王,wang@example.org".encode())
    plan = rosters.plan(cohort, rows)

    assert _deeds(plan) == [Deed.BAD, Deed.ADD, Deed.ADD]
    assert "The fonts of this site do not have: 王." in plan.changes[0].reason


def test_people_of_the_same_name_are_told_of_before_they_are_taken_in(
    engine: Engine, ben: Person, cohort: Cohort, clock: Clock
) -> None:
    plan = _take(engine, cohort, ben, clock, "name", "Otto", "Zoë", "zoe", "Piet")
    assert plan.alike == (("Zoë", 2),)
    again = rosters.plan(cohort, roster_files.read(b"name\notto"), "2")
    assert again.alike == (("otto", 2),)
