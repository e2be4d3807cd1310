"""Tests that open the finished site in a real browser, and weigh and validate what is sent to it."""
