"""The Jinja environment that pages, mails and print share.

Unknown names are errors, HTML is escaped, every sentence goes through gettext. Folders of the
owner's are looked up before the shipped `templates/`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from course_engine import i18n
from course_engine.paths import TEMPLATES

_TOLD = {
    "day": i18n.day,
    "short_day": i18n.short_day,
    "clock": i18n.clock,
    "instant": i18n.instant,
    "there": i18n.there,
    "age": i18n.age,
    "place": i18n.place,
    "number": i18n.number,
    "week_name": i18n.week_name,
}


def environment(folders: Sequence[Path] = (), *, sandboxed: bool = False) -> Environment:
    """A fresh environment; `sandboxed` for templates that may come from a design's maker."""
    made = ImmutableSandboxedEnvironment if sandboxed else Environment
    return equip(made(), folders)


def equip(jinja: Environment, folders: Sequence[Path] = ()) -> Environment:
    """Give an environment (a web framework's own, say) our loader, strictness, words and dates."""
    jinja.loader = loader(folders)
    jinja.undefined = StrictUndefined
    jinja.autoescape = _escapes
    jinja.trim_blocks = True
    jinja.lstrip_blocks = True
    jinja.add_extension("jinja2.ext.i18n")
    jinja.newstyle_gettext = True  # type: ignore[attr-defined]
    jinja.globals.update(_TOLD, _=_gettext, gettext=_gettext, ngettext=_ngettext)
    jinja.filters.update(_TOLD)
    # One dictionary per template in place of Jinja's chain of two: imports look through it in every page.
    jinja.make_globals = lambda given: {**jinja.globals, **(given or {})}  # type: ignore[assignment,method-assign]
    return jinja


def loader(folders: Sequence[Path] = ()) -> BaseLoader:
    """Templates by name: in the owner's folders first, then ours."""
    return FileSystemLoader([*folders, TEMPLATES])


def write(jinja: Environment, template: str, values: Mapping[str, object], language: str) -> str:
    """The template filled in, in this language; `language` and `direction` are given to it too.

    Where our own sentences are not translated into it they stay in English, and so do the dates in them.
    """
    with i18n.speak(language):
        told = {"language": language.replace("_", "-"), "direction": i18n.direction(), **values}
    with i18n.speak(language if i18n.is_spoken(language) else "en"):
        return jinja.get_template(template).render(told)


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **values: object) -> str:
    said = i18n.gettext(message, **_safe(context, values)) if values else i18n.gettext(message)
    return _trusted(context, said if values else said.replace("%%", "%"))


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, n: int, /, **values: object) -> str:
    filled = {name: value for name, value in values.items() if name != "n"}
    return _trusted(context, i18n.ngettext(one, many, n, **_safe(context, filled)))


def _safe(context: EvalContext, values: Mapping[str, object]) -> Mapping[str, object]:
    if not context.autoescape:
        return values
    return {name: value if isinstance(value, int) else escape(value) for name, value in values.items()}


def _trusted(context: EvalContext, sentence: str) -> str:
    return Markup(sentence) if context.autoescape else sentence  # noqa: S704 - ours, its values escaped


def _escapes(template: str | None) -> bool:
    return template is None or not template.endswith(".txt")
