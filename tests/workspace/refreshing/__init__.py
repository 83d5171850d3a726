"""Tests of runs that collect from the publishers, against servers of their own."""
