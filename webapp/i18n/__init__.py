"""What is said, in the language of whoever reads it: English in the code, others in `translations/`."""

from webapp.i18n.fields import Whole
from webapp.i18n.saying import N_, _, language, ngettext, nN_, npgettext, pgettext, pN_, speaking

__all__ = ["N_", "Whole", "_", "language", "nN_", "ngettext", "npgettext", "pN_", "pgettext", "speaking"]
