"""What names what outside the steps: safety its pages, weeks their plans, plans what they use."""

from collections.abc import Iterator

from course_engine.content.draft import Draft, Leaf, WeekDraft
from course_engine.content.faults import Faults, Spot
from course_engine.content.helplines import check_help
from course_engine.content.measures import check_measure
from course_engine.content.pages import PageDraft
from course_engine.content.plans import check_times
from course_engine.content.reading import Trail
from course_engine.domain.pages import Readers
from course_engine.i18n import gettext as _


def apply(draft: Draft, faults: Faults) -> None:
    """Every name that leads nowhere, and everything that nothing names."""
    _safety(draft, faults)
    _plans(draft, faults)
    _uses(draft, faults)
    _measures(draft, faults)
    if draft.help and draft.help.data:
        check_help(draft.help.document, draft.help.data, faults)


def named_outside(draft: Draft) -> Iterator[tuple[str, str, Spot]]:
    """The ids of pages, plans and measures: id, file and place."""
    leaves: list[Leaf | PageDraft] = [*draft.pages, *draft.measures.values()]
    leaves += [leaf for module in draft.modules for leaf in module.plan.values()]
    for leaf in leaves:
        if leaf.data:
            yield leaf.data["id"], leaf.file, leaf.document.at("id")


def _safety(draft: Draft, faults: Faults) -> None:
    if draft.course is None or not draft.course.data:
        return
    pages = {page.known.get("id"): page.known.get("readers") for page in draft.pages}
    open_steps = {
        step.data["id"]: step.data.get("always_open", False)
        for week in draft.weeks
        for step in week.steps
        if step.data
    }
    for at, name in enumerate(draft.course.data.get("safety", [])):
        if name in pages:
            fine = pages[name] == Readers.EVERYONE
            sentence = _("`%(id)s` is a page for facilitators; a safety page is for everyone.", id=name)
        elif name in open_steps:
            fine = open_steps[name]
            sentence = _("The step `%(id)s` is locked at times; make it `.always-open`.", id=name)
        else:
            fine, sentence = False, _("There is no page and no step `%(id)s`.", id=name)
        if not fine:
            faults.add("course.yaml", draft.course.document.at("safety", at), sentence)


def _plans(draft: Draft, faults: Faults) -> None:
    for module in draft.modules:
        for leaf in module.plan.values():
            if leaf.data:
                check_times(leaf.document, leaf.data, faults)
        taken: dict[str, WeekDraft] = {}
        for week in module.weeks:
            for at, name in enumerate(week.front.known.get("plans", []) if week.front else []):
                sentence = ""
                if name not in module.plan:
                    sentence = _("There is no `plan-%(name)s.yaml` in this folder.", name=name)
                elif name in taken:
                    sentence = _("A week names this plan already: `%(file)s`.", file=taken[name].file)
                if sentence and week.front:
                    faults.add(week.file, week.front.document.at("plans", at), sentence)
                taken.setdefault(name, week)
        if any(week.front is None or week.front.data is None for week in module.weeks):
            continue
        for name, leaf in module.plan.items():
            if name not in taken:
                sentence = _(
                    "No week names this plan; add `plans: [%(name)s]` at the top of a week, or take the file "
                    "out.",
                    name=name,
                )
                faults.add(leaf.file, Spot(), sentence)


def _uses(draft: Draft, faults: Faults) -> None:
    known = {step.data["id"] for week in draft.weeks for step in week.steps if step.data}
    for module in draft.modules:
        known |= {leaf.known.get("id") for leaf in (*module.practice.values(), *module.worksheet.values())}
    known |= {week.home.attributes.get("id", "") for week in draft.weeks if week.home}
    whole = all(week.text and all(step.data for step in week.steps) for week in draft.weeks)
    whole = whole and None not in known
    for module in draft.modules:
        for leaf in module.plan.values():
            for at, part in enumerate(leaf.known.get("parts", [])):
                for place, name in enumerate(part.get("uses", [])):
                    if whole and name not in known:
                        trail: Trail = ("parts", at, "uses", place)
                        sentence = _("There is no practice, worksheet, step or home plan `%(id)s`.", id=name)
                        faults.add(leaf.file, leaf.document.at(*trail), sentence)


def _measures(draft: Draft, faults: Faults) -> None:
    for leaf in draft.measures.values():
        if leaf.data:
            check_measure(leaf.document, leaf.data, faults)
    if any(week.text is None for week in draft.weeks):
        return
    named = {
        step.section.attributes.get("file")
        for week in draft.weeks
        for step in week.steps
        if step.section.attributes.get("kind") == "check-in"
    }
    for name, leaf in draft.measures.items():
        if name not in named:
            sentence = _(
                "No step shows this measure; add `file=%(name)s` to a step of the kind `.check-in`, or take "
                "the file out.",
                name=name,
            )
            faults.add(leaf.file, Spot(), sentence)
