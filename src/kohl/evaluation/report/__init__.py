"""What a run says, told four ways: JSON and CSV for programs, a Markdown table, and one page that needs nothing but a browser."""
