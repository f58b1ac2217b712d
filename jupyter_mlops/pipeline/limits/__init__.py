"""What notebooks may take of the machine: processors, threads and memory.

``machine`` says what there is, ``budget`` what fits beside what runs, ``threads`` keeps
libraries to their share, ``memory`` ends what takes more than it may.
"""
