"""Acts on many members at once: what each does, and the job that goes from member to member."""
