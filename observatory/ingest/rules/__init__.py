"""Validation rules, one module for each kind of thing they check."""
