"""Where what is done comes from, as far as the request says, or the command line."""

import click
from flask import has_request_context, request

from webapp.http.application import noted
from webapp.origins import Origin

AGENT = 200


def origin() -> Origin:
    """That of the request at hand; of a command, its name; of anything else, nothing.

    Looks nobody up: who is not known by now to have asked did not need to be.
    """
    if has_request_context():
        known = noted()
        who = known.get("identity")
        agent = request.user_agent.string[:AGENT] or None
        return Origin(known.get("request_id"), who.viewer if who else None, request.remote_addr, agent)
    command = click.get_current_context(silent=True)
    return Origin(agent=command.command_path[:AGENT] if command else None)
