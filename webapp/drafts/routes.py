from flask import request

from webapp.http import Done, Feature, Reply, unsent
from webapp.http.reply import local
from webapp.i18n import _

bp = Feature("drafts", "/draft")


@bp.page("/discard", method="POST")
def discard() -> Reply[None]:
    """Forget what this browser's kept form held, and show that form as if nothing had been typed."""
    unsent.forget()
    return Done(None, at=local(request.form.get("next")), say=_("Your text is discarded."))
