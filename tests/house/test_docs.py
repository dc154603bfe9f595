"""Docs that cannot lie: what the README and the examples say is compared with the code."""

import re
from pathlib import Path

import click

from course_engine.cli import main
from course_engine.config import PREFIX, SETTINGS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_none_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `course-engine (\w+)` \|", README, re.MULTILINE))

    assert told == set(main.commands)


def test_the_readme_names_the_commands_of_each_group() -> None:
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            row = re.search(rf"^\| `course-engine {name}` \| (.*) \|$", README, re.MULTILINE)
            assert row is not None
            assert set(command.commands) <= set(re.findall(r"[\w-]+", row[1])), name


def test_every_command_and_option_says_what_it_does() -> None:
    def walk(command: click.Command) -> None:
        assert command.help, command.name
        for option in command.params:
            if isinstance(option, click.Option) and option.name not in ("help", "paper"):
                assert option.help, f"{command.name} {option.name}"
        for inner in getattr(command, "commands", {}).values():
            walk(inner)

    walk(main)


def test_the_example_names_every_setting_once_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    told = re.findall(rf"^#? ?{PREFIX}([A-Z_]+)=", text, re.MULTILINE)

    assert sorted(told) == sorted(SETTINGS)


def test_the_two_commands_stand_on_the_first_screen_and_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first = README[:1600]

    for word in ("run", "test"):
        assert f"make {word}" in first
        assert re.search(rf"^{word}:", makefile, re.MULTILINE)
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_file_and_link_in_the_readme_is_there() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target
    for path in re.findall(r"`((?:course_engine|services)/[\w/.]+\.py)`", README):
        assert (ROOT / path).exists() or (ROOT / "course_engine" / path).exists(), path
