"""Words that are one slip of the fingers away from another."""

ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψω")
DIGITS = "0123456789"
# Of a shorter word too much would be another; a longer one is nobody's slip.
SHORTEST, LONGEST = 3, 24


def near(word: str) -> list[str]:
    """All words at one letter left out, doubled, swapped or wrong, in the script of the word."""
    if not SHORTEST <= len(word) <= LONGEST:
        return []
    letters = next((one for one in ALPHABETS if any(letter in one for letter in word)), "") + DIGITS
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = [before + after[1:] for before, after in cuts if after]
    found += [before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1]
    found += [before + letter + after[1:] for before, after in cuts if after for letter in letters]
    found += [before + letter + after for before, after in cuts for letter in letters]
    return [one for one in dict.fromkeys(found) if one != word]
