"""A batch's evidence as a bag: sealed, searched for leaks, verified."""
