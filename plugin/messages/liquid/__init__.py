"""Liquid: ours, and that of merchants, which is counted."""
