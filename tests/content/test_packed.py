"""A packed course is unpacked whole or not at all, whatever somebody has put into the file."""

import io
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from course_engine.content import apart, loader, packed
from course_engine.domain.errors import Refused
from tests.content.conftest import COURSES, Spoil

COURSE = "id: a\n"
Make = Callable[[zipfile.ZipFile], None]


def pack(folder: Path, under: str = "slow-bread/") -> bytes:
    """A folder as somebody packs it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, f"{under}{path.relative_to(folder)}")
    return held.getvalue()


def made(make: Make) -> bytes:
    """A file with a course in it and what `make` adds."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a/course.yaml", COURSE)
        make(file)
    return held.getvalue()


def member(name: str, text: str = "words", mode: int = stat.S_IFREG | 0o644) -> Make:
    info = zipfile.ZipInfo(name)
    info.filename = info.orig_filename = name
    info.external_attr = mode << 16
    return lambda file: file.writestr(info, text)


def bomb(file: zipfile.ZipFile) -> None:
    for number in range(30):
        file.writestr(f"a/{number:02}.md", b"0" * 999_000)


def locked(file: zipfile.ZipFile) -> None:
    file.writestr("a/week.md", "words")


def bz2(file: zipfile.ZipFile) -> None:
    file.writestr("a/page-b.md", "words" * 999, zipfile.ZIP_BZIP2)


def crowd(file: zipfile.ZipFile) -> None:
    for number in range(packed.MOST_MEMBERS + 1):
        file.writestr(f"a/{number}.txt", "")


HOSTILE = {
    "a way out": (member("../evil.md"), "cannot be the name"),
    "a way out inside": (member("a/../../evil.md"), "cannot be the name"),
    "a way out at the end": (member("a/.."), "cannot be the name"),
    "from the root": (member("/etc/evil.md"), "cannot be the name"),
    "a drive": (member("C:/evil.md"), "cannot be the name"),
    "backslashes": (member("a\\..\\evil.md"), "cannot be the name"),
    "a sign nobody can see": (member("a/we\x1bek.md"), "cannot be the name"),
    "a sign of control": (member("a/\u0085dm.md"), "cannot be the name"),
    "nothing": (member("/"), "cannot be the name"),
    "an empty part": (member("a//b.md"), "too deep"),
    "a dot": (member("a/./b.md"), "too deep"),
    "too deep": (member("/".join("abcdefghijk") + ".md"), "too deep"),
    "too long": (member("a/" + "b" * 300 + ".md"), "too deep"),
    "a link": (member("a/link.md", "/etc/passwd", stat.S_IFLNK | 0o777), "a link"),
    "a link to a folder": (member("a/01-b", "/etc", stat.S_IFLNK | 0o777), "a link"),
    "a pipe": (member("a/pipe.md", "", stat.S_IFIFO | 0o644), "a link"),
    "a device": (member("a/zero.md", "", stat.S_IFCHR | 0o644), "a link"),
    "two of one name": (lambda f: (member("a/B.md")(f), member("a/b.md")(f))[0], "Two files"),
    "two courses": (member("b/course.yaml"), "2 courses"),
    "a bomb": (bomb, "larger than 24 MB"),
    "packed in another way": (bz2, "packed in a way"),
    "a crowd": (crowd, "at most 2000"),
    "a folder that is a file": (lambda f: (member("a/c.md")(f), member("a/c.md/d.md")(f))[0], "cut short"),
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty place inside another, so that what leads out of it is seen."""
    return tmp_path / "inside" / "place"


def unpacked(data: bytes, place: Path) -> Path:
    file = place.parent.parent / "course.zip"
    file.write_bytes(data)
    return packed.unpack(file, place)


@pytest.mark.parametrize("under", ["", "slow-bread/", "repository-main/modules/slow-bread/"])
def test_a_folder_packed_at_any_depth_is_the_same_course(place: Path, under: str) -> None:
    bread = COURSES / "slow-bread"
    found = loader.compile_course(unpacked(pack(bread, under), place))

    assert found.faults == ()
    assert found.digest == loader.compile_course(bread).digest


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_not_as_it_should_be_is_refused_whole(what: str, place: Path) -> None:
    make, told = HOSTILE[what]
    with pytest.raises(Refused, match=told):
        unpacked(made(make), place)

    outside = [path for path in place.parent.parent.rglob("*") if not path.is_relative_to(place.parent)]
    assert [path.name for path in outside] == ["course.zip"]
    assert not [path for path in place.rglob("*") if path.is_symlink()]


def test_a_file_with_a_password_is_refused(place: Path) -> None:
    data = bytearray(made(locked))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(Refused, match="password"):
        unpacked(bytes(data), place)


def test_a_size_that_lies_is_not_believed(place: Path) -> None:
    data = bytearray(made(lambda file: file.writestr("a/long.md", b"0" * 900_000)))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(Refused, match="cut short"):
        unpacked(bytes(data), place)


def test_a_file_without_a_course_says_what_is_missing(place: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("notes.txt", "nothing")
    with pytest.raises(Refused, match=r"no course\.yaml"):
        unpacked(held.getvalue(), place)


@pytest.mark.parametrize("length", [0, 3, 100, 5000])
def test_a_file_that_was_cut_short_is_refused(place: Path, length: int) -> None:
    with pytest.raises(Refused, match="cut short"):
        unpacked(pack(COURSES / "slow-bread")[:length], place)


@pytest.mark.parametrize("step", range(12))
def test_a_byte_that_turned_over_ends_in_a_refusal_or_in_the_same_files(place: Path, step: int) -> None:
    data = bytearray(pack(COURSES / "slow-bread"))
    data[len(data) * step // 12 + 40 * step] ^= 0x41
    whole = loader.compile_course(COURSES / "slow-bread").digest
    with suppress(Refused):
        found = loader.compile_course(unpacked(bytes(data), place))
        assert found.faults or found.digest == whole


def test_a_file_that_is_too_large_is_not_even_opened(place: Path) -> None:
    with pytest.raises(Refused, match="larger than 8 MB"):
        unpacked(b"PK" + b"\0" * packed.MOST_PACKED, place)


def test_what_the_course_cannot_use_is_left_in_the_file(place: Path) -> None:
    def more(file: zipfile.ZipFile) -> None:
        for name in ("__MACOSX/a/._course.yaml", "a/.git/config.md", "a/run.sh", "a/.hidden.md"):
            file.writestr(name, "words")

    top = unpacked(made(more), place)
    assert [path.name for path in top.rglob("*")] == ["course.yaml"]


def test_a_packed_course_read_apart_is_the_same_and_nothing_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = apart.compile_packed(pack(COURSES / "slow-bread"), "en", lambda: None)

    assert found.digest == loader.compile_course(COURSES / "slow-bread").digest
    assert list(tmp_path.iterdir()) == []


def test_faults_are_told_with_their_places_and_in_the_language_of_who_asked(spoil: Spoil) -> None:
    bread = spoil("course.yaml", "pace: free", "pace: soon")
    found = apart.compile_folder(bread, "en", lambda: None)

    assert found.data == {}
    assert [str(fault) for fault in found.faults] == [
        str(fault) for fault in loader.compile_course(bread).faults
    ]


def test_a_refusal_comes_back_as_one_sentence() -> None:
    with pytest.raises(Refused, match=r"no course\.yaml"):
        apart.compile_packed(pack(COURSES / "slow-bread" / "01-starter"), "en", lambda: None)


def test_reading_that_takes_more_than_there_is_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[int] = []
    monkeypatch.setattr(apart, "SECONDS", 0.05)
    monkeypatch.setattr(apart, "BEAT", 0.02)
    with pytest.raises(Refused, match="more time or memory"):
        apart.compile_folder(COURSES / "slow-bread", "en", lambda: beats.append(1))

    assert beats


def test_who_asked_can_give_it_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def enough() -> None:
        raise KeyError("enough")

    monkeypatch.setattr(apart, "BEAT", 0.02)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyError):
        apart.compile_folder(COURSES / "slow-bread", "en", enough)
    assert list(tmp_path.iterdir()) == []
