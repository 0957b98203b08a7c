"""The procedure: it reads like the decree and imports only `law` and `models`."""
