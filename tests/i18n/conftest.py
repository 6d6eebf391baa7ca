import pytest

from webapp.i18n import catalogues, languages, saying

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: {plurals}\\n"\n\n'
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}


@pytest.fixture
def german(monkeypatch):
    """German is offered, as far as it goes."""
    monkeypatch.setattr(languages, "OFFERED", ("en", "de"))


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Offers a language whose catalogue says this."""

    def write(code, entries):
        (tmp_path / f"{code}.po").write_text(HEAD.format(plurals=PLURALS[code]) + entries)
        monkeypatch.setattr(languages, "OFFERED", ("en", code))
        monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
        _forget()
        return code

    yield write
    _forget()


def _forget():
    catalogues.catalogue.cache_clear()
    saying._samples.cache_clear()
