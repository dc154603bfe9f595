"""What a change of the calendar means, in sentences: for who leads, and as a message to the group."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Session
from course_engine.i18n import clock, day_and_month, ngettext, there, weekday
from course_engine.i18n import gettext as _
from course_engine.services import calendars


@dataclass(frozen=True, slots=True)
class Shift:
    """What would change: each session in a sentence, how many to come stay, and the words for the group.

    `mark` is another for every other change. `text` is empty where only what is over would change.
    """

    lines: tuple[str, ...]
    stay: int
    mark: str
    subject: str
    text: str


def shift(
    before: Sequence[Session], wanted: Sequence[Session], met: Collection[int], zone: str, now: datetime
) -> Shift | None:
    """What would come of it, None if nothing. Raises BadInput, by `session-N`, for what cannot be."""
    changed = calendars.changed(before, wanted, met, now)
    if not changed:
        return None
    were = {one.number: one for one in before}
    ahead = [one for one in changed if max(one.starts_at, were[one.number].starts_at) > now]
    same = sum(one.starts_at > now and not one.cancelled for one in wanted) - sum(
        one.starts_at > now and not one.cancelled for one in changed
    )
    told = [_sentence(were[one.number], one, zone) for one in ahead]
    return Shift(
        tuple(_sentence(were[one.number], one, zone) for one in changed),
        same,
        "|".join(_mark(one) for new in changed for one in (were[new.number], new)),
        ngettext("One of our dates has changed", "Our dates have changed", len(told)),
        _message(told, same) if told else "",
    )


def _message(told: Sequence[str], same: int) -> str:
    begins = ngettext(
        "Hello everyone,\n\none of our dates has changed.\n\n%(changes)s",
        "Hello everyone,\n\nsome of our dates have changed.\n\n%(changes)s",
        len(told),
        changes="\n".join(told),
    )
    return begins + ("\n\n" + _("All other dates stay as they are.") if same else "")


def _sentence(old: Session, new: Session, zone: str) -> str:
    when = there(new.starts_at, zone)
    if new.cancelled and not old.cancelled:
        return _("Session %(n)s is cancelled: %(when)s.", n=new.number, when=there(old.starts_at, zone))
    if old.cancelled and not new.cancelled:
        return _("Session %(n)s takes place after all: %(when)s.", n=new.number, when=when)
    if old.starts_at == new.starts_at:
        return _("Session %(n)s takes %(m)s minutes: %(when)s.", n=new.number, m=new.minutes, when=when)
    moves = _("Session %(n)s moves from %(old)s to %(new)s.", n=new.number, old=_short(old, zone), new=when)
    longer = _("It takes %(m)s minutes.", m=new.minutes) if old.minutes != new.minutes else ""
    return f"{moves} {longer}".strip()


def _short(session: Session, zone: str) -> str:
    on = local_day(session.starts_at, zone)
    return _(
        "%(weekday)s %(day)s, %(hour)s",
        weekday=weekday(on),
        day=day_and_month(on),
        hour=clock(session.starts_at, zone),
    )


def _mark(session: Session) -> str:
    return f"{session.number},{session.starts_at.timestamp():.0f},{session.minutes},{session.cancelled:d}"
