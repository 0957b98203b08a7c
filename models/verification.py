"""What is said about the verification of documents: one uploaded, or many kept outside the register."""

from models.values import Message, Sha256


class Upload(Message):
    """A file to verify, held by the register for an hour."""

    id: str


class KeptDocument(Message):
    """A document kept outside the register: its digest there, and that of its archived form in `file`."""

    reference: str
    kind: str
    number: str
    sha256: Sha256
    archived_sha256: Sha256
    file: str
