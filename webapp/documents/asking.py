"""What full text is asked, in PostgreSQL's words. Everything in quotes is a word, whatever was typed."""

from collections.abc import Sequence

from webapp.text.words import words as parts_of

# Nobody types more, and each one costs.
MOST = 50


def asked(words: Sequence[str]) -> str:
    """All of these words; one with blanks or signs in it is a phrase, a last `*` stands for any ending.

    What has neither letters nor digits asks for nothing and is left out: `crash - login` asks for two words.
    The empty string if nothing is left.
    """
    phrases: list[str] = []
    left = MOST
    for word in words:
        parts = parts_of(word)[:left]
        left -= len(parts)
        if parts:
            phrases.append(phrase(parts, beginning=word.endswith("*")))
    return " & ".join(dict.fromkeys(phrases))


def phrase(parts: Sequence[str], *, beginning: bool = False) -> str:
    """These words one after the other, the last one perhaps only by its beginning."""
    quoted = [f"'{part}'" for part in parts]
    return f"({' <-> '.join(quoted)}{':*' * beginning})"


def any_of(words: Sequence[str]) -> str:
    """Any of these words."""
    return " | ".join(f"'{word}'" for word in words)
