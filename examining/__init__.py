"""The program that judges what strangers send: it has neither keys, nor register, engine or network."""
