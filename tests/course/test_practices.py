"""Every practice can be done by many people, in two lengths, and stopped at any line."""

from collections.abc import Iterator

import pytest

from course_engine.domain.course import Course, Intensity, Practice, Script
from tests.course.texts import practices, prose

LONGEST_EARLY, LONGEST_LATER = 45, 90
HALF = (0.40, 0.65)
NOT_HALF = {
    "feet-on-the-floor": "Three minutes; half would be no whole minute.",
    "supportive-touch": "Three minutes; half would be no whole minute.",
    "mindful-ordinary-thing": "Three minutes; half would be no whole minute.",
    "close-the-door": "Three minutes; half would be no whole minute.",
    "savouring-moment": "Three minutes is the length that the plan of the course gives it, for busy days.",
}
ONE_POSTURE = {"mindful-ordinary-thing": "It is done however one does the thing; that is its posture."}


def test_no_quiet_is_longer_than_people_can_bear_at_that_point_of_the_course(course: Course) -> None:
    long = [
        f"{practice.id}: {line.pause} seconds after “{line.say}”"
        for week in course.weeks
        for practice in [step.practice for step in week.steps if step.practice]
        for script in (practice.full, practice.short)
        for line in script.lines
        if line.pause > (LONGEST_EARLY if week.number <= 3 else LONGEST_LATER)
    ]

    assert long == []


def test_ways_to_be_and_what_to_rest_on_all_begin_alike(course: Course, spanish: Course) -> None:
    choices = [
        choice
        for spoken in (course, spanish)
        for practice in practices(spoken)
        for choice in (*practice.postures, *practice.anchors)
    ]

    assert len(choices) > 200
    assert [choice for choice in choices if not choice[0].isupper()] == []


def test_the_time_of_every_script_is_its_words_and_its_quiet(course: Course) -> None:
    off = {
        f"{practice.id}: {script.minutes}": round(taken, 1)
        for practice, script in _scripts(course)
        if abs((taken := _minutes(script, course.words_a_minute)) - script.minutes) > 0.5
    }

    assert off == {}


def test_a_short_form_is_about_half_of_the_full_one_and_never_under_a_minute(course: Course) -> None:
    least, most = HALF
    shares = {one.id: one.short.minutes / one.full.minutes for one in practices(course)}
    other = {id: share for id, share in shares.items() if not least <= share <= most}

    assert other.keys() == NOT_HALF.keys(), other
    assert min(one.short.minutes for one in practices(course)) >= 1
    assert all(_minutes(one.short, course.words_a_minute) >= 0.75 for one in practices(course))


def test_every_practice_has_cautions_a_gentler_form_an_everyday_form_and_a_way_to_stop(
    course: Course,
) -> None:
    thin = {
        f"{one.id} {name}": words
        for one in practices(course)
        for name, words in _asides(one).items()
        if words < (8 if name == "summary" else 12)
    }

    assert thin == {}
    assert all(len(one.gentler.title.split()) >= 2 for one in practices(course))


def test_every_practice_offers_places_to_rest_attention_and_ways_to_sit(course: Course) -> None:
    for one in practices(course):
        assert len(set(one.anchors)) == len(one.anchors) >= 3, one.id
        assert len(set(one.postures)) == len(one.postures) >= (1 if one.id in ONE_POSTURE else 2), one.id


def test_every_script_says_that_one_may_stop_and_ends_in_the_room(course: Course) -> None:
    for one in practices(course):
        said = " ".join(line.say for line in one.full.lines).lower()
        last = " ".join(line.say for line in one.full.parts[-1].lines).lower()

        assert len(one.full.parts) >= 3, one.id
        assert any(way in said for way in STOPS), one.id
        assert any(way in last for way in ROOM), f"{one.id}: {last}"


def test_a_practice_that_may_stir_things_up_says_at_its_start_in_both_lengths_that_one_may_stop(
    course: Course,
) -> None:
    stirring = [one for one in _scripts(course) if one[0].intensity is not Intensity.GENTLE]
    starts = {
        f"{practice.id}: {script.minutes}": " ".join(line.say for line in script.parts[0].lines).lower()
        for practice, script in stirring
    }

    assert len(starts) >= 20
    assert {id: said for id, said in starts.items() if not any(way in said for way in STOPS)} == {}


@pytest.mark.parametrize(
    "id", ["thank-the-critic", "compassionate-letter", "reframing"], ids=["critic", "letter", "thought"]
)
def test_writing_has_prompts_with_time_to_write(course: Course, id: str) -> None:
    practice = next(one for one in practices(course) if one.id == id)
    for script in (practice.full, practice.short):
        prompts = [line for line in script.lines if line.write]

        assert len(prompts) >= 3
        assert sum(line.pause for line in prompts) > script.minutes * 60 / 3


STOPS = ("stop", "leave", "skip", "step back", "turn back", "ease off")
ROOM = ("look", "feet", "listen", "stretch", "move", "room", "ground", "ordinary", "go on", "carry on")


def _scripts(course: Course) -> Iterator[tuple[Practice, Script]]:
    for practice in practices(course):
        yield practice, practice.full
        yield practice, practice.short


def _minutes(script: Script, speed: int) -> float:
    lines = list(script.lines)
    return sum(len(line.say.split()) for line in lines) / speed + sum(line.pause for line in lines) / 60


def _asides(practice: Practice) -> dict[str, int]:
    """How many words each part around the scripts has."""
    texts = {
        "cautions": practice.cautions_html, "gentler": practice.gentler.html,
        "ordinary": practice.ordinary_html, "stopping": practice.stopping_html, "summary": practice.summary,
    }  # fmt: skip
    return {name: len(" ".join(prose(text)).split()) for name, text in texts.items()}
