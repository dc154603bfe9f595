"""Words a course keeps out, and claims that need a source beside them."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_engine.content import loader
from course_engine.content.check import check, notes
from course_engine.content.faults import Fault, Faults
from course_engine.content.reading import read_yaml
from course_engine.paths import MODULES
from tests.content.conftest import COURSES, Spoil

FILE = "words.yaml"
WEEK = "01-starter/week-1.md"
SPANISH = "01-starter/week-1.es.md"
FOLD = "01-starter/practice-fold-a-dough.yaml"
CRUST = "02-loaf/practice-listen-to-the-crust.yaml"
SHEET = "01-starter/worksheet-my-kitchen.yaml"
PAGE = "page-hot-things.md"
PLAN = "01-starter/plan-week-1.yaml"


def told(folder: Path) -> list[str]:
    return [str(fault) for fault in check(folder)]


def pointed_at(folder: Path, fault: Fault) -> str:
    """What stands in the file from where a fault points on."""
    return (folder / fault.file).read_text("utf-8").split("\n")[fault.line - 1][fault.column - 1 :]


def only(folder: Path, file: str) -> Fault:
    found = check(folder)
    assert [fault.file for fault in found] == [file], [str(fault) for fault in found]
    return found[0]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (WEEK, "The jar does most", "The ruined jar does most"),
        (WEEK, "A jar of flour and water", "A ruined jar"),
        (WEEK, "What lives in the jar {", "What ruined the jar {"),
        (WEEK, "Two kinds of guests", "The ruined"),
        (WEEK, "Throw the mix away", "Throw the *ruined* mix away"),
        (WEEK, "a few bubbles", "ruined"),
        (WEEK, "A jar in three stages", "A ruined jar"),
        (WEEK, "Wash your hands", "If ruined, wash your hands"),
        (SHEET, "The warmest quiet place", "The ruined place"),
        (SHEET, "One line a day", "One ruined line"),
        (SHEET, "On top of the fridge", "Ruined, on top"),
        (SHEET, "Leave out what", "Leave out the ruined that"),
        (CRUST, "If you hear little", "If ruined"),
        (CRUST, "You may notice the smell", "You may notice the ruined smell"),
        (CRUST, "hear it crackle", "hear the ruined"),
        (PAGE, "Hot things in a small kitchen", "Ruined things"),
        (PAGE, "Clear the way", "Clear the ruined way"),
        (PLAN, "People leave", "Ruined people leave"),
        ("measure-oven-ease.yaml", "I had fun", "I had ruined fun"),
        ("help.yaml", "For anyone who has burnt", "For anyone who has ruined"),
        ("course.yaml", "Three quiet weeks", "Three ruined weeks"),
        ("evidence.yaml", "A warmer jar rises sooner", "A ruined jar rises"),
        ("evidence.yaml", "Compared the days", "Ruined the days"),
    ],
)
def test_a_word_to_avoid_is_told_wherever_people_read(spoil: Spoil, *, file: str, old: str, new: str) -> None:
    folder = spoil(file, old, new)
    fault = only(folder, file)

    assert "does not use" in fault.sentence
    assert pointed_at(folder, fault).lower().startswith("ruined"), str(fault)


def test_a_word_in_folded_yaml_is_told_on_its_own_line(spoil: Spoil) -> None:
    folder = spoil(
        "course.yaml", 'notice: "A home baking course.', 'notice: "A home\n  baking and\n  ruined course.'
    )

    assert only(folder, "course.yaml").line == 12
    assert pointed_at(folder, check(folder)[0]).startswith("ruined")


def test_a_translation_has_words_of_its_own_to_avoid(spoil: Spoil) -> None:
    folder = spoil(SPANISH, "El tarro hace casi todo", "El tarro arruinado hace casi todo")
    fault = only(folder, SPANISH)

    assert pointed_at(folder, fault).startswith("arruinado")
    assert told(spoil(SPANISH, "tarro arruinado", "tarro ruined")) == []


@pytest.mark.parametrize(
    ("written", "told_of"),
    [
        ("ruinously", True),
        ("RUIN", True),
        ("in\npeace", True),
        ("in  peace", True),
        ("bruin", False),
        ("in peaceful", False),
        ("scures", False),
        ("secures", False),
        ("[a](/ruin)", False),
        ("[a](https://ruin.example/cures)", False),
        ('["You ruin it"]{.critic}', False),
        ("[It cures you]{.said}", False),
        ("[It *cures [you](/help)*]{.said}", False),
        ("[It is]{.said} a ruin", True),
        ("a ruin [it is]{.critic}", True),
    ],
)
def test_whole_words_and_stems_are_found_outside_spans_and_addresses(
    spoil: Spoil, written: str, told_of: bool
) -> None:
    folder = spoil(WEEK, "A sharp smell on its own is fine.", written)

    assert bool(told(folder)) == told_of, told(folder)


def test_what_others_say_is_not_our_own_word(bread: Path) -> None:
    assert "cures" in (bread / "evidence.yaml").read_text("utf-8")
    assert told(bread) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        (WEEK, "[keep other microbes away](evidence:sour-keeps)", "keep other microbes away", "microbes"),
        (WEEK, "A sharp smell on its own is fine.", "One smell in 40 % is fine.", "40 %"),
        (WEEK, "A sharp smell on its own is fine.", "A smell in 7.5 per cent is fine.", "7.5 per cent"),
        (WEEK, "A sharp smell on its own is fine.", "- fine\n- microbes", "microbes"),
        (WEEK, "A sharp smell on its own is fine.", '["It has microbes"]{.critic}', "microbes"),
        (WEEK, "Once a day: look", "Microbes, once a day: look", "Microbes"),
        (WEEK, "Welcome. This", "Welcome, microbes. This", "microbes"),
        (WEEK, "- What does the jar", "- What do microbes do", "microbes"),
        (SHEET, "Leave out what", "Leave microbes out that", "microbes"),
        (PAGE, "Clear the way", "Clear the microbes", "microbes"),
        (PLAN, "say: |\n", "say: |\n      Microbes.\n\n", "Microbes"),
        (
            SPANISH,
            "[mantienen lejos a otros microbios](evidence:sour-keeps)",
            "lejos a microbios",
            "microbios",
        ),
    ],
)
def test_a_claim_without_its_source_is_told(
    spoil: Spoil, *, file: str, old: str, new: str, word: str
) -> None:
    folder = spoil(file, old, new)
    fault = next(fault for fault in check(folder) if "claims something" in fault.sentence)

    assert fault.file == file
    assert f"`{word}`" in fault.sentence
    assert pointed_at(folder, fault).startswith(word), str(fault)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (WEEK, "A sharp smell on its own is fine.", "Microbes [smell](evidence:warm-jar) in 4 %."),
        (WEEK, "A sharp smell on its own is fine.", "[It has microbes, 90 % of them]{.said}. Not so."),
        (WEEK, "### Two kinds of guests", "### Microbes"),
        (WEEK, "## What lives in the jar {", "## Microbes {"),
        (SHEET, "One line a day is enough.", "One line of microbes a day."),
        (CRUST, "Bakers say that the bread", "Microbes say that the bread"),
    ],
)
def test_a_claim_with_its_source_and_words_that_are_no_prose_are_fine(
    spoil: Spoil, *, file: str, old: str, new: str
) -> None:
    assert told(spoil(file, old, new)) == []


def test_a_link_in_another_item_of_a_list_is_no_source(spoil: Spoil) -> None:
    table = "| a | b |\n|---|---|\n| microbes | [x](evidence:warm-jar) |\n| y | microbes |\n"
    listed = "- [x](evidence:warm-jar)\n- microbes\n"
    folder = spoil(WEEK, "A sharp smell on its own is fine.\n", f"{listed}\n{table}")
    found = check(folder)

    assert [fault.line - found[0].line for fault in found] == [0, 5]
    assert [pointed_at(folder, fault) for fault in found] == ["microbes", "microbes |"]


class TestExceptions:
    def test_the_words_of_an_exception_stand_only_in_its_file(self, spoil: Spoil) -> None:
        folder = spoil(FOLD, "summary:", "summary: To cool in peace. #")

        assert only(folder, FOLD).sentence.startswith("This course does not use `in peace`")

    def test_words_that_do_not_stand_there_any_more_are_told(self, spoil: Spoil) -> None:
        fault = only(spoil(CRUST, "to cool in peace", "to cool"), FILE)

        assert (fault.line, fault.column) == (9, 5)
        assert f"do not stand in `{CRUST}`" in fault.sentence

    def test_a_file_that_is_not_there_is_told(self, spoil: Spoil) -> None:
        found = check(spoil(FILE, f"file: {CRUST}", "file: week-9.md"))

        assert "no file `week-9.md`" in next(fault for fault in found if fault.file == FILE).sentence

    def test_every_exception_has_its_reason(self, spoil: Spoil) -> None:
        assert "`reason` is needed" in told(spoil(FILE, "    reason: Said of a loaf.\n", ""))[0]

    def test_one_that_nothing_needs_is_a_note(self, spoil: Spoil) -> None:
        folder = spoil(FILE, "words: to cool in peace", "words: the loaf to cool")
        found = [str(note) for note in notes(folder)]

        assert f"{FILE}:9:5: These words need no exception; it can go." in found


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("avoid: [ruin]\n", "1:1", "a language on each line"),
        ("avoid:\n  english: [ruin]\n", "2:3", "no language `english`"),
        ("avoid:\n  en: ruin\n", "2:3", "takes a list"),
        ("avoid:\n  en: [ruin, '**']\n", "2:14", "`**` is not"),
        ("claims:\n  en: [3]\n", "2:8", "a word or a few"),
        ("avoided:\n  en: [ruin]\n", "1:1", "do you mean `avoid`"),
        ("exceptions:\n  - file: x\n    words: y\n    reason: z\n    why: a\n", "5:5", "is not a key here"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(bread: Path, text: str, place: str, words: str) -> None:
    (bread / FILE).write_text(text, "utf-8")
    found = [line for line in told(bread) if line.startswith(FILE)]

    assert found[0].startswith(f"{FILE}:{place}: "), found
    assert words in found[0]


def test_without_lists_nothing_is_looked_for(spoil: Spoil, bread: Path) -> None:
    (bread / FILE).unlink()

    assert told(spoil(WEEK, "The jar does most", "The ruined jar has microbes and does most")) == []


def test_the_lists_are_no_part_of_the_edition(spoil: Spoil, bread: Path) -> None:
    before = loader.compile_course(bread).digest

    assert loader.compile_course(spoil(FILE, "in peace]", "in peace, broken]")).digest == before


def test_the_shipped_course_has_lists_worth_having() -> None:
    document = read_yaml(FILE, (MODULES / "self-compassion" / FILE).read_text("utf-8"), Faults())
    assert document is not None
    avoid, claims = document.data["avoid"], document.data["claims"]

    assert min(len(claims["en"]), len(claims["es"])) >= 40
    assert {"missed", "failed", "cure", "heal", "rewire*", "proven", "guarantee*", "toxic"} <= set(
        avoid["en"]
    )
    assert len(avoid["es"]) >= len(avoid["en"])
    assert not [word for word in {*claims["en"], *avoid["en"]} if claims["en"].count(word) > 1]
    assert all(len(one["reason"]) > 20 for one in document.data["exceptions"])


WORDS = st.lists(
    st.one_of(
        st.text(max_size=12), st.sampled_from(["a*", "e", "ß*", "i̇", "the jar", "don't*", "%", "*", "( ["])
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(avoid=WORDS, claims=WORDS, words=st.text(max_size=30))
def test_any_lists_end_in_faults_or_in_a_course(avoid: list[str], claims: list[str], words: str) -> None:
    quoted = [[f'"{_escaped(word)}"' for word in some] for some in (avoid, claims)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(COURSES / "slow-bread", Path(place) / "bread"))
        (folder / FILE).write_text(
            f"avoid:\n  en: [{', '.join(quoted[0])}]\nclaims:\n  en: [{', '.join(quoted[1])}]\n"
            f'exceptions:\n  - file: {WEEK}\n    words: "{_escaped(words)}"\n    reason: "x"\n',
            "utf-8",
        )
        compiled = loader.compile_course(folder)

    assert bool(compiled.faults) != bool(compiled.data)
    assert all(fault.sentence and fault.line >= 1 and fault.column >= 1 for fault in compiled.faults)


def _escaped(word: str) -> str:
    return "".join(f"\\U{ord(sign):08x}" for sign in word)
