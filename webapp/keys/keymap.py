"""All shortcuts. Those with a control click or focus it: what carries them in `data-key` on the page."""

from dataclasses import dataclass

from webapp.i18n import N_


@dataclass(frozen=True, slots=True)
class Key:
    """Keys, as they are written on a page, and what they do. `native` ones stand at no single control."""

    keys: str
    does: str
    native: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    keys: tuple[Key, ...]


EVERYWHERE = Group(
    N_("Everywhere"),
    (
        Key("/", N_("Search")),
        Key("c", N_("New issue")),
        Key("?", N_("Keys")),
        Key("Ctrl K", N_("Go to an issue, a project or a page, or do what the page can; ⌘ K on a Mac"), native=True),
        Key("g d", N_("Your work")),
        Key("g p", N_("Projects")),
        Key("g a", N_("All issues")),
        Key("g n", N_("Inbox")),
        Key("z", N_("Undo what was just done"), native=True),
        Key("Esc", N_("Close what is open"), native=True),
    ),
)
PROJECT = Group(
    N_("In a project"),
    (Key("g o", N_("Overview")), Key("g i", N_("Issues")), Key("g b", N_("Board")), Key("g m", N_("Milestones"))),
)
LIST = Group(
    N_("In a list"),
    (
        Key("f", N_("Filter")),
        Key("j", N_("Next row, also ↓ within the list"), native=True),
        Key("k", N_("Previous row, also ↑"), native=True),
        Key("o", N_("Open the row, also Enter"), native=True),
        Key("x", N_("Select the row"), native=True),
        Key("Shift x", N_("Select all rows up to here"), native=True),
        Key("s", N_("Status of the rows that are selected, else of the row; so do the next")),
        Key("a", N_("Assignees")),
        Key("l", N_("Labels")),
        Key("p", N_("Priority")),
        Key("m", N_("Milestone")),
        Key("d", N_("Dates")),
        Key("i", N_("Assign to me"), native=True),
    ),
)
INBOX = Group(
    N_("In the inbox"),
    (
        Key("e", N_("Done with the row, or take it back"), native=True),
        Key("h", N_("Snooze the row, and more"), native=True),
        Key("m", N_("Mute its issue, or hear of it again"), native=True),
        Key("u", N_("Mark the row read, or unread"), native=True),
    ),
)
ISSUE = Group(
    N_("On an issue"),
    (
        Key("r", N_("Comment; quotes what is selected")),
        Key("e", N_("Edit")),
        Key("s", N_("Status")),
        Key("a", N_("Assignees")),
        Key("l", N_("Labels")),
        Key("p", N_("Priority")),
        Key("m", N_("Milestone")),
        Key("v", N_("Thumbs up, or take it back")),
        Key("d", N_("Dates")),
        Key("i", N_("Assign to me")),
        Key(".", N_("Copy the link")),
        Key("[", N_("Previous in the list")),
        Key("]", N_("Next in the list")),
    ),
)
PICKER = Group(
    N_("In a list of choices"),
    (
        Key("1", N_("The first; up to 9, and by their first letters"), native=True),
        Key("Enter", N_("Save; take the first of what is found"), native=True),
        Key("Esc", N_("Leave it as it is"), native=True),
    ),
)
TEXT = Group(
    N_("In a text"),
    (
        Key("Ctrl Enter", N_("Send"), native=True),
        Key("Ctrl B", N_("Bold"), native=True),
        Key("Ctrl I", N_("Italic"), native=True),
        Key("Ctrl E", N_("Code"), native=True),
        Key("Ctrl K", N_("Link"), native=True),
        Key("Enter", N_("Go on with a list or a quote; in an empty line of it, end it"), native=True),
        Key("@", N_("Name somebody; # names an issue"), native=True),
        Key("Ctrl Shift P", N_("Preview"), native=True),
    ),
)
KEYMAP = (EVERYWHERE, PROJECT, LIST, INBOX, ISSUE, PICKER, TEXT)
