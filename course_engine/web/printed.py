"""What a document of the print room is, in words: read from the address on which it was chosen."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from course_engine.domain.course import Course, Step
from course_engine.domain.work import Job
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext
from course_engine.services.choices import ONE_COPY, What, Whom

_OF_A_WEEK = {
    What.HANDOUTS: mark("Week %(n)s handouts"),
    What.WEEK: mark("The whole of week %(n)s"),
    What.LOG: mark("Practice log of week %(n)s"),
    What.PLAN: mark("Plan of session %(n)s"),
    What.SIGN_IN: mark("Sign-in sheet of session %(n)s"),
}
_WHOLE = {
    What.WORKBOOK: mark("The whole workbook"),
    What.CERTIFICATES: mark("Certificates already made"),
    What.WORKSHEET: mark("A worksheet"),
    What.SCRIPT: mark("A script"),
}


def words(job: Job, course: Course) -> str:
    """`Week 5 handouts, ink saver, everybody expected (9 people)`; of another document the name of its file.

    `course` tells the title of a worksheet or practice.
    """
    asked = parse_qs(urlsplit(str(job.subject.get("back") or "")).query)
    if _first(asked, "what") not in set(What):
        return str(job.subject.get("name") or _("A document"))
    what = What(_first(asked, "what"))
    people = int(str(job.subject.get("people") or 0))
    parts = [
        _head(what, asked, course),
        *_looks(what, asked),
        "" if what in ONE_COPY else _whom(asked, people),
    ]
    return ", ".join(part for part in parts if part)


def cohort_of(job: Job) -> str:
    """The group for which a document is, or in whose rooms it was asked for; empty for one's own."""
    back = str(job.subject.get("back") or "")
    asked_in = back.split("/")[2] if back.startswith("/cohorts/") else ""
    return str(job.subject.get("cohort") or asked_in)


def _head(what: What, asked: Mapping[str, list[str]], course: Course) -> str:
    if what in _OF_A_WEEK:
        return _(_OF_A_WEEK[what], n=_first(asked, "week"))
    id = _first(asked, what.value)
    step = next((one for one in course.steps.values() if id and id in _ids(one)), None)
    return step.title if step is not None else _(_WHOLE[what])


def _ids(step: Step) -> list[str]:
    return [own.id for own in (step.worksheet, step.practice) if own is not None]


def _looks(what: What, asked: Mapping[str, list[str]]) -> list[str]:
    """How it differs from what it is as a rule; a certificate has one look, whatever was chosen."""
    if what is What.CERTIFICATES:
        return []
    return [
        _("scripts for everybody too") if _first(asked, "scripts") == "yes" else "",
        _("booklet") if _first(asked, "booklet") == "yes" else "",
        _("large print") if _first(asked, "size") == "large" else "",
        _("ink saver") if _first(asked, "ink") == "saver" else "",
    ]


def _whom(asked: Mapping[str, list[str]], people: int) -> str:
    """For whom it is; for how many too, where that was counted when it was asked for."""
    count = ngettext("%(n)s person", "%(n)s people", people or len(asked.get("people", ())))
    return {
        Whom.ME.value: _("one copy"),
        Whom.EXPECTED.value: _("everybody expected (%(count)s)", count=count)
        if people
        else _("everybody expected"),
        Whom.ALL.value: _("everybody (%(count)s)", count=count) if people else _("everybody"),
        Whom.CHOSEN.value: count,
    }.get(_first(asked, "for"), "")


def _first(asked: Mapping[str, list[str]], name: str) -> str:
    return asked.get(name, [""])[0]
