"""Forms become typed values here, and values forms again: one file for each form, by its subject."""
