"""The book and its playground, served: what runs in the page, and the server.

Read next: page.py, which answers the page's questions.
"""
