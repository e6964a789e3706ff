"""The embedded panel: one file per page."""
