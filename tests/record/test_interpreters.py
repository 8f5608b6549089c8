"""Interpreters are typed into, and shells within them: recorded in the sandbox, where they really run."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import needs_bubblewrap
from tests.record.conftest import Recorded

pytestmark = [
    pytest.mark.usefixtures("sandbox"),
    needs_bubblewrap,
]

PYCON = """
>>> print(">>> ", end="")
>>> # a comment
>>> 1 + 1
>>> for word in ("é", "日本"):
...     print(word)
...
>>> text = '''
... in two'''
>>> nope
>>> def f(
...     x):
...     return x
...
>>> f(1 +)
>>> f(3)
>>> import sys; sys.exit(4) if False else "stays"
>>> raise KeyboardInterrupt
>>> [x for x in range(3)]
>>> print("no new line", end="")
>>> "end"
"""
SQLITE = """
sqlite> create table t(a, b);
sqlite> insert into t values (1, 'é'),
   ...> (2, 'sqlite> ');
sqlite> select * from t;
sqlite> select nope;
sqlite> select 'two
   ...> lines';
sqlite> .nope
sqlite> .print end
"""
NODE = """
> 1 + 1
> const f = x => {
...   return x + 1
... }
> f(2)
> throw new Error("no")
> nope.x
> "> "
> 'é日'
"""
IRB = """
irb(main):001:0> 1 + 1
irb(main):002:0> [1,
irb(main):003:0* 2]
irb(main):004:0> 1 / 0
irb(main):005:0> 'irb(main):001:0> '
"""
IPYTHON = """
In [1]: 1 + 1
In [2]: for i in range(2):
   ...:     print(i)
   ...:
In [3]: 1 / 0
In [4]: "In [1]: "
"""
CASES = [
    ("python3", "pycon", PYCON, [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 130, 0, 0, 0], ["日本", "3", "'end'"]),
    ("sqlite3", "sqlite3", SQLITE, [0, 0, 0, 1, 0, 1, 0], ["1|é", "2|sqlite> ", "lines", "end"]),
    ("node", "node-repl", NODE, [0, 0, 0, 1, 1, 0, 0], ["2", "3", "'> '", "'é日'"]),
]
SELDOM = [
    ("irb", "irb", IRB, [0, 0, 1, 0], ["=> 2", "=> [1, 2]", '=> "irb(main):001:0> "']),
    ("ipython3", "ipython", IPYTHON, [0, 0, 1, 0], ["Out[1]: 2", "1", "Out[4]: 'In [1]: '"]),
]
_IN_THE_SANDBOX = "/usr/local/bin:/usr/bin:/bin"  # its PATH: what is elsewhere on this computer is not seen there
RECORDING = pytest.mark.slow("builder/castdeck/record", "builder/castdeck/deck", "tests/record")


@pytest.mark.parametrize(
    ("program", "fence", "code", "statuses", "lines"),
    [
        *(pytest.param(*case, id=case[1]) for case in CASES),
        *(pytest.param(*case, id=case[1], marks=RECORDING) for case in SELDOM),
    ],
)
def test_a_session_is_typed_line_by_line(
    recorded: Recorded, program: str, fence: str, code: str, statuses: list[int], lines: list[str]
) -> None:
    if shutil.which(program, path=_IN_THE_SANDBOX) is None:
        pytest.skip(f"{program} is not installed")
    shown, told, _ = recorded(f"```{fence} {{exit=any}}{code}```\n")
    assert told["a-1"] == statuses
    assert "133;" not in shown["a-1"]
    for line in lines:
        assert f"\n{line}\n" in shown["a-1"]


MIXED = """```python {.repl}
x = 1
for i in range(2):

    print(i)
```

```pycon
>>> x + 1
2
```

```bash
echo outside
python3 -q
```

```pycon
>>> x = 5
```

```bash {.file=src/app.py}
print("from END")
	END
```

```console
$ cat src/app.py
print("from END")
	END
```
"""


def test_an_interpreter_goes_on_in_the_next_block_until_another_language_comes(recorded: Recorded) -> None:
    shown, _, err = recorded(MIXED.replace("```bash {.file", "```pycon\n>>> exit()\n```\n\n```bash {.file"))
    assert shown["a-1"] == ">>> x = 1\n>>> for i in range(2):\n...     print(i)\n... \n0\n1\n>>> "
    assert shown["a-2"] == ">>> x + 1\n2\n>>> "
    assert shown["a-3"] == "student@local:~$ echo outside\noutside\nstudent@local:~$ python3 -q\n>>> "
    assert shown["a-4"] == ">>> x = 5\n>>> "
    assert "a-6" not in shown
    assert 'print("from END")\n\tEND\n' in shown["a-7"].replace("        ", "\t")


INSIDE = """```console
$ python3 -q
>>> 1 +
  File "<stdin>", line 1
...
>>> for i in range(2):
...     print(i)
...
0
1
>>> exit(3)
$ echo "out: $?"
out: 3
```
"""


def test_a_transcript_leads_into_an_interpreter_and_out_again(recorded: Recorded) -> None:
    _, statuses, _ = recorded(INSIDE.replace("```console", "```console {exit=any}"))
    assert statuses["a-1"] == [0, 1, 0, 3, 0]


ERRORS = """```pycon
>>> 1 / 0
Traceback (most recent call last):
  ...
ZeroDivisionError: division by zero
>>> 1 + 1
2
```

```pycon
>>> nope
```
"""


def test_an_error_that_the_transcript_shows_is_right(recorded: Recorded) -> None:
    _, statuses, err = recorded(ERRORS, status=1)
    assert statuses == {"a-1": [1, 0]}
    assert "nope: ended with exit status 1, not 0" in err


POSTGRES = """```bash {.hidden}
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
initdb --locale C.UTF-8 -D data > log && pg_ctl -D data -o "-k $PWD -c listen_addresses=" -l log -w start > log
```

```bash
psql -h $PWD postgres
```

```psql {exit=any}
postgres=# create table t (a int, b text);
postgres=# insert into t values (1, 'é'),
postgres-# (2, 'postgres=# ');
postgres=# select b from t;
postgres=# select nope;
postgres=# begin;
postgres=*# select 1 / 0;
postgres=!# rollback;
postgres=# \\d nope
postgres=# \\echo -n no new line
postgres=# select '
postgres'# end';
```
"""


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")), reason="PostgreSQL is not installed")
def test_psql_is_typed_into(recorded: Recorded) -> None:
    shown, statuses, _ = recorded(POSTGRES)
    assert statuses["a-3"] == [0, 0, 0, 1, 0, 1, 0, 1, 0, 0]
    assert "\n postgres=# \n" in shown["a-3"]
    assert "no new linepostgres=# select '\npostgres'# end';\n" in shown["a-3"]
    assert "133;" not in shown["a-2"] + shown["a-3"]


def test_an_interpreter_that_is_not_there_is_told(recorded: Recorded) -> None:
    _, _, err = recorded("```bash\nsqlite3() { echo none; }\n```\n\n```sqlite3\nsqlite> select 1;\n```\n", status=1)
    assert "sqlite3 does not start" in err


ROUTER = """```bash
cat > router.py <<'END'
prompt = "router> "
while (line := input(prompt)) != "exit":
    prompt = "router# " if line == "enable" else prompt
    print(f"% Unknown command: {line}" if line != "enable" else "")
END
python3 router.py
#$ inside
```

```bash {.run .inside}
show version
enable
show clock
exit
echo outside
```
"""


def test_a_program_that_nobody_knows_is_typed_into_where_the_author_says_so(recorded: Recorded) -> None:
    shown, _, _ = recorded(ROUTER)
    assert shown["a-1"].endswith("student@local:~$ python3 router.py\nrouter> ")
    assert shown["a-2"] == (
        "router> show version\n% Unknown command: show version\nrouter> enable\n\n"
        "router# show clock\n% Unknown command: show clock\n"
        "router# exit\nstudent@local:~$ echo outside\noutside\nstudent@local:~$ "
    )


KEYS = """```bash {keys="Wait for insert, Type hello\\, you, Down, Left 2, Ctrl+D"}
python3 -c 'import sys, tty; tty.setcbreak(0); print("insert"); print(repr(sys.stdin.read(20)))'; stty sane
```

```bash {keys="Jump"}
true
```
"""


def test_keys_are_given_in_short(recorded: Recorded) -> None:
    shown, _, err = recorded(KEYS)
    assert "'hello, you\\x1b[B\\x1b[D\\x1b[D\\x04'" in shown["a-1"]
    assert "'Jump' is no key" in err


DEATHS = """```bash {exit=any}
bash --norc
sleep 100
#$ sendcontrol c
python3 -q
while True: pass

#$ sendcontrol c
import os; os.kill(os.getpid(), 9)
sh
kill -9 $$
kill -9 $$
echo outside
```
"""


def test_what_is_interrupted_or_killed_inside_leads_out(recorded: Recorded) -> None:
    shown, statuses, _ = recorded(DEATHS.replace("exit=any", ".run exit=any"))
    assert statuses["a-1"] == [0, 130, 0, 130, 137, 0, 137, 137, 0]
    assert shown["a-1"].endswith("student@local:~$ echo outside\noutside\nstudent@local:~$ ")
