"""PostgreSQL and Valkey of our own for `make run`, `make test` and the benchmarks.

Nothing in here needs Django settings: the servers are up before Django is.
"""
