"""x"""
EXPERIMENTS = []
