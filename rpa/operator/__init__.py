"""What a person is asked, and the ways to ask."""
