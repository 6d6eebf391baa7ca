from flask import current_app, url_for

from webapp.errors import NotFound
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.merging import Clash
from webapp.inbox import saying
from webapp.keys.keymap import KEYMAP
from webapp.styleguide import marks, samples

bp = Feature("styleguide")


@bp.page("/styleguide")
def index() -> Page:
    """Show every part of pages in every way. Raises NotFound in production."""
    _refuse_production()
    return Page(
        "styleguide/index.html",
        form=Form(samples.TYPED),
        wrong=Form(samples.TYPED, {**samples.ERRORS}, samples.REFUSED),
        clash=_clash(),
        changes=samples.changes(),
        keymap=KEYMAP,
        icons=marks.icons(),
        project=None,
        reasons=saying.REASONS,
        sample=samples.sample(),
    )


@bp.page("/styleguide", method="POST", anonymous=True)
def press() -> Reply[None]:
    """Do nothing, and say so: where the forms of the page go."""
    _refuse_production()
    return Done(None, at=url_for(".index"), say="Nothing was changed: this is a sample.")


def _refuse_production() -> None:
    if current_app.config["SETTINGS"].is_production:
        raise NotFound()


def _clash() -> Form:
    form = Form(samples.MINE, under=samples.THEIRS)
    form.clash = Clash(["title", "body"], kept=samples.MINE, known=samples.MINE, others=["priority"])
    return form
