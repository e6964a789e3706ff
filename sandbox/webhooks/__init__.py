"""What a shop tells the app: bodies, and how they are sent."""
