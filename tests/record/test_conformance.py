"""What each interpreter has to stand: errors, several lines, any script, no line end, output like a prompt."""

import shutil
from dataclasses import dataclass

import pytest

from tests.conftest import needs_bubblewrap
from tests.record.conftest import Recorded

pytestmark = [
    pytest.mark.usefixtures("sandbox"),
    needs_bubblewrap,
]


@dataclass(frozen=True)
class Case:
    """What is typed at an interpreter's prompts, the status of each command, and lines that are shown.

    `before` are commands of a hidden block that the interpreter needs; `needs` other programs.
    """

    program: str
    fence: str
    code: str
    statuses: str
    lines: tuple[str, ...]
    before: str = ""
    needs: tuple[str, ...] = ()


PYTHON = """
>>> "ü é 日本 🙂"
>>> print(">>> ", end="")
>>> print("... ")
>>> import sys
>>> _ = sys.stdout.write("no line end")
>>> nope
>>> 1 / 0
>>> def f(x):
...     if x:
...         return "ja"
...     return "nö"
...
>>> f(1)
>>> f(0)
>>> f(1 +)
>>> {"a": 1,
...  "b": [
...     2]}
>>> text = '''
... >>> in quotes
... '''
>>> text
>>> class A:
...     def m(self): return self
...
>>> A().m().nope
>>> # only a comment
>>> print("\\x1b[31mred\\x1b[0m")
>>> [print(i) for i in range(3)]
>>> raise SystemError("ein Fehler")
>>> "end"
"""
SQLITE = """
sqlite> select 'ü é 日本';
sqlite> select 'sqlite> ';
sqlite> select '   ...> ';
sqlite> create table t (a int, b text);
sqlite> insert into t values (1, 'one'),
   ...> (2, 'zwei');
sqlite> select * from t;
sqlite> select nope from t;
sqlite> selec;
sqlite> insert into nope values (1);
sqlite> select count(*)
   ...> from t
   ...> where a > 0;
sqlite> select 'two
   ...> lines';
sqlite> begin;
sqlite> delete from t;
sqlite> rollback;
sqlite> select count(*) from t;
sqlite> .mode list
sqlite> .nope
sqlite> .print end
"""
NODE = """
> 'ü é 日本'
> process.stdout.write('no line end')
> console.log('> ')
> console.log('... ')
> const f = x => {
...   return x * 2
... }
> f(21)
> nope
> f(
... 1
... )
> throw new TypeError('nö')
> JSON.parse('{')
> let a = [1,
... 2]
> a
> for (const x of a) {
...   console.log(x)
... }
> var x = `zwei
... Zeilen`
> x
> 1 +
... 1
> null.x
> 'end'
"""
IRB = """
irb(main):001:0> "ü é 日本"
irb(main):002:0> print "no line end"
irb(main):003:0> puts "irb(main):001:0> "
irb(main):004:0> nope
irb(main):005:0> def f(x)
irb(main):006:1>   x + 1
irb(main):007:1> end
irb(main):008:0> f(2)
irb(main):009:0> f("a")
irb(main):010:0> raise "nö"
irb(main):011:0> [1, 2].each do |x|
irb(main):012:1*   puts x
irb(main):013:1> end
irb(main):014:0> {"a" => 1,
irb(main):015:1*  "b" => 2}
irb(main):016:0> x = <<T
irb(main):017:0" zwei
irb(main):018:0" T
irb(main):019:0> 1 / 0
irb(main):020:0> "end"
"""
PSQL = """
postgres=# select 'ü é 日本';
postgres=# select 'postgres=# ';
postgres=# \\echo -n no line end
postgres=# create table t (a int, b text);
postgres=# insert into t values (1, 'one'),
postgres-# (2, 'zwei');
postgres=# select b from t
postgres-# order by a;
postgres=# select nope;
postgres=# selec;
postgres=# begin;
postgres=*# select 1 / 0;
postgres=!# select 1;
postgres=!# rollback;
postgres=# select (1 +
postgres(# 2) as sum;
postgres=# select 'zwei
postgres'# Zeilen';
postgres=# \\nope
postgres=# do $$ begin
postgres$# raise notice 'hallo';
postgres$# end $$;
postgres=# select 'end' as last;
"""
MYSQL = """
mysql> select 'ü é 日本' as a;
mysql> select 'mysql> ' as a;
mysql> select 'MariaDB [x]> ' as a;
mysql> create database d;
mysql> use d
mysql> create table t (a int, b text);
mysql> insert into t values (1, 'one'),
    -> (2, 'zwei');
mysql> select b from t
    -> order by a;
mysql> select nope;
mysql> selec;
mysql> select * from nope;
mysql> select 'zwei
    '> Zeilen' as a;
mysql> begin;
mysql> delete from t;
mysql> rollback;
mysql> select count(*) from t;
mysql> select 1 + 1 as sum;
mysql> select 'end' as last;
"""
REDIS = """
127.0.0.1:6379> set a "ü 日本"
127.0.0.1:6379> get a
127.0.0.1:6379> set p "127.0.0.1:6379> "
127.0.0.1:6379> get p
127.0.0.1:6379> nope
127.0.0.1:6379> incr n
127.0.0.1:6379> incr n
127.0.0.1:6379> incr a
127.0.0.1:6379> lpush l one two
127.0.0.1:6379> lrange l 0 -1
127.0.0.1:6379> get l
127.0.0.1:6379> multi
127.0.0.1:6379(TX)> incr n
127.0.0.1:6379(TX)> exec
127.0.0.1:6379> hset h f v
127.0.0.1:6379> hgetall h
127.0.0.1:6379> select 1
127.0.0.1:6379[1]> get a
127.0.0.1:6379[1]> select 0
127.0.0.1:6379> echo end
"""
_POSTGRES = """PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
initdb --locale C.UTF-8 -D data >log
pg_ctl -D data -o "-k $PWD -c listen_addresses=" -l log -w start >log
export PGHOST=$PWD PGDATABASE=postgres"""
_MARIADB = """PATH=$PATH:/usr/sbin
mariadb-install-db --no-defaults --force --datadir=$HOME/db --auth-root-authentication-method=normal >log 2>&1
(mariadbd --no-defaults --datadir=$HOME/db --socket=$HOME/s --skip-networking >log 2>&1 &)
until mysqladmin --no-defaults -S $HOME/s -u root ping >log 2>&1; do sleep 0.2; done
printf '[client]\\nsocket=%s/s\\nuser=root\\n' $HOME >~/.my.cnf"""
CASES = (
    Case("python3", "pycon", PYTHON, "000001100010000100010", ("'ja'", "... ", "red", "'end'")),
    Case("sqlite3", "sqlite3", SQLITE, "000000111000000010", ("ü é 日本", "sqlite> ", "2|zwei", "lines", "end")),
    Case("node", "node-repl", NODE, "000000101100000010", ("> ", "42", "'zwei\\nZeilen'", "'end'")),
    Case("irb", "irb", IRB, "0001001100010", ('=> "ü é 日本"', "irb(main):001:0> ", '=> "end"')),
    Case("psql", "psql", PSQL, "00000011011000100", (" ü é 日本", " end"), _POSTGRES, ("initdb",)),
    Case("mysql", "mysql", MYSQL, "000000001110000000", ("| zwei |",), _MARIADB, ("mariadb-install-db",)),
    Case(
        "redis-cli", "redis-cli", REDIS, "00001001001000000000", ("(integer) 2",), "redis-server --daemonize yes >log"
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case.fence for case in CASES])
def test_twenty_lines(recorded: Recorded, case: Case) -> None:
    if missing := [name for name in (case.program, *case.needs) if shutil.which(name) is None]:
        pytest.skip(f"{', '.join(missing)} is not installed")
    hidden = f"```bash {{.run .hidden timeout=60}}\n{case.before}\n```\n\n" if case.before else ""
    shown, told, _ = recorded(f"{hidden}```{case.fence} {{exit=any timeout=60}}{case.code}```\n")
    name = "a-2" if case.before else "a-1"
    assert "".join(str(status) for status in told[name]) == case.statuses
    lines = [line.rstrip() for line in shown[name].splitlines()]
    assert [line for line in case.lines if line.rstrip() not in lines] == []
    assert "133;" not in shown[name]
