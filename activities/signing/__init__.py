"""Signatures, time-stamps and their verification (PAdES, RFC 3161)."""

import logging

for _library in ("pyhanko", "pyhanko_certvalidator"):
    # they log each doubt, each lie and each authority that is away with its traceback; errors say it in one sentence
    logging.getLogger(_library).setLevel(logging.CRITICAL)
