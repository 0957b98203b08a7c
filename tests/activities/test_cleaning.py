"""What has served its purpose is dropped at night, and nothing else."""

from sqlalchemy import text

from activities.register import StoredRegister
from models.acts import Process
from models.store.register import Register
from models.wire import CHAIN
from tests.cases import file_a_case

AGED = (
    "INSERT INTO idempotency (account_id, key, body_digest, created_at)"
    " SELECT id, 'old', '', now() - interval '31 days' FROM account LIMIT 1",
    "INSERT INTO idempotency (account_id, key, body_digest) SELECT id, 'new', '' FROM account LIMIT 1",
    "INSERT INTO case_key (workflow_id, wrapped, created_at) VALUES"
    " ('verification:1', '', now() - interval '2 days'), ('authorization:1', '', now() - interval '2 years')",
    "UPDATE outbox SET done_at = now() - interval '31 days'",
)


def test_what_is_old_is_forgotten_and_what_is_not_is_kept(register: Register) -> None:
    file_a_case(register), file_a_case(register)
    with register.begin() as connection:
        for statement in AGED:
            connection.execute(text(statement))
    acts = StoredRegister(register)
    assert acts.forget_old(Process(id=CHAIN)) == 3
    assert acts.forget_old(Process(id=CHAIN)) == 0
    with register.begin() as connection:
        assert connection.execute(text("SELECT key FROM idempotency")).scalars().all() == ["new"]
        assert connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM request")).scalar() == 2
        assert not connection.execute(text("SELECT 1 FROM case_key WHERE workflow_id ~ '^verif'")).scalar()
        assert connection.execute(
            text("SELECT 1 FROM case_key WHERE workflow_id = 'authorization:1'")
        ).scalar()
