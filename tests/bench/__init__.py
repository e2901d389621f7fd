"""Measure the program beside its rivals, and against exact answers: ``python3 main.py bench sight``."""
