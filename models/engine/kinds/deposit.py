"""The process that deposits the files of one channel with the paying agency (ASP)."""

from typing import Final

from sqlalchemy import Connection

from models.engine.names import deposit_id
from models.engine.process_kind import Launch, ProcessKind
from models.messages.deposit import Channel
from models.store.agency import channels
from models.store.journal import events, outbox


def launch_deposit(channel: Channel) -> Launch:
    """Describe the process of a channel."""
    return Launch(channel.name, channel, f"Transmission à l’ASP · {channel.name}")


def _load_deposit(connection: Connection, channel: str) -> Launch:
    return launch_deposit(Channel(name=channel))


def _wake_waiting(connection: Connection) -> None:
    for channel in channels.list_waiting(connection):
        outbox.enqueue(connection, deposit_id(channel), "deposit")


DEPOSIT: Final = ProcessKind(
    workflow="Deposit",
    prefix="deposit",
    input=Channel,
    load=_load_deposit,
    repeats=True,
    signal="deposit",
    hold=events.hold_chain,
    wake_waiting=_wake_waiting,
)
"""Lives as long as rows wait for the agency; it deposits one file at a time."""
