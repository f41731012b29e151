"""What is set, and where it comes from: the machine's settings, a portal's, opening hours, addresses."""
