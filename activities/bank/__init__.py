"""The files exchanged with the bank: orders of transfers out, reports and statements in. Bytes only."""
