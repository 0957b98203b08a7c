"""What is said about the verification of one uploaded document."""

from models.values import Message


class Upload(Message):
    """A file to verify, held by the register for an hour."""

    id: str
