"""The audit tells every act in a sentence, of whom and by whom, and never what anybody wrote."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from course_engine.domain.changes import Deed
from course_engine.domain.errors import BadInput
from course_engine.domain.pace import OverrideKind
from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import audits, cohorts, deeds
from course_engine.services.audits import Wanted
from course_engine.services.retention import NAMES
from course_engine.storage import audit
from course_engine.storage import people as stored_people
from tests.cast import BREAD, ZONE, Clock

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
    words |= {"given": "admin", "taken": "none"}
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
    assert found(Wanted(person="ada@example.org")) == ["message.cancel", "token.make", "person.lock"]
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


def test_fifty_lines_a_page_in_the_order_they_were_written_whatever_the_clock_did(
    engine: Engine, ben: Person, clock: Clock
) -> None:
    with engine.database.transaction():
        for number in range(120):
            audit.add(clock.move(hours=-1), ben.id, "cohort.attend", None, {"session": number})
    seen, before = [], None
    while True:
        page = audits.page(Wanted(kind="groups"), ZONE, before)
        assert len(page.lines) <= audits.PAGE
        seen += [line.sentence for line in page.lines]
        if page.before is None:
            break
        before = page.before
    assert len(seen) == 120
    assert "session 119 " in seen[0]


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

    assert few.count == many.count == 3


def test_saving_all_of_it_is_written_down(engine: Engine, dov: Person, clock: Clock) -> None:
    chunks = list(audits.everything(engine, dov, Wanted(), ZONE, clock()))
    assert chunks[0][0].act == "audit.save"
