"""How a process of gunicorn takes requests: whole ones only, sorted into lanes, so that what is slow stops no other.

gunicorn's own worker gives each connection a thread as soon as it is there. Ten that say nothing, or ten requests
that wait for a lock, are then all of the threads. Here the loop that watches the sockets collects a request until
all of it is there, and only then looks for a thread: one of a few that need no database (`/healthz`, static files),
or one of as many as there are connections to the database, of which those that change things get only a part.

A lane in which for a while nothing ended and nobody computed is stuck: all wait for something else. Who waits behind
them is refused at once, and not after minutes; the words are the application's, see `webapp/http/admission.py`.

A request that is short is answered by the loop's own thread, which passes the loop on if it takes longer.

Imports nothing of ours: gunicorn loads it before it forks, and a reload must not find the old code.
"""

from .leading import Leading
from .leaving import STOPPING, answer, begin, bequeath, prepare
from .worker import LIGHT_THREADS

__all__ = ["LIGHT_THREADS", "STOPPING", "Leading", "answer", "begin", "bequeath", "prepare"]
