"""Documents are made next door: nothing they do harms the pages, and nothing of the site reaches them."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from course_engine.domain.errors import NotFound, Refused, TookTooLong, Unavailable
from course_engine.rendering import certificates, pdf, wire
from course_engine.rendering.press import Press, Terms
from course_engine.rendering.shelf import looks_digest
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets
from tests.rendering.test_certificates import ADDRESS, CODE, FROZEN

SHEET = worksheet_values(sheets.course(), "signs", site="Still")
QUESTION = {"verb": "render", "kind": "worksheet", "values": SHEET, "language": "en"}
SLOW = """{% if title == "slow" %}{% for a in range(90000) %}
{% for b in range(90000) %}{% endfor %}{% endfor %}{% endif %}
<html lang="en"><head><title>Ours</title></head><body><h1>Ours</h1></body></html>"""
SITE = "from course_engine.rendering import pdf; pdf.warm(); print(1, flush=True); input()"
TRIAL = """
import hashlib, json, sys
from course_engine.rendering import certificates, pages, weeks, worksheets
print(hashlib.sha256(certificates.draw(*json.loads(sys.argv[1]), "a4", "en")).hexdigest())
print(sorted(name for name in ("weasyprint", "fontTools", "pydyf", "segno") if name in sys.modules))
"""


@pytest.fixture
def seconds() -> float:
    """How long a document may take: as long as it likes."""
    return 120


@pytest.fixture
def slow(tmp_path: Path, seconds: float) -> Iterator[Press]:
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "worksheet.html").write_text(SLOW, encoding="utf-8")
    press = Press(Terms(templates=(tmp_path,), seconds=seconds))
    yield press
    press.stop()


# A child takes a second to start, and several on a machine that has much to do.
@pytest.mark.parametrize("seconds", [15])
def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_made(slow: Press) -> None:
    with pytest.raises(TookTooLong, match="took too long"):
        slow.ask({**QUESTION, "values": {**SHEET, "title": "slow"}})
    assert slow.ask(QUESTION)[1].startswith(b"%PDF-1.7")


def test_documents_are_made_although_the_folder_the_site_was_started_from_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    monkeypatch.chdir(desk)
    press = Press(Terms())
    press.warm()
    desk.rmdir()
    try:
        values = {"design": "plain", "paper": "a4", "site": "Still"}
        asked = {"verb": "render", "kind": "sample", "values": values, "language": "en"}
        assert press.ask(asked)[1].startswith(b"%PDF-1.7")
    finally:
        press.stop()


def test_who_cannot_wait_is_told_so_and_the_document_goes_on(slow: Press) -> None:
    slow.warm()
    began = time.monotonic()
    with pytest.raises(Unavailable, match="try again in a moment"):
        slow.ask({**QUESTION, "values": {**SHEET, "title": "slow"}}, within=0.2)
    assert time.monotonic() - began < 60, "it would take twice as long"


def test_a_template_of_the_owner_replaces_ours(slow: Press) -> None:
    assert sheets.text(slow.ask(QUESTION)[1]) == "Ours"


def test_a_killed_child_is_replaced() -> None:
    press = Press(Terms())
    before = set(_children())
    press.warm()
    (child,) = set(_children()) - before
    child.kill()
    child.wait(60)
    assert press.ask(QUESTION)[1].startswith(b"%PDF-1.7")
    press.close()


def test_a_child_killed_at_work_is_told_as_try_again(slow: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(_children())
    slow.warm()
    (child,) = set(_children()) - before
    send = wire.send

    def send_and_kill_soon(*given: Any) -> None:
        send(*given)
        threading.Timer(1.5, child.kill).start()

    monkeypatch.setattr(wire, "send", send_and_kill_soon)
    with pytest.raises(Unavailable, match="could not be made just now"):
        slow.ask({**QUESTION, "values": {**SHEET, "title": "slow"}})


def test_a_child_retires_after_its_documents() -> None:
    press = Press(Terms(documents=2))
    before = set(_children())
    press.warm()
    (first,) = set(_children()) - before
    press.ask(QUESTION)
    press.ask(QUESTION)
    assert not psutil.pid_exists(first.pid)
    press.ask(QUESTION)
    press.close()
    assert set(_children()) <= before


def test_a_closed_press_says_so() -> None:
    press = Press(Terms())
    press.close()
    with pytest.raises(Unavailable, match="closing"):
        press.ask(QUESTION)


def test_many_people_print_at_once() -> None:
    made: list[bytes] = []
    people = [
        threading.Thread(target=lambda: made.append(pdf.render("worksheet", SHEET, "en"))) for _ in range(8)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(120)
    assert len(made) == 8
    assert len(set(made)) == 1


def test_the_child_goes_when_the_site_is_killed() -> None:
    site = subprocess.Popen(
        [sys.executable, "-c", SITE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert site.stdout is not None
    assert site.stdin is not None
    site.stdout.readline()
    (child,) = psutil.Process(site.pid).children()
    site.kill()
    site.wait()
    site.stdout.close()
    site.stdin.close()
    psutil.wait_procs([child], timeout=60)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_no_secret_of_the_site_is_told_to_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ENGINE_SECRET_KEY", "canary")
    press = Press(Terms())
    before = set(_children())
    press.warm()
    (child,) = set(_children()) - before
    assert "canary" not in str(child.environ())
    press.close()


def test_the_same_certificate_is_the_same_file_in_any_process_and_pages_never_import_the_library() -> None:
    here = hashlib.sha256(certificates.draw(FROZEN, CODE, ADDRESS, "a4", "en")).hexdigest()
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", TRIAL, json.dumps([FROZEN, CODE, ADDRESS])],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
            timeout=300,
        )
        assert told.stdout.split("\n")[:2] == [here, "[]"]


def test_a_hundred_certificates_leave_the_child_no_bigger() -> None:
    press = Press(Terms())
    before = set(_children())
    press.warm()
    (child,) = set(_children()) - before
    sizes = []
    for number in range(130):
        values = certificates.certificate_values(
            {**FROZEN, "name": f"Ada {number}"}, f"{number:014}", ADDRESS, "a4"
        )
        press.ask({"verb": "render", "kind": "certificate", "values": values, "language": "en"})
        if number >= 29:
            sizes.append(child.memory_info().rss)
    press.close()
    assert sizes[-1] - sizes[0] < 15 * 1024 * 1024


def test_nothing_is_missing_here_and_unknown_kinds_are_told() -> None:
    assert pdf.missing_libraries() == []
    with pytest.raises(NotFound, match="no kind of document called “banner”"):
        pdf.render("banner", {}, "en")


def test_text_nested_too_deeply_or_tables_too_wide_are_refused() -> None:
    for bomb, sentence in (
        ("<div>" * 800, "nested too deeply"),
        ('<table><tr><td colspan="65534">x</td></tr></table>', "too wide"),
    ):
        values = {**SHEET, "worksheet": {"fields": [{"kind": "note", "label": "x", "html": bomb}]}}
        with pytest.raises(Refused, match=sentence):
            pdf.render("worksheet", values, "en")


def _children() -> list[psutil.Process]:
    return list(psutil.Process().children())


def test_a_fault_of_ours_names_its_kind_on_the_log_and_nothing_of_what_was_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "worksheet.html").write_text("{{ answers.own / 2 }}", encoding="utf-8")
    press = Press(Terms(templates=(tmp_path,)))
    with pytest.raises(Unavailable):
        press.ask({**QUESTION, "values": {**SHEET, "answers": {"own": "canary words"}}})
    press.close()
    said = capfd.readouterr().err
    assert "TypeError while making a worksheet" in said
    assert "canary" not in said
    assert "Traceback" not in said


def test_a_changed_template_of_the_owner_is_another_look(tmp_path: Path) -> None:
    before = looks_digest((tmp_path,), ())
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "worksheet.html").write_text("Ours", encoding="utf-8")
    changed = looks_digest((tmp_path,), ())
    (tmp_path / "print" / "worksheet.html").write_text("Ours, mended", encoding="utf-8")
    assert len({before, changed, looks_digest((tmp_path,), ())}) == 3
    (tmp_path / "classic").mkdir()
    (tmp_path / "classic" / "certificate.css").write_text("p {}", encoding="utf-8")
    assert looks_digest((), (tmp_path,)) != looks_digest((), ())
