"""How the course speaks: no shame, no raised voice where someone may be hurting, one way of spelling."""

import re
from collections.abc import Iterable, Sequence

import pytest

from course_engine.domain.course import Course
from tests.course.texts import Passage, everything, practices, prose

SHAMING = (
    "lazy person", "no willpower", "pull yourself together", "snap out of", "man up", "toughen up",
    "get over it", "cheat", "guilty pleasure", "well done", "great job", "good job", "try harder", "score",
    "grade yourself", "on track", "off track", "relapse", "quitter", "slacker", "cop out", "simply breathe",
    "just breathe", "calm down", "cheer up", "look on the bright side", "of course you can", "you failed",
)  # fmt: skip
AMERICAN = (
    r"\w*behavior\w*", r"colors?|colored|colorful", r"centers?|centered|centering", r"favorites?|favors?",
    r"honors?|honored", r"neighbors?|neighborhood", r"labor", r"harbors?", r"gray", r"programs?", r"mom",
    r"(?:organ|recogn|real|apolog|emphas|minim|memor|summar|random)iz(?:e|es|ed|ing)", r"analyz\w+", r"math",
    r"traveling|traveler", r"modeling", r"counselors?|counseling", r"meters?", r"skeptic\w*", r"cozy",
    r"(?:to|you|we|I|can|could|might|may|will|they|people) practice(?! is| can| of)", r"practiced|practicing",
)  # fmt: skip
JOURNALS = ("Behavior Therapy", "Brain Imaging and Behavior")


def test_no_text_shames_anyone(course: Course) -> None:
    assert _found(everything(course), SHAMING, SPOKEN_OF) == []


def test_the_course_is_spelt_as_in_britain(course: Course) -> None:
    assert _found(everything(course), AMERICAN, JOURNALS) == []


@pytest.mark.parametrize("word", ["program", "color", "you practice", "realized", "behavior", "centered"])
def test_the_list_of_spellings_finds_what_it_is_for(word: str) -> None:
    assert _found([Passage("here", (f"Then {word} more",))], AMERICAN)


def test_nobody_raises_their_voice_where_someone_may_be_hurting(course: Course) -> None:
    loud = [
        f"{one.id}: {line}"
        for one in practices(course)
        for html in (one.cautions_html, one.stopping_html, one.gentler.html)
        for line in prose(html)
        if "!" in line
    ]
    loud += [f"{week.id}: {week.care}" for week in course.weeks if "!" in week.care]
    loud += [f"{page.id}: {line}" for page in course.pages for line in prose(page.html) if "!" in line]

    assert loud == []


def test_every_link_in_the_texts_leads_somewhere(course: Course) -> None:
    rows = course.evidence.by_id if course.evidence else {}
    places = {f"/pages/{page.id}" for page in course.pages if page.readers.value == "everyone"}
    places |= {f"/steps/{step}" for step in course.steps}
    places |= {f"/worksheets/{sheet}" for sheet in course.worksheets}
    places |= {f"/weeks/{week.number}" for week in course.weeks}
    places |= {f"/evidence#{row}" for row in rows} | {"/evidence", "/steady", "/help"}
    linked = [
        (place, href) for place, html in _markup(course) for href in re.findall(r'href="([^"]*)"', html)
    ]

    assert len(linked) > 100
    assert [found for found in linked if found[1] not in places] == []


def test_every_sheet_and_practice_that_a_text_names_is_there(course: Course) -> None:
    titles = {step.worksheet.title for step in course.steps.values() if step.worksheet}
    titles |= {one.title for one in practices(course)} | {page.title for page in course.pages}
    named = {
        name
        for _place, html in _markup(course)
        for name in re.findall(
            r"(?:[Tt]he sheet(?: called)?|[Tt]he page|[Tt]he practice) <em>(.+?)</em>", html
        )
    }

    assert len(named) >= 6
    assert named - titles == set()


def test_the_words_at_both_ends_of_a_scale_fit_beside_its_numbers_on_paper(course: Course) -> None:
    asked = [
        field
        for step in course.steps.values()
        for field in (*step.fields, *(step.worksheet.fields if step.worksheet else ()))
        if field.kind == "scale"
    ]
    long = [f"{field.low} … {field.high}" for field in asked if len(field.low + field.high) > LETTERS_AT_ENDS]

    assert len(asked) >= 10
    assert long == []


LETTERS_AT_ENDS = 28
SPOKEN_OF = ("you need not look on the bright side",)


def _markup(course: Course) -> list[tuple[str, str]]:
    """The HTML of lessons, weeks, pages, plans and practices, each with its place."""
    found = [(step.id, step.html) for step in course.steps.values()]
    found += [(week.id, week.welcome_html + week.home_html) for week in course.weeks]
    found += [(page.id, page.html) for page in course.pages]
    found += [(one.id, one.cautions_html + one.gentler.html + one.stopping_html) for one in practices(course)]
    for plan in course.plan_of.values():
        parts = "".join(part.say_html + part.watch_html for part in plan.parts)
        found.append((plan.id, plan.before_html + parts + plan.online_html + plan.after_html))
    return found


def _found(texts: Iterable[Passage], words: Sequence[str], allowed: Sequence[str] = ()) -> list[str]:
    """The words that stand somewhere, apart from those that are fine as part of something `allowed`."""
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
    fine = re.compile("|".join(map(re.escape, allowed)) or r"(?!)")
    return [
        f"{one.place}: {match[0]} in “{line}”"
        for one in texts
        for line in one.lines
        for match in pattern.finditer(fine.sub("…", line))
    ]
