"""Terms granted by a case, as statements read them: by the decision where there is one, else all that was asked for."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from models.store.cases.granted import NOTIFIED, TERMS, granted, granted_of, notified_of, terms_of
from models.store.database import Database
from models.store.schema.cases import decision, request
from tests.cases import GROUNDS, file_a_case, let_silence_accept, notify_a_decision


def grant_less(database: Database, reference: str) -> None:
    notify_a_decision(database, reference, hours="10", employees=1, grounds=GROUNDS)


@pytest.mark.parametrize(("settle", "granted_hours"), [(let_silence_accept, 100), (grant_less, 10)])
def test_both_forms_read_the_terms_of_the_decision_or_those_asked_for(
    database: Database, settle: Callable[[Database, str], None], granted_hours: int
) -> None:
    reference = file_a_case(database, hours="100")
    settle(database, reference)
    columns = select(*(granted(each) for each in TERMS)).select_from(request).outerjoin(decision, NOTIFIED)
    written = f"FROM request r{notified_of('r')}"
    with database.begin() as connection:
        [found] = connection.execute(columns).all()
        assert connection.execute(text(f"SELECT {terms_of('r')} {written}")).all() == [found]
        [hours] = connection.execute(text(f"SELECT {granted_of('r', 'hours')} {written}")).scalars()
    assert hours == found[TERMS.index("hours")] == granted_hours
