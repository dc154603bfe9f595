"""Commands about people. Passwords are asked for or read from stdin, never an argument."""

import sys

import click

from course_engine.cli.opened import json_option, now, opened, table


@click.group()
def person() -> None:
    """Add people, list them, give them a new password."""


@person.command()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(["learner", "facilitator", "admin"]),
    help="What they may do here; may be repeated.",
)
@click.option("--name", help="What they are called; the part before the @ unless given.")
def add(email: str, roles: tuple[str, ...], name: str | None) -> None:
    """Make an account for EMAIL (an address or a sign-in name).

    It asks for a password of at least 15 characters. Without a terminal the password is the first line of
    stdin.
    """
    from course_engine.domain.roles import Role
    from course_engine.services import people

    with opened() as engine:
        people.refuse_known(email)
        password = _password()
        shown = name or email.partition("@")[0]
        made = people.add(engine, shown, email, password, now(), frozenset(Role(role) for role in roles))
    click.echo(f"{made.name} can sign in as {made.email or made.sign_in_name}.")


@person.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Everybody with an account."""
    from course_engine.services import people

    with opened():
        rows: list[dict[str, object]] = []
        page = people.page()
        while True:
            rows += [
                {
                    "name": one.name,
                    "address": one.email or one.sign_in_name,
                    "roles": sorted(role.value for role in one.roles),
                    "since": one.created_at.date().isoformat(),
                }
                for one in page.people
            ]
            if not page.after:
                break
            page = people.page(page.after)
        table(rows, as_json)


@person.command("reset-password")
@click.argument("email")
def reset_password(email: str) -> None:
    """Give EMAIL a new password; they are signed out everywhere.

    It asks for a password of at least 15 characters. Without a terminal the password is the first line of
    stdin.
    """
    from course_engine.services import new_passwords, people

    with opened() as engine:
        found = people.get(email)
        new_passwords.give(engine, found, _password(), now())
    click.echo(f"{found.name} has a new password and is signed out everywhere.")


def _password() -> str:
    if sys.stdin is None:
        raise click.UsageError("Write the password to stdin, or type this command at a terminal.")
    try:
        typed = _typed()
        typed.encode()
    except UnicodeError as error:
        raise click.UsageError("The password is not text in UTF-8.") from error
    return typed


def _typed() -> str:
    if sys.stdin.isatty():
        asked = "Password (at least 15 characters)"
        return str(click.prompt(asked, hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
