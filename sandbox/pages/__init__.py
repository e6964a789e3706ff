"""The pages of the sandbox, and the server that has them."""
