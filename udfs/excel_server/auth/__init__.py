"""How users sign in, beside what xlwings Server brings."""
