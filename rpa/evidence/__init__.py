"""What is kept so that an auditor can see what was done."""
