"""Telling people a month before that something of theirs will be deleted, and how to keep it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from course_engine.crypto import new_id
from course_engine.domain.people import Person
from course_engine.domain.retention import WARNING, Rules, months_after
from course_engine.domain.work import Letter
from course_engine.engine import Engine
from course_engine.i18n import gettext as _
from course_engine.i18n import short_day, speak
from course_engine.services import letters
from course_engine.storage import cohorts, people
from course_engine.storage import retention as stored
from course_engine.storage.due import Due
from course_engine.storage.retention import Quiet

Warn = Callable[[Engine, Any, Due, Rules, datetime], None]


def of_run(engine: Engine, run: Quiet, due: Due, rules: Rules, now: datetime) -> None:
    """A letter with a link: looking at the course once is all it takes to keep it."""
    person = people.get(run.whose)
    if person is None or not stored.warn_run(run.id, due, now) or not due.reached:
        return
    day = max(months_after(run.last, rules.run_months), now + WARNING)
    with speak(person.language):
        course = engine.shelf.course(run.edition, person.language).title
        subject = _("%(site)s: would you like to keep your course?", site=engine.config.site_name)
        text = _(
            "Hello %(name)s,\n\nit has been quiet around “%(course)s” for a long time. So that nothing "
            "private lies about for ever, we will delete what you did and wrote in it on %(day)s or soon "
            "after.\n\n"
            "If you would like to keep it, open it once before then. That is all:\n\n%(link)s\n\n"
            "A certificate you have been given stays, and so does your account.\n",
            name=person.name,
            course=course,
            day=short_day(day, person.zone),
            link=f"{engine.config.base_url}/runs/{run.id}/today",
        )
    _post(engine, "run", run.id, person, subject, text, now)


def of_requests(engine: Engine, cohort: Quiet, due: Due, rules: Rules, now: datetime) -> None:
    """A letter to those who lead a group at its end: it names nobody and repeats nothing."""
    if not stored.warn_cohort(cohort.id, due, now) or not due.reached:
        return
    known = cohorts.get(cohort.id)
    day = max(cohort.last + timedelta(days=rules.contact_days), now + WARNING)
    for leader in people.those(known.facilitators if known else ()):
        with speak(leader.language):
            subject = _("%(site)s: requests for contact will be deleted", site=engine.config.site_name)
            text = _(
                "Hello %(name)s,\n\n%(what)s What people wrote when they asked for contact, and your notes "
                "about it, will be deleted on %(day)s or soon after.\n\n"
                "If something is still open, this is the time to look:\n\n%(link)s\n",
                name=leader.name,
                what=_("the group “%(group)s” has come to its end.", group=cohort.whose)
                if cohort.ended
                else _("the group “%(group)s” has had its last session.", group=cohort.whose),
                day=short_day(day, leader.zone),
                link=f"{engine.config.base_url}/cohorts/{cohort.id}/contact",
            )
        _post(engine, "cohort", cohort.id, leader, subject, text, now)


def of_invited(engine: Engine, person: Person, due: Due, rules: Rules, now: datetime) -> None:
    """A letter to somebody who was invited and never came: there is nothing they have to do."""
    if not stored.warn_invited(person.id, due, now) or not due.reached:
        return
    day = short_day(now + WARNING, person.zone)
    with speak(person.language):
        subject = _("%(site)s: your invitation comes to its end", site=engine.config.site_name)
        text = _(
            "Hello,\n\nsome time ago you were invited to %(site)s and have not come. That is fine, and "
            "there is nothing you have to do: on %(day)s or soon after we will delete your name and "
            "address.\n\n"
            "If you would still like to come, ask whoever invited you for a new link before then.\n",
            site=engine.config.site_name,
            day=day,
        )
    _post(engine, "person", person.id, person, subject, text, now)


def _post(engine: Engine, kind: str, id: str, person: Person, subject: str, text: str, now: datetime) -> None:
    if person.email is None:
        return
    letter = Letter(new_id(), person.email, subject, text, now)
    letters.post(engine, letter, dedupe=f"{stored.word(kind, id)}|{person.id}|{now.isoformat()}")
