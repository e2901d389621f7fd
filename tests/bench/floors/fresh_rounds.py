"""Rounds of the least of a fresh process."""

from ..fresh_start import serve_fresh

if __name__ == "__main__":
    serve_fresh("tests.bench.floors.fresh")
