"""Templates are strict, escape what people write, and speak the reader's language."""

from datetime import date
from pathlib import Path

import pytest
from jinja2 import DictLoader, UndefinedError

from course_engine.rendering import pages


def told(folder: Path, name: str, text: str, /, **values: object) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return pages.write(pages.environment((folder,)), name, values, "en")


def test_what_ada_writes_is_shown_and_never_run(tmp_path: Path) -> None:
    name = "<script>alert(1)</script> {{ 7 * 7 }}"
    shown = told(tmp_path, "a.html", "{{ name }} {{ _('Dear %(name)s', name=name) }}", name=name)
    assert "<script>" not in shown
    assert shown.count("{{ 7 * 7 }}") == 2


def test_a_text_mail_keeps_its_signs(tmp_path: Path) -> None:
    assert (
        told(tmp_path, "a.txt", "{{ _('Dear %(name)s', name=name) }}", name="Ada & Ben") == "Dear Ada & Ben"
    )


def test_a_name_that_was_not_given_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        told(tmp_path, "a.html", "{{ nobody }}")


def test_plurals_dates_and_blocks_are_at_hand(tmp_path: Path) -> None:
    text = (
        "{{ ngettext('%(n)s day', '%(n)s days', 2) }}, {{ when | short_day }}, "
        "{{ language }} {{ direction }}, {% trans n=3 %}%(one)s{% pluralize %}{{ n }} weeks{% endtrans %}, "
        "{% trans %}50% off{% endtrans %}"
    )
    assert (
        told(tmp_path, "a.html", text, when=date(2026, 3, 17))
        == "2 days, 17 March 2026, en ltr, 3 weeks, 50% off"
    )


def test_the_owners_folder_comes_first(tmp_path: Path) -> None:
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "layout.html").write_text("Ours", encoding="utf-8")
    assert pages.environment((tmp_path,)).get_template("print/layout.html").render() == "Ours"


def test_dates_speak_the_language_of_the_sentences_around_them() -> None:
    jinja = pages.environment()
    jinja.loader = DictLoader({"day.html": '{{ language }}: {{ _("on %(day)s", day=short_day(when)) }}'})

    shown = [
        pages.write(jinja, "day.html", {"when": date(2026, 3, 2)}, language) for language in ("en", "es")
    ]

    assert shown == ["en: on 2 March 2026", "es: on 2 March 2026"]
