"""Whatever happens to the files of a course, its author gets faults or a course."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from course_engine.content import loader
from course_engine.domain.course import Course
from tests.content.conftest import COURSES

FILES = sorted(path for path in (COURSES / "slow-bread").rglob("*") if path.is_file())
SIGNS = st.sampled_from(
    [
        "\n",
        "\t",
        ":",
        "- ",
        "  ",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ">",
        "&a ",
        "*a",
        "!",
        "%",
        "#",
        "---\n",
        "## ",
        "### ",
        "::: try\n",
        ":::\n",
        "{#x}",
        "null",
        "true",
        "1",
        "-1",
        "1.5",
        "a: b: c",
        "<b>",
        "\x00",
        "\ud7ff",
        "é",
        "🌱",
        ".required",
        "one_of=",
        "id: ",
        "file=",
        "[a](javascript:x)",
        "![](x)",
        "?",
        "~",
        "\\ud800",
        "```\n",
        ".home",
    ]
)
SLIPS = st.lists(
    st.tuples(
        st.integers(0, len(FILES) - 1),
        st.sampled_from(["put", "cut", "twice", "remove", "bytes"]),
        st.floats(0, 1),
        st.integers(0, 60),
        SIGNS,
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(SLIPS)
def test_any_slip_in_any_file_ends_in_faults_or_in_a_course(
    slips: list[tuple[int, str, float, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(COURSES / "slow-bread", Path(place) / "bread"))
        for number, what, where, length, sign in slips:
            path = folder / FILES[number].relative_to(COURSES / "slow-bread")
            make(path, what, where, length, sign)
        compiled = loader.compile_course(folder)

    assert [
        fault for fault in compiled.faults if not fault.sentence or fault.line < 1 or fault.column < 1
    ] == []
    assert bool(compiled.faults) != bool(compiled.data)
    if compiled.data:
        assert isinstance(loader.course_of(loader.decode(loader.encode(compiled.data)), "es"), Course)
    assert list(compiled.faults) == sorted(compiled.faults)


def make(path: Path, what: str, where: float, length: int, sign: str) -> None:
    """One slip of the pen."""
    if not path.exists():
        return
    raw = path.read_bytes()
    at = int(where * len(raw))
    if what == "remove":
        path.unlink()
    elif what == "cut":
        path.write_bytes(raw[:at] + raw[at + length :])
    elif what == "twice":
        path.write_bytes(raw[:at] + raw[at : at + length] * 2 + raw[at + length :])
    elif what == "bytes":
        path.write_bytes(raw[:at] + bytes([length * 4]) + raw[at:])
    else:
        path.write_bytes(raw[:at] + sign.encode() + raw[at:])
