"""What is kept no longer than it is needed."""
