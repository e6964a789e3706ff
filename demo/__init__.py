"""The demo: a shop with a history, in a sandbox, with the app beside it. It knows both."""
