"""What stands outside the steps of a week: pages, session plans, measures and help lines."""

import re
from pathlib import Path

import pytest

from course_engine.content import loader
from course_engine.content.check import check
from course_engine.domain.course import Course
from course_engine.domain.pages import Readers
from course_engine.paths import MODULES
from tests.content.conftest import Spoil

PLAN = "01-starter/plan-week-1.yaml"
MEASURE = "measure-oven-ease.yaml"
PAGE = "page-hot-things.md"
WEEK = "01-starter/week-1.md"


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def course(folder: Path, language: str = "en") -> Course:
    compiled = loader.compile_course(folder)
    assert [str(fault) for fault in compiled.faults] == []
    return loader.course_of(loader.decode(loader.encode(compiled.data)), language)


def test_a_page_is_read_with_its_headings_boxes_and_readers(bread: Path) -> None:
    pages = course(bread).page_of

    assert list(pages) == ["hot-things", "leading-bakers"]
    assert pages["leading-bakers"].readers is Readers.FACILITATORS
    assert "<h2>Before the oven is hot</h2>" in pages["hot-things"].html
    assert "<h3>With children about</h3>" in pages["hot-things"].html
    assert 'class="box box-care"' in pages["hot-things"].html


def test_a_plan_belongs_to_its_week(bread: Path) -> None:
    found = course(bread)
    (plan,) = found.weeks[0].plans

    assert found.plan_of["session-1"] is plan
    assert (plan.minutes, plan.shorter, len(plan.parts)) == (60, 40, 4)
    assert plan.before_html.startswith("<p>Boil water")
    assert plan.parts[0].ask[1] == "Who taught you to bake, if anyone did?"
    assert plan.parts[1].uses == ("stir-and-look", "my-kitchen")
    assert "<p>Somebody may be afraid" in plan.parts[1].watch_html
    assert [week.plans for week in found.weeks[1:]] == [(), ()]


def test_a_measure_asks_its_questions_in_every_step_that_shows_it(bread: Path) -> None:
    steps = course(bread).steps
    first, last = steps["oven-1"], steps["oven-3"]

    assert first.measure == last.measure
    assert [(one.id, one.kind, one.label, one.most) for one in first.fields] == [
        ("calm", "scale", "I was calm while I waited.", 5),
        ("worried", "scale", "I worried about the crumb.", 5),
        ("fun", "scale", "I had fun.", 5),
    ]
    assert (first.fields[0].low, first.fields[0].high) == ("at no time", "all of the time")
    assert not first.counts
    assert steps["check-in-1"].measure is None


def test_help_lines_are_there_and_safety_names_its_pages(bread: Path) -> None:
    found = course(bread)

    assert [line.id for line in found.help_lines] == ["pt-crust", "pt-crumb", "pt-oven", "se-rye"]
    assert found.help_lines[0].dials == "5550100"
    assert found.safety == ("hot-things", "heat-and-hands")


def test_all_of_it_is_read_in_another_language_as_far_as_there_are_words(bread: Path) -> None:
    found = course(bread, "es")
    plan, measure = found.plan_of["session-1"], found.steps["oven-1"].measure

    assert found.page_of["hot-things"].title == "Cosas calientes en una cocina pequeña"
    assert "Antes de que el horno" in found.page_of["hot-things"].html
    assert found.page_of["leading-bakers"].title == "Leading an evening of bakers"
    assert [part.title for part in plan.parts] == ["Llegar", "Remover y mirar", "Ronda de olores", "Cerrar"]
    assert [part.minutes for part in plan.parts] == [15, 30, 10, 5]
    assert plan.parts[0].ask[0].startswith("¿Cuál")
    assert plan.parts[1].uses == ("stir-and-look", "my-kitchen")
    assert measure is not None
    assert [item.text for item in measure.items][:2] == [
        "I was calm while I waited.", "Me preocupé por la miga.",
    ]  # fmt: skip
    assert measure.items[1].reversed
    assert [(band.at_least, band.words) for band in measure.bands] == [
        (0, "Una semana pesada."), (28, "Una semana como tantas."),
    ]  # fmt: skip
    assert found.steps["oven-1"].fields[1].label == "Me preocupé por la miga."


def test_an_edition_from_before_all_this_is_still_read(bread: Path) -> None:
    data = loader.compile_course(bread).data
    for key in ("pages", "help", "evidence"):
        data.pop(key, None)
    del data["course"]["safety"]
    for module in data["modules"]:
        for week in module["weeks"]:
            del week["plans"], week["home_id"]
            week["steps"] = [step for step in week["steps"] if not step.pop("measure")]
    data["translations"] = {}
    found = loader.course_of(data, "en")

    assert (found.pages, found.help_lines, found.safety, found.plan_of) == ((), (), (), {})
    assert "check-in-1" in found.steps


def test_the_scale_in_the_authors_readme_is_the_one_that_is_tested(bread: Path) -> None:
    readme = (MODULES / "README.md").read_text("utf-8")
    example = re.findall(r"```yaml\n(id: oven-ease\n.*?)```", readme, re.DOTALL)

    assert example == [(bread / MEASURE).read_text("utf-8")]


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "words"),
    [
        ("course.yaml", "[hot-things,", "[cold-things,", "safety", "no page and no step `cold-things`"),
        ("course.yaml", "[hot-things,", "[leading-bakers,", "safety", "a page for facilitators"),
        ("course.yaml", "heat-and-hands]", "four-signs]", "safety", "make it `.always-open`"),
        (PAGE, "## Before", "# Before", "# Before", "begin at `##`"),
        (PAGE, "readers: everyone", "readers: all", "readers", "`everyone`, `facilitators`"),
        (PAGE, "id: hot-things", "id: what-lives", "id: what-lives", "taken"),
        (PLAN, "minutes: 60", "minutes: 70", "minutes: 70", "says 70 and the parts add up to 60"),
        (PLAN, "shorter: 40", "shorter: 45", "shorter: 45", "says 45 and the parts add up to 40"),
        (PLAN, "uses: [stir-and-look,", "uses: [knit,", "uses", "no practice, worksheet, step or home plan"),
        (PLAN, "    purpose: A clear end.\n", "", "title: Close", "`purpose` is needed"),
        (PLAN, "say: |", "says: |", "says", "do you mean `say`"),
        (WEEK, "plans: [week-1]", "plans: [week-2]", "plans", "no `plan-week-2.yaml`"),
        (WEEK, "plans: [week-1]", "plans: [week-1, week-1]", "plans", "names this plan already"),
        (WEEK, "file=oven-ease", "file=oven", "file=oven", "no `measure-oven.yaml`"),
        (WEEK, "#oven-1 .check-in", "#oven-1 .check-in .required", "#oven-1", "only ever an offer"),
        (WEEK, "#oven-1 .check-in", "#oven-1 .check-in one_of=any", "#oven-1", "only ever an offer"),
        (MEASURE, "most: 5", "most: 15", "most", "more than `least`"),
        (MEASURE, "answered: 2", "answered: 4", "answered", "more answers than there are questions"),
        (MEASURE, "from: 28", "from: 0", "words: A week like many", ""),
        (MEASURE, "from: 28", "from: 61", "from: 61", "No result is that high"),
        (MEASURE, "from: 0\n", "from: 1\n", "from: 1", "The first band begins at 0"),
        (MEASURE, "id: fun", "id: calm", "id: calm", "Two questions"),
        (MEASURE, "change: 8", "change: much", "change", "a number from"),
        ("help.yaml", "country: SE", "country: QQ", "country: QQ", "no country `QQ`"),
        ("help.yaml", "id: pt-crumb", "id: pt-crust", "id: pt-crust", "Two lines"),
        ("help.yaml", 'call: "555 0102"', "call: 555", "call: 555", "in quotes"),
        ("help.yaml", '    call: "555 0102"\n', "", "id: pt-oven", "has a number"),
        ("help.yaml", "[pt, en]", "[pt, xyz]", "[pt, xyz]", "no language `xyz`"),
        ("help.yaml", "checked: 2026-03-01", "checked: 2026-02-30", "2026-02-30", "a day such as"),
    ],
)
def test_one_slip_is_told_where_it_stands(
    spoil: Spoil, *, file: str, old: str, new: str, at: str, words: str
) -> None:
    folder = spoil(file, old, new)
    lines = [
        number for number, line in enumerate((folder / file).read_text("utf-8").split("\n"), 1) if at in line
    ]
    found = [line for line in told(folder) if line.startswith(tuple(f"{file}:{n}:" for n in lines))]

    assert any(words in line for line in found) if words else told(folder) != [], told(folder)


def test_a_plan_or_a_measure_that_nothing_names_is_told(spoil: Spoil, bread: Path) -> None:
    spoil(WEEK, "plans: [week-1]\n", "")
    for file in (WEEK, "02-loaf/week-3.md"):
        spoil(file, "file=oven-ease ", "")
    (bread / "01-starter/week-1.es.md").unlink()
    found = told(bread)

    assert any(line.startswith(f"{PLAN}:1:1: No week names this plan") for line in found), found
    assert any(line.startswith(f"{MEASURE}:1:1: No step shows this measure") for line in found), found


def test_a_week_may_have_a_measure_beside_its_own_questions_and_nothing_else(spoil: Spoil) -> None:
    oven = "## How the oven feels"
    folder = spoil(WEEK, oven, f"## Once more {{#again .check-in minutes=2}}\n\n{oven}")

    assert "The week has a check-in already" in "".join(told(folder))


def test_a_translation_keeps_pairs_and_ids(spoil: Spoil, bread: Path) -> None:
    spoil("01-starter/plan-week-1.es.yaml", "  - title: Cerrar\n", "")
    spoil("measure-oven-ease.es.yaml", "id: worried", "id: scared")
    (bread / "page-cold-things.es.md").write_text("---\ntitle: Frío\n---\n\nNada.\n")
    found = "".join(told(bread))

    assert "they go in pairs" in found
    assert "no question with the id `scared`" in found
    assert "There is no `page-cold-things.md` beside" in found
