"""Words: one word for each thing in the code, and none that shames or promises in what people read."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "course_engine").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SYNONYMS = re.compile(
    r"(?:^|_)(user|users|student|students|coach|locked_until|utils|helpers|misc|manager)(?:_|$)"
)
ALLOWED = {"user_loader", "current_user", "login_user", "logout_user", "LoginManager", "manager"}
UNKIND = re.compile(
    r"\b(failed|failure|overdue|incomplete|streak|homework|too late|behind schedule|great job|must|"
    r"guaranteed|proven|cure|heals?|rewires?)\b",
    re.IGNORECASE,
)


def names(path: Path) -> set[str]:
    """Every name a file defines."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def sentences(path: Path) -> list[str]:
    """Every string a Python file gives to gettext, or the whole text of a template without its tags."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [
            str(node.args[0].value)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "gettext", "ngettext", "mark")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ]
    return re.findall(r"""_\(\s*"((?:[^"\\]|\\.)*)\"""", text)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_code_uses_the_glossary(path: Path) -> None:
    wrong = {name for name in names(path) - ALLOWED if SYNONYMS.search(name.lower())}

    assert not wrong


@pytest.mark.parametrize("path", [*CODE, *TEMPLATES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_shames_or_promises(path: Path) -> None:
    wrong = [sentence for sentence in sentences(path) if UNKIND.search(sentence)]

    assert not wrong


def test_the_check_of_words_finds_a_planted_one(tmp_path: Path) -> None:
    planted = tmp_path / "planted.html"
    planted.write_text('<p>{{ _("You failed this week.") }}</p>', encoding="utf-8")

    assert UNKIND.search(sentences(planted)[0])
