"""`python -m bench compare …` sets two commits against each other; `python -m bench answers …` what they answer.

`python -m bench instant …` tells how soon pages of a server are there.
"""

import sys

from bench import answers, compare, instant

COMMANDS = {"compare": compare.main, "answers": answers.main, "instant": instant.main}


def main() -> None:
    """Run the command that is named first."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        sys.exit(f"Name a command: {', '.join(COMMANDS)}. Each has --help.")
    sys.argv[:2] = [f"bench {name}"]
    COMMANDS[name]()


if __name__ == "__main__":
    main()
