"""Messages about answers of the paying agency: names of files and counts, nothing of what they say."""

from models.identifiers import Message


class AnswerFile(Message):
    """One file of answers, by its name in the agency’s folder."""

    channel: str
    name: str


class AnswerFiles(Message):
    """The files of answers that wait in the agency’s folder, in the order of their names."""

    names: tuple[str, ...] = ()
    open: bool = True
    """False while the channel is frozen: nothing is read, and nothing counts as unanswered."""


class Unanswered(Message):
    """Files that the agency has not answered whole: how many, how many of them left again now, and are overdue."""

    files: int
    sent_again: int
    overdue: int
