"""What a person is asked, who has it before them, and the answer on its way back."""
