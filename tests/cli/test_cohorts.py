"""Groups from the terminal: made, listed, their rosters in and out."""

import csv
from datetime import date, timedelta
from pathlib import Path

from tests.cast import BREAD, PASSWORD
from tests.cli.conftest import Terminal

ZONE = "Africa/Accra"
FIRST = f"{date.today() + timedelta(days=100)}"


def _ben(terminal: Terminal, name: str = "Ben") -> None:
    address = f"{name.lower()}@example.org"
    terminal.does("person", "add", address, "--role", "facilitator", "--name", name, stdin=f"{PASSWORD}\n")


def _group(terminal: Terminal, *more: str) -> str:
    said = terminal.does("cohort", "add", BREAD, "--start", FIRST, "--zone", ZONE, "--name", "Mondays", *more)
    return said.partition(":")[0]


def test_a_group_is_made_and_listed(terminal: Terminal) -> None:
    _ben(terminal)
    id = _group(terminal, "--hour", "19:15", "--minutes", "90")

    assert terminal.rows("cohort", "list") == [
        {
            "id": id, "name": "Mondays", "course": BREAD, "first": f"{FIRST} 19:15:00+00:00", "zone": ZONE,
            "people": 0, "ended": None,
        }
    ]  # fmt: skip
    assert "Mondays" in terminal.does("cohort", "list")


def test_who_leads_is_said_where_there_are_several(at_home: Terminal) -> None:
    words = ("cohort", "add", BREAD, "--start", FIRST, "--zone", ZONE)
    assert "no facilitator yet" in at_home.refused(*words)
    _ben(at_home)
    _ben(at_home, "Ema")
    assert "several facilitators" in at_home.refused(*words)
    assert "led by Ema" in at_home.does(*words, "--facilitator", "ema@example.org")


def test_days_hours_and_zones_are_looked_at(at_home: Terminal) -> None:
    _ben(at_home)
    assert "2026-03-17" in at_home.misused("cohort", "add", BREAD, "--start", "soon", "--zone", ZONE)
    assert "2026-03-17" in at_home.misused("cohort", "add", BREAD, "--start", FIRST, "--zone", "Mars/North")
    for zone in ("localtime", "posixrules", "Factory", "posix/Europe/Lisbon", "../../etc/passwd", ""):
        assert "Lisbon" in at_home.misused("cohort", "add", BREAD, "--start", FIRST, "--zone", zone)
    hour = ("--hour", "18:30+05:00")
    assert "18:30" in at_home.misused("cohort", "add", BREAD, "--start", FIRST, "--zone", ZONE, *hour)
    assert "over" in at_home.refused("cohort", "add", BREAD, "--start", "2020-01-01", "--zone", ZONE)
    far = at_home.refused("cohort", "add", BREAD, "--start", "9999-12-30", "--zone", ZONE)
    assert "within the next five years" in far


def test_a_roster_goes_in_and_out_and_in_again_without_a_change(terminal: Terminal) -> None:
    _ben(terminal)
    id = _group(terminal)
    table = terminal.folder / "people.csv"
    table.write_bytes("name;email\nZoë;zoe@example.org\nPiet;\nBad;nowhere\n".encode("cp1252"))

    planned = terminal.rows("cohort", "import", id, table, "--dry-run")
    assert [row["does"] for row in planned] == ["add", "add", "bad"]
    assert terminal.rows("cohort", "list")[0]["people"] == 0
    terminal.does("cohort", "import", "Mondays", table, "--faults", terminal.folder / "mend.csv")
    terminal.does("cohort", "import", "Mondays", table)
    assert terminal.rows("cohort", "list")[0]["people"] == 2
    assert "nowhere" in (terminal.folder / "mend.csv").read_text("utf-8-sig")

    out = terminal.folder / "out.csv"
    terminal.does("cohort", "export", id, "-o", out)
    assert [row["name"] for row in _rows(out)] == ["Piet", "Zoë"]
    assert {row["does"] for row in terminal.rows("cohort", "import", id, out)} == {"same"}


def test_a_group_whose_facilitator_is_away_for_good_gets_another(terminal: Terminal) -> None:
    _ben(terminal)
    id = _group(terminal)
    assert "no facilitator with this address" in terminal.refused("cohort", "share", id, "ema@example.org")
    _ben(terminal, "Ema")

    assert "Ema leads “Mondays” from now on." in terminal.does(
        "cohort", "share", "Mondays", "EMA@example.org"
    )
    assert "no group called" in terminal.refused("cohort", "share", "Fridays", "ema@example.org")


def test_an_unknown_group_and_a_file_that_is_no_table_are_refused_in_a_sentence(at_home: Terminal) -> None:
    _ben(at_home)
    picture = at_home.folder / "people.csv"
    picture.write_bytes(b"\x89PNG\0\0")
    assert "no group called Mondays" in at_home.refused("cohort", "import", "Mondays", picture)
    _group(at_home)
    assert "no table of text" in at_home.refused("cohort", "import", "Mondays", picture)
    at_home.misused("cohort", "import", "Mondays", at_home.folder / "nothing.csv")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
