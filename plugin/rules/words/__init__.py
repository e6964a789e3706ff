"""Every sentence that people read, once: by its key, in each language that has catalogues."""
