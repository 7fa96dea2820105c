"""Scripts that the task pane may run: none yet."""
