"""Charts of slides, editable there."""
