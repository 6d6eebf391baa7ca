"""`python -m bench compare …` sets two commits against each other; `python -m bench answers …` what they answer.

`python -m bench instant …` tells how soon pages of a server are there, `python -m bench flood …` how soon beside a
flood of logins. `python -m bench sharding` lists which statements name their project, `python -m bench storage` tells
what a row takes on disk. `python -m bench upgrade …` runs the migrations of a large tracker beside who writes.
"""

import sys

from bench import answers, compare, flood, instant, model, sharding, storage, upgrading

COMMANDS = {
    "compare": compare.main, "answers": answers.main, "instant": instant.main, "flood": flood.main,
    "model": model.main, "sharding": sharding.main, "storage": storage.main, "upgrade": upgrading.main,
}  # fmt: skip


def main() -> None:
    """Run the command that is named first."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        sys.exit(f"Name a command: {', '.join(COMMANDS)}. Each has --help.")
    sys.argv[:2] = [f"bench {name}"]
    COMMANDS[name]()


if __name__ == "__main__":
    main()
