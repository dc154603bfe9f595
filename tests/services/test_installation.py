"""What the site is called, and what ought to be mended: every process follows, the installer wins."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from course_engine.config import read_config
from course_engine.domain.errors import BadInput, Refused, Unavailable
from course_engine.domain.people import Person
from course_engine.engine import Engine, open_engine
from course_engine.jobs import following
from course_engine.services import backups, editions, help_lines, installation, jobs, letters
from course_engine.storage import audit, outbox, site
from tests.cast import Clock
from tests.jobs.test_jobs import wait_until


@pytest.fixture
def free(engine: Engine) -> Engine:
    """A site whose installer has set neither name nor zone nor paper."""
    engine.config = replace(engine.config, given=frozenset())
    return engine


@pytest.fixture
def beside(free: Engine, site_url: str, tmp_path: Path) -> Engine:
    """The same site as another process has it."""
    other = open_engine(read_config({}, ENV="development", DATA=str(tmp_path), DATABASE_URL=site_url))
    other.close()  # its connections; the database of the first stays the one in use
    return replace(other, database=free.database)


def test_what_dov_chooses_is_there_at_once_and_in_every_other_process_soon(
    free: Engine, beside: Engine, dov: Person, clock: Clock
) -> None:
    installation.change(
        free, dov, {"site_name": "  Quiet   Bay ", "zone": "Asia/Tokyo", "paper": "letter"}, clock()
    )
    assert (free.config.site_name, free.config.zone, free.config.paper) == (
        "Quiet Bay",
        "Asia/Tokyo",
        "letter",
    )
    assert beside.config.site_name == "Stillwater"

    ended = following.start(beside, every=0.05)
    try:
        assert beside.config.site_name == "Quiet Bay"
        installation.change(free, dov, {"site_name": "Still Bay"}, clock())
        assert wait_until(lambda: beside.config.site_name == "Still Bay")
    finally:
        ended.set()
    assert beside.config.zone == "Asia/Tokyo"
    lines = [line[4] for line in audit.newest() if line[2] == "site.change"]
    assert lines == [{"settings": ["site_name"]}, {"settings": ["site_name", "zone", "paper"]}]


def test_a_setting_of_the_installer_wins_over_what_was_chosen(
    free: Engine, dov: Person, clock: Clock
) -> None:
    installation.change(free, dov, {"site_name": "Quiet Bay", "zone": "Asia/Tokyo"}, clock())
    fixed = replace(free, config=replace(free.config, given=frozenset({"SITE_NAME"}), site_name="Ours"))

    installation.follow(fixed)

    assert (fixed.config.site_name, fixed.config.zone) == ("Ours", "Asia/Tokyo")
    assert installation.open_choices(fixed) == {"zone", "paper"}
    with pytest.raises(Refused, match="installed"):
        installation.change(fixed, dov, {"site_name": "Mine"}, clock())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site_name", " "),
        ("site_name", "x" * 61),
        ("site_name", "a\u202eb"),
        ("zone", "Mars/Base"),
        ("paper", "a3"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field(
    free: Engine, dov: Person, clock: Clock, field: str, value: str
) -> None:
    before = free.config
    with pytest.raises(BadInput) as refused:
        installation.change(free, dov, {"site_name": "Quiet Bay", field: value}, clock())
    assert set(refused.value.faults) == {field}
    assert free.config == before
    assert not [line for line in audit.newest() if line[2] == "site.change"]


def test_while_the_database_is_away_everything_stays_as_it_was(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_keys: object) -> dict[str, str]:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(site, "some", away)
    following.look(engine)
    assert engine.config.site_name == "Stillwater"


@pytest.mark.parametrize(
    ("publish", "told"),
    [("auto", "publishes its courses by itself when it starts"), ("manual", "so nobody can begin one")],
)
def test_whoever_looks_before_the_first_start_is_told_whether_courses_publish_themselves(
    engine: Engine,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    publish: Literal["auto", "manual"],
    told: str,
) -> None:
    monkeypatch.setattr(editions, "offered", lambda _engine, _language: [])
    site = replace(engine, config=replace(engine.config, publish=publish))
    assert [one for one in installation.findings(site, clock()) if told in one] != []


def test_the_findings_name_what_is_to_be_mended_and_go_when_it_is(
    engine: Engine, dov: Person, clock: Clock, tmp_path: Path
) -> None:
    config = replace(engine.config, env="production", mail_url=None, base_url="http://course.example.org")
    site = replace(engine, config=config)
    told = " ".join(installation.findings(site, clock()))
    for words in ("No help line", "No mail server", "without encryption", "No backup"):
        assert words in told

    line = help_lines.offered(engine)[0].line.digest
    help_lines.confirm(engine, dov, line, clock())
    backups.backup(engine, tmp_path / "kept.backup", clock())
    whole = replace(
        site,
        config=replace(config, mail_url="smtp://mail", base_url="https://course.example.org", proxy_hops=1),
    )
    assert installation.findings(whole, clock()) == []
    assert installation.look(whole, clock()).backup == clock()
    assert "last backup known" in installation.findings(whole, clock.move(days=8))[0]


def test_a_job_that_was_given_up_is_named_for_a_week(engine: Engine, ada: Person, clock: Clock) -> None:
    def broken(*_given: object) -> dict[str, object]:
        raise Refused("It cannot be done.")

    jobs.ask(engine, "print", ada, {}, 1, clock())
    assert jobs.run_next(engine, {"print": broken}, "worker", clock)

    assert "1 job was given up lately." in installation.findings(engine, clock())
    assert "1 job was given up lately." not in installation.findings(engine, clock.move(days=8))


def test_no_key_and_no_address_of_a_server_is_told(engine: Engine, clock: Clock) -> None:
    config = replace(
        engine.config, mail_url="smtp://name:canary-mail@host", redis_url="redis://:canary-redis@host"
    )
    told = repr(installation.look(replace(engine, config=config), clock()))

    for secret in (*config.data_keys, config.secret_key, config.signing_key, "canary", config.database_url):
        assert secret not in told


def test_a_test_letter_goes_to_oneself_once(engine: Engine, dov: Person, clock: Clock) -> None:
    installation.send_test(engine, dov, clock())
    installation.send_test(engine, dov, clock())

    (letter,) = outbox.listed(sent=False, after="", limit=9)
    assert letter.to == "dov@example.org"
    letters.send_waiting(engine, clock)
    assert outbox.waiting() == 0


def test_without_an_address_or_a_server_there_is_no_test_letter(
    engine: Engine, dov: Person, clock: Clock
) -> None:
    with pytest.raises(Refused, match="no e-mail address"):
        installation.send_test(engine, replace(dov, email=None, sign_in_name="dov"), clock())
    quiet = replace(engine, config=replace(engine.config, env="production", mail_url=None))
    with pytest.raises(Refused, match="No mail server"):
        installation.send_test(quiet, dov, clock())


def test_what_the_installer_has_set_is_known_by_name_and_not_by_its_value(tmp_path: Path) -> None:
    found = read_config({"COURSE_ENGINE_SITE_NAME": "Ours"}, env="demo", data=str(tmp_path))
    assert found.given == {"SITE_NAME", "ENV", "DATA"}
