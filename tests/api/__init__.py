"""The tests of the HTTP interface."""
