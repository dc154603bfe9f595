"""The audit tells every act in a sentence, of whom and by whom, and never what anybody wrote."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from course_engine.domain.changes import Change, Deed
from course_engine.domain.cohorts import Present, RequestState, Safety
from course_engine.domain.errors import BadInput
from course_engine.domain.pace import By, Override, OverrideKind
from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import (
    attendance,
    audits,
    certificates,
    changes,
    cohorts,
    contacts,
    deeds,
    installation,
    messages,
    overrides,
    people,
    runs,
    writings,
)
from course_engine.services.audits import Wanted
from course_engine.services.retention import NAMES
from course_engine.storage import audit
from course_engine.storage import editions as stored_editions
from course_engine.storage import people as stored_people
from course_engine.storage import tables as t
from tests.cast import BREAD, PASSWORD, ZONE, Clock
from tests.web.doors import WEEK_1, Site, furnish

CANARY = "Canary"
WEEK_OF = {Deed.OPEN: "week-3", Deed.STAY: "week-1", Deed.WAIVE: "week-2", Deed.PAPER: "week-1"}
CODE = sorted((Path(__file__).parents[2] / "course_engine").rglob("*.py"))
KNOWN = {*deeds.ACTS, *deeds.COUNTED}
# What stands for an act that is put together.
ENDS = {
    "change.": [f"change.{deed.value}" for deed in Deed],
    "run.": [f"run.{kind.value}" for kind in OverrideKind],
    "retention.": [f"retention.{name}" for name in NAMES],
}


def acts_in(code: str) -> Iterator[str]:
    """Every act that this code writes down; an act in a variable is whatever is called like an act there."""
    tree = ast.parse(code)
    for call in [node for node in ast.walk(tree) if isinstance(node, ast.Call)]:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "add":
            continue
        if not isinstance(call.func.value, ast.Name) or call.func.value.id != "audit":
            continue
        act = call.args[2]
        if isinstance(act, ast.Constant):
            yield str(act.value)
        else:
            yield from _put_together(tree, act)


def _put_together(tree: ast.AST, act: ast.expr) -> Iterator[str]:
    if isinstance(act, ast.JoinedStr):
        yield from ENDS[str(act.values[0].value)]  # type: ignore[attr-defined]
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(node.value)):
            yield str(node.value)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield from ENDS.get(str(node.values[0].value), [])


def test_every_act_in_the_code_has_a_sentence_and_a_kind() -> None:
    found = {act for path in CODE for act in acts_in(path.read_text(encoding="utf-8"))}
    files = {act for act in found if act.endswith((".pdf", ".yaml", ".csv", ".zip"))}

    assert len(found) > 50
    assert found - files - KNOWN == set(), "give these acts a sentence in services/deeds.py"
    assert {act for act in KNOWN if not deeds.kind_of(act)} == set()
    assert set(deeds.OWN) <= set(deeds.ACTS)
    assert set(deeds.HEADS) == set(deeds.KINDS)


def test_the_check_finds_a_planted_act_without_a_sentence() -> None:
    assert list(acts_in('audit.add(now, None, "bread.burn", None, {})')) == ["bread.burn"]
    assert list(acts_in('audit.add(now, None, f"run.{kind}", None)')) == ENDS["run."]
    assert "bread.burn" not in KNOWN


@pytest.mark.parametrize("act", sorted(KNOWN))
def test_every_sentence_can_be_filled_in(act: str) -> None:
    words = {"who": "Ben", "whom": "Ada", "group": "Mondays", "session": 3, "n": 2}
    words |= {"given": "admin", "taken": "none", "week": "week 2", "change": "a hold"}
    words |= {"course": "“Bread”", "edition": "0123abcd"}
    for own in (False, True):
        told = audits.sentence(act, words, own)
        assert told.endswith(".")
        assert "%" not in told


def test_lines_are_told_with_names_and_those_who_left_without(
    engine: Engine, ben: Person, ada: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    with engine.database.transaction():
        audit.add(clock(), ben.id, "cohort.remove", ada.id, {"cohort": group.id})
        audit.add(clock(), ada.id, "run.hold", ada.id, {"run": "x"})
        audit.add(clock(), None, "retention.runs", None, {"n": 2})
        audit.add(clock(), "gone", "cohort.end", None, {"cohort": "gone"})
        audit.add(clock(), ben.id, "bread.burn", None, {})
    told = [line.sentence for line in audits.page(Wanted(), ZONE).lines][:6]

    assert told == [
        "Ben: bread.burn.",
        "somebody who has left ended a group that is gone.",
        "The site deleted 2 courses that nobody had come back to.",
        "Ada put their course on hold.",
        "Ben took Ada out of Mondays.",
        "Ben made the group Mondays.",
    ]


def test_reasons_and_notes_that_were_typed_are_not_told(engine: Engine, ben: Person, clock: Clock) -> None:
    canary = "a canary in a reason"
    with engine.database.transaction():
        for act in sorted(KNOWN):
            audit.add(clock(), ben.id, act, ben.id, {"reason": canary, "note": canary, "name": canary})
    found = [*audits.page(Wanted(), ZONE).lines, *audits.told(audit.found(audit.Filter(), None, 500))]

    assert len(found) > len(KNOWN)
    assert not any(canary in repr(line) for line in found)


def test_lines_are_found_by_kind_person_and_days_of_ones_own_zone(
    engine: Engine, ada: Person, ben: Person, clock: Clock
) -> None:
    begin = clock.now.replace(hour=23, minute=30)  # in Tokyo it is the next day already
    with engine.database.transaction():
        for days, act, whom in (
            (0, "person.lock", ada.id),
            (1, "cohort.end", None),
            (2, "token.make", ada.id),
        ):
            audit.add(begin + timedelta(days=days), ben.id, act, whom, {})
        audit.add(begin, ada.id, "message.cancel", None, {})

    def found(wanted: Wanted, zone: str = "UTC") -> list[str]:
        return [line.act for line in audits.page(wanted, zone).lines if line.act != "edition.publish"]

    day = begin.date()
    assert found(Wanted(kind="accounts")) == ["token.make", "person.lock"]
    assert found(Wanted(person="ada@example.org")) == ["token.make", "message.cancel", "person.lock"]
    assert found(Wanted(person=ada.id, kind="groups")) == ["message.cancel"]
    assert found(Wanted(since=day, until=day)) == ["message.cancel", "person.lock"]
    assert found(Wanted(since=day, until=day), "Asia/Tokyo") == []
    assert found(Wanted(since=day + timedelta(days=1), until=day + timedelta(days=1)), "Asia/Tokyo") == [
        "message.cancel", "person.lock",
    ]  # fmt: skip


def test_what_cannot_be_looked_for_is_told_by_its_field(engine: Engine) -> None:
    for wanted, field in (
        (Wanted(person="nobody@example.org"), "person"),
        (Wanted(person="nobody"), "person"),
        (Wanted(since=date(2026, 3, 2), until=date(2026, 3, 1)), "until"),
    ):
        with pytest.raises(BadInput) as refused:
            audits.page(wanted, ZONE)
        assert set(refused.value.faults) == {field}


def test_somebody_who_has_left_is_still_found_by_their_number(
    engine: Engine, ada: Person, dov: Person, clock: Clock
) -> None:
    with engine.database.transaction():
        audit.add(clock(), dov.id, "person.lock", ada.id)
        stored_people.remove(ada.id)

    (line,) = audits.page(Wanted(person=ada.id), ZONE).lines
    assert line.sentence == "Dov locked the account of somebody who has left."
    assert line.whom_id is None


def test_fifty_lines_a_page_the_latest_first_and_none_twice_or_left_out(
    engine: Engine, ben: Person, clock: Clock
) -> None:
    with engine.database.transaction():
        for number in range(120):
            # Some lie at the same instant, and all are written backwards.
            at = clock() if number % 3 else clock.move(hours=-1)
            audit.add(at, ben.id, "cohort.attend", None, {"session": number})
    seen, before = [], None
    while True:
        page = audits.page(Wanted(kind="groups"), ZONE, before)
        assert len(page.lines) <= audits.PAGE
        seen += page.lines
        if page.before is None:
            break
        before = page.before
    assert len({line.sentence for line in seen}) == len(seen) == 120
    assert [line.at for line in seen] == sorted((line.at for line in seen), reverse=True)
    assert "session 2 " in seen[0].sentence


def test_a_page_asks_the_database_as_often_whatever_it_shows(
    engine: Engine, ben: Person, ada: Person, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 90, clock())
    with engine.database.transaction():
        audit.add(clock(), ben.id, "cohort.remove", ada.id, {"cohort": group.id})
    with engine.database.count_queries() as few:
        audits.page(Wanted(), ZONE)
    with engine.database.transaction():
        for number in range(60):
            audit.add(clock(), f"one-{number}", "cohort.remove", ada.id, {"cohort": f"group-{number}"})
    with engine.database.count_queries() as many:
        audits.page(Wanted(), ZONE)

    assert many.count == 3
    assert few.count == 5, "the line about a course asks for the titles of courses and drafts"


@pytest.mark.parametrize(("lines", "cut"), [(4, False), (5, False), (6, True), (9, True)])
def test_dov_is_told_where_a_file_does_not_hold_everything(
    engine: Engine, dov: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch, lines: int, cut: bool
) -> None:
    monkeypatch.setattr(audits, "MOST_SAVED", 5)
    monkeypatch.setattr(audits, "CHUNK", 2)
    t.Audit.delete().execute()
    with engine.database.transaction():
        for number in range(lines - 1):
            audit.add(clock.move(days=1), dov.id, "cohort.end", None, {"n": number})
    chunks = audits.everything(engine, dov, Wanted(), ZONE, clock())
    saved = [line for chunk in chunks for line in chunk]

    assert [line.act for line in saved[:5]] == ["audit.save", *["cohort.end"] * (min(lines, 5) - 1)]
    assert [line.sentence for line in saved[5:]] == [
        "Older lines are left out. Choose days to get them."
    ] * cut


def test_saving_all_of_it_is_written_down(engine: Engine, dov: Person, clock: Clock) -> None:
    chunks = list(audits.everything(engine, dov, Wanted(), ZONE, clock()))
    assert chunks[0][0].act == "audit.save"


def test_after_many_acts_no_line_of_the_audit_holds_what_anybody_typed(engine: Engine, clock: Clock) -> None:
    made = furnish(engine, clock)
    run, kim = runs.own(engine, made.ada, made.run.id), _add_kim(engine, made, clock)
    own = cohorts.roster(made.cohort)
    _change_much(engine, made, [person for person, _name, _run in own], clock)
    hold = Override(OverrideKind.HOLD, clock(), by=By.LEARNER, note=CANARY)
    overrides.add(engine, kim, hold, made.ben, CANARY, clock())
    new = certificates.correct(engine, made.certificate, f"Ada {CANARY}", made.ben, clock(), CANARY)
    certificates.withdraw(engine, new.code, CANARY, clock(), made.dov)
    certificates.decide(engine, runs.person_of(kim), kim, f"Kim {CANARY}", CANARY, made.ben, clock())
    writings.write_entry(engine, made.ada, run, CANARY, clock())
    request = contacts.ask(engine, made.ada, made.cohort, CANARY, clock())
    contacts.move(engine, made.cohort, request.id, RequestState.SEEN, CANARY, made.ben, clock())
    contacts.of_cohort(engine, made.cohort, made.ben, clock())
    for person in ("", made.ada.id):
        message = messages.write(engine, made.cohort, CANARY, CANARY, made.ben, clock(), person)
        messages.send(engine, message, made.cohort, clock(), made.ben, clock())
    safety = Safety(CANARY, CANARY, CANARY, CANARY, CANARY)
    cohorts.change(engine, made.cohort, made.ben, clock(), name=CANARY, safety=safety)
    installation.change(engine, made.dov, {"site_name": CANARY}, clock())

    lines = audit.found(audit.Filter(), None, 500)
    reasoned = {line.act for line in lines if line.detail.get("reasoned")}
    assert reasoned == {
        "certificate.correct", "certificate.withdraw", "certificate.decide",
        *(f"change.{deed.value}" for deed in Deed),
    }  # fmt: skip
    assert {line.act for line in lines} >= {
        "contact.move", "contact.read", "message.send", "cohort.change", "run.hold", "site.change",
    }  # fmt: skip
    assert [line for line in lines if CANARY in repr(line)] == []


def _add_kim(engine: Engine, made: Site, clock: Clock) -> Run:
    """Kim was there once and has done no step."""
    kim = people.add(engine, "Kim", "kim@example.org", PASSWORD, clock(), zone=ZONE)
    run = cohorts.add_member(engine, made.cohort, kim, clock())
    attendance.attend(engine, made.cohort, 1, kim.id, Present.PRESENT, made.ben, clock())
    return run


def _change_much(engine: Engine, made: Site, whom: list[str], clock: Clock) -> None:
    """Each deed once, for everybody, with a reason and a note."""
    later = clock() + timedelta(days=9)
    for deed in Deed:
        steps = (*WEEK_1, "journal-1") if deed is Deed.PAPER else ()
        change = Change(deed, clock.move(minutes=1), WEEK_OF.get(deed), later, steps, CANARY)
        changes.make(engine, made.cohort, whom, change, made.ben, CANARY, clock())


def test_lines_name_the_course_the_edition_the_week_and_what_was_taken_back(
    engine: Engine, ben: Person, ada: Person, clock: Clock
) -> None:
    (edition,) = stored_editions.every(BREAD)
    with engine.database.transaction():
        audit.add(clock(), ben.id, "edition.withdraw", None, {"course": BREAD, "edition": edition.digest})
        audit.add(clock(), ben.id, "run.open_early", ada.id, {"week": "shape", "number": 2})
        undone = {"kind": "open_early", "week": "shape", "number": 2}
        audit.add(clock(), ben.id, "change.undo", ada.id, undone)
        audit.add(clock(), ben.id, "change.open", ada.id, {"week": "shape"})
    told = [line.sentence for line in audits.page(Wanted(), ZONE).lines][:4]

    assert told == [
        "Ben opened “shape” early for Ada.",
        "Ben took back for Ada: opening week 2 early.",
        "Ben opened week 2 early for Ada.",
        f"Ben withdrew edition {edition.short} of “{edition.title}”.",
    ]
