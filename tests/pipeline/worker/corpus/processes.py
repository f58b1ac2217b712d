"""What runs beside Python's main thread: C code, children, threads."""

NOTEBOOKS = {
    "c_output": [
        "import os, time\nos.write(1, b'raw out\\n'); time.sleep(0.3)",
        "os.write(2, b'raw err\\n'); time.sleep(0.3)",
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.printf(b'printf %d\\n', 3); libc.fflush(None); time.sleep(0.3)",
        "os.system('echo system'); time.sleep(0.3)",
        "import sys\nsys.__stdout__.write('dunder\\n'); sys.__stdout__.flush(); time.sleep(0.3)",
    ],
    "descriptors_redirected": [
        "import os, sys, tempfile\nsaved = os.dup(1)\nwith tempfile.TemporaryFile() as f:\n    os.dup2(f.fileno(), 1)\n    os.write(1, b'into the file')\n    print('to the notebook')\n    os.dup2(saved, 1)\n    f.seek(0); got = f.read()\nos.close(saved)\ngot",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as s:\n    print('inside')\ns.getvalue()",
    ],
    "threads": [
        "import threading\ndef work(): print('from a thread')\nt = threading.Thread(target=work); t.start(); t.join()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    print(sorted(pool.map(lambda x: x * x, range(5))))",
        "from IPython.display import display\nt = threading.Thread(target=lambda: display('shown by a thread')); t.start(); t.join()",
        "def bad(): raise ValueError('in a thread')\nt = threading.Thread(target=bad, name='bad'); t.start(); t.join()",
        "d = threading.Thread(target=threading.Event().wait, daemon=True); d.start(); d.is_alive()",
    ],
    "multiprocessing_fork": [
        "import multiprocessing as mp\ndef square(x): return x * x\nctx = mp.get_context('fork')\nwith ctx.Pool(2) as pool:\n    r = pool.map(square, range(5))\nr",
        "def child(q): q.put('from the child')\nq = ctx.Queue()\np = ctx.Process(target=child, args=(q,)); p.start(); got = q.get(); p.join()\ngot, p.exitcode",
        "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2, mp_context=ctx) as pool:\n    print(list(pool.map(square, [3, 4])))",
        "def crash(): import os; os._exit(5)\np = ctx.Process(target=crash); p.start(); p.join(); p.exitcode",
        "mp.active_children()",
    ],
    "multiprocessing_spawn": [
        "%%writefile helper_module.py\ndef triple(x):\n    return 3 * x",
        "import multiprocessing as mp, helper_module\nctx = mp.get_context('spawn')\nwith ctx.Pool(1) as pool:\n    r = pool.map(helper_module.triple, [1, 2])\nr",
    ],
    "joblib_loky": [
        "from joblib import Parallel, delayed\nParallel(n_jobs=2)(delayed(lambda x: x + 1)(i) for i in range(4))",
        "Parallel(n_jobs=2, prefer='threads')(delayed(pow)(i, 2) for i in range(3))",
        "import numpy as np\na = np.ones(1000)\nParallel(n_jobs=2)(delayed(np.sum)(a) for _ in range(2))",
    ],
    "raw_fork": [
        "import os\npid = os.fork()\nif pid == 0:\n    os._exit(7)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])",
        "r, w = os.pipe()\npid = os.fork()\nif pid == 0:\n    os.write(w, b'hello from below'); os._exit(0)\nos.waitpid(-1, 0)[1], os.read(r, 100)",
    ],
    "fork_that_prints": [
        "import os, sys, time\npid = os.fork()\nif pid == 0:\n    print('from the child'); sys.stdout.flush(); os._exit(0)\nos.waitpid(pid, 0)\ntime.sleep(0.5)",
    ],
    "popen": [
        "import subprocess, sys\nsubprocess.check_output([sys.executable, '-c', 'print(1)'])",
        "p = subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.PIPE); p.communicate(b'x')",
        ("subprocess.run(['false'], check=True)", "raises-exception"),
        "p = subprocess.Popen(['sleep', '600']); p.poll()",
    ],
    "big_text": [
        "print('x' * 3_000_000)",
        "for i in range(20_000): print(i)",
        "import os\nfor _ in range(100): os.write(1, b'y' * 9999 + b'\\n')\nimport time; time.sleep(0.5)",
        "from IPython.display import HTML\nHTML('<p>' + 'z' * 2_000_000)",
    ],
    "signals": [
        "import signal, os\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *a: got.append(a[0]))\nos.kill(os.getpid(), signal.SIGUSR1)\ngot",
        "signal.alarm(0), signal.getitimer(signal.ITIMER_REAL)",
        "signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN, signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL",
        "signal.pthread_sigmask(signal.SIG_BLOCK, [])",
    ],
    "folder_and_environment": [
        "import os\nos.listdir('.')",
        "open('here.txt', 'w').write('x')",
        "os.environ['MLOPS_MARK']",
        "oct(os.umask(0o22))",
        "import time; time.tzname, os.environ.get('TZ')",
        "os.path.exists('here.txt')",
        "os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid()",
        "import resource; resource.getrlimit(resource.RLIMIT_NOFILE)",
    ],
    "local_modules": [
        "%%writefile local_module.py\nprint('imported')\ndef f(): return 'local'",
        "import local_module\nlocal_module.f()",
        "%%writefile pandas.py\nwhich = 'mine'",
    ],
}
