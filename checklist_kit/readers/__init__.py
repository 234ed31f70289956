"""Readers: each folder reads the filled files of one channel into submissions."""
