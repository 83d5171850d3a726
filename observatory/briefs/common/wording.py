"""Details of wording that all briefs share: the sign for a missing value, and the case of a first letter."""

NO_VALUE = "\u2013"  # a dash in the cell of a table


def capitalize_first(text: str) -> str:
    """The text with a capital first letter, the others as they are (unlike str.capitalize)."""
    return text[:1].upper() + text[1:]


def lowercase_first(text: str) -> str:
    """The text with a small first letter, the others as they are."""
    return text[:1].lower() + text[1:]
