# PostgreSQL in the working directory: made, loaded, killed in the midst of work and recovered three times, examined. Runs as postgres' own user.
programs=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb | tail -n 1)")
export PATH=$programs:$PATH PGHOST=$PWD PGDATABASE=postgres PGUSER=postgres

await_ready() {
  for _ in {1..600}; do
    pg_isready -q && return
    sleep 0.1
  done
  echo "does not start:" && cat log && return 1
}

begin() {
  postgres -D data -k "$PWD" -c listen_addresses= -c shared_buffers=16MB -c checkpoint_timeout=30s -c max_wal_size=64MB >>log 2>&1 &
  server=$!
  trap 'kill -9 $server 2>/dev/null || true' EXIT
  await_ready
}

initdb -D data -A trust -U postgres --data-checksums >initdb.log 2>&1 || { cat initdb.log && exit 1; }
begin
pgbench -q -i -s 1 >/dev/null 2>&1
psql -qc 'create table acknowledged(number int primary key); create extension amcheck'
for round in 1 2 3; do
  pgbench -n -c 4 -j 2 -T 100 >/dev/null 2>&1 &
  load=$!
  for number in {1..25}; do
    psql -qc "insert into acknowledged values($round * 100 + $number)"
  done
  head -n 1 data/postmaster.pid | xargs kill -9
  wait $server 2>/dev/null || true
  wait $load 2>/dev/null || true
  begin
  [ "$(psql -Atc 'select count(*) from acknowledged')" = $((round * 25)) ] || { echo "lost what was acknowledged" && exit 1; }
  [ "$(psql -Atc 'select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history) and (select sum(abalance) from pgbench_accounts) = (select sum(bbalance) from pgbench_branches)')" = t ] ||
    { echo "balances differ" && exit 1; }
done
pg_amcheck --all --heapallindexed
psql -qc checkpoint
kill -INT $server
wait $server
pg_checksums -D data --check | grep -E '^Bad checksums: +0$'
