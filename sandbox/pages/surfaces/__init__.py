"""Pages that host the app's UI extensions: checkout, account, till and admin."""
