"""What is true about every filing."""
