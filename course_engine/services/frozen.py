"""The words of a certificate, as they are kept for good when it is made: only what somebody did."""

from collections.abc import Collection, Iterable
from datetime import datetime

from course_engine.domain.awards import counted
from course_engine.domain.calendar import local_day
from course_engine.domain.cohorts import Session
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.rendering import letters
from course_engine.rendering.shelf import design_digest
from course_engine.services.runs import Position
from course_engine.storage import cohorts, people


def words(engine: Engine, at: Position, name: str, now: datetime, zone: str) -> dict[str, object]:
    """What a certificate of this run says if it is made now.

    Of the weeks it names those that are done. Of the sessions it counts all that are not cancelled, so that
    a certificate made before the last one does not claim the whole.
    """
    design = at.course.certificate.design
    said: dict[str, object] = {
        "name": name,
        "title": at.course.title,
        "notice": at.course.notice,
        "modules": _modules(at),
        "started": local_day(at.run.started_at or now, zone).isoformat(),
        "finished": local_day(_finished(at) or now, zone).isoformat(),
        "awarded": local_day(now, zone).isoformat(),
        "site": engine.config.site_name,
        "design": design,
        "design_digest": design_digest(engine.config.certificates, design),
        "content": at.run.edition,
        "language": at.course.language,
    }
    if at.cohort is None:
        return said
    attended = counted(at.history.attended, at.sessions)
    meetings = [one for one in at.sessions if not one.cancelled]
    leaders = [found.name for id in cohorts.standing(at.cohort.id) if (found := people.get(id))]
    return {
        **said,
        "facilitator": ", ".join(leaders),
        "cohort": {
            "name": at.cohort.name,
            "sessions": len(meetings),
            "attended": len(attended),
            "hours": _hours(meetings, attended),
        },
    }


def says_something(at: Position) -> bool:
    """Whether anything was done yet that a certificate could name."""
    done = any(at.access.weeks[week.id].done_at for week in at.course.weeks if week.number)
    return done or bool(counted(at.history.attended, at.sessions))


def unprintable(name: str) -> str:
    """What is wrong with the letters of a name that cannot be printed, or nothing."""
    strange = letters.unprintable(name)
    if not strange:
        return ""
    return _(
        "The fonts of this site do not have: %(letters)s. "
        "Please write the name without it, or in other letters.",
        letters=" ".join(strange),
    )


def _modules(at: Position) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for module in at.course.modules:
        weeks = [week for week in module.weeks if at.access.weeks[week.id].done_at is not None]
        if any(week.number for week in weeks):
            named = [{"number": week.number, "title": week.title} for week in weeks]
            found.append({"title": module.title, "weeks": named})
    return found


def _finished(at: Position) -> datetime | None:
    """The last thing done that counts: the last week, and of a course cut short the last session too."""
    weeks = [week.done_at for week in at.access.weeks.values() if week.done_at]
    if len(weeks) == len(at.access.weeks):
        return max(weeks)
    attended = counted(at.history.attended, at.sessions)
    met = [one.starts_at for one in at.sessions if one.number in attended]
    return max([*weeks, *met], default=None)


def _hours(meetings: Iterable[Session], attended: Collection[int]) -> float:
    return sum(one.minutes for one in meetings if one.number in attended) / 60
