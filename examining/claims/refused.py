"""The refusal of a file of a claim as a whole, raised where it is found."""

from collections.abc import Iterable

from models.claim_files.refusals import RefusalCode


class FileRefused(Exception):
    """The file is refused, at this line of it (from 1; 0 for none), for these columns or cells."""

    def __init__(self, code: RefusalCode, line: int = 0, at: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.at = tuple(at)
