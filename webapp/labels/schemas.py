from webapp.types import UNSET, Colour, In, Name, Out, Summary


class LabelIn(In):
    name: Name
    color: Colour = "#7d7871"
    description: Summary = ""


class LabelEdit(In):
    name: Name = UNSET
    color: Colour = UNSET
    description: Summary = UNSET


class LabelOut(Out):
    id: int
    name: str
    color: str
    description: str
    issue_count: int
