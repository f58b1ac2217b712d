"""What IPython's magics do, by name. Names, no code."""

from __future__ import annotations

BODIES = frozenset({"time", "capture", "prun", "lprun", "memit", "mprun", "debug"})
"""Magics that run Python in the user's namespace."""

REPEATING = frozenset({"timeit"})
"""Magics that run Python many times, in a namespace of their own."""

SHOWING = frozenset(
    """
        lsmagic magic quickref pinfo pinfo2 pdoc pdef psource pfile psearch page
        autosave tb pycat pprint matplotlib_list colors xmode clear more less
        man html HTML javascript js latex markdown svg SVG history hist notebook
        save killbgscripts connect_info qtconsole rehashx mlops track lsdir
        tensorboard skip pdb automagic autocall logstate dhist
        """.split()
)
"""Magics that leave the session as it is."""

LISTING = frozenset({"who", "whos", "who_ls"})

SETTINGS = frozenset(
    """
        matplotlib config precision load_ext reload_ext unload_ext autoreload
        aimport alias alias_magic unalias gui autoawait doctest_mode subshell
        logstart logstop logon logoff
        """.split()
)

REPLACED_BY_NEXT = frozenset({"matplotlib", "precision", "autoreload", "gui"})
"""Settings of which only the last one counts."""

SHELL = frozenset({"sx", "system", "sc", "!", "cmd"})
SCRIPTS = frozenset({"bash", "sh", "script", "perl", "ruby", "pypy", "python2"})
OTHER_PYTHON = frozenset({"python", "python3"})
FOLDERS = frozenset({"cd", "pushd", "popd", "bookmark"})
LOOKING = frozenset({"ls", "ll", "la", "lf", "lk", "ldir", "lx", "cat", "pwd"})
INSTALLING = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})

LOOKING_COMMANDS = frozenset(
    """
        ls ll pwd cat head tail wc file stat du df free top ps nvidia-smi which
        whereis whoami hostname uname date uptime id env printenv echo grep
        egrep find tree sort uniq cut tr diff md5sum sha256sum lscpu nproc type
        man jupyter-kernelspec
        """.split()
)
"""Programs that only look."""
