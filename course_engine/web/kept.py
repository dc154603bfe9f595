"""Words that could not be taken yet: kept in the form, never on the server, and given back."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import request


def words() -> Mapping[str, list[str]]:
    """All that was typed into a form, without its token and passwords."""
    return {
        name: values
        for name, values in request.form.lists()
        if name not in ("csrf_token", "kept", "next") and "password" not in name
    }


def written() -> str:
    """The same, to carry in a hidden field."""
    return json.dumps(words()) if request.method == "POST" else ""


def read(text: str) -> Mapping[str, list[str]]:
    """What a hidden field carried; nothing if it was tampered with."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name): [str(value) for value in values]
        for name, values in found.items()
        if isinstance(values, list)
    }


def own_path(address: str) -> str:
    """The address if it is a plain path of this site, else nothing: never a way to another site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    if parts.scheme or parts.netloc or not plain or not address.isprintable() or "\\" in address:
        return ""
    return address
