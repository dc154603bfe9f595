"""A small course with every kind of question, and what can be seen in a PDF."""

from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from course_engine.domain.course import (
    Course,
    Field,
    Gentler,
    Intensity,
    Line,
    Module,
    Part,
    Practice,
    Script,
    Step,
    StepKind,
    Week,
    Worksheet,
)
from course_engine.domain.evidence import Certainty, Claim, Evidence, Overstated, Read, Table, TableRow
from course_engine.domain.measures import Item, Measure
from course_engine.domain.pages import Page, Readers
from course_engine.domain.plans import PlanPart, SessionPlan

FIELDS = (
    Field("note", "note", "Good to know", html="<p>Any answer is <strong>fine</strong>.</p>"),
    Field("moment", "lines", "A moment this week", lines=2, example="On the bus, on Tuesday."),
    Field("where", "choices", "Where did I notice it first?", options=("throat", "chest"), other=True),
    Field("strong", "scale", "How strong was it?", low="barely there", high="too much"),
    Field("days", "table", "Two days", columns=("What", "A word"), rows=("Monday", "Tuesday")),
    Field("draw", "box", "Room to draw", lines=1),
)
ONE = Field("one", "choice", "Which one now?", options=("rest", "walk"))
SHEET = Worksheet("signs", "My early signs", "Noticing early lets you choose.", FIELDS)
LESSON = (
    '<h2>Inside</h2><p>Kindness has parts. <a href="/evidence#neff">A review</a> says so; see '
    '<a href="/worksheets/signs">the sheet</a>, <a href="/pages/help-page"><strong>a page</strong></a>, '
    '<a href="/steady">steady ground</a> and <a href="https://kind.example/">elsewhere</a>.</p>'
)
PAGES = (
    Page(
        "more",
        "More to read",
        "Where to look.",
        Readers.EVERYONE,
        "<h2>Books</h2><ol><li><p>One.</p><ul><li>In it.</li></ul></li></ol>",
    ),
    Page("help-page", "When to get help", "Signs.", Readers.EVERYONE, "<p>Call <em>someone</em>.</p>"),
    Page("leading", "Leading", "For leaders.", Readers.FACILITATORS, "<p>Arrive early.</p>"),
)
EVIDENCE = Evidence(
    (
        Claim(
            "neff", "Kindness has three parts.", "Neff, 2003", "Theory", "one paper", Certainty.EARLY,
            "It is an idea.", Read.SUMMARY, "n = 0",
        ),
    ),
    (
        Table(
            "hopes", "What people hope", ("Hope", "What studies did"),
            (TableRow(("Calm", "Asked people."), Certainty.EARLY, ("neff",)),),
        ),
    ),
    (Overstated("It mends all.", "It may ease some.", ("neff",)),),
    ("How long it lasts.",),
)  # fmt: skip
MEASURE = Measure(
    "ease", "My ease", "", "Our own words.", 0, 10, "not at all", "very much",
    (Item("kind", "I was kind to myself."),), "mean", 1,
)  # fmt: skip
_EASE = Field("kind", "scale", "I was kind to myself.")
PLAN = SessionPlan(
    "evening", "A first evening", "People meet.", 30, 20, ("pens", "paper"), "<p>Put out chairs.</p>",
    (
        PlanPart("Welcome", 10, 10, "To arrive.", "<p>Say hello.</p>", ("Who is here?",), uses=("signs",)),
        PlanPart(
            "Try", 20, 10, "To try.", "<ul><li>Breathe.</li></ul>", (), "<p>Tears.</p>", "Mute all.",
            ("breathe",),
        ),
    ),
    "<p>Send the link.</p>", "<p>Stay a while.</p>",
)  # fmt: skip


def course(sheet: Worksheet = SHEET) -> Course:
    """Orientation, and a week 1 with a step of every kind."""
    steps = (
        Step("read", StepKind.LESSON, "Three parts", 6, True, html=LESSON),
        Step("breathe", StepKind.PRACTICE, "Soft belly", 4, one_of="practice", practice=_practice()),
        Step("write", StepKind.JOURNAL, "In the notebook", 5, html="<ul><li>What helped?</li></ul>"),
        Step("sheet", StepKind.WORKSHEET, sheet.title, 10, worksheet=sheet),
        Step("ease", StepKind.CHECK_IN, "Where I am", 2, fields=(_EASE,), measure=MEASURE),
        Step("look", StepKind.CHECK_IN, "How was it", 3, True, fields=(FIELDS[4],)),
    )
    week = Week(
        "week-1",
        1,
        "Beginning",
        "Begin gently.",
        40,
        steps,
        "<p>Welcome.</p>",
        "Days at home",
        "<p>Each day a breath.</p>",
        plans=(PLAN,),
    )
    start = Week("week-0", 0, "Before we start", "Arrive.", 10, ())
    modules = (Module("zero", "Orientation", "", (start,)), Module("one", "Understanding", "", (week,)))
    return Course(
        "kind",
        "Kind to yourself",
        "",
        "en",
        ("Ada Writer",),
        "CC BY 4.0",
        "2026.1",
        modules,
        notice="Not therapy.",
        safety=("help-page",),
        pages=PAGES,
        evidence=EVIDENCE,
    )


def text(pdf: bytes) -> str:
    """All words of a PDF, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def fonts(pdf: bytes) -> Iterator[tuple[str, bool]]:
    """Name and whether it is embedded, of each font of each page."""
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", DictionaryObject()).values():  # type: ignore[attr-defined]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            held = inner["/FontDescriptor"].get_object()
            yield str(font.get_object()["/BaseFont"]), "/FontFile2" in held or "/FontFile3" in held


def _practice() -> Practice:
    full = Script(2, (Part("Arrive", (Line("Feel your feet.", 20), Line("What is here?", 30, write=True))),))
    short = Script(1, (Part("Arrive", (Line("Feel one foot.", 40),)),))
    return Practice(
        "breathe", "Soft belly", "breathing", Intensity.GENTLE, "A soft breath.", full, short,
        Gentler("Only the feet", "<p>Stay with the feet.</p>"), ("the feet",), ("sitting",),
        "<p>If breath is hard, choose feet.</p>", "<p>Drink some tea.</p>", "<p>Open your eyes.</p>",
    )  # fmt: skip
