"""An envelope is made for a certificate of the agency that is good today; otherwise nothing is."""

from pathlib import Path

import pytest

from activities.agency.nominal import CertificateUnusable, NominalList, envelop
from tests.activities.agency.nominal import make_certificate


@pytest.mark.parametrize("days", [None, -1])
def test_without_a_certificate_of_today_nothing_is_enveloped(tmp_path: Path, days: int | None) -> None:
    certificate = make_certificate(tmp_path, days=days)[0] if days else None
    with pytest.raises(CertificateUnusable):
        envelop(NominalList((), direct=False), certificate)
