"""Messages about deposits with the paying agency (ASP)."""

from models.identifiers import Message


class Channel(Message):
    """One stream of files towards the agency: `authorizations` for now."""

    name: str


class Deposit(Message):
    """A file whose name, rows and bytes are stored in the register before it is sent."""

    id: str
    name: str
    rows: int
    sha256: str
