"""The settings Dov writes, and the sentence he gets for each that cannot be used."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from course_engine import config
from course_engine.config import SETTINGS, faults, read_config
from course_engine.crypto import new_data_key, new_token
from course_engine.domain.errors import Misconfigured


def production(**more: str) -> dict[str, str]:
    """The settings of a site that can start."""
    settings = {
        "SECRET_KEY": new_token(),
        "SIGNING_KEY": new_token(),
        "DATA_KEYS": new_data_key(),
        "BASE_URL": "https://course.example.org",
        **more,
    }
    return {f"COURSE_ENGINE_{name}": value for name, value in settings.items()}


@pytest.mark.parametrize("missing", ["SECRET_KEY", "SIGNING_KEY", "DATA_KEYS", "BASE_URL"])
def test_a_secret_that_is_missing_in_production_is_named_and_never_made_up(missing: str) -> None:
    settings = production()
    del settings[f"COURSE_ENGINE_{missing}"]

    with pytest.raises(Misconfigured, match=missing):
        read_config(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("ZONE", "Europe"),
        ("ZONE", "Nowhere/Land"),
        ("LOCALE", "english"),
        ("PAPER", "a3"),
        ("PROXY_HOPS", "one"),
        ("PROXY_HOPS", "²"),
        ("BASE_URL", "course.example.org"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://course.example.org/learn"),
        ("BASE_URL", "https://course.example.org?a=b"),
        ("BASE_URL", "https://course example.org"),
        ("BASE_URL", "https://course.example.org:port"),
        ("MAIL_URL", "mail.example.org"),
        ("MAIL_URL", "http://mail.example.org"),
        ("MAIL_URL", "smtp://mail.example.org:port"),
        ("REDIS_URL", "somewhere:6379"),
        ("REDIS_URL", "redis://somewhere:port"),
        ("SITE_NAME", "x" * 61),
        ("SITE_NAME", "a\u202eb"),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("DATA_KEYS", "short"),
        ("SECRET_KEY", "short"),
        ("COURSES", "/no/such/folder"),
        ("COLOUR", "blue"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        read_config(production(**{name: value}))


@pytest.mark.parametrize("name", ["COURSES", "TEMPLATES", "CERTIFICATES"])
def test_a_folder_that_may_not_be_read_is_named_before_anybody_needs_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever runs these tests may be allowed to read everything, so the system is asked in our stead.
    monkeypatch.setattr("os.access", lambda folder, _mode: folder != tmp_path)
    with pytest.raises(Misconfigured, match=f"{name} names {tmp_path}, which cannot be read"):
        read_config(production(**{name: str(tmp_path)}))


def test_a_setting_that_is_left_empty_is_not_set(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_text("COURSE_ENGINE_DATA=\nCOURSE_ENGINE_PAPER=letter\n", encoding="utf-8")
    whole = production()
    empty = dict.fromkeys([f"COURSE_ENGINE_{name}" for name in SETTINGS], "")
    config = read_config({**empty, **whole, "COURSE_ENGINE_CONFIG": str(file)})

    assert config == read_config(whole)
    assert (config.data.name, config.zone, config.mail_url) == ("instance", "UTC", None)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    told = faults({"COURSE_ENGINE_DATA": str(tmp_path / "data"), "COURSE_ENGINE_PAPER": "a3"})
    assert [sentence.split()[0].removeprefix("COURSE_ENGINE_") for sentence in told] == [
        "SECRET_KEY", "DATA_KEYS", "SIGNING_KEY", "BASE_URL", "PAPER",
    ]  # fmt: skip

    assert faults(production()) == []
    at_home = {"COURSE_ENGINE_ENV": "development", "COURSE_ENGINE_DATA": str(tmp_path / "data")}
    assert faults(at_home) == []
    (zone,) = faults({**at_home, "COURSE_ENGINE_ZONE": "Europe"})
    assert "Write one like Europe/Lisbon." in zone
    assert faults({**at_home, "COURSE_ENGINE_ZONE": "localtime"})
    assert len(faults({"COURSE_ENGINE_ENV": "staging"})) == 1
    assert not (tmp_path / "data").exists()


def test_a_development_site_makes_its_secrets_once_and_keeps_them(tmp_path: Path) -> None:
    first = read_config({}, ENV="development", DATA=str(tmp_path / "data"))
    second = read_config({}, ENV="development", DATA=str(tmp_path / "data"))

    assert first.secret_key == second.secret_key
    assert first.data_keys == second.data_keys
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o077 == 0


def test_two_who_start_a_development_site_at_once_have_the_same_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, both = config._new_secrets, Barrier(2)

    def make_together() -> dict[str, str]:
        with suppress(BrokenBarrierError):
            both.wait(0.3)
        return make()

    monkeypatch.setattr(config, "_new_secrets", make_together)
    with ThreadPoolExecutor(2) as hands:
        starts = [hands.submit(read_config, {}, ENV="development", DATA=str(tmp_path)) for _hand in "ab"]
        first, second = (start.result() for start in starts)

    assert first.data_keys == second.data_keys
    assert first == read_config({}, ENV="development", DATA=str(tmp_path))


def test_secrets_that_cannot_be_read_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{", encoding="utf-8")

    with pytest.raises(Misconfigured, match="cannot be read"):
        read_config({}, ENV="demo", DATA=str(tmp_path))


def test_settings_can_stand_in_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_text(
        "# ours\nCOURSE_ENGINE_SITE_NAME='Still here'\nCOURSE_ENGINE_PAPER=letter\n", encoding="utf-8"
    )
    config = read_config({**production(PAPER="a4"), "COURSE_ENGINE_CONFIG": str(file)})

    assert (config.site_name, config.paper) == ("Still here", "a4")


def test_a_line_that_is_no_setting_is_shown_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_text("\nSITE_NAME=Ours\n", encoding="utf-8")

    with pytest.raises(Misconfigured, match=r"site\.env:2:"):
        read_config({"COURSE_ENGINE_CONFIG": str(file)})


def test_a_settings_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_bytes(b"\x97\xff\x00")

    with pytest.raises(Misconfigured, match="not text in UTF-8"):
        read_config({"COURSE_ENGINE_CONFIG": str(file)})
