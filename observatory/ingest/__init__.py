"""From the bytes of a file to a Report: decode, rules, report."""
