"""Certificates of a group in words: how near somebody is, what is missing, and why one was not made."""

from collections.abc import Sequence

from course_engine.domain.awards import Left, Stage
from course_engine.domain.course import Course
from course_engine.domain.standing import Status
from course_engine.i18n import gettext as _
from course_engine.i18n import mark, ngettext
from course_engine.services.candidates import Row, Show

FILTERS = {
    Show.EVERYONE: mark("Everyone"),
    Show.READY: mark("Ready"),
    Show.MADE: mark("Made"),
    Show.NOT_YET: mark("Not yet"),
}
_STAGES = {
    Stage.READY: ("next", mark("Ready"), "certificate"),
    Stage.MADE: ("done", mark("Made"), "tick"),
    Stage.NOT_YET: ("open", mark("Not yet"), "dot"),
    Stage.WITHDRAWN: ("note", mark("Withdrawn"), "info"),
}
_LEFT = {
    Left.GONE: mark("is not in this group any more"),
    Left.NOT_BEGUN: mark("has not begun the course yet"),
    Left.NOTHING_DONE: mark("has no week done and no session attended that a certificate could name"),
    Left.NOT_EARNED: mark("has something still to come"),
    Left.LETTERS: mark("has letters in the name that the fonts here lack; write it in others on their page"),
    Left.WITHDRAWN: mark("had a certificate that was withdrawn; whoever runs the site can tell why"),
}


def filters() -> list[tuple[str, str]]:
    """What the table can be narrowed to, in words."""
    return [(show.value, _(words)) for show, words in FILTERS.items()]


def stage(row: Row) -> tuple[str, str, str]:
    """The kind of its tag, the words, and the icon."""
    kind, words, icon = _STAGES[row.stage]
    return kind, _(words), icon


def missing(course: Course, row: Row) -> str:
    """What somebody still needs, such as “Weeks 7 and 8; 1 more session, present or made up”."""
    if row.status is Status.NOT_STARTED:
        return _("Has not begun")
    words = still(course, row)
    return words[:1].upper() + words[1:]


def still(course: Course, row: Row) -> str:
    """The same as the end of a sentence."""
    if row.needed.whole:
        return ""
    parts = [_("on hold")] if row.status is Status.ON_HOLD else []
    parts += _weeks([week.number for week in course.weeks if week.id in row.needed.weeks])
    if row.needed.sessions:
        parts.append(
            ngettext(
                "%(n)s more session, present or made up",
                "%(n)s more sessions, present or made up",
                row.needed.sessions,
            )
        )
    return "; ".join(parts)


def left(why: Left) -> str:
    """Why no certificate was made, as the end of a sentence that begins with a name."""
    return _(_LEFT[why])


def _weeks(numbers: Sequence[int]) -> list[str]:
    parts = [_("what stands before week 1")] if 0 in numbers else []
    spans = _spans([number for number in numbers if number])
    if spans:
        count = sum(last - first + 1 for first, last in spans)
        said = [_span(first, last) for first, last in spans]
        parts.append(ngettext("week %(weeks)s", "weeks %(weeks)s", count, weeks=_listed(said)))
    return parts


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers as runs of those that follow each other; two in a row stand by themselves."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return [
        part
        for first, last in found
        for part in ([(first, first), (last, last)] if last == first + 1 else [(first, last)])
    ]


def _span(first: int, last: int) -> str:
    return str(first) if first == last else _("%(first)s to %(last)s", first=first, last=last)


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])
