"""People from the terminal: made, listed, let back in."""

import pytest

from course_engine.domain.people import Person
from course_engine.engine import Engine
from course_engine.services import devices, people
from tests.cast import PASSWORD, Clock
from tests.cli.conftest import Terminal, add_ada

NEW = "five slow loaves by the window"


def test_somebody_is_added_with_a_password_from_stdin_and_can_sign_in(
    terminal: Terminal, engine: Engine, clock: Clock
) -> None:
    words = ["person", "add", "dov@example.org", "--role", "admin", "--role", "facilitator", "--name", "Dov"]

    assert terminal.does(*words, stdin=f"{PASSWORD}\n") == "Dov can sign in as dov@example.org.\n"

    found = devices.sign_in(engine, "dov@example.org", PASSWORD, "Firefox, Linux", clock())
    assert {role.value for role in found.person.roles} == {"admin", "facilitator"}


def test_an_address_is_optional(terminal: Terminal, engine: Engine) -> None:
    told = terminal.does("person", "add", "ada.w", "--role", "learner", stdin=f"{PASSWORD}\n")

    assert told == "ada.w can sign in as ada.w.\n"
    assert people.get("ada.w").email is None


def test_a_password_is_never_an_argument(at_home: Terminal) -> None:
    words = ["person", "add", "ada@example.org", "--role", "learner"]

    assert "No such option" in at_home.misused(*words, "--password", PASSWORD)
    assert "unexpected extra argument" in at_home.misused(*words, PASSWORD)


@pytest.mark.parametrize(
    ("typed", "words"), [("", "at least 15"), ("\n", "at least 15"), ("short\n", "at least 15")]
)
def test_a_password_that_cannot_be_used_is_told_and_nobody_is_made(
    at_home: Terminal, typed: str, words: str
) -> None:
    told = at_home.refused("person", "add", "ada@example.org", "--role", "learner", stdin=typed)

    assert words in told
    assert at_home.rows("person", "list") == []


def test_a_password_reaches_a_real_process_by_its_stdin(at_home: Terminal) -> None:
    process = at_home.start("person", "add", "ada@example.org", "--role", "learner")
    out, told = process.communicate(f"{PASSWORD}\nmore lines\n", timeout=240)

    assert (process.returncode, out, told) == (0, "ada can sign in as ada@example.org.\n", "")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_password_in_another_encoding_is_told_and_nobody_is_made(
    at_home: Terminal, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    process = at_home.start("person", "add", "ada@example.org", "--role", "learner")
    assert process.stdin is not None
    process.stdin.buffer.write("fünf langsame Laibe\n".encode("latin-1"))  # type: ignore[attr-defined]
    told = process.communicate(timeout=240)[1]

    assert (process.returncode, told.splitlines()[-1]) == (2, "Error: The password is not text in UTF-8.")
    assert "Traceback" not in told
    assert at_home.rows("person", "list") == []


def test_an_address_is_used_once(terminal: Terminal) -> None:
    add_ada(terminal)

    told = terminal.refused("person", "add", "ADA@example.org", "--role", "learner", stdin=f"{NEW}\n")

    assert told == "There is an account with this address or name already."
    # It is looked up first, so that nobody types a password for nothing.
    assert terminal.refused("person", "add", "ada@example.org", "--role", "learner", stdin="") == told


def test_how_long_a_password_is_and_where_it_is_read_from_is_said_beforehand(at_home: Terminal) -> None:
    for command in ("add", "reset-password"):
        told = " ".join(at_home.does("person", command, "--help").split())
        assert "at least 15 characters" in told
        assert "the first line of stdin" in told


def test_a_role_that_does_not_exist_is_wrong_usage(at_home: Terminal) -> None:
    assert "'boss' is not one of" in at_home.misused("person", "add", "ada@example.org", "--role", "boss")
    assert "Missing option '--role'" in at_home.misused("person", "add", "ada@example.org")


def test_everybody_is_listed_past_the_first_page(terminal: Terminal, engine: Engine, clock: Clock) -> None:
    for number in range(people.PAGE + 2):
        people.add(engine, f"Ada {number:02}", f"ada{number}@example.org", PASSWORD, clock())

    rows = terminal.rows("person", "list")

    assert [row["name"] for row in rows] == [f"Ada {number:02}" for number in range(people.PAGE + 2)]
    assert rows[0] == {
        "name": "Ada 00",
        "address": "ada0@example.org",
        "roles": ["learner"],
        "since": "2026-03-02",
    }
    table = terminal.does("person", "list").splitlines()
    assert table[0].split() == ["name", "address", "roles", "since"]
    assert len(table) == len(rows) + 1


def test_a_new_password_signs_out_everywhere(
    terminal: Terminal, engine: Engine, ada: Person, clock: Clock
) -> None:
    device = devices.sign_in_new(engine, ada, "Firefox, Linux", clock())

    told = terminal.does("person", "reset-password", "ada@example.org", stdin=f"{NEW}\n")

    assert told == "Ada has a new password and is signed out everywhere.\n"
    assert devices.signed_in(device.token, clock()) is None
    assert terminal.refused("person", "reset-password", "cleo@example.org", stdin=f"{NEW}\n") == (
        "There is nobody with the address cleo@example.org."
    )
