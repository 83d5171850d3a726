"""Tests of observatory/diagnosis."""
