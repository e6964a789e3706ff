"""Who gets in by the doors of the surfaces, and with what."""
