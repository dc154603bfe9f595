"""Looking for words in a course: in what its authors wrote, and never in what anybody who takes part did.

An edition is gone through once for each of its languages, when somebody first looks for something in it.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from html import unescape
from threading import Lock

from course_engine.domain.course import Course, Field, Script, Step, Week
from course_engine.domain.evidence import Evidence
from course_engine.domain.pages import Page
from course_engine.domain.plans import SessionPlan
from course_engine.domain.search import Hit, Index, Text
from course_engine.engine import Engine
from course_engine.services import editions

MOST = 30
# An edition takes a few megabytes; a site reads a handful of editions and languages at a time.
KEPT = 6
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|td|th|dt|dd|blockquote|div|figcaption)>|<br ?/?>")
_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_indexes: "OrderedDict[tuple[str, str], Index]" = OrderedDict()
_lock = Lock()


def find(engine: Engine, course: str, language: str, words: str) -> tuple[list[Hit], int]:
    """The best of what has all of these words in a course of the library, and how many there are.

    Addresses begin after that of the course in the library. Raises NotFound.
    """
    digest = editions.last(course)
    return _index(digest, engine.shelf.course(digest, language)).find(words, MOST)


def nearest(engine: Engine, course: str, language: str, words: str) -> str:
    """The nearest words that stand in a course of the library, for a slip of the fingers; or nothing."""
    digest = editions.last(course)
    return _index(digest, engine.shelf.course(digest, language)).nearest(words)


def _index(digest: str, course: Course) -> Index:
    key = (digest, course.language)
    with _lock:
        if key in _indexes:
            _indexes.move_to_end(key)
        else:
            _indexes[key] = Index(_texts(course))
        while len(_indexes) > KEPT:
            _indexes.popitem(last=False)
        return _indexes[key]


def _texts(course: Course) -> Iterator[Text]:
    for page in course.pages:
        yield _page(page)
    for week in course.weeks:
        yield from _week(week)
    if course.evidence is not None:
        yield from _evidence(course.evidence)


def _page(page: Page) -> Text:
    return Text(
        "page", f"/pages/{page.id}", page.title, _headings(page.html), (page.summary, *_plain(page.html))
    )


def _week(week: Week) -> Iterator[Text]:
    welcome = (week.aim, week.care, *_plain(week.welcome_html))
    yield Text("week", f"#week-{week.number}", week.title, (), welcome, week.number)
    if week.home_html:
        home = _headings(week.home_html), tuple(_plain(week.home_html))
        yield Text("home", f"#home-{week.number}", week.home_title or week.title, *home, week.number)
    for plan in week.plans:
        yield _plan(plan, week)
    for step in week.steps:
        yield _step(step, week)


def _plan(plan: SessionPlan, week: Week) -> Text:
    words = [plan.purpose, *plan.materials, *_plain(plan.before_html)]
    for part in plan.parts:
        words += [part.purpose, *_plain(part.say_html), *part.ask, *_plain(part.watch_html), part.online]
    words += [*_plain(plan.after_html), *_plain(plan.online_html)]
    heads = tuple(part.title for part in plan.parts)
    return Text("plan", f"/plans/{plan.id}", plan.title, heads, tuple(words), week.number)


def _step(step: Step, week: Week) -> Text:
    words = [step.summary, *_plain(step.html)]
    heads = list(_headings(step.html))
    if step.practice:
        practice = step.practice
        words += [practice.summary, *practice.anchors, *practice.postures]
        for html in (
            practice.cautions_html, practice.stopping_html, practice.gentler.html, practice.ordinary_html
        ):  # fmt: skip
            words += _plain(html)
        heads += [practice.title, practice.gentler.title, *(part.title for part in practice.full.parts)]
        words += [*_script(practice.full), *_script(practice.short)]
    if step.worksheet:
        words += [step.worksheet.purpose, *_fields(step.worksheet.fields)]
        heads.append(step.worksheet.title)
    if step.measure:
        words += [step.measure.summary, step.measure.licence]
    words += _fields(step.fields)
    told = tuple(filter(None, words))
    return Text(step.kind.value, f"/steps/{step.id}", step.title, tuple(heads), told, week.number)


def _script(script: Script) -> Iterator[str]:
    return (line.say for line in script.lines)


def _fields(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        yield from (field.label, field.hint, field.example, *field.options, *field.columns, *field.rows)
        yield from _plain(field.html)


def _evidence(evidence: Evidence) -> Iterator[Text]:
    for table in evidence.tables:
        cells = (cell for row in table.rows for cell in row.cells)
        words = (table.intro, *table.columns, *cells)
        yield Text("evidence", f"/evidence#{table.id}", table.title, (), words)
    for claim in evidence.claims:
        words = (claim.source, claim.design, claim.size, claim.figure, claim.limits)
        yield Text("evidence", f"/evidence#{claim.id}", claim.claim, (), words)
    for said in evidence.overstated:
        yield Text("evidence", "/evidence#is-overstated", said.said, (), (said.fair,))
    for line in evidence.not_known:
        yield Text("evidence", "/evidence#is-not-known", line)


def _plain(html: str) -> list[str]:
    """The paragraphs of ready-made HTML as plain words."""
    parts = (" ".join(unescape(_TAG.sub("", part)).split()) for part in _BLOCK.split(html))
    return [part for part in parts if part]


def _headings(html: str) -> tuple[str, ...]:
    return tuple(unescape(_TAG.sub("", one)) for one in _HEADING.findall(html))
