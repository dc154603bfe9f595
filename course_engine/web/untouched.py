"""A form that two people have open at once: a field that nobody touched keeps what the other has chosen.

The form sends along what it showed, in a hidden field `shown`.
"""

import json
from collections.abc import Mapping


def as_shown(values: Mapping[str, object]) -> str:
    """What a form shows, for it to send along."""
    return json.dumps({name: str(value) for name, value in values.items()}, ensure_ascii=False)


def untouched(shown: str, sent: Mapping[str, str]) -> set[str]:
    """The fields that came back as the form showed them. None, where the form did not say what it showed."""
    try:
        read = json.loads(shown)
    except (ValueError, RecursionError):
        return set()
    stood = read if isinstance(read, dict) else {}
    return {name for name, value in sent.items() if stood.get(name) == value.strip()}
