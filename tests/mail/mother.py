"""`python -m tests.mail.mother` loads the application once, and forks a worker for each line that it reads.

`told` kills it as soon as a server has taken a mail and before that is written down, a number after so many seconds;
`whole` lets it do all that is due.
"""

import os
import signal
import sys
from threading import Timer
from typing import Any

from flask import Flask

from webapp import create_app
from webapp.jobs import queue, worker
from webapp.mail import service as mail


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(app: Flask, how: str) -> None:
    if how == "told":
        mail.finish = die  # type: ignore[assignment]
    elif how != "whole":
        Timer(float(how), die).start()
    with app.app_context():
        queue.tidy()
    worker.drain(app, strict=False)


def main() -> None:
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                work(app, line.strip())
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main()
