"""Plain pages in French for anybody, without a script: what a document, a mail or a problem gives the address of."""
