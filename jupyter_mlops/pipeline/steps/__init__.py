"""Steps that run: one notebook each, recorded, watched and kept under its version.

`plan` says which steps must run and why, `attempt` runs one, `scheduler` all of them;
`inside` is what a step's kernel itself tells, `outputs` what it leaves behind.
"""
