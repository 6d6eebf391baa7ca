"""How easily a password is guessed. A program of its own, which imports nothing of ours and is run by its path.

zxcvbn's dictionaries take 12 MB for good in each process that has judged a single password; here they go with it.
"""

import json
import sys

JUDGED = 32  # characters
READINGS = 24


def score(password: str, words: list[str]) -> int:
    """From 0, found at once, to 4. `words` are those that somebody who guesses for this person tries first."""
    from zxcvbn import zxcvbn

    return int(zxcvbn(beginning(password), user_inputs=words)["score"])


def beginning(password: str) -> str:
    """The beginning of a password that can be judged in a few hundredths of a second.

    zxcvbn reads the whole text once for each way to take its signs for letters (4 and @ for a, 1 for i or l).
    There may be hundreds, and then a text of 72 characters takes four seconds of a core.
    """
    from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

    for end in range(1, JUDGED + 1):
        if len(enumerate_l33t_subs(relevant_l33t_subtable(password[:end], L33T_TABLE))) > READINGS:
            return password[: end - 1]
    return password[:JUDGED]


if __name__ == "__main__":
    sys.stdout.write(str(score(*json.load(sys.stdin))))
