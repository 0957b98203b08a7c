"""The kinds of documents, one module each: a module here that defines `DESCRIPTOR` is a kind."""

import pkgutil
from importlib import import_module
from typing import Final

from activities.documents.descriptor import CaseDocument, DocumentDescriptor
from models.labels import DocumentKind


def _descriptor(module: str) -> DocumentDescriptor:
    descriptor = vars(import_module(f"{__name__}.{module}"))["DESCRIPTOR"]
    if not isinstance(descriptor, DocumentDescriptor):
        raise TypeError(f"{module}.DESCRIPTOR describes no document")
    return descriptor


KINDS: Final[dict[DocumentKind, DocumentDescriptor]] = {
    descriptor.kind: descriptor
    for descriptor in (_descriptor(module.name) for module in pkgutil.iter_modules(__path__))
}


def case_document(kind: DocumentKind) -> CaseDocument:
    """Return the descriptor of a kind that the register keeps in a case; raises ValueError for another."""
    descriptor = KINDS[kind]
    if not isinstance(descriptor, CaseDocument):
        raise ValueError(f"{kind} is not kept in a case")
    return descriptor
