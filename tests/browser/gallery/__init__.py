"""Every email and every page of shoppers as it looks, in each language."""
