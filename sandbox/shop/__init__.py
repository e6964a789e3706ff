"""What a shop holds, and what happens to it."""
