"""What is gathered of a file while it is read, and the verdict that is made of it."""

from collections.abc import Sequence

from examining.claims.columns import shown
from examining.claims.refused import FileRefused
from models.claim_files.faults import FaultCode
from models.claim_files.fields import FileFormat, Layout
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import MAX_FAULTS, MAX_LINES, ClaimVerdict, FaultShape, HeaderShape


class Outcome:
    """Lines and faults in the order of the file; each is a line without faults, or its faults."""

    def __init__(self, file_format: FileFormat) -> None:
        self.headers: Sequence[HeaderShape] = ()
        self.layout: Layout | None = None
        self.total = 0
        self._format = file_format
        self._rows: list[str] = []
        self._faults: list[FaultShape] = []
        self._fault_count = 0
        self._signals: list[FaultShape] = []
        self._signal_count = 0

    def count(self, line: int) -> None:
        """Count a line; raises `FileRefused` beyond what is read."""
        self.total += 1
        if self.total > MAX_LINES:
            raise FileRefused(RefusalCode.TOO_MANY_LINES, line)

    def keep(self, row: str) -> None:
        """Keep a line without faults."""
        self._rows.append(row)

    def fault(self, code: FaultCode, line: int, column: str = "", written: str = "") -> None:
        """Note a fault; a NIR or an IBAN is masked, in whatever column or header it stands."""
        self._fault_count += 1
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(FaultShape(code=code, line=line, column=shown(column), shown=shown(written)))

    def signal(self, code: FaultCode, line: int, column: str, told: str) -> None:
        """Note what was left out; `told` is made of numbers and dates of known forms, and is not masked."""
        self._signal_count += 1
        if len(self._signals) < MAX_FAULTS:
            self._signals.append(FaultShape(code=code, line=line, column=column, shown=told))

    def verdict(self) -> ClaimVerdict:
        """Return what was read."""
        return ClaimVerdict(
            format=self._format,
            layout=self.layout,
            headers=tuple(self.headers),
            total=self.total,
            fault_count=self._fault_count,
            faults=tuple(self._faults),
            signal_count=self._signal_count,
            signals=tuple(self._signals),
            rows="\n".join(self._rows),
        )
