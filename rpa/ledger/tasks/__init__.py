"""What is still to do: planned, handed out, claimed, ended; and how fast it may go."""
