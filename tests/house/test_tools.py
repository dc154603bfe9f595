"""Each tool of the tests is seen to find a planted fault, and to be content where there is none."""

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from course_engine.config import PREFIX, SETTINGS
from tests.tools import installed, pdf
from tests.tools.browser import axe
from tests.tools.html import nu
from tests.tools.servers import Postgres

ROOT = Path(__file__).parents[2]
GOOD_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body><main><h1>A page</h1><p>Some words.</p>{more}</main></body></html>
"""


@pytest.fixture(scope="module")
def accessible() -> bytes:
    return _draw("pdf/ua-1")


@pytest.fixture(scope="module")
def untagged() -> bytes:
    return _draw(None)


def test_verapdf_finds_an_untagged_pdf_and_is_content_with_a_tagged_one(
    tmp_path: Path, accessible: bytes, untagged: bytes
) -> None:
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(accessible)
    bad.write_bytes(untagged)
    faults = pdf.verapdf([good, bad])
    assert faults
    assert all(fault.startswith(f"{bad}: ") for fault in faults)


def test_verapdf_says_that_a_file_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing more")
    assert "cannot be read" in pdf.verapdf([broken])[0]


def test_the_nu_checker_finds_bad_html_and_is_content_with_good(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text(GOOD_PAGE.format(more=""), encoding="utf-8")
    bad.write_text(GOOD_PAGE.format(more="<p><div>one</div></p>"), encoding="utf-8")
    errors = nu([good, bad])
    assert len(errors) == 1
    assert "bad.html:3: No “p” element in scope" in errors[0]


def test_axe_finds_a_picture_without_words_and_is_content_with_one_described(page: Page) -> None:
    picture = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="{alt}>'
    page.set_content(GOOD_PAGE.format(more=picture.format(alt="")))
    assert [fault.rule for fault in axe(page)] == ["image-alt"]
    page.set_content(GOOD_PAGE.format(more=picture.format(alt=' alt="A dot"')))
    assert axe(page) == []


def test_postgres_gives_each_test_an_empty_database_or_a_copy(postgres: Postgres, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE notes (words text)")
    copy = postgres.fresh(template=postgres_url.rpartition("/")[2])
    for url, tables in ((copy, 1), (other := postgres.fresh(), 0)):
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
        assert found == (tables,)
    postgres.drop(copy)
    postgres.drop(other)


def test_redis_answers_and_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        connection.set("word", "kind")
        assert connection.get("word") == b"kind"


def test_a_pdf_is_read_as_a_person_meets_it(tmp_path: Path, accessible: bytes) -> None:
    assert pdf.pages(accessible) == 2
    assert "Second part" in pdf.text(accessible, page=2)
    assert "Second part" not in pdf.text(accessible, page=1)
    assert pdf.page_size(accessible) == (210, 297)
    assert pdf.outline(accessible) == [(0, "A sheet"), (1, "Second part")]
    assert pdf.png(accessible, tmp_path, page=2).read_bytes().startswith(b"\x89PNG")
    assert pdf.fonts(accessible)
    assert all(pdf.fonts(accessible).values())


def test_a_font_that_a_pdf_does_not_carry_is_named() -> None:
    bare = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 4 0 R>>>>>>endobj\n"
        b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    assert pdf.fonts(bare) == {"Helvetica": False}


@pytest.mark.parametrize(
    "body",
    [
        "import pytest\n\ndef test_one():\n    pytest.skip('not today')",
        "import pytest\n\n@pytest.mark.skip\ndef test_one():\n    pass",
        "import pytest\n\n@pytest.mark.xfail\ndef test_one():\n    assert 0",
        "import pytest\n\n@pytest.mark.xfail\ndef test_one():\n    pass",
        "import pytest\npytest.skip('none of this', allow_module_level=True)",
    ],
    ids=["skip", "skip mark", "xfail", "xpass", "whole file"],
)
def test_a_test_left_out_fails_the_run(tmp_path: Path, body: str) -> None:
    assert _run_pytest(tmp_path, body) in (1, 2)


def test_a_test_that_passes_passes(tmp_path: Path) -> None:
    assert _run_pytest(tmp_path, "def test_one():\n    pass") == 0


def test_a_missing_tool_fails_with_the_line_that_installs_it() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"\.dev/setup test.*apt-get install .*sundial"):
        installed.command("no-such-command", "sundial")


def test_the_example_settings_are_all_the_settings() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(rf"^#? ?{PREFIX}([A-Z_]+)=", example, flags=re.MULTILINE)
    assert sorted(named) == sorted(SETTINGS)


def test_requirements_are_pinned_by_hash_and_name_no_address() -> None:
    for path in sorted((ROOT / ".dev").glob("requirements*.txt")):
        text = path.read_text(encoding="utf-8")
        pinned = re.findall(r"^\S+==\S+.* \\\n    --hash=sha256:", text, flags=re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^\w", text, flags=re.MULTILINE)) > 20, path.name
        assert "://" not in text


def _draw(variant: str | None) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 (heavy, and only here)

    page = (
        "<html lang=en><title>A sheet</title><style>h2 { break-before: page }</style>"
        "<h1>A sheet</h1><p>Words.</p><h2>Second part</h2><p>More words.</p>"
    )
    drawn: bytes = HTML(string=page).write_pdf(pdf_variant=variant)
    return drawn


def _run_pytest(folder: Path, body: str) -> int:
    (folder / "test_it.py").write_text(body, encoding="utf-8")
    run = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*run, "-p", "tests.tools.no_skips", f"--rootdir={folder}", folder / "test_it.py"],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=False,
        timeout=240,
    )
    return done.returncode
