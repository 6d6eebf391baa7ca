"""All shortcuts. Those with a control click or focus it: what carries them in `data-key` on the page."""

from dataclasses import dataclass


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
    "Everywhere",
    (
        Key("/", "Search"),
        Key("c", "New issue"),
        Key("?", "Keys"),
        Key("Ctrl K", "Go to an issue, a project or a page, or do what the page can; ⌘ K on a Mac", native=True),
        Key("g d", "Your work"),
        Key("g p", "Projects"),
        Key("g a", "All issues"),
        Key("g n", "Inbox"),
        Key("z", "Undo what was just done", native=True),
        Key("Esc", "Close what is open", native=True),
    ),
)
PROJECT = Group(
    "In a project",
    (Key("g o", "Overview"), Key("g i", "Issues"), Key("g b", "Board"), Key("g m", "Milestones")),
)
LIST = Group(
    "In a list",
    (
        Key("f", "Filter"),
        Key("j", "Next row, also ↓ within the list", native=True),
        Key("k", "Previous row, also ↑", native=True),
        Key("o", "Open the row, also Enter", native=True),
        Key("x", "Select the row", native=True),
        Key("Shift x", "Select all rows up to here", native=True),
        Key("s", "Status of the rows that are selected, else of the row; so do the next"),
        Key("a", "Assignees"),
        Key("l", "Labels"),
        Key("p", "Priority"),
        Key("m", "Milestone"),
        Key("d", "Dates"),
        Key("i", "Assign to me", native=True),
    ),
)
INBOX = Group(
    "In the inbox",
    (
        Key("e", "Done with the row, or take it back", native=True),
        Key("h", "Snooze the row, and more", native=True),
        Key("m", "Mute its issue, or hear of it again", native=True),
        Key("u", "Mark the row read, or unread", native=True),
    ),
)
ISSUE = Group(
    "On an issue",
    (
        Key("r", "Comment; quotes what is selected"),
        Key("e", "Edit"),
        Key("s", "Status"),
        Key("a", "Assignees"),
        Key("l", "Labels"),
        Key("p", "Priority"),
        Key("m", "Milestone"),
        Key("v", "Thumbs up, or take it back"),
        Key("d", "Dates"),
        Key("i", "Assign to me"),
        Key(".", "Copy the link"),
        Key("[", "Previous in the list"),
        Key("]", "Next in the list"),
    ),
)
PICKER = Group(
    "In a list of choices",
    (
        Key("1", "The first; up to 9, and by their first letters", native=True),
        Key("Enter", "Save; take the first of what is found", native=True),
        Key("Esc", "Leave it as it is", native=True),
    ),
)
TEXT = Group(
    "In a text",
    (
        Key("Ctrl Enter", "Send", native=True),
        Key("Ctrl B", "Bold", native=True),
        Key("Ctrl I", "Italic", native=True),
        Key("Ctrl E", "Code", native=True),
        Key("Ctrl K", "Link", native=True),
        Key("Enter", "Go on with a list or a quote; in an empty line of it, end it", native=True),
        Key("@", "Name somebody; # names an issue", native=True),
        Key("Ctrl Shift P", "Preview", native=True),
    ),
)
KEYMAP = (EVERYWHERE, PROJECT, LIST, INBOX, ISSUE, PICKER, TEXT)
