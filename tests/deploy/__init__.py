"""Tests of deploy/: its files against the code, and a trial of the proxies that is run by hand."""
