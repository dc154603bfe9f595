"""Every document can be read aloud: all rules of PDF/UA-1 hold, by the whole rule set of veraPDF."""

from pathlib import Path

from course_engine.rendering import certificates, pdf
from course_engine.rendering.books import book_values
from course_engine.rendering.certificates import certificate_values
from course_engine.rendering.logs import log_values
from course_engine.rendering.packs import Part, pack_values
from course_engine.rendering.paper import Paper
from course_engine.rendering.plans import plan_values
from course_engine.rendering.signing import sign_in_values
from course_engine.rendering.trials import trial_values
from course_engine.rendering.weeks import week_values
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.rendering.test_certificates import ADDRESS, CODE, COHORT, FROZEN, NAMES
from tests.tools.pdf import verapdf

ANSWERS = {
    "moment": "Łódź, Ελλάδα, עברית, عمر, देवनागरी 🙂",
    "where": ["throat", "elsewhere"],
    "strong": 6,
    "days": [["tea", "warm"]],
}
LATER = [(sheets.course().weeks[1], "Opens on Tuesday.")]


def test_every_kind_on_both_papers_and_every_name_follow_the_rules(tmp_path: Path) -> None:
    course = sheets.course()
    made: dict[str, bytes] = {}
    for paper in ("a4", "letter"):
        for size in ("normal", "large"):
            on, name = Paper(paper, size), f"{paper}-{size}"
            blank = worksheet_values(course, "signs", site="S", paper=on, address=ADDRESS)
            made[f"blank-{name}"] = pdf.render("worksheet", blank, "en")
            made[f"filled-{name}"] = pdf.render("worksheet", {**blank, "answers": ANSWERS}, "en")
            week = week_values(course, course.weeks[1], site="S", paper=on)
            made[f"week-{name}"] = pdf.render("week", week, "en")
        for design in ("classic", "plain"):
            made[f"{design}-{paper}"] = certificates.sample(design, paper, "en")
    for size in ("normal", "large"):
        on = Paper("letter" if size == "large" else "a4", size)
        made[f"book-{size}"] = pdf.render("book", book_values(course, site="S", paper=on, later=LATER), "en")
        made[f"plan-{size}"] = pdf.render("plan", plan_values(course, "evening", site="S", paper=on), "en")
    for ink in ("normal", "saver"):
        made |= _evening(Paper("a4", "large" if ink == "saver" else "normal", ink))
    for number, name in enumerate(NAMES):
        frozen = {**FROZEN, "name": name, "cohort": COHORT, "facilitator": "Ben"}
        made[f"name-{number}"] = certificates.draw(frozen, CODE, ADDRESS, "a4", "en", state="withdrawn")
    for name, file in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(file)
    assert not verapdf(sorted(tmp_path.glob("*.pdf")))


def _evening(on: Paper) -> dict[str, bytes]:
    """What Ben prints for a meeting, and all of it in one pack for both sides."""
    course = sheets.course()
    week = week_values(course, course.weeks[1], site="S", paper=on, address=ADDRESS)
    sheet = worksheet_values(course, "signs", site="S", paper=on, address=ADDRESS)
    alone: dict[str, dict[str, object]] = {
        "sign-in": sign_in_values(
            course, site="S", cohort="T", number=1, when="17 March", people=NAMES, code="K4NA", paper=on
        ),
        "log": log_values(course, course.weeks[1], site="S", paper=on),
        "test": trial_values(site="S", paper=on),
        "plan": plan_values(course, "evening", site="S", paper=on),
    }
    certificate = certificate_values({**FROZEN, "cohort": COHORT}, CODE, ADDRESS, on.sheet)
    parts = [
        *(Part(kind, values) for kind, values in alone.items()),
        *(Part("week", {**week, "paper_name": name, "paper_code": "K4NA8C"}, copies=2) for name in NAMES),
        Part("worksheet", {**sheet, "for": "J. K."}, copies=2, language="es"),
        Part("worksheet", {**sheet, "answers": ANSWERS}, joined=True),
        Part("certificate", certificate, copies=2),
    ]
    pack = pack_values(parts, title="Evening", language="en", sides=2)
    made = {f"{kind}-{on.ink}": pdf.render(kind, values, "en") for kind, values in alone.items()}
    return {**made, f"pack-{on.ink}": pdf.render("pack", pack, "en")}
