"""What differs between two editions, in whole sentences, in the order of the course."""

from collections.abc import Mapping

from course_engine.domain.editions import Difference, Turn, What
from course_engine.i18n import gettext as _
from course_engine.i18n import language_name, mark, ngettext, week_name
from course_engine.services.catalogue import CAME, GONE, Comparison

WORDS = {
    "aim": mark("the aim"), "minutes": mark("how long it takes"), "welcome": mark("the welcome"),
    "care": mark("the word on going gently"), "teaches": mark("what is taught"),
    "home": mark("the plan for home"), "kind": mark("what kind of step it is"),
    "always_open": mark("whether it is always open"), "text": mark("the text"),
    "summary": mark("the summary"), "questions": mark("the questions"),
    "worksheet": mark("the worksheet"), "practice": mark("which practice it is"),
    "intensity": mark("how deep it goes"), "script": mark("the script"),
    "gentler": mark("the gentler form"), "choices": mark("the anchors or postures"),
    "cautions": mark("the cautions"), "ordinary": mark("the everyday form"),
    "stopping": mark("how to stop"), "notice": mark("the line on what it is not"),
    "safety": mark("what is always near at hand"),
}  # fmt: skip
SETTINGS = {
    "edition": mark("The authors call it edition %(after)s; it was %(before)s."),
    "pace": mark(
        "Unless a learner chooses otherwise, weeks open in the pace “%(after)s”; it was “%(before)s”."
    ),
    "design": mark("Certificates have the design “%(after)s”; it was “%(before)s”."),
    "attended": mark(
        "In new groups a certificate asks for %(after)s sessions; it was %(before)s. Groups that go on keep "
        "their number."
    ),
    "licence": mark("The licence is %(after)s; it was %(before)s."),
    "authors": mark("The authors are %(after)s; they were %(before)s."),
    "words_a_minute": mark("Practices are read at %(after)s words a minute; it was %(before)s."),
}

Section = tuple[str, list[str]]


def told(found: Comparison) -> list[Section]:
    """Headings with sentences below: the course, its weeks, its pages, its languages."""
    whole = [one for one in found.differences if one.week is None and one.what not in _PAGES]
    sections = [(_("The whole course"), [said(one) for one in whole])]
    numbers = sorted({one.week for one in found.differences if one.week is not None})
    for number in numbers:
        inside = [said(one) for one in found.differences if one.week == number]
        sections.append((week_name(number), inside))
    beside = [said(one) for one in found.differences if one.what in _PAGES]
    sections.append((_("Beside the weeks"), beside))
    sections.append((_("Languages"), [_language(code, count) for code, count in found.languages]))
    return [section for section in sections if section[1]]


def said(one: Difference) -> str:
    """One difference in a sentence."""
    if one.turn is Turn.SET:
        return _(SETTINGS[one.aspects[0]], after=one.after or "–", before=one.before or "–")
    if one.turn is Turn.RULE:
        after, before = _rule(one.after), _rule(one.before)
        return _(_SAID[one.what, one.turn], title=one.title, after=after, before=before)
    sentence = _WITHIN if one.what is What.STEP and one.turn is Turn.MOVED and not one.after else None
    words = ", ".join(_(WORDS[word]) for word in one.aspects)
    return _(
        sentence or _SAID[one.what, one.turn],
        title=one.title, after=one.after, before=one.before, words=words,
    )  # fmt: skip


_WITHIN = mark("“%(title)s” stands at another place in the week.")
_SAID: Mapping[tuple[What, Turn], str] = {
    (What.COURSE, Turn.RETITLED): mark("The course is called “%(after)s”; it was “%(before)s”."),
    (What.COURSE, Turn.CHANGED): mark("Changed: %(words)s."),
    (What.MODULE, Turn.ADDED): mark("The module “%(title)s” is new."),
    (What.MODULE, Turn.REMOVED): mark("The module “%(title)s” is gone."),
    (What.MODULE, Turn.MOVED): mark("The module “%(title)s” stands at another place."),
    (What.MODULE, Turn.RETITLED): mark("A module is called “%(after)s”; it was “%(before)s”."),
    (What.MODULE, Turn.CHANGED): mark("The module “%(title)s” has another summary."),
    (What.WEEK, Turn.ADDED): mark("The week “%(title)s” is new."),
    (What.WEEK, Turn.REMOVED): mark("The week “%(title)s” is gone. Who has done it keeps that."),
    (What.WEEK, Turn.NUMBERED): mark("“%(title)s” is week %(after)s; it was week %(before)s."),
    (What.WEEK, Turn.MOVED): mark("It stands in the module “%(after)s”; it was in “%(before)s”."),
    (What.WEEK, Turn.RETITLED): mark("The week is called “%(after)s”; it was “%(before)s”."),
    (What.WEEK, Turn.CHANGED): mark("Changed in the week itself: %(words)s."),
    (What.STEP, Turn.ADDED): mark("“%(title)s” is new."),
    (What.STEP, Turn.REMOVED): mark("“%(title)s” is gone. Who has done it keeps that."),
    (What.STEP, Turn.MOVED): mark("“%(title)s” stands in this week; it was in “%(before)s”."),
    (What.STEP, Turn.RETITLED): mark("“%(after)s” was called “%(before)s”."),
    (What.STEP, Turn.RULE): mark("“%(title)s” is %(after)s; it was %(before)s."),
    (What.STEP, Turn.CHANGED): mark("“%(title)s”, changed: %(words)s."),
    (What.PLAN, Turn.ADDED): mark("The session plan “%(title)s” is new."),
    (What.PLAN, Turn.REMOVED): mark("The session plan “%(title)s” is gone."),
    (What.PLAN, Turn.CHANGED): mark("The session plan “%(title)s” has changed."),
    (What.PAGE, Turn.ADDED): mark("The page “%(title)s” is new."),
    (What.PAGE, Turn.REMOVED): mark("The page “%(title)s” is gone."),
    (What.PAGE, Turn.CHANGED): mark("The page “%(title)s” has changed."),
    (What.EVIDENCE, Turn.CHANGED): mark("What is known, and how sure anyone can be, has changed."),
    (What.HELP, Turn.CHANGED): mark(
        "Help lines have changed. A line in other words shows only when it is confirmed again."
    ),
}
_PAGES = {What.PAGE, What.EVIDENCE, What.HELP}


def _rule(rule: str) -> str:
    name = rule.removeprefix("one_of ")
    if name != rule:
        return _("one of “%(set)s”, of which one is enough", set=name)
    return _("required") if rule == "required" else _("optional")


def _language(code: str, count: int) -> str:
    name = language_name(code)
    if count == CAME:
        return _("%(language)s is new.", language=name)
    if count == GONE:
        return _("%(language)s is gone. Who reads it goes on in the course’s own language.", language=name)
    return ngettext(
        "%(language)s: the words of %(n)s part have changed beside the original.",
        "%(language)s: the words of %(n)s parts have changed beside the original.",
        count,
        language=name,
    )
