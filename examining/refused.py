"""The refusal of a file, raised where it is found."""

from models.examination.shapes import Refusal


class Refused(Exception):
    """The file is refused; `recognised` says as what, for the sentence that a person reads."""

    def __init__(self, code: Refusal, recognised: str = "") -> None:
        super().__init__(code)
        self.code: Refusal = code
        self.recognised = recognised
