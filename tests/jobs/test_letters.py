"""Letters go out once, whoever sends them; one that cannot go out holds up no other."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

from course_engine.domain.people import Person
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.jobs.tasks import make_queue
from course_engine.services import letters, people
from course_engine.storage import outbox
from tests.jobs.conftest import NOW, Box, Clock


def test_ada_gets_her_link_as_soon_as_she_has_asked(engine: Engine, ada: Person, box: Box) -> None:
    make_queue(engine, clock=lambda: NOW, immediate=True)

    people.ask_reset(engine, "ada@example.org", NOW)

    assert [letter.to for letter in box.letters] == ["ada@example.org"]


def test_two_workers_at_once_send_each_letter_once(engine: Engine, box: Box) -> None:
    _write(engine, 30)
    sent: list[int] = []
    hands = [
        Thread(target=lambda: sent.append(letters.send_waiting(engine, Clock()))) for _number in range(2)
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(30)

    assert sorted(letter.id for letter in box.letters) == [f"letter{number:010}" for number in range(30)]
    assert sum(sent) == 30


def test_a_slow_mail_server_is_no_reason_to_send_twice(engine: Engine, clock: Clock) -> None:
    box, other = _Slow(clock=clock), Box()
    box.beside = replace(engine, mailer=other)
    _write(engine, 6)

    letters.send_waiting(replace(engine, mailer=box), clock)

    everything = [letter.id for letter in (*box.letters, *other.letters)]
    assert sorted(everything) == [f"letter{number:010}" for number in range(6)]


def test_one_letter_that_nobody_takes_holds_up_no_other(engine: Engine, clock: Clock) -> None:
    box = Box(refuses=frozenset({"reader-0@example.org"}))
    _write(engine, 3)

    assert letters.send_waiting(replace(engine, mailer=box), clock) == 2
    assert outbox.waiting() == 1


def test_a_letter_is_tried_again_later_and_for_as_long_as_it_takes(engine: Engine, clock: Clock) -> None:
    _write(engine, 1)
    closed = replace(engine, mailer=Box(refuses=frozenset({"reader-0@example.org"})))
    for _try in range(60):
        assert letters.send_waiting(closed, clock) == 0
        clock.go_on(timedelta(hours=12).total_seconds())

    assert letters.send_waiting(engine, clock) == 1


def test_a_site_without_a_mail_server_keeps_its_letters(engine: Engine, box: Box) -> None:
    quiet = replace(engine, config=replace(engine.config, env="production", mail_url=None))
    _write(engine, 1)

    assert letters.send_waiting(quiet, Clock()) == 0
    assert box.letters == []
    assert outbox.waiting() == 1


class _Slow(Box):
    """Takes most of a lease for each letter; meanwhile another worker looks for letters."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.beside: Engine | None = None

    def send(self, letter: Letter) -> None:
        self.clock.go_on(letters.LEASE.total_seconds() * 0.6)
        if len(self.letters) == 3 and self.beside is not None:
            letters.send_waiting(self.beside, self.clock)
        super().send(letter)


def _write(engine: Engine, count: int) -> None:
    for number in range(count):
        letter = Letter(f"letter{number:010}", f"reader-{number}@example.org", "Hello", "Dear reader", NOW)
        letters.post(engine, letter)
