"""Declarations of the acts that exchange files with the paying agency, as in `models.messages.acts`."""

from abc import abstractmethod

from temporalio import activity

from models.messages.act_family import Acts
from models.messages.answers import AnswerFile, AnswerFiles, Unanswered
from models.messages.case import Ref
from models.messages.deposit import Channel, Deposit, Opening


class AgencyActs(Acts):
    """Hand-over to the paying agency (transmission à l'ASP). Queue `agency`, one file at a time."""

    @activity.defn(name="prepare_deposit")
    @abstractmethod
    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        """Reserve the next file: its name, rows and bytes; None when there is nothing to send."""

    @activity.defn(name="put_deposit")
    @abstractmethod
    async def put_deposit(self, deposit: Deposit) -> None:
        """Write a reserved file to the agency's folder; a retry writes the same bytes."""

    @activity.defn(name="preflight")
    @abstractmethod
    def preflight(self, channel: Channel) -> Opening:
        """Return whether files may be put now: the channel is not frozen, and within its hours."""


class NominalActs(Acts):
    """Nominal files of claims (fichiers nominatifs, R. 5122-21). Queue `agency`, which has the agency’s certificate."""

    @activity.defn(name="envelop_people")
    @abstractmethod
    def envelop_people(self, ref: Ref) -> None:
        """Make the file that names the people of an agreed claim (`ref.id`), once; its signed document states it."""


class AnswerActs(Acts):
    """Answers of the paying agency (retours de l'ASP). Queue `agency`, beside the deposits."""

    @activity.defn(name="list_answers")
    @abstractmethod
    async def list_answers(self, channel: Channel) -> AnswerFiles:
        """Return the files of answers that wait at the agency; none while the channel is frozen."""

    @activity.defn(name="read_answers")
    @abstractmethod
    async def read_answers(self, file: AnswerFile) -> None:
        """Apply a file of answers in one transaction, once; one that cannot be is set aside after some tries."""

    @activity.defn(name="drop_answers")
    @abstractmethod
    async def drop_answers(self, file: AnswerFile) -> bool:
        """Delete a file at the agency if its bytes are applied or set aside here; returns whether it is gone."""

    @activity.defn(name="watch_answers")
    @abstractmethod
    async def watch_answers(self, channel: Channel) -> Unanswered:
        """Note what is not answered, send it again after a day, open an incident after five."""
