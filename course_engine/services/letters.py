"""Letters: put into the outbox with what causes them, sent from there, each once.

A mail server that does not answer is asked again later; meanwhile other work goes on.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.mail import is_of_server
from course_engine.storage import outbox

# A server may take a dozen times mail.TIMEOUT for one letter, and still take it in the end.
LEASE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=12)
_log = logging.getLogger(__name__)


def can_go(engine: Engine) -> bool:
    """Whether this site can send letters: it has a mail server, or shows them itself."""
    return engine.config.mail_url is not None or engine.config.env != "production"


def post(engine: Engine, letter: Letter, until: datetime | None = None, dedupe: str | None = None) -> None:
    """Put a letter into the outbox, in the transaction that causes it; from `until` on it is of no use.

    Of letters with the same `dedupe` only the first goes out.
    """
    with engine.database.transaction():
        outbox.add(letter, dedupe, until)
        engine.database.after_commit(engine.bell.ring)


def post_many(
    engine: Engine,
    many: Sequence[Letter],
    until: datetime | None = None,
    *,
    once: Sequence[str | None] = (),
) -> None:
    """The same for many letters at once; `once` has the `dedupe` of each, if they have any."""
    with engine.database.transaction():
        outbox.add_many(many, until, once)
        engine.database.after_commit(engine.bell.ring)


def of_place(cohort: str, person: str) -> str:
    """How the words (`dedupe`) begin of letters that tell this person of a place in this cohort."""
    return f"place|{cohort}|{person}|"


def forget(word: str) -> None:
    """Forget the letters that were put in under a word that begins like this and have not gone out."""
    outbox.forget(word)


def send_waiting(
    engine: Engine,
    clock: Callable[[], datetime],
    enough: Callable[[], bool] = lambda: False,
    silent: Callable[[], object] = lambda: None,
) -> int:
    """Send every letter that is free, until there is `enough`; how many went out.

    A letter that could not be sent is tried again after a while that doubles, up to half a day. At the
    first fault of the mail server itself, of which `silent` is told, the others stay: each would wait anew.
    """
    sent = 0
    if not can_go(engine):
        return sent
    while not enough():
        # The time is asked for each letter: a lease counted from the start of a long round would be over
        # before its letter is sent, and another worker would send it too.
        with engine.database.transaction():
            letter = outbox.claim(clock(), LEASE)
        if letter is None:
            break
        fault = _send(engine, letter, clock)
        sent += fault is None
        if fault is not None and is_of_server(fault):
            silent()
            break
    return sent


def _send(engine: Engine, letter: Letter, clock: Callable[[], datetime]) -> Exception | None:
    """Why it did not go out, if it did not."""
    try:
        engine.mailer.send(letter)
    except Exception as error:
        # Whatever is wrong with one letter, the others go out. What a mail server says names addresses.
        fault = type(error).__name__
        _log.warning("letter not sent", extra={"letter": letter.id, "tries": letter.tries, "fault": fault})
        pause = min(timedelta(minutes=2 ** min(letter.tries, 10)), LONGEST_PAUSE)
        with engine.database.transaction():
            outbox.try_again(letter, clock() + pause, fault)
        return error
    with engine.database.transaction():
        outbox.sent(letter.id, clock())
    return None
