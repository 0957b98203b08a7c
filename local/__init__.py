"""The same world on one machine: real parts for `tacite up`, `tacite demo` and the tests."""
