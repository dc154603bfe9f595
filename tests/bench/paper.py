"""PDFs from a warm child: how long each stage takes, and how that grows with pages."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from statistics import median

from course_engine.domain.course import Course, Module
from course_engine.rendering import pdf
from course_engine.rendering.certificates import certificate_values
from course_engine.rendering.pdf import STAGES, Printed
from course_engine.rendering.worksheets import worksheet_values
from tests.bench import machine
from tests.bench.machine import beside, figure, heading
from tests.bench.site import Site

ROUNDS = 11


def documents(site: Site) -> None:
    """A certificate and worksheets of one to eight pages and more."""
    heading("PDFs from a warm child: html, layout, draw, write, in ms")
    course = site.position(site.visitors["empty"]).course
    sheets = _sheets(course)
    frozen = {
        "name": "Ada Lovelace",
        "title": course.title,
        "started": "2026-01-05",
        "finished": "2026-03-09",
        "modules": [_module(module) for module in course.modules if module.weeks[0].number],
    }
    code = "7KQ2M4XD9TRBV3"
    certificate = certificate_values(frozen, code, f"https://example.org/verify/{code}", "a4")
    orders: dict[str, tuple[str, Mapping[str, object]]] = {"certificate": ("certificate", certificate)}
    orders |= {f"sheet {times}": ("worksheet", values) for times, values in sheets.items()}
    with machine.watched() as seen:
        taken: dict[str, list[Printed]] = {name: [] for name in orders}
        for _round in range(ROUNDS):
            for name, (kind, values) in orders.items():
                taken[name].append(pdf.printed(kind, values, "en"))
    whole = {name: median(sum(one.timings.values()) for one in found[2:]) for name, found in taken.items()}
    for name, found in taken.items():
        stages = [median(one.timings[stage] for one in found[2:]) * 1000 for stage in STAGES]
        told = " + ".join(f"{stage:.0f}" for stage in stages)
        figure(
            f"{name}, {found[0].pages} page(s), {len(found[0].pdf) / 1024:.0f} kB",
            f"{told} = {whole[name] * 1000:.0f}",
        )
    loop = seen.loop / 1000
    figure("certificate / reference loop", f"{whole['certificate'] / loop:.1f}")
    figure("one-page worksheet / reference loop", f"{whole['sheet 1'] / loop:.1f}")
    one, many = (whole[f"sheet {n}"] / taken[f"sheet {n}"][0].pages for n in (min(sheets), max(sheets)))
    figure("a page of the longest worksheet / a page of the shortest", f"{many / one:.2f}")
    beside(seen)
    pdf.close()


def _module(module: Module) -> dict[str, object]:
    weeks = [{"number": week.number, "title": week.title} for week in module.weeks]
    return {"title": module.title, "weeks": weeks}


def _sheets(course: Course) -> dict[int, dict[str, object]]:
    """The course's first worksheet of one page, and its questions again and again."""
    step = next(step for step in course.worksheets.values() if step.worksheet and step.worksheet.pages == 1)
    assert step.worksheet is not None
    found = {}
    for times in (1, 2, 4, 12):
        longer = replace(step.worksheet, fields=step.worksheet.fields * times)
        values = worksheet_values(course, step.worksheet.id, site="", address="https://example.org/sheet")
        found[times] = {**values, "worksheet": asdict(longer)}
    return found
