"""Changes of the bank account of an authorization, beside its procedure: an agent decides, silence never does."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.engine.names import subject_of
from models.labels import DocumentKind
from models.messages.acts import DocumentActs
from models.messages.case import DocumentOrder, Ref
from workflows.parts.notices import NoticeSender


class BankChanges(NoticeSender):
    """A process whose authorization may have its account changed."""

    @workflow.update(name="change_account", description="Établir le récépissé ou la décision d’un changement de compte")
    async def change_account(self, ref: Ref) -> None:
        """Issue the receipt of a change (`ref.id` is its number), or sign its decision (number/decision)."""
        number, _, decided = ref.id.partition("/")
        kind = DocumentKind.BANK_CHANGE_DECISION if decided else DocumentKind.BANK_CHANGE_RECEIPT
        await self.perform(DocumentActs.issue_document, DocumentOrder(reference=ref.reference, id=number, kind=kind))
        self.announce()

    @change_account.validator
    def _concerns_this_authorization(self, ref: Ref) -> None:
        if ref.reference != subject_of(workflow.info().workflow_id):
            raise ApplicationError("Ce message concerne un autre dossier.", type="other-case")
