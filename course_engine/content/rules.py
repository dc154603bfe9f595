"""What spans the files of a course: order, ids, steps and the files they name, safety and time.

Weeks open in the order of their numbers and nothing else names what comes first, so a course
cannot be written whose weeks wait for each other; what can go wrong is a gap.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from course_engine.content import references
from course_engine.content.draft import Draft, Leaf, ModuleDraft, StepDraft, WeekDraft
from course_engine.content.faults import Fault, Faults, Spot
from course_engine.content.reading import Document
from course_engine.i18n import gettext as _

OFF_BY_MINUTES = 0.5
WITH_FILE = ("practice", "worksheet")
BACKDRAFT = "backdraft"

Plain = dict[str, Any]


def apply(draft: Draft, faults: Faults) -> None:
    """Every fault that needs more than one file, or more than one key, to be seen."""
    _parts(draft, faults)
    _numbers(draft, faults)
    _ids(draft, faults)
    _field_ids(draft, faults)
    for module in draft.modules:
        for week in module.weeks:
            _steps(draft, module, week, faults)
            _completion(week, faults)
        _unnamed(module, faults)
    _worksheets_once(draft, faults)
    _deep(draft, faults)
    _times(draft, faults)
    _attended(draft, faults)
    references.apply(draft, faults)


def reviews(draft: Draft) -> Iterator[Fault]:
    """Weeks and pages that ask for a reader and have had none: one note for each reader, with all places."""
    weeks = [(week.front.known, week.front.document) for week in draft.weeks if week.front]
    waiting: dict[str, list[tuple[str, Spot]]] = {}
    for known, document in [*weeks, *((page.known, page.document) for page in draft.pages)]:
        if "review" in known and "reviewed" not in known:
            waiting.setdefault(str(known["review"]), []).append((document.file, document.at("review")))
    for who, places in waiting.items():
        (file, spot), *others = sorted(places)
        sentence = _("Before this is used it should be read by %(who)s.", who=who)
        if others:
            also = ", ".join(f"`{other}:{at.line}`" for other, at in others)
            sentence += " " + _("So should these: %(places)s.", places=also)
        yield Fault(file, spot.line, spot.column, sentence)


def _parts(draft: Draft, faults: Faults) -> None:
    if draft.course is None and "course.yaml" not in {fault.file for fault in faults}:
        faults.add("course.yaml", Spot(), _("A course has a `course.yaml` in its folder; there is none."))
    if not draft.modules:
        faults.add(
            "course.yaml", Spot(), _("The course has no modules; add a folder such as `01-beginnings`.")
        )
    numbers = Counter(int(module.folder.split("-")[0]) for module in draft.modules)
    for module in draft.modules:
        if module.leaf is None:
            faults.add(
                f"{module.folder}/module.yaml", Spot(), _("A module has a `module.yaml`; there is none.")
            )
        elif not module.weeks:
            faults.add(module.leaf.file, Spot(), _("This module has no weeks; add a `week-N.md`."))
        if numbers[int(module.folder.split("-")[0])] > 1:
            sentence = _(
                "Two modules have the number of `%(folder)s`; give each its own.", folder=module.folder
            )
            faults.add(f"{module.folder}/module.yaml", Spot(), sentence)


def _numbers(draft: Draft, faults: Faults) -> None:
    """Weeks count by one through the course, from 0 or 1, whatever module they stand in."""
    seen: dict[int, str] = {}
    last: int | None = None
    for week in draft.weeks:
        if week.number in seen:
            sentence = _("Week %(n)s is there already: `%(file)s`.", n=week.number, file=seen[week.number])
            faults.add(week.file, Spot(), sentence)
            continue
        wanted = (0, 1) if last is None else (last + 1,)
        if week.number not in wanted:
            sentence = _(
                "Week %(wanted)s belongs here, and this is week %(n)s.", wanted=wanted[-1], n=week.number
            )
            faults.add(week.file, Spot(), sentence)
        seen[week.number] = week.file
        last = week.number


def _ids(draft: Draft, faults: Faults) -> None:
    """Modules, weeks and steps share one set of ids; a file may have the id of the step that shows it."""
    items: dict[str, str] = {}
    for what, file, spot in _items(draft):
        if what in items:
            sentence = _(
                "The id `%(id)s` is taken: %(place)s. Ids are unique in the course.",
                id=what,
                place=items[what],
            )
            faults.add(file, spot, sentence)
        items.setdefault(what, f"{file}:{spot.line}")
    for kind in WITH_FILE:
        owners = {
            (step.data["id"], _path(module, kind, step.data.get("file", "")))
            for module, _week, step in _all_steps(draft)
            if step.data and step.data["kind"] == kind
        }
        taken: dict[str, str] = {}
        for module in draft.modules:
            for leaf in getattr(module, kind).values():
                what = leaf.known.get("id")
                if what is None:
                    continue
                place = taken.get(what) or (items.get(what) if (what, leaf.file) not in owners else None)
                if place:
                    sentence = _(
                        "The id `%(id)s` is taken: %(place)s. Ids are unique in the course.",
                        id=what,
                        place=place,
                    )
                    faults.add(leaf.file, leaf.document.at("id"), sentence)
                taken.setdefault(what, f"{leaf.file}:{leaf.document.at('id').line}")


def _items(draft: Draft) -> Iterator[tuple[str, str, Spot]]:
    for module in draft.modules:
        if module.leaf and module.leaf.data:
            yield module.leaf.data["id"], module.leaf.file, module.leaf.document.at("id")
    for week in draft.weeks:
        if week.front and week.front.data:
            yield week.front.data["id"], week.file, week.front.document.at("id")
        for step in week.steps:
            if step.data:
                yield step.data["id"], week.file, step.spot
        if week.home and "id" in week.home.attributes:
            yield week.home.attributes["id"], week.file, Spot(week.home.line)
    yield from references.named_outside(draft)


def _field_ids(draft: Draft, faults: Faults) -> None:
    sheets: list[tuple[Leaf, str, str]] = [
        (leaf, "fields_", "fields") for module in draft.modules for leaf in module.worksheet.values()
    ]
    sheets += [(week.front, "check_in", "check_in") for week in draft.weeks if week.front]
    for leaf, key, name in sheets:
        seen: set[str] = set()
        for at, row in enumerate(leaf.known.get(key, [])):
            if row["id"] in seen:
                sentence = _(
                    "Another field of this sheet has the id `%(id)s`; give each its own.", id=row["id"]
                )
                faults.add(leaf.file, leaf.document.at(name, at, "id"), sentence)
            seen.add(row["id"])


def _all_steps(draft: Draft) -> Iterator[tuple[ModuleDraft, WeekDraft, StepDraft]]:
    for module in draft.modules:
        for week in module.weeks:
            yield from ((module, week, step) for step in week.steps)


def _path(module: ModuleDraft, kind: str, name: str) -> str:
    return f"{module.folder}/{kind}-{name}.yaml"


def _steps(draft: Draft, module: ModuleDraft, week: WeekDraft, faults: Faults) -> None:
    for step in week.steps:
        if step.data:
            for sentence in _step_sentences(draft, module, step, step.data):
                faults.add(week.file, step.spot, sentence)
    front = week.front.known if week.front else {}
    check_ins = [
        step
        for step in week.steps
        if step.data and step.data["kind"] == "check-in" and "file" not in step.data
    ]
    if week.front and "check_in" in front and not check_ins and _all_known(week):
        sentence = _(
            "These questions are asked nowhere; add a step of the kind `.check-in`, or take them out."
        )
        faults.add(week.file, week.front.document.at("check_in"), sentence)
    for step in check_ins[1:]:
        faults.add(week.file, step.spot, _("The week has a check-in already; keep one."))
    if check_ins and week.front and week.front.data and "check_in" not in front:
        sentence = _("A check-in asks the questions under `check_in` at the top of the week; there are none.")
        faults.add(week.file, check_ins[0].spot, sentence)


def _step_sentences(draft: Draft, module: ModuleDraft, step: StepDraft, data: Plain) -> Iterator[str]:
    kind, name = data["kind"], data.get("file")
    if data.get("required") and "one_of" in data:
        yield _("A step is `.required` or `one_of=`, not both; keep one of them.")
    if kind in WITH_FILE:
        yield from _file_sentences(module, kind, name, data)
    else:
        if name is not None and kind == "check-in":
            yield from _measure_sentences(draft, name, data)
        elif name is not None:
            yield _(
                "Only a practice or a worksheet has `file=`, or a check-in that shows a measure; take it out."
            )
        if "minutes" not in data:
            yield _("Say about how long this step takes, such as `minutes=5`.")
    text = step.section.text.text
    if kind == "lesson" and not text.strip():
        yield _("This lesson has no text.")
    if kind == "journal" and not any(
        line.lstrip().startswith(("- ", "* ", "+ ")) for line in text.split("\n")
    ):
        yield _("A journal step has prompts: a list, each on a line after a dash.")


def _file_sentences(module: ModuleDraft, kind: str, name: str | None, data: Plain) -> Iterator[str]:
    if name is None:
        yield _("This step needs `file=`: the NAME of a `%(kind)s-NAME.yaml` in this folder.", kind=kind)
    elif name not in getattr(module, kind):
        yield _("There is no `%(kind)s-%(name)s.yaml` in this folder.", kind=kind, name=name)
    if "minutes" in data:
        yield _("The file says how long this takes; take `minutes=` out of the braces.")


def _measure_sentences(draft: Draft, name: str, data: Plain) -> Iterator[str]:
    if name not in draft.measures:
        yield _("There is no `measure-%(name)s.yaml` in the course's folder.", name=name)
    if data.get("required") or "one_of" in data:
        yield _("A measure is only ever an offer; take `.required` or `one_of=` out.")


def _all_known(week: WeekDraft) -> bool:
    return week.text is not None and all(step.data for step in week.steps)


def _completion(week: WeekDraft, faults: Faults) -> None:
    counting = (step.data and (step.data.get("required") or "one_of" in step.data) for step in week.steps)
    if _all_known(week) and not any(counting):
        sentence = _(
            "No step of this week counts, so nothing would complete it; mark one `.required` or `one_of=`."
        )
        faults.add(week.file, Spot(), sentence)


def _unnamed(module: ModuleDraft, faults: Faults) -> None:
    if any(week.text is None for week in module.weeks):
        return
    named = {
        (step.section.attributes.get("kind"), step.section.attributes.get("file"))
        for week in module.weeks
        for step in week.steps
    }
    for kind in WITH_FILE:
        for name, leaf in getattr(module, kind).items():
            if (kind, name) not in named:
                sentence = _(
                    "No step names this file; add `file=%(name)s` to a step, or take the file out.", name=name
                )
                faults.add(leaf.file, Spot(), sentence)


def _worksheets_once(draft: Draft, faults: Faults) -> None:
    """What is written on a sheet is kept under the sheet, so only one step shows it."""
    seen: dict[str, str] = {}
    for module, week, step in _all_steps(draft):
        if not step.data or step.data["kind"] != "worksheet" or "file" not in step.data:
            continue
        path = _path(module, "worksheet", step.data["file"])
        if path in seen:
            sentence = _(
                "The step at %(place)s shows this worksheet already; a sheet stands in one step.",
                place=seen[path],
            )
            faults.add(week.file, step.spot, sentence)
        seen.setdefault(path, f"{week.file}:{step.spot.line}")


def _deep(draft: Draft, faults: Faults) -> None:
    """Deep practices wait until people know how to stop."""
    taught = False
    for module, week, step in _by_number(draft):
        taught = taught or BACKDRAFT in (week.front.known if week.front else {}).get("teaches", [])
        data = step.data or {}
        leaf = module.practice.get(data.get("file", "")) if data.get("kind") == "practice" else None
        if leaf is None or leaf.known.get("intensity") != "deep":
            continue
        if not taught:
            sentence = _(
                "A deep practice stands in or after the week that teaches `backdraft`; "
                "this one is in week %(n)s.",
                n=week.number,
            )
            faults.add(leaf.file, leaf.document.at("intensity"), sentence)
        elif data.get("always_open"):
            sentence = _(
                "A deep practice cannot be `.always-open`: it would open before backdraft is taught."
            )
            faults.add(week.file, step.spot, sentence)


def _by_number(draft: Draft) -> list[tuple[ModuleDraft, WeekDraft, StepDraft]]:
    return sorted(_all_steps(draft), key=lambda found: found[1].number)


def _times(draft: Draft, faults: Faults) -> None:
    speed = draft.course.known.get("words_a_minute", 100) if draft.course else 100
    for module in draft.modules:
        for leaf in module.practice.values():
            if leaf.data:
                _script_times(leaf.document, leaf.data, speed, faults)


def _script_times(document: Document, practice: Plain, speed: int, faults: Faults) -> None:
    for key in ("full", "short"):
        said = practice[key]["minutes"]
        lines = [line for part in practice[key]["script"] for line in part["lines"]]
        words = sum(len((line.get("say") or line["write"]).split()) for line in lines)
        quiet = sum(line.get("pause", 0) for line in lines)
        taken = words / speed + quiet / 60
        if abs(taken - said) > OFF_BY_MINUTES:
            sentence = _(
                "`minutes` says %(said)s and the script takes %(taken)s: "
                "%(words)s words and %(quiet)s seconds of quiet.",
                said=said,
                taken=f"{taken:.1f}",
                words=words,
                quiet=quiet,
            )
            faults.add(document.file, document.at(key, "minutes"), sentence)
    full, short = practice["full"]["minutes"], practice["short"]["minutes"]
    if short > full or (short == full and full > 1):
        sentence = _(
            "The short form takes %(short)s minutes and the full one %(full)s; make it shorter.",
            short=short,
            full=full,
        )
        faults.add(document.file, document.at("short", "minutes"), sentence)


def _attended(draft: Draft, faults: Faults) -> None:
    course = draft.course.known if draft.course else {}
    asked, weeks = course.get("certificate", {}).get("attended", 0), len(list(draft.weeks))
    if draft.course and asked > weeks:
        sentence = _(
            "`attended` asks for %(asked)s sessions and the course has %(weeks)s weeks; "
            "nobody could reach it.",
            asked=asked,
            weeks=weeks,
        )
        faults.add("course.yaml", draft.course.document.at("certificate", "attended"), sentence)
