"""Dov's pages of courses: nothing is published by mistake, and whatever comes in gets a sentence."""

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from course_engine.domain.people import Person
from course_engine.domain.progress import Run
from course_engine.engine import Engine
from course_engine.services import catalogue, cohorts, drafts, editions, jobs
from course_engine.storage import editions as stored
from tests.cast import BREAD, COURSES, ZONE, Browser, Clock
from tests.web.test_groups import FORM

As = Callable[[Person], Browser]
PAGE = "/admin/courses"
Pack = Callable[..., bytes]


@pytest.fixture
def pack() -> Pack:
    """The small course as a ZIP, with words changed in one of its files."""

    def packed(file: str = "", old: str = "", new: str = "") -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
            for path in sorted((COURSES / BREAD).rglob("*")):
                name = str(path.relative_to(COURSES / BREAD))
                text = path.read_bytes() if path.is_file() else b""
                if name == file:
                    assert old.encode() in text
                    text = text.replace(old.encode(), new.encode(), 1)
                if path.is_file():
                    target.writestr(f"{BREAD}/{name}", text)
        return held.getvalue()

    return packed


@pytest.fixture
def bring(engine: Engine, dov: Person, as_: As, clock: Clock) -> Callable[[bytes], str]:
    """Send a file as Dov, let it be read, and go where that leads."""

    def brought(data: bytes, name: str = "bread.zip") -> str:
        browser = as_(dov)
        sent = browser.fill(f"{PAGE}/import", file=(io.BytesIO(data), name))
        assert sent.status_code == 303, sent.text
        jobs.run_next(engine, {drafts.KIND: drafts.make}, "a worker", clock)
        return str(browser.get(sent.headers["Location"]).headers["Location"])

    return brought


def upload(browser: Browser, path: str, data: bytes) -> TestResponse:
    """Send a file as a browser does: the test client would leave a large one lying about."""
    line = b"a-line-between"
    parts = (
        b'--%s\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n'
        % (line, browser.token.encode()),
        b'--%s\r\nContent-Disposition: form-data; name="file"; filename="x.zip"\r\n\r\n%s\r\n' % (line, data),
        b"--%s--\r\n" % line,
    )
    kind = f"multipart/form-data; boundary={line.decode()}"
    return browser.post(path, data=b"".join(parts), content_type=kind)


def words(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", answer.text)))


def test_dov_brings_in_looks_at_and_publishes_a_new_edition(
    engine: Engine, bring: Callable[[bytes], str], pack: Pack, run: Run, dov: Person, as_: As
) -> None:
    before = editions.newest(BREAD)
    browser = as_(dov)
    place = bring(pack("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))

    shown = words(browser, place)
    assert "“Who lives in the jar” was called “What lives in the jar”." in shown
    assert "1 person alone would move with their next week: Ada." in shown
    assert "Both are called edition" in shown, "the words have changed and the number has not"
    assert "A draft waits for you" in words(browser, PAGE)
    sent = browser.fill(place, act="publish", over=before)

    assert sent.status_code == 303
    assert editions.newest(BREAD) == place.rsplit("/", 1)[-1] != before
    assert "The edition in use" in words(browser, sent.headers["Location"])
    assert "Older editions (1)" in words(browser, PAGE)
    assert browser.get(place).status_code == 404


def test_while_a_course_is_read_the_way_between_the_pages_of_admins_stays(
    pack: Pack, dov: Person, as_: As
) -> None:
    browser = as_(dov)
    sent = browser.fill(f"{PAGE}/import", file=(io.BytesIO(pack()), "bread.zip"))
    page = browser.get(sent.headers["Location"]).text

    assert '<a href="/admin/courses" aria-current="page">' in page
    assert '<a href="/admin" aria-current="page">' in page


def test_every_fault_is_on_the_page_with_its_place_and_nothing_is_kept(
    bring: Callable[[bytes], str], pack: Pack, dov: Person, as_: As
) -> None:
    place = bring(pack("course.yaml", "pace: free", "pace: soon"))
    page = words(as_(dov), place)

    assert "There is something to mend first" in page
    assert re.search(r"course\.yaml:\d+:\d+ pace takes one of", page)
    assert stored.drafts() == []


def test_words_of_a_course_are_shown_as_they_are_and_run_nowhere(
    bring: Callable[[bytes], str], pack: Pack, dov: Person, as_: As
) -> None:
    evil = "<script>alert(1)</script> {{ 7*7 }}"
    place = bring(pack("course.yaml", "Slow bread, week by week", evil))
    for path in (place, PAGE, f"{place}/preview"):
        page = as_(dov).get(path).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Choose a file first."),
        (b"hello", "no ZIP file"),
        (b"PK" + b"\0" * 20_000_000, "larger than 8 MB"),
    ],
)
def test_a_file_that_cannot_be_one_is_told_at_its_field(dov: Person, as_: As, data: bytes, told: str) -> None:
    answer = upload(as_(dov), f"{PAGE}/import", data)

    assert answer.status_code == 422
    assert told in answer.text
    assert "Error:" in answer.text


def test_only_an_admin_may_send_so_much(ben: Person, dov: Person, as_: As) -> None:
    large = b"PK" + b"\0" * 3_000_000
    assert upload(as_(ben), f"{PAGE}/import", large).status_code == 413
    assert upload(as_(dov), f"{PAGE}/folders", large).status_code == 413
    assert upload(as_(dov), f"{PAGE}/import", b"PK" + b"\0" * 25_000_000).status_code == 413


def test_the_edition_in_use_is_not_brought_in_again(
    bring: Callable[[bytes], str], pack: Pack, dov: Person, as_: As
) -> None:
    assert "This is the edition in use" in words(as_(dov), bring(pack()))


def test_a_draft_in_two_tabs_is_published_once_and_another_is_compared_anew(
    engine: Engine, bring: Callable[[bytes], str], pack: Pack, dov: Person, as_: As
) -> None:
    before = editions.newest(BREAD)
    one = bring(pack("course.yaml", "Slow bread, week by week", "Slower bread"))
    other = bring(pack("course.yaml", "Slow bread, week by week", "Slowest bread"))
    browser = as_(dov)
    assert [browser.fill(one, act="publish", over=before).status_code for _press in range(2)] == [303, 303]
    late = browser.fill(other, act="publish", over=before)

    assert late.status_code == 409
    assert "meanwhile" in late.text
    assert editions.newest(BREAD) == one.rsplit("/", 1)[-1]
    assert browser.fill(other, act="explode").status_code == 422


def test_a_withdrawn_course_is_offered_nowhere_and_says_so(
    engine: Engine, run: Run, dov: Person, cleo: Person, as_: As, client: Browser, clock: Clock
) -> None:
    digest = editions.newest(BREAD)
    browser, outside = as_(dov), as_(cleo)
    answer = browser.fill(f"{PAGE}/editions/{digest}", act="withdraw")
    assert "The course is not offered any more" in words(browser, answer.headers["Location"])

    assert "No course is offered on this site at present." in words(client, "/join")
    assert "No course can be begun here now" in words(outside, "/join/begin")
    sent = outside.fill("/join/begin", course=BREAD, agree="yes", pace="free", zone=ZONE)
    assert sent.status_code == 422
    assert "not offered at present" in sent.text
    assert "Not offered" in words(browser, PAGE)
    browser.fill(f"{PAGE}/editions/{digest}", act="back")
    assert editions.newest(BREAD) == digest


def test_a_group_made_in_a_tab_that_was_open_before_is_told_so_and_keeps_its_words(
    dov: Person, ben: Person, as_: As, engine: Engine, clock: Clock
) -> None:
    catalogue.withdraw(engine, editions.newest(BREAD), dov, clock())
    answer = as_(ben).fill("/cohorts/new", **FORM, act="create")

    assert answer.status_code == 422
    assert "not offered at present" in answer.text
    assert "The old mill" in answer.text
    assert cohorts.led_by(ben, clock()) == []


def test_a_preview_shows_any_day_and_its_pages(
    bring: Callable[[bytes], str], pack: Pack, dov: Person, as_: As
) -> None:
    browser = as_(dov)
    place = bring(pack("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    table = words(browser, f"{place}/preview?start=2026-03-02&at=2026-03-10&pace=weekly")
    assert "Who lives in the jar" in table
    assert "Opens on" in table

    root = f"{place}/seen/2026-03-02/2026-03-10/weekly"
    for path, told in (
        ("course", "Preview of Tuesday 10 March 2026"),
        ("weeks/1", "Who lives in the jar"),
        ("weeks/3", "Not open yet"),
        ("steps/what-lives", "Who lives in the jar"),
        ("steps/mix-and-fold", "Not open yet"),
        ("worksheets/my-kitchen", "Nothing here is kept"),
        ("pages/hot-things", "Nothing here is kept"),
        ("evidence", "What is known"),
    ):
        assert told in words(browser, f"{root}/{path}"), path
    assert "When it opens" not in words(browser, f"{root}/steps/mix-and-fold?read=yes")


@pytest.mark.parametrize(
    "query", ["at=soon", "start=2026-03-10&at=2026-03-09", "at=9999-12-31", "pace=never", "start=0001-01-01"]
)
def test_a_day_that_cannot_be_is_told_at_its_field(dov: Person, as_: As, query: str) -> None:
    answer = as_(dov).get(f"{PAGE}/editions/{editions.newest(BREAD)}/preview?{query}")

    assert answer.status_code == 422
    assert "There is a problem" in answer.text


@pytest.mark.parametrize(
    "rest", ["2026-03-02/soon/weekly/course", "2026-03-02/2026-03-01/weekly/course", "x/y/z/weeks/1"]
)
def test_an_address_with_a_day_that_cannot_be_is_no_fault_of_ours(dov: Person, as_: As, rest: str) -> None:
    assert as_(dov).get(f"{PAGE}/editions/{editions.newest(BREAD)}/seen/{rest}").status_code == 422
    assert as_(dov).get(f"{PAGE}/editions/{'0' * 64}/seen/{rest}").status_code == 404


def test_every_link_of_a_previewed_course_leads_to_a_page(dov: Person, as_: As) -> None:
    browser = as_(dov)
    root = f"{PAGE}/editions/{editions.newest(BREAD)}/seen/2026-03-02/2026-04-30/free"
    waiting, seen = [f"{root}/course"], set[str]()
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        found = {link.split("#")[0].split("?")[0] for link in re.findall(r'href="([^"]+)"', answer.text)}
        waiting += [link for link in sorted(found - seen - set(waiting)) if link.startswith(root)]

    assert len(seen) > 15


def test_ben_looks_at_a_new_edition_and_moves_his_group(
    engine: Engine, bring: Callable[[bytes], str], pack: Pack, ben: Person, dov: Person, as_: As, clock: Clock
) -> None:
    group = cohorts.add(engine, ben, BREAD, "Mondays", clock(), ZONE, 60, clock())
    place = bring(pack("01-starter/week-1.md", "What lives in the jar", "Who lives in the jar"))
    newest = place.rsplit("/", 1)[-1]
    assert "Mondays" in words(as_(dov), place)
    as_(dov).fill(place, act="publish", over=group.edition)
    browser, page = as_(ben), f"/cohorts/{group.id}/edition"

    assert "was called “What lives in the jar”" in words(browser, page)
    assert cohorts.led(ben, group.id).edition == group.edition
    assert [browser.fill(page, to=newest).status_code for _press in range(2)] == [303, 303]
    assert cohorts.led(ben, group.id).edition == newest
    assert browser.fill(page, to="0" * 64).status_code == 404
    assert browser.fill(page, to=group.edition).status_code == 303
    assert browser.get(f"{page}?to=nothing").status_code == 404


def test_each_page_asks_the_same_number_of_times_however_many_editions_there_are(
    engine: Engine, dov: Person, as_: As, clock: Clock, tmp_path: Path
) -> None:
    browser = as_(dov)

    def asked() -> int:
        browser.get(PAGE)
        with engine.database.count_queries() as queries:
            assert browser.get(PAGE).status_code == 200
        return queries.count

    before = asked()
    raw = stored.load(editions.newest(BREAD)) or b""
    with engine.database.transaction():
        for number in range(30):
            stored.publish(f"{number:064}", BREAD, f"Bread {number}", raw, clock.move(minutes=1))
    assert asked() == before
