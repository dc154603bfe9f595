"""The look keeps its promises: readable colours in every theme, small files, whole font folders."""

import hashlib
import json
import re
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from course_engine.paths import FONTS, TEMPLATES

STATIC = FONTS.parent.parent / "web" / "static"
THEMES = {"light": "site.css", "dark": "dark.css", "high contrast": "contrast.css"}
GROUNDS = ("bg", "surface", "sunken")
TINTED = ("done", "care", "reflect", "note", "error")

TEXT_PAIRS = [
    *product(("ink", "ink-2"), (*GROUNDS, "primary-tint", *(f"{tone}-tint" for tone in TINTED))),
    *product(("primary", *TINTED), ("bg", "surface")),
    *((tone, f"{tone}-tint") for tone in ("primary", *TINTED)),
    ("primary-strong", "surface"),
    ("primary-strong", "primary-tint"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("surface", "done"),
]
EDGE_PAIRS = [
    *product(("field", "focus"), ("bg", "surface")),
    ("focus", "halo"),
    ("pebble-1", "surface"),
    ("pebble-2", "surface"),
]


@pytest.mark.parametrize("theme", THEMES)
def test_words_can_be_read_on_every_ground(theme: str) -> None:
    faint = faint_pairs(theme, TEXT_PAIRS, 4.5)
    assert not faint, f"too faint to read in the {theme} theme: {faint}"


@pytest.mark.parametrize("theme", THEMES)
def test_edges_and_focus_can_be_seen(theme: str) -> None:
    faint = faint_pairs(theme, EDGE_PAIRS, 3)
    assert not faint, f"too faint to see in the {theme} theme: {faint}"


@pytest.mark.parametrize("theme", ["dark", "high contrast"])
def test_a_theme_names_only_colours_that_the_light_theme_has(theme: str) -> None:
    base, own = (tokens(STATIC / THEMES[name]) for name in ("light", theme))
    pictures = {name for name in base if re.match(r"sky|sun|hill|bank|water|glint", name)}
    assert set(own) <= set(base)
    assert set(base) - set(own) <= pictures, "a colour of the light theme would show through"


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [("site.css", 30_000), ("*.css", 42_000), ("*.js", 3_000), ("icon.svg", 1_000)],
)
def test_what_every_page_loads_stays_small(pattern: str, limit: int) -> None:
    shell = "".join((TEMPLATES / name).read_text("utf-8") for name in ("base.html", "macros/shell.html"))
    everywhere = [file for file in STATIC.glob(pattern) if file.name in shell]
    assert everywhere
    assert sum(file.stat().st_size for file in everywhere) <= limit


def test_pictures_are_small_silent_and_follow_the_theme() -> None:
    pictures = sorted((TEMPLATES / "pictures").glob("*.svg"))
    assert pictures
    for picture in pictures:
        text = picture.read_text("utf-8")
        assert len(text) <= 4_000, picture.name
        assert 'aria-hidden="true"' in text, picture.name
        assert 'focusable="false"' in text, picture.name
        assert " style=" not in text, f"{picture.name}: a strict content policy would drop inline styles"
        assert picture.stem == "logo" or not re.search(r'"#[0-9A-Fa-f]{3}', text), picture.name


def test_colours_of_pictures_and_parts_are_all_defined() -> None:
    sources = [*STATIC.glob("*.css"), *(TEMPLATES / "pictures").glob("*.svg")]
    known = set(re.findall(r"--([a-z0-9-]+):", " ".join(read(file) for file in STATIC.glob("*.css"))))
    used = {name for file in sources for name in re.findall(r"var\(--([a-z0-9-]+)", read(file))}
    assert used <= known


def test_left_and_right_are_never_named_so_pages_can_be_mirrored() -> None:
    sided = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|[\s;{](?:left|right):|text-align: (?:left|right)"
    )
    assert not [file.name for file in STATIC.glob("*.css") if sided.search(read(file))]


@pytest.mark.parametrize("folder", [FONTS, STATIC / "fonts"], ids=["print", "web"])
def test_every_font_is_the_one_in_the_manifest_and_has_its_licence(folder: Path) -> None:
    rows = {row["file"]: row for row in json.loads(read(folder / "manifest.json"))}
    fonts = {file.name: file for pattern in ("*.ttf", "*.woff2") for file in folder.glob(pattern)}
    assert set(rows) == set(fonts)
    for name, row in rows.items():
        assert hashlib.sha256(fonts[name].read_bytes()).hexdigest() == row["sha256"], name
        assert (folder / f"LICENSE-{row['package'].rpartition('/')[2]}.txt").is_file(), name


def test_every_web_font_of_the_stylesheet_is_there() -> None:
    named = set(re.findall(r"fonts/([a-z-]+\.woff2)", read(STATIC / "site.css")))
    assert named == {file.name for file in (STATIC / "fonts").glob("*.woff2")}


def test_names_from_many_languages_can_be_printed() -> None:
    names = "Łukasz Őry Ștefan Ğözde Željka Đorđević Nguyễn Ελένη Катерина Їжак"
    for family in ("CELiterata", "CENoto"):
        for font in FONTS.glob(f"{family}-*.ttf"):
            letters = TTFont(font).getBestCmap()
            assert not {letter for letter in names if ord(letter) not in letters}, font.name


def test_fonts_for_print_stay_below_four_megabytes() -> None:
    assert sum(file.stat().st_size for file in FONTS.glob("*.ttf")) < 4_000_000


def faint_pairs(theme: str, pairs: list[tuple[str, str]], least: float) -> list[str]:
    """The pairs below the ratio, as `ink on bg 3.9`."""
    colours = tokens(STATIC / THEMES["light"]) | tokens(STATIC / THEMES[theme])
    ratios = {(over, ground): contrast(colours[over], colours[ground]) for over, ground in pairs}
    return [f"{over} on {ground} {ratio:.1f}" for (over, ground), ratio in ratios.items() if ratio < least]


def tokens(stylesheet: Path) -> dict[str, str]:
    """The colours of the first `:root` block."""
    block = re.search(r":root \{(.*?)\n\}", read(stylesheet), re.DOTALL)
    assert block, stylesheet.name
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block[1]))


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def read(file: Path) -> str:
    return file.read_text("utf-8")
