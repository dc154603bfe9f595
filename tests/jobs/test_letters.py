"""Letters go out once, whoever sends them; one that cannot go out holds up no other."""

import smtplib
import ssl
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from course_engine.domain.people import Person
from course_engine.domain.work import Job, Letter
from course_engine.engine import Engine
from course_engine.jobs.tasks import make_queue
from course_engine.mail import GREETED, TIMEOUT
from course_engine.services import jobs, letters, new_passwords
from course_engine.storage import outbox
from tests.jobs.conftest import NOW, Box, Clock

# Twice hello, encryption and its handshake, three for a password, sender, recipient, two for the letter,
# and goodbye.
ANSWERS = 12


def test_ada_gets_her_link_as_soon_as_she_has_asked(engine: Engine, ada: Person, box: Box) -> None:
    make_queue(engine, clock=lambda: NOW, immediate=True)

    new_passwords.ask_link(engine, "ada@example.org", NOW)

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
        hand.join(120)

    assert sorted(letter.id for letter in box.letters) == [f"letter{number:010}" for number in range(30)]
    assert sum(sent) == 30


def test_a_slow_mail_server_is_no_reason_to_send_twice(engine: Engine, clock: Clock) -> None:
    box, other = _Slow(clock=clock), Box()
    box.beside = replace(engine, mailer=other)
    _write(engine, 6)

    letters.send_waiting(replace(engine, mailer=box), clock)

    everything = [letter.id for letter in (*box.letters, *other.letters)]
    assert sorted(everything) == [f"letter{number:010}" for number in range(6)]


def test_a_mail_server_that_takes_its_time_for_each_answer_is_no_reason_to_send_twice(
    engine: Engine, clock: Clock
) -> None:
    box, other = _Slow(clock=clock, seconds=GREETED + ANSWERS * TIMEOUT), Box()
    box.beside = replace(engine, mailer=other)
    _write(engine, 1)

    letters.send_waiting(replace(engine, mailer=box), clock)

    assert (len(box.letters), other.letters) == (1, [])


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


@pytest.mark.parametrize(
    "fault", [TimeoutError("no greeting"), smtplib.SMTPAuthenticationError(535, b"no"), ssl.SSLError("old")]
)
def test_a_mail_server_that_does_not_answer_is_asked_once_a_round_and_no_letter_stays_behind(
    engine: Engine, box: Box, clock: Clock, fault: OSError
) -> None:
    down = _Down(fault)
    _write(engine, 5)
    told: list[str] = []

    for _round in range(2):
        assert (
            letters.send_waiting(replace(engine, mailer=down), clock, silent=lambda: told.append("no")) == 0
        )
    assert (down.asked, told) == (2, ["no", "no"])

    clock.go_on(180)
    assert letters.send_waiting(engine, clock, silent=lambda: told.append("no")) == 5
    assert (len(box.letters), len(told)) == (5, 2)


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPRecipientsRefused({"eve@example.org": (550, b"nobody")}),
        smtplib.SMTPDataError(554, b"no"), smtplib.SMTPSenderRefused(552, b"too large", "site@example.org"),
    ],
)  # fmt: skip
def test_what_a_mail_server_says_of_one_letter_keeps_no_other_back(
    engine: Engine, clock: Clock, fault: OSError
) -> None:
    down = _Down(fault)
    _write(engine, 3)

    letters.send_waiting(replace(engine, mailer=down), clock)

    assert down.asked == 3


def test_ben_gets_his_prints_while_the_mail_server_is_silent(engine: Engine, ada: Person) -> None:
    down = _Down(TimeoutError("no greeting"))
    done: list[str] = []

    def make(_engine: Engine, job: Job, *_more: object) -> dict[str, object]:
        done.append(job.id)
        return {}

    _write(engine, 12)
    silent = replace(engine, mailer=down)
    make_queue(silent, {"print": make}, lambda: NOW, immediate=True)
    for place in range(6):
        jobs.ask(silent, "print", ada, {"place": place}, 1, NOW)

    assert len(done) == 6
    assert down.asked == 1


class _Down:
    """A mail server at which every letter comes to grief, and how often it was asked."""

    def __init__(self, fault: OSError) -> None:
        self.fault = fault
        self.asked = 0

    def send(self, _letter: Letter) -> None:
        self.asked += 1
        raise self.fault


class _Slow(Box):
    """Takes most of a lease for each letter, or so many seconds; meanwhile another worker looks too."""

    def __init__(self, clock: Clock, seconds: float = 0) -> None:
        super().__init__()
        self.clock = clock
        self.seconds = seconds or letters.LEASE.total_seconds() * 0.6
        self.beside: Engine | None = None

    def send(self, letter: Letter) -> None:
        self.clock.go_on(self.seconds)
        if len(self.letters) in (0, 3) and self.beside is not None:
            letters.send_waiting(self.beside, self.clock)
        super().send(letter)


def _write(engine: Engine, count: int) -> None:
    for number in range(count):
        letter = Letter(f"letter{number:010}", f"reader-{number}@example.org", "Hello", "Dear reader", NOW)
        letters.post(engine, letter)
