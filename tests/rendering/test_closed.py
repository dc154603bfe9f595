"""Nothing outside a document gets into it: no address is followed, no file is read."""

import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from course_engine.rendering import pdf
from course_engine.rendering.worksheets import worksheet_values
from tests.rendering import sheets

SECRET = "canary-7f3a"
WAYS = (
    '<img src="{url}" alt="x">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}">',
    '<style>@import "{url}";</style>',
    '<style>@font-face {{ font-family: F; src: url("{url}") }} p {{ font-family: F }}</style><p>x</p>',
    '<p style="background: url({url})">x</p>',
    '<ul style="list-style-image: url({url})"><li>x</li></ul>',
    '<object data="{url}">x</object>',
    '<embed src="{url}">',
    '<base href="{url}"><img src="y.png" alt="y">',
    '<a rel="attachment" href="{url}">x</a>',
    '<svg><title>x</title><image href="{url}"/><use href="{url}#a"/></svg>',
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    hits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        closing = threading.Event()

        def listen() -> None:
            while not closing.is_set():
                try:
                    caller, address = server.accept()
                except TimeoutError:
                    continue
                caller.close()
                hits.append(address)

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.png", hits
        closing.set()
        thread.join()


@pytest.mark.parametrize("way", WAYS)
def test_no_address_is_followed_and_no_file_is_read(
    way: str, listener: tuple[str, list[object]], tmp_path: Path
) -> None:
    url, hits = listener
    file = tmp_path / "secret.svg"
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"><text y="9">{SECRET}</text></svg>', encoding="utf-8"
    )
    for address in (url, file.as_uri(), str(file), "data:image/svg+xml,<svg/>"):
        made = _with(way.format(url=address))
        (tmp_path / "made.pdf").write_bytes(made)
        reader = PdfReader(tmp_path / "made.pdf")
        assert SECRET not in sheets.text(made)
        assert not list(reader.attachments)
    assert hits == []


def test_a_picture_that_the_course_carries_is_shown() -> None:
    svg = b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
    ).decode()
    values = _values(f'<img src="data:image/svg+xml;base64,{svg}" alt="A dot">')
    assert pdf.printed("worksheet", values, "en").warnings == ()


def _with(html: str) -> bytes:
    return pdf.render("worksheet", _values(html), "en")


def _values(html: str) -> dict[str, object]:
    values = worksheet_values(sheets.course(), "signs", site="S")
    return {**values, "worksheet": {"fields": [{"kind": "note", "label": "Note", "html": html}]}}
